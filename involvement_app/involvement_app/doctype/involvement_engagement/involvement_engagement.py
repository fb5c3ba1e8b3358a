import frappe
from frappe import _
from frappe.utils import now_datetime

from involvement_app.involvement_app import caps, places, preferences
from involvement_app.involvement_app.assisted import note_who_told
from involvement_app.involvement_app.participants import is_participant
from involvement_app.involvement_app.places import checked_charity, checked_choice, worth
from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class InvolvementEngagement(LifecycleDocument):
	"""A place somebody has said yes to, with the terms they were promised."""

	def validate(self):
		if self.is_new():
			self.validate_made_by_a_yes()
		self.validate_choice()
		self.set_who_chose()
		self.note_advice()
		self.warn_of_their_own_limit()

	def validate_made_by_a_yes(self):
		if not self.application:
			frappe.throw(
				_("A place begins with a yes: offer it on the application, and it is made when they accept.")
			)

	def validate_choice(self):
		if self.chose_again():
			self.chosen_amount = checked_choice(self.payment_choice, self.chosen_amount, self.offered_amount)
			self.charity = checked_charity(self.payment_choice, self.charity)
			self.validate_our_limit()

	def validate_our_limit(self):
		"""A place's own yes was held against it as it was made."""
		before = self.get_doc_before_save()
		if before and _worth(self) > _worth(before):
			caps.check_again(self)

	def chose_again(self) -> bool:
		return any(map(self.has_value_changed, ("payment_choice", "chosen_amount", "charity")))

	def set_who_chose(self):
		"""The last choice is the person's own, or entered for them; “How the person told us” is asked for each
		time, so what was said of one choice never stands for the next."""
		if self.is_new() or not self.chose_again():
			return
		note_who_told(self)

	def note_advice(self):
		"""Asked for with each change, as “How the person told us” is: what was said once never stands for the next."""
		if not self.advice_told:
			return
		self.advice_told, self.advice_read_on = 0, now_datetime()
		user = frappe.session.user
		self.advice_given_by = None if is_participant(self, user) else user

	def warn_of_their_own_limit(self):
		"""Whoever writes a choice down for somebody; the person reads it on their own page."""
		before = self.get_doc_before_save()
		if not (before and self.recorded_by and self.chose_again()):
			return
		amount = places.theirs(self.payment_choice, self.chosen_amount, self.offered_amount)
		if amount > places.theirs(before.payment_choice, before.chosen_amount, before.offered_amount):
			lower = self.payment_choice == "Lower amount"
			preferences.warn(
				self.participant, amount, self.payment_on, self.opportunity, lower, besides=self.name
			)


def _worth(doc):
	return worth(doc.payment_choice, doc.chosen_amount, doc.offered_amount)


def on_doctype_update():
	frappe.db.add_index("Involvement Engagement", ["opportunity", "status"])
	frappe.db.add_index("Involvement Engagement", ["participant", "status"])
