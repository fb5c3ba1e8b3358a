import frappe

FIELDS = (
	"points_type",
	"points_level",
	"points_topic",
	"points_near",
	"points_waited",
	"points_new",
	"invite_every_days",
)


def execute():
	"""Sites from before invitations: a Single's defaults count for nothing once it has been saved. Bounded: those
	that are new."""
	kept, meta = frappe.db.get_singles_dict("Involvement Settings"), frappe.get_meta("Involvement Settings")
	for fieldname in FIELDS:
		if fieldname not in kept:
			frappe.db.set_single_value("Involvement Settings", fieldname, meta.get_field(fieldname).default)
