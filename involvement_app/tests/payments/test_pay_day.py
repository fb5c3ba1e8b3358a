"""On which day a batch is paid: to come while it is locked and written, there when it is confirmed (domain 4.6)."""

import base64
from datetime import timedelta

import frappe
from frappe.utils import add_days, formatdate, getdate, today

from involvement_app.involvement_payments import bank_file, bank_returns, pay_day, statements
from involvement_app.involvement_payments.pay_day import NotThatDay
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

BATCH, PAYMENT = pay.BATCH, pay.PAYMENT
CONFIRMED = ("Lock", "Authorise", "Export", "Confirm")


class TestPayDay(pay.PaymentTestCase):
	def moved(self, batch, day):
		"""As though so much time had gone by."""
		frappe.db.set_value(BATCH, batch.name, "payment_on", day)
		return frappe.get_doc(BATCH, batch.name)

	def test_a_draft_of_long_ago_is_not_locked(self):
		for days in (-400, -1):
			batch = pay.batch(payment := pay.approved(), on=add_days(today(), days))
			with self.subTest(days), self.assertRaisesRegex(NotThatDay, "Pay on.*too early.*or later"):
				pay.take(batch, "Lock")
			self.assertEqual(frappe.db.get_value(PAYMENT, payment.name, "status"), "Approved")

	def test_nor_one_whose_year_is_mistyped(self):
		with self.assertRaisesRegex(NotThatDay, "three months"):
			pay.take(pay.batch(pay.approved(), on=add_days(today(), pay_day.FURTHEST + 1)), "Lock")
		pay.take(pay.batch(pay.approved(), on=add_days(today(), pay_day.FURTHEST)), "Lock")

	def test_what_waited_too_long_gets_no_file_and_goes_into_another_batch(self):
		payment = pay.approved()
		batch = self.moved(pay.take(pay.batch(payment), "Lock", "Authorise"), add_days(today(), -1))
		with self.assertRaisesRegex(NotThatDay, "Make it void"):
			pay.take(batch, "Export")
		pay.take(batch, "Void")
		payment = frappe.get_doc(PAYMENT, payment.name)
		pay.take(pay.batch(payment), *CONFIRMED)
		self.assertEqual(frappe.db.get_value(PAYMENT, payment.name, "status"), "Paid")

	def test_bacs_wants_the_file_two_working_days_before(self):
		factories.standard_18(in_use=1)
		person = factories.participant()
		account = factories.participant_bank_detail(person, "Active")
		frappe.db.set_value(account.doctype, account.name, "active_since", add_days(today(), -30))
		batch = pay.batch(pay.approved(person))
		batch.file_layout = bank_file.in_use()
		first, now = pay_day.first_day(batch), getdate(today())
		self.assertGreaterEqual(first, now + timedelta(days=2))
		for day in (now, first - timedelta(days=1)):
			with self.assertRaisesRegex(NotThatDay, formatdate(first)):
				pay.step(self.moved(batch, day), "Lock")
		pay.step(self.moved(batch, first), "Lock")
		pay.take(batch, "Authorise", "Export")

	def test_nobody_is_told_that_they_were_paid_before_the_day(self):
		payment = pay.approved()
		day = getdate(add_days(today(), 3))
		batch = pay.take(pay.batch(payment, on=day), "Lock", "Authorise", "Export")
		with self.assertRaisesRegex(NotThatDay, "until then nobody has the money"):
			pay.take(batch, "Confirm")
		self.assertFalse(frappe.db.exists("Involvement Message", {"reference_name": batch.name}))
		rows = statements.of_tax_year(payment.participant, day)
		self.assertEqual([getdate(row.on) for row in rows.rows], [day])

	def test_nor_does_a_banks_answer_say_so(self):
		payment = pay.approved()
		batch = pay.take(pay.batch(payment, on=add_days(today(), 3)), "Lock", "Authorise", "Export")
		reference = batch.lines[0].reference
		for outcome, refused in (("paid", True), ("failed", False)):
			text = f"Reference,Amount,Outcome\n{reference},30.00,{outcome}\n"
			content = base64.b64encode(text.encode()).decode()
			for call in (bank_returns.preview, bank_returns.take_in):
				with self.subTest(outcome, call=call.__name__), self.as_user(pay.officer()):
					if refused:
						with self.assertRaises(NotThatDay):
							call(batch.name, content)
					else:
						call(batch.name, content)
		self.assertEqual(frappe.db.get_value(PAYMENT, payment.name, "status"), "Failed at bank")
