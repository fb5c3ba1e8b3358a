import frappe

from involvement_app.involvement_privacy.append_only import AppendOnlyDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class ConsentRecord(AppendOnlyDocument):
	"""One decision of a person, or the privacy notice they were given. Written by `consent.record` alone."""


def on_doctype_update():
	frappe.db.add_index("Consent Record", ["person_doctype", "person", "purpose", "recorded_on"])
	frappe.db.add_index("Consent Record", ["statement"])
