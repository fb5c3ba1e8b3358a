"""Who may see which canary: the reviewed expectation for the small world of planting.py.

Written by hand, per doctype and row, and never computed by the code that is under test. Only who holds a right on a
doctype at all, and on a higher level of it, is read from the reviewed matrix. Rows are named as planting.py labels
them: "a" is what belongs to opportunity a, "a/bob" what is Bob's in it."""

import json
from pathlib import Path

import frappe

from involvement_app.setup import roles

STAFF = {
	"lead_a": roles.OWNER,
	"lead_b": roles.OWNER,
	"coordinator": roles.COORDINATOR,
	"coordinator_a": roles.COORDINATOR,
	"manager": roles.MANAGER,
	"budget_a": roles.BUDGET_HOLDER,
	"budget_b": roles.BUDGET_HOLDER,
	"officer": roles.FINANCE_OFFICER,
	"authoriser": roles.FINANCE_AUTHORISER,
	"it": "System Manager",
	"protection": roles.DATA_PROTECTION,
	"hr": roles.HR_OFFICER,
	"scorer": roles.PANEL_MEMBER,
	"comms": roles.COMMUNICATIONS,
}
EVERYBODY_ELSE = {"care", "ann", "bob", "customer", "guest"}
IDENTITIES = {*STAFF, *EVERYBODY_ELSE}

_OFFICE = {"coordinator", "manager"}
_FINANCE = {"officer", "authoriser"}
_ALL_STAFF = set(STAFF) - {"protection", "comms", "hr", "scorer"}
_SPOKEN_FOR = _OFFICE | {"comms"}

