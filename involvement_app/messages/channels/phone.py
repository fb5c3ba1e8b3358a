"""A person rings somebody up and says so."""

from frappe import _

from involvement_app.messages.channels import Channel


class Phone(Channel):
	by_hand = True

	def waits_for(self) -> str:
		return _("To be told by phone. Then choose “Mark as told”.")

	def unaddressed(self) -> str:
		return _("There is no phone number for this person")


CHANNEL = Phone()
