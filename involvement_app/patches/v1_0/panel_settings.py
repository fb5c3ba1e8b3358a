import frappe

FIELDS = ("min_panel_le_members", "panel_candidate_days")


def execute() -> None:
	"""Sites from before recruitment panels: a Single's defaults count for nothing once it has been saved. Bounded: the
	two that are new."""
	meta = frappe.get_meta("Involvement Settings")
	for fieldname in FIELDS:
		if not frappe.db.get_single_value("Involvement Settings", fieldname):
			frappe.db.set_single_value("Involvement Settings", fieldname, meta.get_field(fieldname).default)