# {doctype: {label: who}}; "*" stands for every other label
ROWS: dict[str, dict[str, set[str]]] = {
	"Involvement Participant": {
		"ann": _OFFICE | {"coordinator_a", "lead_a"},
		"bob": _OFFICE | {"lead_b"},
		# the old record of Ann's, in unit A
		"*": _OFFICE | {"coordinator_a"},
	},
	"Involvement Preference": {"ann": _OFFICE | {"coordinator_a"}, "bob": _OFFICE},
	"Involvement Invitation": {"a/ann": _OFFICE | {"coordinator_a"}, "c/bob": _OFFICE},
	"Lived Experience Profile": {"ann": _OFFICE | {"coordinator_a"}, "bob": _OFFICE},
	"Personal Goal": {"*": set()},
	# as far as the person agreed; neither has a named contact
	"Access Requirement": {
		"ann/My named contact": set(),
		"bob/My named contact": set(),
		"ann/The involvement team": _OFFICE | {"coordinator_a"},
		"bob/The involvement team": _OFFICE,
		"ann/Whoever runs what I take part in": _OFFICE | {"coordinator_a", "lead_a"},
		"bob/Whoever runs what I take part in": _OFFICE | {"lead_b"},
	},
	"Involvement Opportunity": {
		# published ones are every lead's to read
		"a": _OFFICE | {"coordinator_a", "lead_a", "lead_b", "budget_a"},
		"b": _OFFICE | {"lead_a", "lead_b", "budget_b"},
		"c": _OFFICE | {"coordinator_a", "lead_a", "lead_b", "budget_a"},
		"draft": _OFFICE | {"lead_b", "budget_b"},
	},
	"Involvement Application": {
		"a/ann": _OFFICE | {"coordinator_a"},
		"a/bob": _OFFICE | {"coordinator_a"},
		"b/bob": _OFFICE,
		"c/bob": _OFFICE | {"coordinator_a"},
	},
	"Involvement Engagement": {
		"a/ann": _OFFICE | {"coordinator_a", "lead_a"},
		"b/bob": _OFFICE | {"lead_b"},
		"c/bob": _OFFICE | {"coordinator_a", "lead_b"},
	},
	"Involvement Session": {
		"a": _OFFICE | {"coordinator_a", "lead_a"},
		"b": _OFFICE | {"lead_b"},
		"c": _OFFICE | {"coordinator_a", "lead_b"},
	},
	"Involvement Payment": {
		"a/ann": _OFFICE | _FINANCE | {"coordinator_a", "budget_a"},
		"b/bob": _OFFICE | _FINANCE | {"budget_b"},
		"c/bob": _OFFICE | _FINANCE | {"coordinator_a", "budget_a"},
	},
	"Involvement Payment Batch": {"*": _FINANCE},
	# the outbox is not limited by unit (docs/security.md); what goes to a login is nobody's
	"Involvement Message": {"a user": set(), "*": _OFFICE | {"coordinator_a"}},
	"Expression of Interest": {"ann": _OFFICE | {"coordinator_a"}, "*": _OFFICE},
	"Participant Import": {"*": _OFFICE},
	"Participant Import Row": {"*": set()},
	"Portal Token": {"*": set()},
	"Experience Feedback": {"*": set()},
	"Experience Feedback Receipt": {"*": set()},
	"Involvement Settings": {"*": {"manager", "it"}},
	"Involvement Locality": {"*": _ALL_STAFF},
	"Involvement Theme": {"*": _ALL_STAFF},
	"Lived Experience Area": {"*": _OFFICE | {"coordinator_a", "it"}},
	"Involvement Skill": {"*": _OFFICE | {"coordinator_a", "it"}},
	"Access Need Type": {"*": _OFFICE | {"coordinator_a", "lead_a", "lead_b", "it"}},
	"Involvement Opportunity Template": {"*": _OFFICE | {"coordinator_a", "lead_a", "lead_b", "it"}},
	"Involvement Type": {"*": _ALL_STAFF | {"hr"}},
	"Involvement Unit": {"*": _ALL_STAFF | {"hr"}},
	"Payment Rate Rule": {"*": _ALL_STAFF},
	"Role Status Determination": {"*": (_ALL_STAFF | {"hr"}) - {"it"}},
	"Benefit Threshold": {"*": _OFFICE | {"coordinator_a"} | _FINANCE},
	"Approval Limit": {"*": {"manager", "budget_a", "budget_b"} | _FINANCE},
	"Participation Level": {"*": _ALL_STAFF - _FINANCE},
	# read through one logged method alone
	"Wellbeing Support Plan": {"*": set()},
	"Consent Statement": {"*": _OFFICE | {"coordinator_a", "protection"}},
	"Consent Record": {
		"ann": _OFFICE | {"coordinator_a", "protection"},
		"bob": _OFFICE | {"protection"},
	},
	"Sensitive Access Log": {"*": {"protection"}},
	# the CRM's: its own users; ours only where a page of ours names the person
	"Contact": {"*": {"care", "it"}},
	"Participant Merge": {"*": _OFFICE | {"coordinator_a"}},
	"Participant Supporter": {"ann": _OFFICE | {"coordinator_a"}, "bob": _OFFICE},
	"Training Course": {"*": _OFFICE | {"coordinator_a"}},
	# what staff completed is theirs to see who look after training
	"Training Record": {"ann": _OFFICE | {"coordinator_a"}, "bob": _OFFICE, "*": _OFFICE | {"coordinator_a"}},
	"Participant Check": {"*": {"manager"}},
	"Reference Letter": {"ann": _OFFICE | {"coordinator_a"}, "bob": _OFFICE},
	"Ambassador Role": {"ann": _SPOKEN_FOR | {"coordinator_a"}, "bob": _SPOKEN_FOR},
	# by whose it is, whatever the unit of its opportunity
	"Ambassador Assignment": {"draft/ann": _SPOKEN_FOR | {"coordinator_a"}, "draft/bob": _SPOKEN_FOR},
	"Media Consent": {"ann": _SPOKEN_FOR | {"coordinator_a"}, "bob": _SPOKEN_FOR},
	"Participant Story": {"ann": _SPOKEN_FOR | {"coordinator_a"}, "bob": _SPOKEN_FOR},
	"Story Takedown": {"ann": _SPOKEN_FOR | {"coordinator_a"}, "bob": _SPOKEN_FOR},
	"Past Involvement": {"ann": _OFFICE | {"coordinator_a"}, "bob": _OFFICE},
	# neither has a named contact
	"Participant Question": {"ann": _OFFICE | {"coordinator_a"}, "bob": _OFFICE},
	"Participant Contact Note": {"ann": _OFFICE | {"coordinator_a"}, "bob": _OFFICE},
	"Opportunity Reviewer": {"*": _OFFICE},
	"Opportunity Selector": {"*": _OFFICE},
	# whoever wrote it down
	"Selection Score": {"*": {"coordinator"}},
	# published ones promise three things each; their lead tells people, who read it
	"Feedback Obligation": {
		"a": _OFFICE | {"coordinator_a", "lead_a"},
		"a/ann": _OFFICE | {"coordinator_a", "lead_a"},
		"b": _OFFICE | {"lead_b"},
		"c": _OFFICE | {"coordinator_a", "lead_b"},
	},
	"Recruitment Panel": {"*": _OFFICE | {"coordinator_a", "hr", "scorer"}},
	# who wrote it, while the panel scores: Ann in the portal
	"Panel Score": {"ann": set(), "*": {"scorer"}},
	"Expense Type": {"*": _OFFICE | {"coordinator_a", "budget_a", "budget_b"} | _FINANCE},
	"Mileage Rate": {"*": _OFFICE | {"coordinator_a", "budget_a", "budget_b"} | _FINANCE},
	"Involvement Expense Claim": {
		"ann": _OFFICE | _FINANCE | {"coordinator_a", "budget_a"},
		"bob": _OFFICE | _FINANCE | {"budget_b"},
	},
	"Participant Bank Detail": {"*": _FINANCE},
	"Bank File Layout": {"*": _FINANCE},
	"Ledger Handover": {"*": _FINANCE},
	"Payment Opening Total": {"*": _FINANCE | {"manager"}},
	"Recruitment Count": {"*": _OFFICE | {"coordinator_a", "hr"}},
}

