"""What is paid on an invoice, or by a single entry of payroll, is reconciled once its ledger says the same to the penny
(domain 4.6: Paid → Reconciled)."""

import frappe
from frappe.utils import add_days, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_app import to_do
from involvement_app.involvement_payments import other_books
from involvement_app.lifecycle import StepNotPermitted
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.payments.test_corrections import Paid

PAYMENT = pay.PAYMENT


class OtherBooks(pay.PaymentTestCase):
	def made_once(self):
		super().made_once()
		self.person = factories.participant(portal=True)
		self.payment = self.paid()

	def handed_over(self, number="INV 7", route="Invoice", person=None):
		payment = pay.approved(person or self.person)
		frappe.db.set_value(PAYMENT, payment.name, "payment_route", route)
		return self.take(payment, "Hand over", handed_over_as=number)

	def paid(self, *args, **kw):
		return self.take(self.handed_over(*args, **kw), "Paid elsewhere", went_out_on=today())

	def take(self, payment, action, **values):
		with self.as_user(pay.authoriser() if action == "Paid elsewhere" else pay.officer()):
			return lifecycle.apply(frappe.get_doc(PAYMENT, payment.name), action, **values)

	def agree(self, amount=30, payment=None, number="PI-0042", day=None, by=None):
		with self.as_user(by or pay.officer()):
			return other_books.agree((payment or self.payment).name, number, str(day or today()), amount)

	def status(self, payment=None) -> str:
		return frappe.db.get_value(PAYMENT, (payment or self.payment).name, "status")

	def waits(self) -> list:
		with self.as_user(pay.officer()):
			return [row["name"] for row in to_do.rows()["rows"] if row["kind"] == "other-books"]


class TestAgreeing(OtherBooks):
	def test_the_same_to_the_penny_it_is_reconciled_with_number_day_and_hand(self):
		self.assertIn(self.payment.name, self.waits())
		self.assertEqual(self.agree("30.00"), [self.payment.name])
		doc = frappe.get_doc(PAYMENT, self.payment.name)
		self.assertEqual(
			(doc.status, doc.book_number, doc.book_day, doc.book_amount, doc.book_by),
			("Reconciled", "PI-0042", getdate(today()), 30, pay.officer()),
		)
		self.assertNotIn(self.payment.name, self.waits())
		self.assertTrue(
			frappe.db.exists("Comment", {"reference_name": doc.name, "content": ["like", "%Agrees there%"]})
		)

	def test_a_penny_is_a_difference_and_both_figures_are_said(self):
		for amount in (29.99, 30.01, 0, -30):
			with self.subTest(amount), self.assertRaisesRegex(other_books.NotTheSame, "£30.00"):
				self.agree(amount)
		self.assertEqual(self.status(), "Paid")

	def test_an_invoice_of_two_is_compared_as_one(self):
		other, another = self.paid(), self.paid("INV 8")
		somebody = self.paid(person=factories.participant())
		with self.assertRaisesRegex(other_books.NotTheSame, "£60.00"):
			self.agree(30)
		self.assertEqual(self.agree(60), sorted([self.payment.name, other.name]))
		self.assertEqual(
			[self.status(each) for each in (other, another, somebody)], ["Reconciled", "Paid", "Paid"]
		)

	def test_not_while_some_of_it_is_not_paid(self):
		waiting = self.handed_over()
		with self.assertRaisesRegex(other_books.NotTheSame, waiting.name):
			self.agree(60)
		self.assertEqual(self.status(), "Paid")

	def test_a_single_entry_of_payroll(self):
		payment = self.paid("Pay run 11", "PAYE")
		self.agree(30, payment, "Pay run 11, line 4")
		self.assertEqual(self.status(payment), "Reconciled")

	def test_not_without_a_number_nor_on_a_day_that_never_was(self):
		for values in (
			{"number": "  "},
			{"day": add_days(today(), 1)},
			{"day": add_days(self.payment.session_on, -1)},
			{"amount": "NaN"},
			{"day": "yesterday"},
		):
			with self.subTest(str(values)), self.assertRaises(frappe.ValidationError):
				self.agree(**values)
		self.assertEqual(self.status(), "Paid")

	def test_once_only_and_only_what_is_paid_there(self):
		self.agree()
		with self.assertRaises(other_books.NotTheSame):
			self.agree()
		ours = pay.take(pay.batch(pay.approved()), "Lock", "Authorise", "Export", "Confirm").lines[0]
		for each in (self.handed_over("INV 9"), frappe._dict(name=ours.payment)):
			with self.subTest(each.name), self.assertRaises(other_books.NotTheSame):
				self.agree(30, each)

	def test_finance_officers_alone_and_never_for_themselves(self):
		for user in (
			pay.authoriser(),
			pay.budget_holder(),
			factories.staff(roles.COORDINATOR),
			factories.staff(roles.MANAGER),
			factories.user(),
			self.person.user,
			"Guest",
		):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.agree(by=user)
		factories.signs_in_as(self.person, pay.officer())
		with self.assertRaisesRegex(StepNotPermitted, "your own payment"):
			self.agree()
		self.assertEqual(self.status(), "Paid")

	def test_finance_of_another_unit_learns_nothing(self):
		user = factories.another(roles.FINANCE_OFFICER)
		factories.limit(user, factories.unit())
		with self.assertRaises(frappe.PermissionError):
			self.agree(by=user)

	def test_an_invoice_of_two_units_is_compared_by_who_sees_both(self):
		self.paid()
		frappe.db.set_value(PAYMENT, self.payment.name, "unit", factories.unit())
		user = factories.another(roles.FINANCE_OFFICER)
		factories.limit(user, frappe.db.get_value(PAYMENT, self.payment.name, "unit"))
		with self.assertRaises(frappe.PermissionError):
			self.agree(60, by=user)
		self.agree(60)

	def test_nobody_writes_the_answer_past_it(self):
		with self.as_user(pay.officer()), self.assertRaises(frappe.PermissionError):
			doc = frappe.get_doc(PAYMENT, self.payment.name)
			doc.book_number = "PI-1"
			doc.save()
		with self.as_user(pay.officer()), self.assertRaises(StepNotPermitted):
			lifecycle.move_many(PAYMENT, [self.payment.name], "Agrees there", (PAYMENT, self.payment.name))


class TestPaidBackThere(Paid):
	def test_it_is_compared_too_and_stays_paid_back(self):
		back = self.take(self.agreed(), "Paid back", pay.officer(), proof="Credit note 3")
		frappe.db.set_value(PAYMENT, back.name, "payment_route", "Invoice")
		with self.as_user(pay.officer()):
			self.assertIn("other-books", [row["kind"] for row in to_do.rows()["rows"]])
			with self.assertRaises(other_books.NotTheSame):
				other_books.agree(back.name, "CN-3", today(), 10)
			other_books.agree(back.name, "CN-3", today(), -10)
		self.assertEqual(
			frappe.db.get_value(PAYMENT, back.name, ["status", "book_number", "book_amount"]),
			("Repaid", "CN-3", -10),
		)
