"""What no batch pays: on an invoice, or through payroll (domain 1.4, 4.6 hand-over)."""

from datetime import timedelta

import frappe
from frappe.utils import add_days, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_app import preferences, to_do
from involvement_app.involvement_payments import health, own_limits, statements, transfers
from involvement_app.involvement_payments.report.exceptions_to_separated_duties import (
	exceptions_to_separated_duties,
)
from involvement_app.lifecycle import StepNotPermitted, TransitionError, desk
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

PAYMENT = pay.PAYMENT


class TestHandedOver(pay.PaymentTestCase):
	def made_once(self):
		super().made_once()
		self.payment = self.of("Invoice")
		self.paid_on = add_days(today(), -1)

	def of(self, route: str, person=None, **values):
		payment = pay.approved(person)
		frappe.db.set_value(PAYMENT, payment.name, {"payment_route": route, **values})
		return frappe.get_doc(PAYMENT, payment.name)

	def take(self, action: str, payment=None, by: str | None = None, **values):
		by = by or (pay.authoriser() if action == "Paid elsewhere" else pay.officer())
		with self.as_user(by):
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

	def test_one_person_alone_takes_nothing_from_approved_to_paid(self):
		both = factories.user(roles.FINANCE_OFFICER, roles.FINANCE_AUTHORISER)
		self.take("Hand over", by=both, handed_over_as="INV 7")
		for user, words in (
			(pay.officer(), "releases elsewhere"),
			(factories.user(roles.FINANCE_OFFICER), "releases elsewhere"),
			(both, "You handed .* over"),
		):
			with self.subTest(user), self.assertRaisesRegex(StepNotPermitted, words):
				self.take("Paid elsewhere", by=user, went_out_on=self.paid_on)
		doc = self.take("Paid elsewhere", went_out_on=self.paid_on)
		self.assertEqual((doc.status, doc.released_by), ("Paid", pay.authoriser()))

	def test_nor_beyond_what_an_authoriser_decides_on_alone(self):
		factories.approval_limit(roles.FINANCE_AUTHORISER, 10)
		self.take("Hand over", handed_over_as="INV 7")
		with self.assertRaisesRegex(StepNotPermitted, "£30.00 is more than the £10.00"):
			self.take("Paid elsewhere", went_out_on=self.paid_on)
		factories.approval_limit(roles.FINANCE_AUTHORISER, 30, user=pay.authoriser())
		self.assertEqual(self.take("Paid elsewhere", went_out_on=self.paid_on).status, "Paid")

	def test_who_decided_on_it_releases_it_at_the_level_two_people_alone(self):
		user = frappe.get_doc("User", pay.budget_holder())
		user.append("roles", {"role": roles.FINANCE_AUTHORISER})
		user.save()
		self.take("Hand over", handed_over_as="INV 7")
		with self.assertRaisesRegex(StepNotPermitted, "You approved, recorded or checked"):
			self.take("Paid elsewhere", by=user.name, went_out_on=self.paid_on)
		settings = frappe.get_doc("Involvement Settings")
		settings.separation = "Two people"
		settings.save()
		self.assertEqual(self.take("Paid elsewhere", by=user.name, went_out_on=self.paid_on).status, "Paid")
		with self.as_user(pay.officer()):
			rows = exceptions_to_separated_duties.execute({})[1]
		said = [row["what"] for row in rows if row["document"] == self.payment.name]
		self.assertIn("Released a payment they had approved", said)

	def test_it_waits_for_an_authoriser_on_to_do_today(self):
		self.take("Hand over", handed_over_as="INV 7")
		both = factories.user(roles.FINANCE_OFFICER, roles.FINANCE_AUTHORISER)
		for user, waits in ((both, True), (pay.officer(), False)):
			with self.subTest(user), self.as_user(user):
				names = [row["name"] for row in to_do.rows()["rows"] if row["kind"] == "handed-over"]
				self.assertEqual(self.payment.name in names, waits)

	def with_a_limit(self, cap: float, **values):
		"""Two payments on invoices, due today, of somebody who sets this limit; the first is handed over."""
		person = factories.participant()
		first, second = (self.of("Invoice", person, due_on=today()) for _number in range(2))
		wish = factories.preference(
			person, own_payment_cap=cap, cap_period="Month", cap_month_day=1, **values
		)
		return first, second, wish

	def test_the_person_s_own_limit_is_asked_and_words_say_whom_to_ask(self):
		first, second, _wish = self.with_a_limit(40)
		self.take("Hand over", first, handed_over_as="INV 7")
		with self.assertRaisesRegex(own_limits.OverTheirOwnLimit, "over their own limit of £40.00. Ask them"):
			self.take("Hand over", second, handed_over_as="INV 8")
		small = self.with_a_limit(20, spread_payments=1)[0]
		with self.assertRaisesRegex(own_limits.OverTheirOwnLimit, "more than the limit of £20.00"):
			self.take("Hand over", small, handed_over_as="INV 9")

	def test_with_their_yes_it_waits_for_the_next_month(self):
		first, second, wish = self.with_a_limit(40, spread_payments=1)
		self.take("Hand over", first, handed_over_as="INV 7")
		with self.as_user(factories.staff(roles.COORDINATOR)), self.assertRaises(StepNotPermitted):
			desk.take(PAYMENT, second.name, "Hand over", "INV 8")
		self.assertIsNone(frappe.db.get_value(PAYMENT, second.name, "not_before"))
		frappe.clear_messages()
		with self.as_user(pay.officer()):
			self.assertEqual(desk.take(PAYMENT, second.name, "Hand over", "INV 8"), "Approved")
		self.assertIn("it waits until", str(frappe.get_message_log()))
		doc = frappe.get_doc(PAYMENT, second.name)
		self.assertEqual(
			(doc.not_before, doc.handed_over_as),
			(preferences.period(wish, today()).end + timedelta(days=1), None),
		)
		with self.assertRaisesRegex(own_limits.OverTheirOwnLimit, "waits until"):
			self.take("Hand over", second, handed_over_as="INV 8")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			wish.reload()
			wish.update({"own_payment_cap": 0, "recorded_how": "Phone"}).save()
		self.assertEqual(self.take("Hand over", second, handed_over_as="INV 8").status, "Scheduled")

	def test_what_was_due_before_counts_when_it_is_handed_over(self):
		first, second, _wish = self.with_a_limit(40)
		long_ago = add_days(today(), -40)
		for payment in (first, second):
			frappe.db.set_value(PAYMENT, payment.name, "due_on", long_ago)
		self.take("Hand over", first, handed_over_as="INV 7")
		with self.assertRaises(own_limits.OverTheirOwnLimit):
			self.take("Hand over", second, handed_over_as="INV 8")

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
