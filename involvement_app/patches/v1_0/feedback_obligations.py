import frappe

from involvement_app.involvement_app import feedback

FIELDS = ("initial_feedback_working_days", "interim_feedback_days", "full_feedback_days")
GOING_ON = ("Published", "Closed to applications", "In progress", "Awaiting feedback")


def execute():
	"""Sites from before Feedback Obligation: the settings it needs, and what is owed for what goes on. What is
	completed stays so. Bounded: the three fields that are new; the opportunities that people take part in now."""
	if FIELDS[0] not in frappe.db.get_singles_dict("Involvement Settings"):
		meta = frappe.get_meta("Involvement Settings")
		for fieldname in FIELDS:
			frappe.db.set_single_value("Involvement Settings", fieldname, meta.get_field(fieldname).default)
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
	names = frappe.get_all("Involvement Opportunity", {"status": ["in", GOING_ON]}, pluck="name")
	for name in names:  # one by one: those that go on just now, each with days of its own
		feedback.promise(frappe.get_doc("Involvement Opportunity", name))
