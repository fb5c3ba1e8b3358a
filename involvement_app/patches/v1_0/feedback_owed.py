import frappe
from frappe.query_builder.functions import Coalesce
from frappe.utils import add_days

OPEN = ("Submitted", "Approved")


def execute():
	"""Opportunities on their way from before feedback was asked about: the usual answers, so that nobody has to begin
	again. Drafts get them as they are saved. Bounded: those that wait for a decision or for publishing."""
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	waiting = opportunity.status.isin(OPEN)
	(
		frappe.qb.update(opportunity)
		.set(opportunity.feedback_owner, opportunity.lead)
		.where(waiting & (Coalesce(opportunity.feedback_owner, "") == ""))
		.run()
	)
	rows = (
		frappe.qb.from_(opportunity)
		.select(opportunity.name, opportunity.decision_date)
		.where(waiting & opportunity.full_feedback_due.isnull() & opportunity.decision_date.isnotnull())
		.run()
	)
	for name, decided in rows:  # one by one: the few that wait just now, each with a day of its own
		values = {"full_feedback_due": add_days(decided, 30)}
		frappe.db.set_value("Involvement Opportunity", name, values, update_modified=False)
