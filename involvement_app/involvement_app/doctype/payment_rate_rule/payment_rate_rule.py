import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from involvement_app.money import money


class PaymentRateRule(Document):
	def validate(self):
		self.validate_amount()
		self.validate_period()

	def validate_amount(self):
		if self.basis != "No payment" and money(self.amount) <= 0:
			frappe.throw(_("Amount: write what is paid {0}, above £0.00.").format(_(self.basis).lower()))

	def validate_period(self):
		if self.valid_to and getdate(self.valid_to) < getdate(self.valid_from):
			frappe.throw(
				_("Valid to: choose a day after {0}.").format(frappe.format(self.valid_from, "Date"))
			)
