"""What Frappe makes from our hooks and does not take away with the app. Bounded: rows that name us, at uninstall."""

import frappe

from involvement_app.setup import roles


def remove() -> None:
	frappe.db.delete("Portal Menu Item", {"role": roles.PARTICIPANT, "parent": "Portal Settings"})
	frappe.db.delete("Scheduled Job Type", {"method": ["like", "involvement_app.%"]})
	frappe.db.delete("Singles", {"doctype": "Involvement Settings"})
	frappe.db.delete("Version", {"ref_doctype": ["like", "Involvement %"]})
