"""From co-design up, a yes by somebody with lived experience stands beside the manager's (domain 1.1, 4.3; row 2.2).

Who is asked is a row of Opportunity Reviewer, named by a coordinator or manager; they read in the portal what people
will read, and say yes, or what they would change. What they say counts for what they read: a material change makes the
yes void, whatever makes the change (`version`), and they are asked again when it is handed in. Nobody who has a hand in
the plan says this yes, writes it down for somebody, or stands behind both yeses.
"""

import hashlib
import json

import frappe
from frappe import _
from frappe.utils import cast, cint, get_url, now_datetime

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import gates
from involvement_app.involvement_app.participants import (
	PARTICIPANT,
	TYPES,
	has_lived_experience,
	only_the_person,
	reach_us,
)
from involvement_app.involvement_app.young_people import ASKED as OF_YOUNG_PEOPLE
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.lifecycle.guards import hands_of

REVIEWER = "Opportunity Reviewer"
OPPORTUNITY = "Involvement Opportunity"
BEFORE_APPROVAL = ("Draft", "Submitted", "Changes requested")
ASKED = ("user", "status", "preferred_name", "merged_into", *TYPES, *OF_YOUNG_PEOPLE)
NO_INPUT = ("Section Break", "Column Break", "Tab Break", "HTML")
# they may change without anybody being asked again
IMMATERIAL = (
	"lead",
	"support_contact",
	"access_statement",
	"change_note",
	"co_leads",
	"easy_read",
	"feedback_owner",
	"organisation_level",
	"theme",
)


# --- what was read ----------------------------------------------------------------------------------


def version(opportunity) -> str:
	"""Of everything in it that is material: what was read and said yes to."""
	written = {}
	for df in opportunity.meta.fields:
		if df.read_only or df.fieldtype in NO_INPUT or df.fieldname in IMMATERIAL:
			continue
		value = _plain(opportunity, df)
		if value:  # a field that comes with a later release is empty
			written[df.fieldname] = value
	return hashlib.sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()[:32]


def _plain(doc, df):
	value = doc.get(df.fieldname)
	if df.fieldtype in ("Table", "Table MultiSelect"):
		return [
			[f.fieldname, _plain(row, f)]
			for row in value or []
			for f in row.meta.fields
			if not f.read_only and _plain(row, f)
		]
	value = cast(df.fieldtype, value)
	return str(value).strip() if value else ""


def version_of(opportunity: str) -> str:
	"""Kept with it; worked out for one that was last saved under an earlier release."""
	kept = frappe.db.get_value(OPPORTUNITY, opportunity, "written_version")
	return kept or version(frappe.get_doc(OPPORTUNITY, opportunity))


# --- who --------------------------------------------------------------------------------------------


def hands(opportunity) -> set[str]:
	"""Users who have a hand in the plan: who made, leads, handed in or changed it."""
	return hands_of(opportunity, "lead", "submitted_by")


def co_leads(opportunity) -> set[str]:
	"""Participants who lead it with staff."""
	return {row.participant for row in opportunity.co_leads}


def refuse_who_cannot(opportunity: str, participant: str, person: frappe._dict) -> None:
	"""Raises ValidationError for who is away, has no lived experience to speak of, or has a hand in the plan."""
	refuse_without_lived_experience(participant, person)
	doc = frappe.get_doc(OPPORTUNITY, opportunity)
	if person.user in hands(doc) or participant in co_leads(doc):
		frappe.throw(_("Participant: this person has a hand in the plan, so somebody else says yes to it."))


def refuse_without_lived_experience(participant: str, person: frappe._dict) -> None:
	"""`person`: the fields ASKED."""
	if person.status in ("Paused", "Left", "Merged"):
		frappe.throw(_("Participant: {0} is {1}.").format(participant, _(person.status)))
	if not has_lived_experience(person):
		frappe.throw(_("Participant: choose somebody with lived experience."))