# of a claim and its lines, on their own page
_OWN_EXPENSES = {
	"to_pay",
	"total",
	"note",
	"answer",
	"amount",
	"description",
	"from_place",
	"to_place",
	"agreed_with",
}

# Through our own pages and functions alone: {doctype: [(surface, label, fields, who)]}; None: any field
_JOINED = {"ann", "bob"}
_ANYBODY = IDENTITIES
_ABOUT_AN_OPPORTUNITY = {
	"title",
	"purpose",
	"what_can_change",
	"what_cannot_change",
	"decision_maker",
	"benefit_to_participants",
	"description",
	"role_description",
	"criterion",
	"time_commitment",
	"partner_organisation",
	"theme",
	"access_statement",
	"support_contact",
	"offer_per_person",
}
_FEEDBACK = {"promised", "what_was_said", "what_changed", "what_could_not_change", "reason"}
_OWN_APPLICATION = {"hopes", "access_needs", "kind_words", "offered_amount", "chosen_amount"}
_OWN_DETAILS = {"preferred_name", "pronouns", "safe_contact_notes", "access_note"}
_OWN_PLACE = {"offered_amount", "chosen_amount", "charity", "rate_amount"}
VIA: dict[str, list[tuple[str, str, set[str] | None, set[str]]]] = {
	"Involvement Opportunity": [
		("portal", "a", _ABOUT_AN_OPPORTUNITY, _ANYBODY),
		("portal", "b", _ABOUT_AN_OPPORTUNITY, _JOINED),
		("portal", "c", _ABOUT_AN_OPPORTUNITY, {"bob"}),
		# what they asked for or were offered
		("mail", "a", {"title", "offer_per_person"}, _JOINED),
		("mail", "b", {"title"}, {"bob"}),
		("mail", "c", {"title"}, {"bob"}),
		# what they were invited to
		("mail", "a", {"what_can_change"}, {"ann"}),
		("mail", "c", {"what_can_change", "offer_per_person"}, {"bob"}),
	],
	"Feedback Obligation": [
		("portal", "a", _FEEDBACK, {"ann"}),
		("portal", "a/ann", _FEEDBACK, {"ann"}),
		("portal", "b", _FEEDBACK, {"bob"}),
		("portal", "c", _FEEDBACK, {"bob"}),
	],
	"Involvement Session": [
		("portal", "a", {"place"}, _ANYBODY),
		("portal", "a", {"title", "online_link"}, {"ann"}),
		("portal", "b", {"place"}, _JOINED),
		("portal", "b", {"title", "online_link"}, {"bob"}),
		("portal", "c", {"title", "place", "online_link"}, {"bob"}),
	],
	"Involvement Application": [
		("portal", "a/ann", _OWN_APPLICATION, {"ann"}),
		("portal", "a/bob", _OWN_APPLICATION, {"bob"}),
		("portal", "b/bob", _OWN_APPLICATION, {"bob"}),
		("portal", "c/bob", _OWN_APPLICATION, {"bob"}),
		("mail", "a/bob", {"kind_words"}, {"bob"}),
	],
	"Involvement Invitation": [
		("portal", "a/ann", {"words"}, {"ann"}),
		("portal", "c/bob", {"words"}, {"bob"}),
		("mail", "a/ann", {"words"}, {"ann"}),
		("mail", "c/bob", {"words"}, {"bob"}),
	],
	"Involvement Engagement": [
		("portal", "a/ann", _OWN_PLACE, {"ann"}),
		("portal", "b/bob", _OWN_PLACE, {"bob"}),
		("portal", "c/bob", _OWN_PLACE, {"bob"}),
	],
	"Involvement Payment": [
		("portal", "a/ann", {"amount", "charity"}, {"ann"}),
		("portal", "b/bob", {"amount", "charity"}, {"bob"}),
		("portal", "c/bob", {"amount", "charity"}, {"bob"}),
		("mail", "a/ann", {"amount", "note", "charity"}, {"ann"}),
		("mail", "b/bob", {"amount", "note", "charity"}, {"bob"}),
		("mail", "c/bob", {"amount", "note", "charity"}, {"bob"}),
	],
	"Involvement Expense Claim": [
		("portal", "ann", _OWN_EXPENSES, {"ann"}),
		("portal", "bob", _OWN_EXPENSES, {"bob"}),
	],
	"Expense Type": [("portal", "", {"type_name", "help_text"}, _JOINED)],
	"Involvement Participant": [
		("mail", "ann", {"preferred_name"}, {"ann"}),
		("mail", "bob", {"preferred_name"}, {"bob"}),
		("portal", "ann", _OWN_DETAILS, {"ann"}),
		("portal", "bob", _OWN_DETAILS, {"bob"}),
	],
	"Involvement Preference": [
		("portal", "ann", {"topics_wanted", "topics_never", "times_note", "own_payment_cap"}, {"ann"}),
		("portal", "bob", {"topics_wanted", "topics_never", "times_note", "own_payment_cap"}, {"bob"}),
	],
	"Lived Experience Profile": [
		("portal", "ann", {"experience", "skill_words"}, {"ann"}),
		("portal", "bob", {"experience", "skill_words"}, {"bob"}),
	],
	"Participant Supporter": [
		("portal", "ann", {"supporter_name", "email"}, {"ann"}),
		("portal", "bob", {"supporter_name", "email"}, {"bob"}),
	],
	# their own; of staff, nobody's while no session is near
	"Wellbeing Support Plan": [
		(door, whose, None, {whose}) for door in ("portal", "logged reading") for whose in ("ann", "bob")
	],
	"Training Course": [("portal", "", {"covers"}, _JOINED)],
	"Reference Letter": [
		("portal", "ann", {"wanted_for", "letter", "kind_words"}, {"ann"}),
		("portal", "bob", {"wanted_for", "letter", "kind_words"}, {"bob"}),
	],
	"Ambassador Role": [
		("portal", whose, {"purpose", "will_talk", "wont_talk"}, {whose}) for whose in ("ann", "bob")
	],
	"Ambassador Assignment": [
		(
			"portal",
			f"draft/{whose}",
			{"title", "audience", "brief", "questions", "support_words", "outcome_words"},
			{whose},
		)
		for whose in ("ann", "bob")
	],
	# their own; where it was used is told with it. What is in no public use is nobody else's
	"Participant Story": [
		("portal", whose, {"words", "shown_name", "place", "link", "ended_why"}, {whose})
		for whose in ("ann", "bob")
	],
	"Past Involvement": [
		("portal", "ann", {"title", "part", "hours"}, {"ann"}),
		("portal", "bob", {"title", "part", "hours"}, {"bob"}),
	],
	# why, the outcome and the day, and that alone
	"Participant Check": [
		("portal", "ann", {"eligibility"}, {"ann"}),
		("portal", "bob", {"eligibility"}, {"bob"}),
	],
	# who sits on it
	"Recruitment Panel": [
		(
			"portal",
			"a",
			{
				"post",
				"about",
				"close_reason",
				"member_name",
				"reference",
				"initials",
				"question",
				"author",
				"criterion",
				"words_0",
				"words_1",
				"words_2",
				"words_3",
			},
			{"ann"},
		)
	],
	"Panel Score": [("portal", "ann", {"words", "candidate", "criterion", "score"}, {"ann"})],
	"Personal Goal": [("portal", "ann", {"goal"}, {"ann"}), ("portal", "bob", {"goal"}, {"bob"})],
	"Participant Question": [
		("portal", "ann", {"question", "answer"}, {"ann"}),
		("portal", "bob", {"question", "answer"}, {"bob"}),
	],
	"Participant Contact Note": [
		("portal", "ann", {"summary"}, {"ann"}),
		("portal", "bob", {"summary"}, {"bob"}),
	],
	"Access Requirement": [
		("portal", f"{whose}/{agreed}", {"detail", "agreed"}, {whose})
		for whose in ("ann", "bob")
		for agreed in ("My named contact", "The involvement team", "Whoever runs what I take part in")
	],
	"Involvement Settings": [
		(
			"portal",
			"",
			{"organisation_name", "contact_email", "contact_phone", "support_line", "privacy_notice"},
			_ANYBODY,
		),
		("mail", "", {"organisation_name", "contact_email"}, _ANYBODY),
		# finance puts it on each line of a batch
		("", "", {"payment_reference"}, _FINANCE),
	],
	# each line is the amount of one of them
	"Involvement Payment Batch": [("mail", "", {"amount"}, _JOINED)],
	"Payment Rate Rule": [("portal", "", {"amount", "half_day_amount"}, _ANYBODY)],
	# of public figures, for whoever has joined
	"Benefit Threshold": [("portal", "", {"title", "source", "checked_by"}, _JOINED)],
	"Participation Level": [("portal", "", {"definition"}, _ANYBODY)],
	"Participant Import Row": [("import", "", None, _OFFICE)],
}

