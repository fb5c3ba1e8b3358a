"""A page of HTML as a PDF."""

import frappe


def pdf_of(page: str) -> bytes | None:
	"""`page` as the site's own Frappe makes a PDF of it; None where it cannot."""
	from frappe.utils.pdf import get_pdf  # opens its log when it is imported, in the folder one is in

	try:
		return get_pdf(page)
	except (
		OSError,
		frappe.ValidationError,
	):  # no wkhtmltopdf on this machine, or it cannot work with this page
		frappe.clear_messages()
		return None
