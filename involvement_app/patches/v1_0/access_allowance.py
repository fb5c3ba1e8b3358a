import frappe


def execute():
	"""A Single's defaults count for nothing once it has been saved. Bounded: the one that is new."""
	if "access_allowance" in frappe.db.get_singles_dict("Involvement Settings"):
		return
	default = frappe.get_meta("Involvement Settings").get_field("access_allowance").default
	frappe.db.set_single_value("Involvement Settings", "access_allowance", default)
