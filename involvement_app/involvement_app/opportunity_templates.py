"""Where a new opportunity starts from, by type (domain 4.3): words and usual terms that staff edit as Involvement
Opportunity Template. What stands in [square brackets] is for the author, and holds up submitting until it is filled in.

A site starts with those below, to edit and delete; they are inserted only where there are none yet."""

import re

import frappe
from frappe.utils import cstr

TEMPLATE = "Involvement Opportunity Template"
# of the template alone
OWN = ("template_name", "opportunity_type", "disabled", "needs")
MOST = 20
GAP = re.compile(r"\[[^\[\]]{3,}\]")

BY_ALL_WAYS = {"in_person": 1, "online": 1, "by_telephone": 1}
ACCESS = "[Is it step-free? Is there a quiet room?] We take breaks. We send papers in the format you need."
PAID_AND_HEARD = "We pay you for your time. You meet others, and you hear what came of it."
STARTS = {
	"Consultation": {
		"title": "Help us shape [what it is about]",
		"purpose": "We are planning [what]. We want to get it right for the people who use it.",
		"what_can_change": "[What is still open: how it works, where, what it is called]",
		"what_cannot_change": "[What is fixed, and why: money, the law, a date]",
		"description": "We meet, we tell you what we have so far, and you say what you think.",
		"time_commitment": "One meeting. There is nothing to read before it.",
		"places": 6,
	},
	"Survey": {
		"title": "Tell us what you think of [what it is about]",
		"purpose": "We want to know what it is like to use [what], so that we can make it better.",
		"what_can_change": "[What the answers will change]",
		"what_cannot_change": "[What is fixed, and why]",
		"description": "You answer some questions, alone or with somebody who helps you.",
		"time_commitment": "About [how many] minutes, when it suits you.",
		"in_person": 0,
		"online": 1,
		"by_telephone": 1,
		"by_post": 1,
		"selection_mode": "Everyone",
		"places": 50,
	},
	"Co-production group": {
		"title": "Plan and run [what it is about] with us",
		"purpose": "We want to plan [what] together, and then do it together.",
		"what_can_change": "Almost everything: what we do, how we do it, and who does it.",
		"what_cannot_change": "[What is fixed, and why: the money we have, the law]",
		"description": "We meet as a group. Staff and people who use the service decide together.",
		"role_description": "You are a full member of the group. Your vote counts as much as that of staff. You help to plan, "
		"and if you like you help to do it. You can ask for help before, during and after each meeting.",
		"time_commitment": "[How often, and for how long]. Papers come a week before. We can read them with you.",
		"needs": "You have used [the service], or care for somebody who has",
		"places": 6,
		"lived_experience_places": 4,
		"selection_mode": "Criteria",
		"preparation_hours": 1,
	},
	"Forum": {
		"title": "Forum at [where]",
		"purpose": "We want to hear what is good, what is not, and what you would change.",
		"what_can_change": "[For example meals, activities, how we talk with you]",
		"what_cannot_change": "[What is fixed, and why]",
		"description": "We meet and talk. We write down what you say, and tell you what we did about it.",
		"time_commitment": "One meeting a month. Come to as many as you like.",
		"selection_mode": "Everyone",
		"places": 12,
	},
	"Mystery shopping": {
		"title": "Try out [which service] and tell us how it was",
		"purpose": "We want to know how it feels to [call us, visit us, use our website].",
		"what_can_change": "How staff talk with people, how long people wait, and what they are told.",
		"what_cannot_change": "[What is fixed, and why]",
		"description": "You [call, visit, look] as anybody would, and write down how it went. You never try out a service "
		"that you use now, and you never make up an emergency. Nobody is told that it was you.",
		"time_commitment": "About [how many] hours, when it suits you, after a short training.",
		"needs": "You are not using this service just now",
		"online": 1,
		"by_telephone": 1,
		"places": 4,
	},
	"Recruitment panel": {
		"title": "Help us choose [which post]",
		"purpose": "We want to choose somebody who listens and treats people well.",
		"what_can_change": "The questions, the scores, and who gets the post.",
		"what_cannot_change": "What the post pays and what the law asks of us.",
		"description": "You help to write the questions. You meet the people who applied, ask, and score with the panel.",
		"role_description": "You are a full member of the panel. Your score counts as much as that of staff. What you read and "
		"hear about the people who applied stays in the room.",
		"time_commitment": "[One day], and about two hours before it to read and to write questions.",
		"needs": "You do not know the people who applied\nYou have done our short training, or will do it first",
		"places": 2,
		"selection_mode": "Criteria",
		"preparation_hours": 2,
	},
	"Ambassador": {
		"title": "Speak for us at [which event, to whom]",
		"purpose": "People understand us best when they hear from somebody who has been there.",
		"what_can_change": "What you say and how. You choose what you talk about and what you keep to yourself.",
		"what_cannot_change": "[The day, the place, how long the talk is]",
		"description": "You meet us before to get ready, you speak, and we talk afterwards about how it was.",
		"role_description": "You speak as yourself. You can stop at any time, also on the day. Somebody you know is with you.",
		"time_commitment": "[How long], with an hour before and an hour after.",
		"places": 2,
		"selection_mode": "Criteria",
		"preparation_hours": 2,
	},
	"Team or board meeting": {
		"title": "A seat at [which meeting]",
		"purpose": "Those who decide should hear from people who use what they decide about.",
		"what_can_change": "[What the meeting decides]",
		"what_cannot_change": "[What is talked about without you, and why]",
		"description": "You come to the meeting, say what you think, and can bring up what matters to you.",
		"role_description": "You sit at the table like everybody else, with the same papers. Somebody reads them with you before, "
		"if you like, and talks with you after.",
		"time_commitment": "[How often, and for how long]. Papers come a week before.",
		"places": 2,
		"selection_mode": "Criteria",
		"preparation_hours": 1,
	},
	"Communications review": {
		"title": "Help us make [which leaflet, page, letter] clear",
		"purpose": "We want everybody to understand it the first time.",
		"what_can_change": "Words, pictures, order, and what is left out.",
		"what_cannot_change": "[What has to stay, and why]",
		"description": "You read it and tell us what is clear and what is not. We answer each of your comments.",
		"time_commitment": "About an hour, in five working days.",
		"in_person": 0,
		"online": 1,
		"by_telephone": 1,
		"by_post": 1,
		"places": 4,
	},
	"Policy review": {
		"title": "Make our [which policy] fair",
		"purpose": "The policy says how we treat people. It should make sense to the people it is about.",
		"what_can_change": "What it says, in which order, and in which words.",
		"what_cannot_change": "What the law asks of us.",
		"description": "We read it together, you say what should change, and we write it anew together.",
		"role_description": "You work on the words with us and agree to them at the end. If we cannot take up what you say, we "
		"tell you why.",
		"time_commitment": "[How many] meetings of two hours. Papers come a week before. We can read them with you.",
		"places": 4,
		"preparation_hours": 1,
	},
	"Training": {
		"title": "Train with us: [what it is about]",
		"purpose": "We want staff and people who use our services to learn together, and from each other.",
		"what_can_change": "What we talk about, and how.",
		"what_cannot_change": "[What has to be in it]",
		"description": "You help to plan the training and to run it, or you come to learn.",
		"time_commitment": "[How long], with one meeting before it to plan.",
		"benefit_to_participants": "You learn, you get a certificate, and we pay you for your time.",
		"places": 4,
	},
}


