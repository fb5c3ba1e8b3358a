import frappe

from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


def once_key(opportunity: str, participant: str) -> str:
	return f"{opportunity}|{participant}"


class InvolvementInvitation(LifecycleDocument):
	"""One person asked about one opportunity, once (law 5). Made by `matching/invitations.py` alone."""

	def validate(self):
		self.once_key = once_key(self.opportunity, self.participant)


def on_doctype_update():
	frappe.db.add_index("Involvement Invitation", ["participant", "creation"])
	frappe.db.add_index("Involvement Invitation", ["status", "creation"])
