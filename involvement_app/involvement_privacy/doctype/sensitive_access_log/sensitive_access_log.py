import frappe

from involvement_app.involvement_privacy.append_only import AppendOnlyDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class SensitiveAccessLog(AppendOnlyDocument):
	"""Who read what about whom, when and why; never what it said. Written by `sensitive.look_up` alone."""


def on_doctype_update():
	frappe.db.add_index("Sensitive Access Log", ["person_doctype", "person", "read_on"])
	frappe.db.add_index("Sensitive Access Log", ["read_on"])
