import secrets

import frappe
from frappe import _
from frappe.utils import cint, cstr, get_datetime, get_first_day, today

from involvement_app.involvement_app import how_it_was
from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class ExperienceFeedback(ServerManagedDocument):
	"""How it was for somebody who took part (domain 4.4). One without a name says of nobody who wrote it: not by owner,
	time, name, order or message."""

	def autoname(self):
		# no counter and no clock, as some names of Frappe's have
		self.name = secrets.token_hex(10)

	def before_insert(self):
		if not self.participant and not self.staff:
			self.owner = self.modified_by = "Administrator"
		self.creation = self.modified = get_datetime(get_first_day(today()))

	def validate(self):
		self.validate_answers()
		self.validate_words()

	def validate_answers(self):
		for field in how_it_was.ITEMS:
			if self.get(field) and cint(self.get(field)) not in range(1, 6):
				frappe.throw(_("{0}: from 1 to 5.").format(_(self.meta.get_label(field))))
		answered = (*how_it_was.ITEMS, "access_met", "level_felt", "what_to_change")
		if not any(self.get(field) for field in answered):
			frappe.throw(_("Nothing is answered yet."))

	def validate_words(self):
		self.what_to_change = cstr(self.what_to_change).strip()
		if len(self.what_to_change) > how_it_was.MOST_WORDS:
			frappe.throw(
				_("{0}: at most {1} letters. It has {2}.").format(
					_(self.meta.get_label("what_to_change")), how_it_was.MOST_WORDS, len(self.what_to_change)
				)
			)

	def notify_update(self):
		"""Frappe tells every open list who wrote what, at this moment."""
