import frappe
from frappe import _

from involvement_app.lifecycle import ServerManagedDocument, TransitionError

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class InvolvementMessage(ServerManagedDocument):
	"""A row of the outbox. Nobody holds a right to write it: `messages/outbox.py` moves it, the list's buttons
	through `messages/desk.py`."""

	def validate(self):
		"""Administrator, whom no right stops, does not write a state either (`messages/lifecycle.py`)."""
		if not self.is_new() and self.has_value_changed("status"):
			frappe.throw(
				_("Status: {0} cannot be written directly. Use the buttons on the form.").format(
					_(self.status)
				),
				TransitionError,
			)


def on_doctype_update():
	"""What the job asks for every few minutes."""
	frappe.db.add_index("Involvement Message", ["status", "channel", "send_after"])
