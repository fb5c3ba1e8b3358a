import frappe

from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class InvolvementMessage(ServerManagedDocument):
	"""A row of the outbox. Nobody holds a right to write it: `messages/outbox.py` moves it, the list's buttons
	through `messages/desk.py`."""


def on_doctype_update():
	"""What the job asks for every few minutes."""
	frappe.db.add_index("Involvement Message", ["status", "channel", "send_after"])
