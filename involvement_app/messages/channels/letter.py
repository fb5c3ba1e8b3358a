"""Letters are printed together as one PDF, posted by a person, and marked as posted (`messages/letters.py`)."""

from frappe import _

from involvement_app.messages.channels import Channel


class Letter(Channel):
	by_hand = True

	def waits_for(self) -> str:
		return _("To be printed. Choose it in the list, then “Print letters”.")

	def unaddressed(self) -> str:
		return _("There is no postal address for this person. Add one to their CRM record.")


CHANNEL = Letter()
