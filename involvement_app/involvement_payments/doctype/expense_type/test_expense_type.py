import frappe

from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase


class TestExpenseType(IntegrationTestCase):
	def test_without_a_receipt_only_small_sums(self):
		self.assertTrue(factories.expense_type(receipt_over=5).name)
		with self.assertRaisesRegex(frappe.ValidationError, "up to £10.00"):
			factories.expense_type(receipt_over=200)

	def test_managers_write_and_who_handles_money_reads(self):
		doc = factories.expense_type()
		for role in (
			roles.COORDINATOR,
			roles.BUDGET_HOLDER,
			roles.FINANCE_OFFICER,
			roles.FINANCE_AUTHORISER,
		):
			with self.subTest(role), self.as_user(factories.staff(role)):
				self.assertTrue(frappe.has_permission(doc.doctype, "read", doc.name))
				self.assertFalse(frappe.has_permission(doc.doctype, "write", doc.name))
		for user in (factories.staff(roles.OWNER), factories.staff(factories.PORTAL), "Guest"):
			with self.subTest(user), self.as_user(user):
				self.assertFalse(frappe.has_permission(doc.doctype, "read", doc.name))
