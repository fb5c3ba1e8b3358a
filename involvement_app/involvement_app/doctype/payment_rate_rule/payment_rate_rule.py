import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from involvement_app.money import money


class PaymentRateRule(Document):
	def validate(self):
		self.validate_amount()
		self.validate_period()
		self.validate_promised_terms()

	def validate_amount(self):
		if self.basis != "No payment" and money(self.amount) <= 0:
			frappe.throw(_("Amount: write what is paid {0}, above £0.00.").format(_(self.basis).lower()))

	def validate_period(self):
		if self.valid_to and getdate(self.valid_to) < getdate(self.valid_from):
			frappe.throw(
				_("Valid to: choose a day after {0}.").format(frappe.format(self.valid_from, "Date"))
			)

	def validate_promised_terms(self):
		"""What people were offered does not change under them: a new figure is a new rule."""
		terms = ("basis", "amount", "minimum_hours", "preparation_paid")
		if self.is_new() or not any(self.has_value_changed(fieldname) for fieldname in terms):
			return
		used = frappe.db.exists(
			"Involvement Opportunity", {"rate_rule": self.name, "status": ["!=", "Draft"]}
		)
		if used:
			frappe.throw(
				_("{0} is promised in {1}. Make a new rate, and end this one with “Valid to”.").format(
					self.name, used
				)
			)