@frappe.whitelist(methods=["GET"])
def of_type(opportunity_type: str) -> list[dict]:
	"""[{name, values, needs}] of the templates that a new opportunity of this type may start from: `values` by field of
	the opportunity, only what they say. Raises PermissionError."""
	if not frappe.has_permission("Involvement Opportunity", "create"):
		raise frappe.PermissionError
	found = frappe.get_list(
		TEMPLATE,
		filters={"opportunity_type": cstr(opportunity_type), "disabled": 0},
		fields=["*"],
		order_by="template_name",
		limit=MOST,
	)
	return [_start(row) for row in found]


def _start(row) -> dict:
	fields = [df.fieldname for df in frappe.get_meta(TEMPLATE).fields if df.fieldname not in OWN]
	values = {fieldname: row[fieldname] for fieldname in fields if row.get(fieldname)}
	return {"name": row.name, "values": values, "needs": lines(row.needs)}


def lines(words: str | None) -> list[str]:
	return [line.strip() for line in (words or "").splitlines() if line.strip()]


def gaps(doc) -> list[str]:
	"""Labels of the fields where something in square brackets still waits for the author."""
	fields = [
		df for df in doc.meta.fields if df.fieldtype in ("Data", "Small Text", "Text") and not df.read_only
	]
	return [df.label for df in fields if GAP.search(doc.get(df.fieldname) or "")]


def create() -> None:
	if frappe.db.count(TEMPLATE):
		return
	known = set(frappe.get_all("Involvement Type", pluck="name"))  # names of a master, at install
	# one by one: a handful, when the app is installed
	for kind, values in STARTS.items():
		if kind in known:
			usual = {**BY_ALL_WAYS, "access_statement": ACCESS, "benefit_to_participants": PAID_AND_HEARD}
			frappe.get_doc(
				doctype=TEMPLATE, template_name=kind, opportunity_type=kind, **{**usual, **values}
			).insert(ignore_permissions=True)  # install, as Administrator
