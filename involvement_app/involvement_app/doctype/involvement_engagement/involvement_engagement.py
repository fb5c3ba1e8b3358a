import frappe
from frappe import _

from involvement_app.involvement_app.assisted import note_who_told
from involvement_app.involvement_app.places import checked_charity, checked_choice
from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class InvolvementEngagement(LifecycleDocument):
	"""A place somebody has said yes to, with the terms they were promised."""

	def validate(self):
		if self.is_new():
			self.validate_made_by_a_yes()
		self.validate_choice()
		self.set_who_chose()

	def validate_made_by_a_yes(self):
		if not self.application:
			frappe.throw(
				_("A place begins with a yes: offer it on the application, and it is made when they accept.")
			)

	def validate_choice(self):
		if self.chose_again():
			self.chosen_amount = checked_choice(self.payment_choice, self.chosen_amount, self.offered_amount)
			self.charity = checked_charity(self.payment_choice, self.charity)

	def chose_again(self) -> bool:
		return any(map(self.has_value_changed, ("payment_choice", "chosen_amount", "charity")))

	def set_who_chose(self):
		"""The last choice is the person's own, or entered for them; “How the person told us” is asked for each
		time, so what was said of one choice never stands for the next."""
		if self.is_new() or not self.chose_again():
			return
		note_who_told(self)


def on_doctype_update():
	frappe.db.add_index("Involvement Engagement", ["opportunity", "status"])
	frappe.db.add_index("Involvement Engagement", ["participant", "status"])
