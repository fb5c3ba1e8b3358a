import frappe
from frappe import _

from involvement_app.involvement_app.participants import is_participant
from involvement_app.involvement_app.places import checked_choice
from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class InvolvementEngagement(LifecycleDocument):
	"""A place somebody has said yes to, with the terms they were promised."""

	def validate(self):
		if self.is_new():
			self.validate_made_by_a_yes()
		self.validate_choice()
		self.set_who_entered_it()

	def validate_made_by_a_yes(self):
		if not self.application:
			frappe.throw(
				_("A place begins with a yes: offer it on the application, and it is made when they accept.")
			)

	def validate_choice(self):
		if self.has_value_changed("payment_choice") or self.has_value_changed("chosen_amount"):
			self.chosen_amount = checked_choice(self.payment_choice, self.chosen_amount, self.offered_amount)

	def set_who_entered_it(self):
		if self.is_new() or is_participant(self, frappe.session.user):
			return
		if not (self.has_value_changed("payment_choice") or self.has_value_changed("chosen_amount")):
			return
		if not self.recorded_how:
			frappe.throw(
				_("How the person told us: please choose, so that this is never shown as their own act.")
			)
		self.recorded_by = frappe.session.user


def on_doctype_update():
	frappe.db.add_index("Involvement Engagement", ["opportunity", "status"])
	frappe.db.add_index("Involvement Engagement", ["participant", "status"])
