import frappe


def execute():
	"""Sites from before stories: a Single's defaults count for nothing once it has been saved. Bounded: the
	one that is new."""
	if "takedown_working_days" not in frappe.db.get_singles_dict("Involvement Settings"):
		default = frappe.get_meta("Involvement Settings").get_field("takedown_working_days").default
		frappe.db.set_single_value("Involvement Settings", "takedown_working_days", default)