# --- of Opportunity Reviewer ------------------------------------------------------------------------


def is_being_decided(doc, move) -> None:
	"""Guard of an answer."""
	if frappe.db.get_value(OPPORTUNITY, doc.opportunity, "status") != "Submitted":
		frappe.throw(
			_("This plan is being worked on, or was decided. You are asked again if you are needed."),
			TransitionError,
		)


def not_their_own_plan(doc, move) -> None:
	"""Guard of an answer: neither who says it nor who writes it down has a hand in the plan."""
	opportunity = frappe.get_doc(OPPORTUNITY, doc.opportunity)
	user = frappe.db.get_value(PARTICIPANT, doc.participant, "user")
	if {user, move.user} & hands(opportunity) or doc.participant in co_leads(opportunity):
		frappe.throw(
			_("{0}: you created, lead or changed this, so somebody else decides on it.").format(
				opportunity.name
			),
			StepNotPermitted,
		)


def ask_if_handed_in(doc) -> None:
	if doc.status == "Named" and frappe.db.get_value(OPPORTUNITY, doc.opportunity, "status") == "Submitted":
		with lifecycle.as_job():
			lifecycle.apply(doc, "Ask")


def ask(doc, move) -> None:
	"""Effect of Asked."""
	doc.asked_on = now_datetime()
	messages.send(
		"Involvement review asked",
		(PARTICIPANT, doc.participant),
		{
			"title": doc.opportunity_title,
			"link": get_url(f"/take-part/my/reviews/{doc.name}"),
			"contact": reach_us(),
		},
		about=doc,
		owed=False,
	)


def tell_the_author(doc, move) -> None:
	"""Effect of Changes wanted: the lead, without a name."""
	opportunity = frappe.get_doc(OPPORTUNITY, doc.opportunity)
	# one by one: the one or two who wrote it
	for user in {opportunity.lead, opportunity.submitted_by} - {None, "", "Administrator"}:
		messages.send(
			"Involvement reviewer wants changes",
			("User", user),
			{"title": opportunity.title, "link": frappe.utils.get_url_to_form(OPPORTUNITY, opportunity.name)},
			about=opportunity,
		)


class ChangedMeanwhile(frappe.ValidationError):
	"""What is answered is not what stands there now."""


def answer(name: str, action: str, words: str, read: str) -> None:
	"""The session's own person answers to what they `read` (a `version`). Raises ChangedMeanwhile, TransitionError,
	StepNotPermitted."""
	opportunity = frappe.db.get_value(REVIEWER, name, "opportunity")
	# locked first, as whoever saves the opportunity does
	frappe.db.get_value(OPPORTUNITY, opportunity, "name", for_update=True)
	doc = frappe.get_doc(REVIEWER, name, for_update=True)
	only_the_person(doc.participant)
	if doc.status == "Asked" and version_of(opportunity) != read:
		raise ChangedMeanwhile
	lifecycle.apply(doc, action, words=words)


def step_aside(name: str) -> None:
	"""The session's own person says no thank you, without a reason."""
	doc = frappe.get_doc(REVIEWER, name, for_update=True)
	only_the_person(doc.participant)
	lifecycle.apply(doc, "No thank you")


# --- of the opportunity -----------------------------------------------------------------------------


def are_needed(opportunity) -> bool:
	rank = frappe.get_cached_value("Participation Level", opportunity.level, "rank")
	return cint(rank) >= gates.CO_DESIGN


def said_yes(doc, move) -> None:
	"""Guard of Approved: from co-design up there is a yes that counts, and nobody waits for a change."""
	stored = doc.get_doc_before_save()
	if not (are_needed(stored) or are_needed(doc)):
		return
	said = _answers(stored.name)
	if any(row.status == "Changes wanted" for row in said):
		frappe.throw(
			_("A reviewer with lived experience asks for changes. Ask the author for them first."),
			TransitionError,
			title=_("Not yet"),
		)
	read = version(stored)
	behind = hands(stored) | {move.user}
	yes = [
		row
		for row in said
		if row.status == "Yes"
		and row.read_version == read
		and not {row.user, row.recorded_by} & behind
		and row.participant not in co_leads(stored)
	]
	if not yes:
		frappe.throw(
			_(
				"{0} needs a yes by somebody with lived experience beside yours. Name a reviewer under “Opportunity Reviewer”, or wait for their answer."
			).format(_(stored.level)),
			TransitionError,
			title=_("Not yet"),
		)


