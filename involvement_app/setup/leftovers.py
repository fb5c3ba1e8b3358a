"""What Frappe makes from our hooks and does not take away with the app. Bounded: rows that name us, at uninstall."""

import frappe


def remove() -> None:
	frappe.db.delete(
		"Portal Menu Item", {"route": "/take-part", "parent": "Portal Settings", "parentfield": "menu"}
	)
	frappe.db.delete("Scheduled Job Type", {"method": ["like", "involvement_app.%"]})
	frappe.db.delete("Singles", {"doctype": "Involvement Settings"})
	frappe.db.delete("Version", {"ref_doctype": ["like", "Involvement %"]})
