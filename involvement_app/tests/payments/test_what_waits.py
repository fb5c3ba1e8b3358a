"""“To do today” of finance officers and budget holders (domain 4.10)."""

import frappe
from frappe.utils import add_days, today

from involvement_app.involvement_app import to_do
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay


class TestWhatWaits(pay.PaymentTestCase):
	def put(self, payment, **values):
		frappe.db.set_value(payment.doctype, payment.name, values, update_modified=False)  # test set-up
		return payment

	def seen(self, user: str) -> set:
		with self.as_user(user):
			return {(row["kind"], row["name"]) for row in to_do.rows()["rows"]}

	def kinds(self, user: str) -> set:
		return {kind for kind, _name in self.seen(user)}

	def test_a_budget_holder_sees_what_is_due_soon_in_their_units(self):
		due = self.put(pay.checked(), due_on=add_days(today(), 2))
		later = self.put(pay.checked(), due_on=add_days(today(), 3))
		done = self.put(pay.approved(), due_on=today())
		seen = self.seen(pay.budget_holder())
		self.assertIn(("to-approve", due.name), seen)
		for payment in (later, done):
			self.assertNotIn(("to-approve", payment.name), seen)
		self.assertEqual({kind for kind, _name in seen}, {"to-approve"})
		for other in (
			factories.another(roles.BUDGET_HOLDER),
			factories.user(roles.BUDGET_HOLDER, roles.FINANCE_OFFICER),
		):
			self.assertNotIn(("to-approve", due.name), self.seen(other))
		self.assertNotIn("to-approve", self.kinds(pay.officer()))

	def test_the_person_is_a_code_to_them(self):
		due = self.put(pay.checked(), due_on=today())
		with self.as_user(pay.budget_holder()):
			(row,) = [row for row in to_do.rows()["rows"] if row["name"] == due.name]
		self.assertEqual((row["title"], row["group"]), (due.name, "today"))

	def test_a_finance_officer_sees_what_came_back_and_what_does_not_agree(self):
		payment = self.put(pay.approved(), status="Failed at bank")
		batch = self.put(pay.batch(pay.approved()), disagreement="The file comes to £1.00.")
		seen = self.seen(pay.officer())
		self.assertLessEqual({("sent-back", payment.name), ("disagree", batch.name)}, seen)
		self.assertLessEqual({kind for kind, _name in seen}, {"sent-back", "disagree"})
		for role in (roles.MANAGER, roles.COORDINATOR, roles.BUDGET_HOLDER):
			self.assertFalse({"sent-back", "disagree"} & self.kinds(factories.staff(role)), role)
		self.put(batch, reconciled_on=today())
		self.assertNotIn(("disagree", batch.name), self.seen(pay.officer()))

	def test_of_their_own_units_alone(self):
		payment = self.put(pay.approved(), status="Failed at bank")
		officer = factories.user(roles.FINANCE_OFFICER)
		frappe.get_doc(
			doctype="User Permission", user=officer, allow="Involvement Unit", for_value=factories.unit()
		).insert()
		self.assertNotIn(("sent-back", payment.name), self.seen(officer))

	def test_nobody_else(self):
		for user in (
			factories.user(),
			factories.staff(roles.FINANCE_AUTHORISER),
			factories.participant(portal=True).user,
			"Guest",
		):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				to_do.rows()

	def test_where_no_money_is_paid_nothing_waits(self):
		self.put(pay.approved(), status="Failed at bank")
		frappe.db.set_single_value("Involvement Settings", "finance_mode", "None")
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.addCleanup(frappe.clear_document_cache, "Involvement Settings", "Involvement Settings")
		self.assertEqual(self.seen(pay.officer()), set())
