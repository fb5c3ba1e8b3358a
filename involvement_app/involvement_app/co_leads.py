"""Who with lived experience plans and runs an opportunity with us (domain 4.3; gate G10, row 2.2). Staff write down a yes
they were told; the person sees the plan on their page from the first draft, and stops at any moment without a reason:
their row is then gone, without a trace of who it was."""

import frappe
from frappe import _
from frappe.utils import getdate, now, today

from involvement_app import messages
from involvement_app.involvement_app import gates
from involvement_app.involvement_app.participants import PARTICIPANT, has_lived_experience, only_the_person

CO_LEAD = "Involvement Opportunity Co-lead"
OPPORTUNITY = "Involvement Opportunity"
OVER = ("Completed", "Cancelled")
MOST = 10


def validate(opportunity) -> None:
	"""Raises ValidationError for a slip, PermissionError for somebody the writer may not see."""
	rows = opportunity.co_leads
	if len({row.participant for row in rows}) < len(rows):
		frappe.throw(_("Co-leads: somebody is there twice."))
	if len(rows) > MOST:
		frappe.throw(_("Co-leads: at most {0}. There are {1}.").format(MOST, len(rows)))
	before = opportunity.get_doc_before_save()
	known = {row.participant for row in before.co_leads} if before else set()
	# one by one: the one or two who are new
	for row in rows:
		if row.participant not in known:
			_validate_new(row)


def _validate_new(row) -> None:
	person = frappe.get_doc(PARTICIPANT, row.participant)
	person.check_permission("read")
	if person.merged_into or person.status not in ("Interested", "Active"):
		frappe.throw(_("Co-leads, row {0}: {1} is {2}.").format(row.idx, person.name, _(person.status)))
	if not has_lived_experience(person):
		frappe.throw(_("Co-leads, row {0}: choose somebody with lived experience.").format(row.idx))
	if getdate(row.agreed_on) > getdate(today()):
		frappe.throw(_("Co-leads, row {0}: “Said yes on” is the day on which they told you.").format(row.idx))


def stop(opportunity: str, participant: str) -> None:
	"""The session's own person leads it no longer; nothing is asked and nothing counted."""
	only_the_person(participant)
	frappe.db.get_value(OPPORTUNITY, opportunity, "name", for_update=True)
	# bounded: the one row of this person
	frappe.db.delete(CO_LEAD, {"parent": opportunity, "parenttype": OPPORTUNITY, "participant": participant})
	# a form that is open would write the row again; who it was is on no trail
	frappe.db.set_value(OPPORTUNITY, opportunity, {"modified": now()}, update_modified=False)
	doc = frappe.get_doc(OPPORTUNITY, opportunity)
	gates.note_co_leads(doc)
	if doc.lead:
		messages.send(
			"Involvement co-lead stopped",
			("User", doc.lead),
			{"title": doc.title, "link": frappe.utils.get_url_to_form(doc.doctype, doc.name)},
			about=doc,
		)


def step_back(participant: str) -> None:
	"""Who leaves leads nothing any more."""
	# bounded: the rows of this person
	frappe.db.delete(CO_LEAD, {"parenttype": OPPORTUNITY, "participant": participant})