def _answers(opportunity: str) -> list[frappe._dict]:
	"""As they are now, past the snapshot: rows of this opportunity only."""
	row, person = frappe.qb.DocType(REVIEWER), frappe.qb.DocType(PARTICIPANT)
	return (
		frappe.qb.from_(row)
		.join(person)
		.on(person.name == row.participant)
		.select(row.participant, row.status, row.read_version, row.recorded_by, person.user)
		.where((row.opportunity == opportunity) & row.status.isin(("Yes", "Changes wanted")))
		.for_update()
		.run(as_dict=True)
	)


def after_save(doc) -> None:
	"""Of the opportunity: a material change makes answers void; whoever is named is asked once it is handed in."""
	before = doc.get_doc_before_save()
	if not before or doc.status not in BEFORE_APPROVAL:
		return
	handed_in = doc.status == "Submitted"
	changed = version(doc) != version(before)
	if not changed and not (handed_in and before.status != "Submitted"):
		return
	with lifecycle.as_job():
		# one by one: the few reviewers of one opportunity, each told in their own way
		for name in _named(doc.name, ["Yes", "Changes wanted"] if changed else []):
			lifecycle.apply(frappe.get_doc(REVIEWER, name), "Changed since")
		# one by one: as above
		for name in _named(doc.name, ["Named"]) if handed_in else ():
			lifecycle.apply(frappe.get_doc(REVIEWER, name), "Ask")


def step_back(participant: str) -> None:
	"""Who takes a break or leaves is waited for no longer; what they said before stands."""
	# bounded to one person's own open requests
	names = frappe.get_all(
		REVIEWER, {"participant": participant, "status": ["in", ["Named", "Asked"]]}, pluck="name", limit=50
	)
	with lifecycle.as_job():
		# one by one: the few requests of one person
		for name in names:
			lifecycle.apply(frappe.get_doc(REVIEWER, name), "No thank you")


def _named(opportunity: str, states: list[str]) -> list[str]:
	if not states:
		return []
	# rows of this opportunity only
	return frappe.get_all(REVIEWER, {"opportunity": opportunity, "status": ["in", states]}, pluck="name")


@frappe.whitelist(methods=["GET"])
def said(opportunity: str) -> dict:
	"""{needed, rows: [{status, words, earlier}], may_name}: what reviewers said, without names, for whoever reads the
	opportunity. Raises PermissionError."""
	doc = frappe.get_doc(OPPORTUNITY, frappe.utils.cstr(opportunity))
	doc.check_permission("read")
	# rows of this opportunity only, without who said it
	rows = frappe.get_all(
		REVIEWER,
		{"opportunity": doc.name, "status": ["!=", "Not reviewing"]},
		["status", "words", "earlier_words as earlier"],
		order_by="creation",
		limit=20,
	)
	may_name = frappe.has_permission(REVIEWER, "create")
	return {"needed": are_needed(doc), "rows": rows, "may_name": may_name}


@frappe.whitelist(methods=["POST"])
def is_material(doc: str) -> bool:
	"""Whether saving the form as it stands sends the opportunity back for approval. Nothing is saved. Raises
	PermissionError."""
	stored = frappe.get_doc(OPPORTUNITY, frappe.utils.cstr(frappe.parse_json(doc).get("name")))
	stored.check_permission("write")
	return version(frappe.get_doc({**frappe.parse_json(doc), "doctype": OPPORTUNITY})) != version(stored)