# what hangs on a document is for its readers; and these logs for who looks after the site (docs/security.md,
# "What a System Manager can see")
LOGS = {
	("Comment", "content"): {"it"},
	("Version", "*"): {"it"},
	("Communication", "content"): {"it"},
	("File", "file_name"): {"it"},  # a comment says that it was attached
}


def matrix() -> dict[str, dict[str, str]]:
	path = Path(frappe.get_app_path("involvement_app", "permissions", "matrix.json"))
	return json.loads(path.read_text())


class Entitlement:
	def __init__(self, world):
		self.world = world
		self.matrix = matrix()

	def may_see(self, identity: str, canary, surface: str) -> bool:
		if any(identity in LOGS.get((canary.doctype, name), ()) for name in (canary.fieldname, "*")):
			return True
		doctype, label = canary.about[0], self.world.label.get(canary.about, "")
		if identity in readers(doctype, label):
			return not canary.permlevel or self._reads_level(identity, doctype, canary.permlevel)
		return any(
			surface.startswith(door)
			and label == of
			and identity in who
			and (fields is None or canary.fieldname in fields)
			for door, of, fields, who in VIA.get(doctype, ())
		)

	def _reads_level(self, identity: str, doctype: str, level: int) -> bool:
		return "read" in self.matrix[doctype].get(f"{STAFF[identity]} (level {level})", "")


def readers(doctype: str, label: str) -> set[str]:
	rows = ROWS[doctype]
	return rows[label] if label in rows else rows["*"]
