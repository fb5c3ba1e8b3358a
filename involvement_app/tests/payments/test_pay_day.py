"""On which day a batch is paid: to come while it is locked and written, there when it is confirmed (domain 4.6)."""

import base64
from datetime import timedelta

import frappe
import time_machine
from frappe.utils import add_days, formatdate, getdate, today

from involvement_app.involvement_payments import (
	bank_file,
	bank_returns,
	batches,
	layouts,
	pay_day,
	reconciliation,
	reversals,
	statements,
	ways,
)
from involvement_app.involvement_payments.pay_day import NotThatDay
from involvement_app.lifecycle import TransitionError
from involvement_app.setup import roles
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

	def said_to_be_paid_on(self, batch, day, reason="The list of the bank says so", by=None):
		with self.as_user(by or pay.officer()):
			pay_day.paid_on(batch.name, str(day), reason)
		return frappe.get_doc(BATCH, batch.name)

	def test_the_bank_paid_earlier_than_was_planned(self):
		"""Also where the day was mistyped: the batch does not wait for it."""
		planned = add_days(getdate(), 60)
		payment = pay.approved()
		batch = pay.take(pay.batch(payment, on=planned), "Lock", "Authorise", "Export")
		with self.assertRaises(NotThatDay):
			pay.take(batch, "Confirm")
		batch = self.said_to_be_paid_on(batch, today())
		self.assertEqual((batch.payment_on, batch.planned_on), (getdate(), planned))
		self.assertEqual(frappe.db.get_value(PAYMENT, payment.name, "pay_on"), getdate())
		pay.take(batch, "Confirm")
		self.assertEqual(
			frappe.db.get_value(PAYMENT, payment.name, ["status", "paid_on"]), ("Paid", getdate())
		)
		self.assertEqual(reconciliation.reconcile(batch.name), [])
		trail = frappe.get_all(
			"Comment", {"reference_name": batch.name, "comment_type": "Info"}, pluck="content"
		)
		self.assertTrue(any("The list of the bank says so" in words for words in trail), trail)

	def test_or_later(self):
		payment = pay.approved()
		with time_machine.travel(add_days(getdate(), -3), tick=False):
			batch = pay.take(pay.batch(payment), "Lock", "Authorise", "Export")
		pay.take(self.said_to_be_paid_on(batch, add_days(today(), -1)), "Confirm")
		self.assertEqual(frappe.db.get_value(PAYMENT, payment.name, "paid_on"), add_days(getdate(), -1))

	def test_never_before_its_file_nor_on_a_day_to_come_nor_without_a_word(self):
		batch = pay.take(pay.batch(pay.approved(), on=add_days(today(), 5)), "Lock", "Authorise", "Export")
		for day, reason in (
			(add_days(today(), -1), "Seen"),
			(add_days(today(), 1), "Seen"),
			(today(), " "),
			("2026-02-30", "Seen"),
		):
			with self.subTest(day, reason=reason), self.assertRaises((NotThatDay, frappe.ValidationError)):
				self.said_to_be_paid_on(batch, day, reason)
		self.assertEqual(frappe.db.get_value(BATCH, batch.name, "planned_on"), None)

	def test_by_a_finance_officer_while_it_is_exported(self):
		batch = pay.take(pay.batch(pay.approved(), on=add_days(today(), 5)), "Lock", "Authorise")
		with self.assertRaises(reversals.CannotTakeBack):
			self.said_to_be_paid_on(batch, today())
		pay.take(batch, "Export")
		for user in (
			pay.authoriser(),
			factories.staff(roles.COORDINATOR),
			factories.staff(roles.BUDGET_HOLDER),
			factories.user("Sales User"),
			factories.participant(portal=True).user,
			"Guest",
		):
			with self.subTest(user), self.assertRaises((frappe.PermissionError, TransitionError)):
				self.said_to_be_paid_on(batch, today(), by=user)
		pay.take(self.said_to_be_paid_on(batch, today()), "Confirm")
		with self.assertRaises(reversals.CannotTakeBack):
			self.said_to_be_paid_on(batch, today())

	def test_not_once_some_of_it_is_said_to_be_paid(self):
		first, second = pay.approved(), pay.approved()
		with time_machine.travel(add_days(getdate(), -3), tick=False):
			batch = pay.take(pay.batch(first, second), "Lock", "Authorise", "Export")
		batches.mark_paid(batch, {first.name})
		with self.assertRaisesRegex(NotThatDay, f"{first.name} was paid on"):
			self.said_to_be_paid_on(batch, today())

	def test_no_form_writes_the_day(self):
		batch = pay.take(pay.batch(pay.approved(), on=add_days(today(), 5)), "Lock", "Authorise", "Export")
		with self.as_user(pay.officer()):
			for fieldname in ("payment_on", "planned_on"):
				doc = frappe.get_doc(BATCH, batch.name)
				doc.set(fieldname, today())
				with self.subTest(fieldname):
					try:
						doc.save()
					except frappe.ValidationError:
						pass
					self.assertNotEqual(frappe.db.get_value(BATCH, batch.name, fieldname), getdate())

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

	def by_voucher(self):
		frappe.db.set_single_value("Involvement Settings", "pay_by_voucher", 1)
		person = factories.participant()
		detail = factories.participant_bank_detail(person, "Active", way="Voucher")
		frappe.db.set_value(detail.doctype, detail.name, "active_since", add_days(today(), -400))
		return pay.approved(person)

	def handed_over(self, *payments):
		"""Authorised; the first was handed over, and then the day went by."""
		batch = pay.take(pay.batch(*payments), "Lock", "Authorise")
		with self.as_user(pay.officer()):
			ways.prove(batch.name, 1, "Voucher 4711")
		return self.moved(batch, add_days(today(), -1))

	def test_what_is_paid_by_hand_alone_waits_for_no_day(self):
		batch = pay.take(self.handed_over(self.by_voucher()), "Export", "Confirm")
		self.assertEqual((batch.status, batch.lines[0].proof), ("Confirmed", "Voucher 4711"))

	def test_a_batch_of_which_something_was_handed_over_is_not_made_void(self):
		voucher = self.by_voucher()
		batch = self.handed_over(voucher)
		for user in (pay.officer(), pay.authoriser()):
			with self.as_user(user), self.assertRaisesRegex(TransitionError, "Rows 1 .* handed over"):
				frappe.get_doc(BATCH, batch.name).cancel()
		voucher.reload()
		self.assertEqual((voucher.status, voucher.batch), ("Scheduled", batch.name))

	def test_what_the_bank_is_too_late_for_goes_into_another_batch_without_what_was_handed_over(self):
		voucher, by_bank = self.by_voucher(), pay.approved()
		batch = self.handed_over(voucher, by_bank)
		with self.assertRaisesRegex(NotThatDay, "handed over.*Take out the other rows"):
			pay.take(batch, "Export")
		with self.as_user(pay.officer()):
			for void in (0, 1):
				with self.assertRaisesRegex(reversals.CannotTakeBack, f"{voucher.name} was handed over"):
					reversals.take_out(batch.name, voucher.name, "Another batch", void)
			reversals.take_out(batch.name, by_bank.name, "Another batch")
		batch = pay.take(batch, "Authorise", "Export", "Confirm")
		self.assertEqual((batch.to_pay, batch.lines[0].proof), (30, "Voucher 4711"))
		self.assertEqual(reconciliation.reconcile(batch.name), [])
		pay.take(pay.batch(by_bank), *CONFIRMED)
		self.assertEqual(
			[frappe.db.get_value(PAYMENT, name, "status") for name in (voucher.name, by_bank.name)],
			["Reconciled", "Paid"],
		)

	def test_what_was_taken_off_a_cheque_stays_with_it(self):
		voucher = self.by_voucher()
		less = pay.approved(frappe.get_doc("Involvement Participant", voucher.participant))
		frappe.db.set_value(PAYMENT, less.name, {"amount": -10, "kind": "Correction"})
		batch = self.handed_over(voucher, less, pay.approved())
		with self.as_user(pay.officer()), self.assertRaises(reversals.CannotTakeBack):
			reversals.take_out(batch.name, less.name, "Looked at again")

	def test_all_that_one_cheque_is_made_of_has_one_proof(self):
		voucher = self.by_voucher()
		less = pay.approved(frappe.get_doc("Involvement Participant", voucher.participant))
		frappe.db.set_value(PAYMENT, less.name, {"amount": -10, "kind": "Correction"})
		batch = pay.take(pay.batch(voucher, less, self.by_voucher()), "Lock", "Authorise")
		with self.as_user(pay.officer()):
			ways.prove(batch.name, 2, "Voucher 4711")
		batch.reload()
		self.assertEqual(
			[(line.proof, line.proved_by) for line in batch.lines],
			[("Voucher 4711", pay.officer())] * 2 + [(None, None)],
		)
		with self.assertRaisesRegex(ways.NotProven, "rows 3"):
			pay.take(batch, "Export", "Confirm")
		with self.as_user(pay.officer()):
			ways.prove(batch.name, 3, "Voucher 4712")
		self.assertEqual(pay.take(batch, "Confirm").status, "Confirmed")

	def test_a_cheque_that_was_never_written_needs_no_number(self):
		voucher, other = self.by_voucher(), pay.approved()
		batch = pay.take(pay.batch(voucher, other), "Lock", "Authorise", "Export")
		with self.as_user(pay.officer()):
			reversals.sent_back(batch.name, voucher.name, "They have moved away")
		self.assertEqual(pay.take(batch, "Confirm").status, "Confirmed")

	def test_what_was_handed_over_and_stands_alone_is_not_said_to_be_made_void(self):
		batch = self.handed_over(voucher := self.by_voucher())
		with (
			self.as_user(pay.officer()),
			self.assertRaisesRegex(reversals.CannotTakeBack, "so it stays in"),
		):
			reversals.take_out(batch.name, voucher.name, "Looked at again")

	def test_by_bacs_what_the_file_does_not_hold_needs_no_days_before(self):
		factories.standard_18(in_use=1)
		batch = pay.batch(self.by_voucher())
		pay.step(batch, "Lock")
		self.assertEqual(frappe.db.get_value(BATCH, batch.name, "status"), "Locked")

	def by_bank(self):
		person = factories.participant()
		account = factories.participant_bank_detail(person, "Active")
		frappe.db.set_value(account.doctype, account.name, "active_since", add_days(today(), -400))
		return pay.approved(person)

	def test_bacs_wants_the_file_two_working_days_before(self):
		factories.standard_18(in_use=1)
		person = factories.participant()
		account = factories.participant_bank_detail(person, "Active")
		frappe.db.set_value(account.doctype, account.name, "active_since", add_days(today(), -30))
		batch = pay.batch(pay.approved(person))
		batch.file_layout = layouts.in_use()
		first, now = pay_day.first_day(batch), getdate(today())
		self.assertGreaterEqual(first, now + timedelta(days=2))
		for day in (now, first - timedelta(days=1)):
			with self.assertRaisesRegex(NotThatDay, formatdate(first)):
				pay.step(self.moved(batch, day), "Lock")
		pay.step(self.moved(batch, first), "Lock")
		pay.take(batch, "Authorise", "Export")

	def test_by_bacs_a_day_on_which_banks_do_not_work_is_not_locked(self):
		"""Easter Monday 2026 is in the new tax year; the money would be there on Thursday, in the old one."""
		factories.standard_18(in_use=1)
		payments = [self.by_bank(), self.by_bank()]
		for day, there in (("2026-04-06", "2026-04-02"), ("2026-03-29", "2026-03-27")):
			with self.subTest(day), time_machine.travel("2026-03-16 12:00", tick=False):
				batch = pay.batch(*payments, on=day)
				with self.assertRaisesRegex(NotThatDay, f"do not work.*Choose {formatdate(there)}"):
					pay.step(batch, "Lock")
		with time_machine.travel("2026-03-16 12:00", tick=False):
			for day, payment in zip(("2026-04-02", "2026-04-07"), payments, strict=True):
				batch = pay.batch(payment, on=day)
				for action in ("Lock", "Authorise", "Export"):
					pay.step(batch, action)
				self.assertEqual(bank_file.there_on(getdate(day), getdate(today())), getdate(day))

	def test_where_no_bacs_file_pays_it_any_day_will_do(self):
		day = getdate(today()) + timedelta(days=7)
		day += timedelta(days=6 - day.weekday())  # Sunday
		pay.take(pay.batch(pay.approved(), on=day), "Lock")
		factories.standard_18(in_use=1)
		pay.step(pay.batch(self.by_voucher(), on=day), "Lock")

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
