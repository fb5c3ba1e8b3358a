import frappe
from frappe import _

from involvement_app.lifecycle import ServerManagedDocument
from involvement_app.money import money, pounds

exclude_from_linked_with = True  # Frappe shows linked rows to anybody

MOST_WITHOUT_RECEIPT = 10


class ExpenseType(ServerManagedDocument):
	"""What people can claim back, and what proves it."""

	def validate(self):
		self.validate_amounts()

	def validate_amounts(self):
		if money(self.most) < 0:
			frappe.throw(_("Most without an agreement: write £0.00 or more."))
		if not 0 <= money(self.receipt_over) <= MOST_WITHOUT_RECEIPT:
			frappe.throw(
				_("Receipt needed above: write up to {0}. What has no receipt is soon a round sum.").format(
					pounds(MOST_WITHOUT_RECEIPT)
				)
			)
