import hashlib

import frappe
from frappe import _
from frappe.utils import getdate, today

from involvement_app.involvement_app import assisted
from involvement_app.involvement_app.joining import name_key
from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


def once_key(participant: str, title: str, took_part_on) -> str:
	"""The same person, the same thing, the same day: once, however often a list is imported."""
	told = "|".join((participant, name_key(title), str(getdate(took_part_on))))
	return hashlib.sha256(told.encode()).hexdigest()


class PastInvolvement(ServerManagedDocument):
	"""What somebody did before the register was kept (domain 4.2). A note of it: no opportunity, no attendance, and
	nothing is paid from it."""

	def validate(self):
		assisted.refuse_strangers(self)
		self.title = " ".join((self.title or "").split())
		self.validate_day()
		self.once_key = once_key(self.participant, self.title, self.took_part_on)

	def validate_day(self):
		if getdate(self.took_part_on) > getdate(today()):
			frappe.throw(_("Took part on: this day is still to come."))
