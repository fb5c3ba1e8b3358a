"""PAYE goes to payroll and never to the bank (domain 4.6, hand-over): once, under the same hands as a bank file, and a second
file only with a reason, marked as a copy."""

import csv
import io

import frappe
import frappe.client
from frappe.utils import today

from involvement_app import lifecycle
from involvement_app.involvement_payments import (
	bank_file,
	files_for_others,
	ledger,
	payroll,
	reconciliation,
	transfers,
	ways,
	webhook,
)
from involvement_app.lifecycle import StepNotPermitted
from involvement_app.patches.v1_0 import given_through_payroll
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

BATCH, PAYMENT = pay.BATCH, pay.PAYMENT
PATH = ("Lock", "Authorise", "Export", "Confirm")


class TestPayroll(pay.PaymentTestCase):
	def made_once(self):
		super().made_once()
		self.payments = pay.approved_many(2)
		names = [payment.name for payment in self.payments]
		frappe.db.set_value(PAYMENT, {"name": ["in", names]}, "payment_route", "PAYE")
		frappe.db.set_value(PAYMENT, names[0], {"payee_name": "=1+1", "session_on": "2026-05-04"})
		frappe.db.set_value(PAYMENT, names[1], "session_on", "2026-05-20")

	def batch(self, *payments, route: str = "Payroll"):
		with self.as_user(pay.officer()):
			lines = [{"payment": payment.name} for payment in payments]
			values = {"doctype": BATCH, "title": "May", "payment_on": today(), "route": route}
			return frappe.get_doc({**values, "lines": lines}).insert()

	def rows(self, batch) -> list:
		return list(csv.reader(io.StringIO(bank_file.proven(batch)[1].decode(), newline="")))

	def test_a_row_for_each_person_and_nothing_runs_in_a_spreadsheet(self):
		batch = pay.take(self.batch(*self.payments), *PATH[:3])
		header, first, second, sums = self.rows(batch)
		self.assertEqual(tuple(header), payroll.COLUMNS)
		self.assertEqual(
			first, ["'=1+1", self.payments[0].participant, "2026-05-04", "2026-05-04", "1", "30.00", ""]
		)
		self.assertEqual(second[1], self.payments[1].participant)
		self.assertEqual(second[2:4], ["2026-05-20", "2026-05-20"])
		self.assertEqual((sums[0], *sums[2:6]), ("Total", "2026-05-04", "2026-05-20", "2", "60.00"))
		self.assertEqual({line.way for line in batch.lines}, {"Payroll"})

	def test_several_payments_of_one_person_are_one_row(self):
		again = pay.approved(frappe.get_doc("Involvement Participant", self.payments[0].participant))
		frappe.db.set_value(PAYMENT, again.name, {"payment_route": "PAYE", "payee_name": "=1+1"})
		batch = pay.take(self.batch(*self.payments, again), *PATH[:3])
		_header, first, _second, sums = self.rows(batch)
		self.assertEqual((first[4], first[5], sums[4], sums[5]), ("2", "60.00", "3", "90.00"))

	def test_no_payment_is_handed_over_twice(self):
		first, second = self.batch(*self.payments), self.batch(self.payments[0])
		pay.take(first, "Lock")
		with self.assertRaisesRegex(transfers.NotReady, first.name):
			pay.take(second, "Lock")
		with self.as_user(pay.officer()):
			second.reload()
			second.lines = []
			second.save()
			self.assertEqual(second.add_approved_payments(), 0)

	def test_a_second_file_needs_a_reason_and_says_that_it_is_a_copy(self):
		batch = pay.take(self.batch(*self.payments), *PATH[:3])
		with self.as_user(pay.officer()):
			with self.assertRaisesRegex(frappe.ValidationError, "say it in a sentence"):
				bank_file.export_again(batch.name, "")
			bank_file.export_again(batch.name, "Payroll lost the first file")
		batch.reload()
		self.assertEqual((batch.export_count, self.rows(batch)[-1][0]), (2, "Total (COPY 2)"))

	def test_neither_mixes_with_what_goes_to_the_bank(self):
		gross = pay.approved()
		for payments, route in (((gross,), "Payroll"), (self.payments, "Bank")):
			with self.subTest(route), self.assertRaisesRegex(transfers.NotReady, "not with this batch"):
				self.batch(*payments, route=route)

	def test_what_was_handed_over_in_cash_is_not_payroll_s(self):
		claim = pay.approved_claim(pay_by="Cash")
		pay.slip(claim)
		cash = pay.payment_of(pay.take_claim(claim, "Record cash", factories.staff(roles.COORDINATOR)))
		with self.assertRaisesRegex(transfers.NotReady, "handed over in cash"):
			self.batch(*self.payments, cash)

	def test_what_is_given_to_a_charity_is_their_pay_too(self):
		given = {"payment_choice": "Give to a charity", "charity": "Otters", "payee_name": "Otters"}
		frappe.db.set_value(PAYMENT, self.payments[1].name, given)
		batch = pay.take(self.batch(*self.payments), *PATH[:3])
		_header, *rows, sums = self.rows(batch)
		by_code = {row[1]: row for row in rows}
		self.assertEqual(by_code[self.payments[1].participant][5:], ["30.00", "Otters"])
		self.assertEqual(by_code[self.payments[1].participant][0], self.payments[1].payee_name)
		self.assertEqual(sums[4:6], ["2", "60.00"])

	def test_in_a_batch_nobody_says_alone_that_one_was_not_handed_over(self):
		"""Payroll's file holds it: it would be paid by that, and once more."""
		batch = self.batch(*self.payments)
		name = self.payments[0].name
		for action in PATH[:3]:
			pay.take(batch, action)
			with self.subTest(action), self.as_user(pay.officer()):
				payment = frappe.get_doc(PAYMENT, name)
				self.assertEqual(lifecycle.actions(payment), [])
				for step in ("Not handed over", "Paid elsewhere"):
					with self.assertRaises(StepNotPermitted):
						lifecycle.apply(frappe.get_doc(PAYMENT, name), step, went_out_on=today())
				with self.assertRaises(frappe.PermissionError):
					frappe.client.save(frappe.as_json({**payment.as_dict(), "status": "Approved"}))
				stored = frappe.db.get_value(PAYMENT, name, ["status", "batch"])
				self.assertEqual(stored, ("Scheduled", batch.name))
		pay.take(batch, "Confirm")
		self.assertEqual(frappe.db.get_value(PAYMENT, name, "status"), "Paid")

	def own_and_given(self) -> tuple:
		"""Two payments of one person: what they keep, and what they give to a charity."""
		person = frappe.get_doc("Involvement Participant", self.payments[1].participant)
		own, given = self.payments[1], pay.approved(person)
		to = {"payment_choice": "Give to a charity", "charity": "Otters", "payee_name": "Otters"}
		frappe.db.set_value(PAYMENT, given.name, {"payment_route": "PAYE", **to})
		return own, given

	def test_what_is_given_stands_apart_from_what_the_same_person_keeps(self):
		own, given = self.own_and_given()
		for payments in ((own, given), (given, own)):
			frappe.db.savepoint("one_order")
			with self.subTest([payment.name for payment in payments]):
				batch = pay.take(self.batch(*payments), *PATH[:3])
				_header, *rows, sums = self.rows(batch)
				self.assertCountEqual(
					[row[4:] for row in rows], [["1", "30.00", ""], ["1", "30.00", "Otters"]]
				)
				self.assertEqual({(row[0], row[1]) for row in rows}, {(own.payee_name, own.participant)})
				self.assertEqual(sums[4:6], ["2", "60.00"])
				self.assertFalse([line.idx for line in batch.lines if ways.by_hand(batch, line)])
				pay.take(batch, "Confirm")
				self.assertEqual(reconciliation.reconcile(batch.name), [])
			frappe.db.rollback(save_point="one_order")

	def test_a_batch_from_before_a_line_said_so_is_mended(self):
		batch = pay.take(self.batch(*self.own_and_given()), "Lock", "Authorise")
		frappe.db.set_value(ways.LINE, {"parent": batch.name}, "way", "Payroll")
		given_through_payroll.execute()
		batch = pay.take(batch, "Export")
		self.assertEqual([line.way for line in batch.lines], ["Payroll", "Charity"])
		_header, *rows, _sums = self.rows(batch)
		self.assertEqual([row[5:] for row in rows], [["30.00", ""], ["30.00", "Otters"]])

	def test_what_is_taken_back_of_one_is_not_taken_off_the_other(self):
		own, given = self.own_and_given()
		frappe.db.set_value(PAYMENT, own.name, {"amount": -10, "kind": "Correction"})
		batch = self.batch(given)
		with self.as_user(pay.officer()):
			frappe.get_doc(BATCH, batch.name).add_approved_payments()
		self.assertNotIn(own.name, [line.payment for line in frappe.get_doc(BATCH, batch.name).lines])
		with self.assertRaisesRegex(transfers.NotReady, f"{own.name} takes back"):
			pay.take(self.batch(given, own), "Lock")

	def test_the_button_adds_what_is_paye(self):
		gross, batch = pay.approved(), self.batch()
		with self.as_user(pay.officer()):
			frappe.get_doc(BATCH, batch.name).add_approved_payments()
		added = {line.payment for line in frappe.get_doc(BATCH, batch.name).lines}
		self.assertLessEqual({payment.name for payment in self.payments}, added)
		self.assertNotIn(gross.name, added)

	def test_no_account_is_asked_for_and_none_is_in_it(self):
		factories.bank_file_layout(in_use=1)
		batch = pay.take(self.batch(*self.payments), *PATH[:3])
		self.assertEqual((batch.file_layout, batch.changed_accounts), (None, 0))

	def test_who_exports_did_not_authorise_it(self):
		batch = pay.take(self.batch(*self.payments), "Lock")
		for user in (pay.officer(), factories.staff(roles.COORDINATOR)):
			with self.subTest(user), self.assertRaises((StepNotPermitted, frappe.PermissionError)):
				with self.as_user(user):
					from involvement_app import lifecycle

					lifecycle.apply(frappe.get_doc(BATCH, batch.name), "Authorise")

	def test_it_is_paid_agrees_and_is_in_no_ledger_of_ours(self):
		frappe.db.set_single_value("Involvement Settings", "webhook_url", "https://ledger.example.com/in")
		before = frappe.db.count(webhook.HAND_OVER)
		batch = pay.take(self.batch(*self.payments), *PATH)
		self.assertEqual(frappe.db.count(webhook.HAND_OVER), before)
		with self.as_user(pay.officer()), self.assertRaisesRegex(frappe.ValidationError, "payroll"):
			files_for_others.journal(batch.name)
		self.assertEqual(reconciliation.reconcile(batch.name), [])
		self.assertEqual(
			[frappe.db.get_value(PAYMENT, payment.name, "status") for payment in self.payments],
			["Reconciled"] * 2,
		)
		self.assertEqual(sum(line.credit for line in ledger.lines(batch)), 60)
