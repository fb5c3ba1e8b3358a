"""What staff should know before they deal with somebody, on top of every form that does (Accessible Information
Standard: flagged; row 0.15): what makes it easier for them, and what never to ask them about. Each reader is shown
what they may read and no more, through the criteria of the doctypes themselves."""

import frappe
from frappe import _
from frappe.utils import cstr

from involvement_app.involvement_app import training
from involvement_app.involvement_app.holding import LIVING, OPEN_APPLICATION
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_app.preferences import over_their_limit

MOST = 200
SHOWN_ON = (PARTICIPANT, "Involvement Application", "Involvement Engagement", "Involvement Session")


@frappe.whitelist(methods=["GET"])
def about(doctype: str, name: str) -> list[dict]:
	"""[{participant, preferred_name, note, needs: [{need, detail, agreed}], never, limit, training: [{course,
	comes_first}]}] of whom the document is about, without those there is nothing to say of. Raises PermissionError where the reader may not read the document."""
	if doctype not in SHOWN_ON:
		raise frappe.PermissionError
	doc = frappe.get_doc(doctype, cstr(name))
	doc.check_permission("read")
	people = _people(doc)
	found = {
		row.name: {
			"participant": row.name,
			"preferred_name": row.preferred_name,
			"note": row.access_note or "",
		}
		for row in _own(PARTICIPANT, "name", people, ["name", "preferred_name", "access_note"])
	}
	needs: dict[str, list] = {}
	for row in _own("Access Requirement", "participant", people, ["participant", "need", "detail", "agreed"]):
		needs.setdefault(row.participant, []).append(
			{"need": row.need, "detail": row.detail or "", "agreed": row.agreed or ""}
		)
	never = {
		row.participant: row.topics_never
		for row in _own("Involvement Preference", "participant", people, ["participant", "topics_never"])
	}
	limit, to_do = _limit(doc, never), _training(doc)
	every = [
		{
			**person,
			"needs": needs.get(name, []),
			"never": never.get(name) or "",
			"limit": limit,
			"training": to_do,
		}
		for name, person in found.items()
	]
	said = ("note", "needs", "never", "limit", "training")
	return [row for row in every if any(row[key] for key in said)]


def _training(doc) -> list[dict]:
	"""Of an application that waits for a place: what the person has not done, for whoever may read such records."""
	if doc.doctype != "Involvement Application" or doc.status not in ("Applied", "Waiting list"):
		return []
	if not frappe.has_permission(training.RECORD, "read"):
		return []
	to_do = training.still_to_do(doc.participant, doc.opportunity)
	return [{"course": row.course, "comes_first": row.comes_first} for row in to_do]


def _limit(doc, readable: dict) -> str:
	"""Of an application: that the offer would pass the limit the person has set, for whoever may read that limit."""
	if (
		doc.doctype != "Involvement Application"
		or doc.participant not in readable
		or doc.status not in OPEN_APPLICATION
	):
		return ""
	amount, day = frappe.db.get_value(
		"Involvement Opportunity", doc.opportunity, ["offer_per_person", "payment_on"]
	)
	over = over_their_limit(doc.participant, amount, day, doc.opportunity)
	if not over:
		return ""
	return _("{0} in {1}, of which {2} are promised already").format(
		over.limit, over.period.label, over.promised
	)


def _people(doc) -> list[str]:
	if doc.doctype == PARTICIPANT:
		return [doc.name]
	if doc.doctype != "Involvement Session":
		return [doc.participant]
	# get_all: who has a place in what the reader may read; what is said of them is asked for in `_own`
	return frappe.get_all(
		"Involvement Engagement",
		filters={"opportunity": doc.opportunity, "status": ["in", LIVING]},
		pluck="participant",
		limit=MOST,
	)


def _own(doctype: str, field: str, people: list[str], fields: list[str]) -> list[frappe._dict]:
	"""The reader's own rows about `people`."""
	if not people or not frappe.has_permission(doctype, "read"):
		return []
	return frappe.get_list(
		doctype, filters={field: ["in", people]}, fields=fields, order_by="creation", limit=0
	)
