import frappe

from involvement_app.involvement_privacy.append_only import AppendOnlyDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class MediaConsent(AppendOnlyDocument):
	"""One decision of a person about one channel. Written by `media` alone."""


def on_doctype_update():
	frappe.db.add_index("Media Consent", ["participant", "channel", "recorded_on"])
