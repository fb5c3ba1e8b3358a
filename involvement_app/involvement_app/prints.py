"""What goes on paper: certificates and letters, made from Print Formats. Nothing in them tells where somebody was or
why, beyond what staff wrote (law 12)."""

import frappe
from frappe.www.printview import get_print_format

from involvement_app.involvement_app.participants import PARTICIPANT


def organisation() -> str:
	return frappe.get_cached_doc("Involvement Settings").organisation_name or ""


def person_name(participant: str | None) -> str:
	"""As they would like to be called today, whatever it was when this was written."""
	return (frappe.db.get_value(PARTICIPANT, participant, "preferred_name") if participant else "") or ""


def staff_name(user: str | None) -> str:
	return (frappe.db.get_value("User", user, "full_name") if user else "") or ""


def html(doc, print_format: str) -> str:
	"""`doc` as `print_format` shows it. The caller has asked whether it may be shown."""
	found = frappe.get_cached_doc("Print Format", print_format)
	doc.run_method("before_print", None)
	return frappe.render_template(
		get_print_format(doc.doctype, found), {"doc": doc, "frappe": frappe._dict()}
	)
