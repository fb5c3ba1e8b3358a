import frappe

FIELD = "answer_working_days"


def execute():
	"""Sites from before questions: a Single's defaults count for nothing once it has been saved. Bounded: the one
	that is new."""
	if FIELD in frappe.db.get_singles_dict("Involvement Settings"):
		return
	default = frappe.get_meta("Involvement Settings").get_field(FIELD).default
	frappe.db.set_single_value("Involvement Settings", FIELD, default)
