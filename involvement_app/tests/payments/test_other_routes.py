"""What no batch pays: on an invoice, or through payroll (domain 1.4, 4.6 hand-over)."""

import frappe
from frappe.utils import add_days, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_payments import health, statements, transfers
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

PAYMENT = pay.PAYMENT


class TestHandedOver(pay.PaymentTestCase):
	def setUp(self):
		super().setUp()
		self.payment = self.of("Invoice")
		self.paid_on = add_days(today(), -1)

	def of(self, route: str, person=None, **values):
		payment = pay.approved(person)
		frappe.db.set_value(PAYMENT, payment.name, {"payment_route": route, **values})
		return frappe.get_doc(PAYMENT, payment.name)

	def take(self, action: str, payment=None, by: str | None = None, **values):
		with self.as_user(by or pay.officer()):
			return lifecycle.apply(frappe.get_doc(PAYMENT, (payment or self.payment).name), action, **values)

	def told(self, payment=None) -> list:
		return frappe.get_all(
			"Involvement Message",
			{
				"reference_name": (payment or self.payment).name,
				"template": ["!=", "Involvement payment approved"],
			},
			["template", "body"],
		)

	def test_an_invoice_is_handed_over_and_paid_on_the_day_it_was(self):
		doc = self.take("Hand over", handed_over_as="INV 2026/7")
		self.assertEqual((doc.status, doc.handed_over_by), ("Scheduled", pay.officer()))
		self.assertEqual(self.told(), [])
		self.take("Paid elsewhere", went_out_on=self.paid_on)
		doc = frappe.get_doc(PAYMENT, self.payment.name)
		self.assertEqual(
			(doc.status, str(doc.paid_on), doc.batch, doc.handed_over_as),
			("Paid", self.paid_on, None, "INV 2026/7"),
		)
		(message,) = self.told()
		self.assertEqual(message.template, "Involvement payment made")
		self.assertIn("£30.00", message.body)
		found = statements.of_tax_year(doc.participant, self.paid_on)
		self.assertEqual([row.on for row in found.paid], [getdate(self.paid_on)])

	def test_it_is_late_until_it_is_paid_and_not_for_ever(self):
		frappe.db.set_value(PAYMENT, {"name": ["!=", self.payment.name]}, "due_on", None)
		frappe.db.set_value(PAYMENT, self.payment.name, "due_on", add_days(today(), -9))
		self.take("Hand over", handed_over_as="INV 7")
		self.assertEqual(health.late().status, "warn")
		self.take("Paid elsewhere", went_out_on=self.paid_on)
		self.assertEqual(health.late().status, "ok")

	def test_not_without_a_number_nor_on_a_day_that_never_was(self):
		with self.assertRaisesRegex(TransitionError, "Number of the invoice"):
			self.take("Hand over")
		self.take("Hand over", handed_over_as="INV 7")
		for day in (None, add_days(today(), 1), add_days(self.payment.session_on, -1)):
			with self.subTest(str(day)), self.assertRaises(TransitionError):
				self.take("Paid elsewhere", went_out_on=day)
		self.assertEqual(frappe.db.get_value(PAYMENT, self.payment.name, "status"), "Scheduled")

	def test_finance_officers_alone_and_never_for_themselves(self):
		person = factories.participant(portal=True)
		own = self.of("Invoice", person)
		for user in (
			pay.authoriser(),
			pay.budget_holder(),
			factories.staff(roles.COORDINATOR),
			factories.staff(roles.MANAGER),
			factories.user(),
			person.user,
			"Guest",
		):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.take("Hand over", own, user, handed_over_as="INV 7")
		officer = factories.user(roles.FINANCE_OFFICER)
		frappe.db.set_value("Involvement Participant", person.name, "user", officer)
		with self.assertRaisesRegex(StepNotPermitted, "your own payment"):
			self.take("Hand over", own, officer, handed_over_as="INV 7")

	def test_what_a_batch_pays_is_not_handed_over(self):
		for route in ("Gross", "Cash"):
			with self.subTest(route), self.assertRaises(StepNotPermitted):
				self.take("Hand over", self.of(route), handed_over_as="INV 7")
		batch = pay.take(pay.batch(pay.approved()), "Lock")
		with self.assertRaises(StepNotPermitted):
			self.take("Paid elsewhere", frappe._dict(name=batch.lines[0].payment), went_out_on=self.paid_on)

	def test_nor_a_second_time_nor_by_a_batch_and_it_may_be_taken_back(self):
		self.take("Hand over", handed_over_as="INV 7")
		with self.assertRaises(TransitionError):
			self.take("Hand over", handed_over_as="INV 8")
		with self.assertRaises(transfers.NotReady):
			pay.batch(self.payment)
		doc = self.take("Not handed over")
		self.assertEqual(
			(doc.status, doc.handed_over_as, doc.handed_over_on, doc.approved_by),
			("Approved", None, None, self.payment.approved_by),
		)
		self.assertEqual(self.told(), [])
		self.assertEqual(self.take("Hand over", handed_over_as="INV 8").status, "Scheduled")

	def test_payroll_pays_a_charity_and_the_person_hears_of_it(self):
		payment = self.of("PAYE", charity="Otters", payment_choice="Give to a charity")
		self.take("Hand over", payment, handed_over_as="Pay run 11")
		self.take("Paid elsewhere", payment, went_out_on=self.paid_on)
		(message,) = self.told(payment)
		self.assertEqual(message.template, "Involvement payment given")
		self.assertIn("Otters", message.body)
