"""Frappe HR beside us: a panel may then lead to its Job Opening and a candidate to their Job Applicant, for HR officers
alone (fields of level 1). Without Frappe HR there are no such fields, and nothing asks for them."""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from involvement_app.involvement_app import panels

OPENING, APPLICANT = "Job Opening", "Job Applicant"
FIELDS = {
	panels.PANEL: [
		{
			"fieldname": "job_opening",
			"fieldtype": "Link",
			"label": "Job opening",
			"options": OPENING,
			"permlevel": 1,
			"no_copy": 1,
			"insert_after": "post",
		}
	],
	panels.CANDIDATE: [
		{
			"fieldname": "job_applicant",
			"fieldtype": "Link",
			"label": "Job applicant",
			"options": APPLICANT,
			"permlevel": 1,
			"no_copy": 1,
			"insert_after": "initials",
		}
	],
}


def is_here() -> bool:
	return bool(frappe.db.exists("DocType", OPENING) and frappe.db.exists("DocType", APPLICANT))


def create(app: str | None = None) -> None:
	"""At install and migrate, and when another app is installed."""
	if is_here():
		# of our own doctypes: two fields, as they stand above
		create_custom_fields(FIELDS, ignore_validate=True)


def remove(app: str | None = None) -> None:
	"""When another app was uninstalled: a field that leads to a doctype which is gone keeps the form from opening."""
	if is_here():
		return
	names = [f"{doctype}-{field['fieldname']}" for doctype, fields in FIELDS.items() for field in fields]
	# bounded: the two fields above
	frappe.db.delete("Custom Field", {"name": ["in", names]})
	frappe.clear_cache()  # which knows the fields
