import frappe

FIELDS = ("acknowledge_working_days", "keep_enquiries_days")


def execute():
	"""Sites from before enquiries: a Single's defaults count for nothing once it has been saved. Bounded: the two
	that are new."""
	if FIELDS[0] in frappe.db.get_singles_dict("Involvement Settings"):
		return
	meta = frappe.get_meta("Involvement Settings")
	for fieldname in FIELDS:
		frappe.db.set_single_value("Involvement Settings", fieldname, meta.get_field(fieldname).default)
