"""What people paid back reaches the ledger of its month and the reconciliation, once (domain 4.6: corrections by reversing
line only; hand-over). No bank and no person's limit has anything to do with it."""

import csv
import io
import unittest

import frappe
from frappe.utils import add_days, add_months, get_last_day, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_app import to_do
from involvement_app.involvement_payments import (
	bank_file,
	batches,
	files_for_others,
	journal_entries,
	ledger,
	own_limits,
	reconciliation,
	reversals,
	statements,
	transfers,
	webhook,
)
from involvement_app.lifecycle import StepNotPermitted
from involvement_app.money import money, total
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.compat import change_settings
from involvement_app.tests.payments import test_ledger
from involvement_app.tests.payments.test_corrections import BATCH, PATH, PAYMENT, Paid


class PaidBack(Paid):
	"""£10 of £30 came back from the person today."""

	def made_once(self):
		super().made_once()
		self.back = self.repaid()

	def repaid(self, amount=10):
		return self.take(self.agreed(amount), "Paid back", pay.officer(), proof="Line 4 of the statement")

	def batch(self, *payments, day=None):
		batch = pay.batch(*payments)
		frappe.db.set_value(BATCH, batch.name, "payment_on", day or today())
		return frappe.get_doc(BATCH, batch.name)

	def nothing_in_the_books(self):
		"""£30 of expenses went out in cash, and as much for time came back, in one month."""
		claim = pay.approved_claim(factories.agreed(30), pay_by="Cash")
		pay.slip(claim)
		given = pay.payment_of(pay.take_claim(claim, "Record cash", factories.staff(roles.COORDINATOR)))
		return self.batch(given, self.repaid(20), self.back)

	def of(self, payment) -> tuple:
		return frappe.db.get_value(PAYMENT, payment.name, ["status", "batch"])


class TestInTheLedger(PaidBack):
	def test_it_goes_with_a_batch_of_its_month_and_not_to_the_bank(self):
		other = pay.approved()
		batch = pay.take(self.batch(other, self.back), "Lock")
		self.assertEqual(self.of(self.back), ("Repaid", batch.name))
		line = batch.lines[1]
		self.assertEqual((line.way, line.handed_over_on), ("Paid back", getdate(today())))
		batch = pay.take(batch, *PATH[1:])
		_header, *rows, last = list(csv.reader(io.StringIO(bank_file.proven(batch)[1].decode(), newline="")))
		self.assertEqual(([row[0] for row in rows], money(last[4])), ([other.name], money(30)))
		self.assertEqual(total(row.credit for row in ledger.lines(batch)), money(20))
		self.assertEqual(reconciliation.reconcile(batch.name), [])
		self.assertTrue(frappe.db.get_value(BATCH, batch.name, "reconciled_on"))
		self.assertEqual(self.of(self.back), ("Repaid", batch.name))
		self.assertEqual([row.payment for row in batch.cover_sheet().by_hand], [self.back.name])

	def test_a_month_in_which_money_only_came_back(self):
		for layout in (None, factories.bank_file_layout, factories.standard_18):
			with self.subTest(layout and layout.__name__):
				frappe.db.set_value("Bank File Layout", {"in_use": 1}, "in_use", 0)
				layout and layout(in_use=1)
				batch = pay.take(self.batch(self.repaid(1)), *PATH)
				lines = ledger.lines(batch)
				self.assertEqual([(line.debit, line.credit) for line in lines], [(0, 1), (1, 0)])
				self.assertEqual(reconciliation.reconcile(batch.name), [])

	def test_a_month_in_which_as_much_came_back_as_went_out_leaves_nothing_to_post(self):
		address = {"ledger_webhook_address": "https://ledger.example.com/in"}
		with change_settings("Involvement Settings", address):
			batch = pay.take(self.nothing_in_the_books(), *PATH)
		self.assertEqual((batch.total, ledger.lines(batch)), (0, []))
		self.assertFalse(frappe.db.exists(webhook.HAND_OVER, {"batch": batch.name}))
		with self.as_user(pay.officer()), self.assertRaisesRegex(frappe.ValidationError, "nothing to post"):
			files_for_others.journal(batch.name)
		self.assertEqual(reconciliation.reconcile(batch.name), [])
		self.assertTrue(frappe.db.get_value(BATCH, batch.name, "reconciled_on"))

	def test_where_two_accounts_differ_and_nothing_is_left_there_is_no_line_of_nothing(self):
		codes = {
			"ledger_time_account": "Time",
			"ledger_expenses_account": "Expenses",
			"ledger_control_account": "Control",
		}
		batch = self.nothing_in_the_books()
		with change_settings("Involvement Settings", codes):
			lines = ledger.lines(batch)
		self.assertEqual(
			{(line.account, line.debit, line.credit) for line in lines},
			{("Expenses", 30, 0), ("Time", 0, 30)},
		)
		self.assertEqual(len(lines), 2)

	def test_the_journal_for_a_ledger_that_is_fed_by_hand(self):
		codes = {"ledger_time_account": "Time", "ledger_control_account": "Control"}
		with change_settings("Involvement Settings", codes):
			batch = pay.take(self.batch(self.back), *PATH)
			_header, time, control = csv.reader(
				io.StringIO(files_for_others.journal_of(batch).decode(), newline="")
			)
		self.assertEqual((time[2], time[5:7]), ("Time", ["0.00", "10.00"]))
		self.assertEqual((control[2], control[5:7]), ("Control", ["10.00", "0.00"]))

	def test_what_was_left_of_an_advance_comes_back_to_the_account_it_left(self):
		codes = {
			"ledger_time_account": "Time",
			"ledger_expenses_account": "Expenses",
			"ledger_control_account": "Control",
		}
		frappe.db.set_value(
			PAYMENT, self.paid.name, {"kind": "Advance", "claim": None}
		)  # past every check: what is corrected was an advance
		with change_settings("Involvement Settings", codes):
			self.assertEqual(ledger.lines(self.batch(self.back))[0].account, "Expenses")

	def test_a_penny_is_a_difference(self):
		batch = pay.take(self.batch(self.back), *PATH)
		frappe.db.set_value(PAYMENT, self.back.name, "amount", -9.99)  # past every check
		(said,) = reconciliation.reconcile(batch.name)
		self.assertIn("9.99", said)

	def test_the_button_takes_it_along_and_the_draft_and_the_list_say_that_it_waits(self):
		batch = self.batch()
		with self.as_user(pay.officer()):
			self.assertTrue(any("paid back" in words for words in batches.waiting_said()))
			self.assertIn("paid-back", [row["kind"] for row in to_do.rows()["rows"]])
			frappe.get_doc(BATCH, batch.name).add_approved_payments()
		self.assertIn(self.back.name, [line.payment for line in frappe.get_doc(BATCH, batch.name).lines])
		pay.take(frappe.get_doc(BATCH, batch.name), "Lock")
		with self.as_user(pay.officer()):
			self.assertFalse(any("paid back" in words for words in batches.waiting_said()))

	def test_once_only(self):
		first, second = self.batch(self.back), self.batch(self.back)
		pay.take(first, "Lock")
		with self.assertRaisesRegex(transfers.NotReady, first.name):
			pay.take(second, "Lock")

	def test_not_in_a_batch_of_another_month_nor_of_payroll(self):
		with self.assertRaisesRegex(transfers.NotReady, "a batch of that month"):
			pay.take(self.batch(self.back, day=get_last_day(add_months(today(), -1))), "Lock")
		batch = self.batch(self.back)
		frappe.db.set_value(BATCH, batch.name, "route", "Payroll")
		with self.assertRaisesRegex(transfers.NotReady, "a batch for the bank"):
			pay.take(batch, "Lock")

	def test_what_went_through_the_books_of_others_comes_back_there(self):
		batch = self.batch(self.back)
		for route in ("PAYE", "Invoice"):
			with self.subTest(route):
				frappe.db.set_value(PAYMENT, self.back.name, "payment_route", route)
				with self.assertRaisesRegex(transfers.NotReady, "in the books of that"):
					pay.take(batch, "Lock")
				with self.as_user(pay.officer()):
					self.assertFalse(frappe.get_list(PAYMENT, batches.paid_back()))

	def test_void_and_taking_out_leave_it_paid_back(self):
		other = self.repaid(1)
		batch = pay.take(self.batch(self.back, other), "Lock")
		with self.as_user(pay.officer()):
			with self.assertRaisesRegex(reversals.CannotTakeBack, "paid back by the person"):
				reversals.take_out(batch.name, self.back.name, "Wrong", void=1)
			reversals.take_out(batch.name, self.back.name, "Another month")
		self.assertEqual(self.of(self.back), ("Repaid", None))
		pay.take(frappe.get_doc(BATCH, batch.name), "Void")
		self.assertEqual(self.of(other), ("Repaid", None))

	def test_the_bank_cannot_send_it_back(self):
		batch = pay.take(self.batch(self.back), *PATH[:3])
		with self.as_user(pay.officer()), self.assertRaisesRegex(reversals.CannotTakeBack, "paid back"):
			reversals.sent_back(batch.name, self.back.name, "Account closed")


class TestWhatItIsNot(PaidBack):
	def test_it_makes_no_room_under_an_authoriser_s_limit(self):
		frappe.get_doc(
			doctype="Approval Limit", role=roles.FINANCE_AUTHORISER, user=pay.authoriser(), up_to=25
		).insert()
		batch = pay.take(self.batch(pay.approved(), self.back), "Lock")
		self.assertEqual(batch.total, 20)
		with self.assertRaisesRegex(StepNotPermitted, "30.00"):
			pay.take(batch, "Authorise")

	def test_it_makes_no_room_under_the_person_s_own_limit(self):
		payment = pay.approved(self.person)
		factories.preference(self.person, own_payment_cap=25, cap_period="Month", spread_payments=0)
		frappe.db.set_value(PAYMENT, self.paid.name, {"pay_on": "2020-01-01", "paid_on": "2020-01-01"})
		with self.as_user(pay.officer()):
			batch = self.batch(self.back, payment)
			batches.fill(batch)
			own_limits.spread(batch)
		self.assertEqual([line.payment for line in batch.lines], [self.back.name])

	def test_nothing_is_taken_off_twice(self):
		"""It is no part of a transfer to the same person."""
		factories.bank_file_layout(in_use=1)
		detail = factories.participant_bank_detail(self.person, "Active")
		frappe.db.set_value(detail.doctype, detail.name, "active_since", add_days(today(), -30))
		payment = pay.approved(self.person)
		batch = pay.take(self.batch(payment, self.back), *PATH)
		(transfer,) = transfers.of(batch)
		self.assertEqual((transfer.amount, transfer.payments), (30, [payment.name]))
		self.assertEqual(reconciliation.reconcile(batch.name), [])

	def test_the_statement_has_it_once(self):
		pay.take(self.batch(self.back), *PATH)
		frappe.db.set_value(PAYMENT, self.paid.name, "paid_on", today())
		found = statements.of_tax_year(self.person.name, today())
		self.assertEqual(found.total(found.paid), money(20))

	def test_where_it_can_be_found_is_not_rewritten(self):
		with self.as_user(pay.officer()):
			doc = frappe.get_doc(PAYMENT, self.back.name)
			doc.proof = "Nowhere"
			doc.flags.ignore_permissions = True  # bounded: as a step by relation saves it
			doc.save()
		self.assertEqual(frappe.db.get_value(PAYMENT, self.back.name, "proof"), "Line 4 of the statement")


class TestWithERPNext(PaidBack):
	def setUp(self):
		if not journal_entries.is_here():
			raise unittest.SkipTest("ERPNext is not installed")
		super().setUp()
		codes = {**test_ledger.CODES, "ledger_company": test_ledger._company()}
		settings = change_settings("Involvement Settings", codes)
		settings.__enter__()
		self.addCleanup(settings.__exit__, None, None, None)

	def test_one_entry_the_other_way_round_followed_and_compared(self):
		batch = pay.take(self.batch(self.back), *PATH)
		first = journal_entries.post(batch.name)
		self.assertEqual(journal_entries.post(batch.name), first)
		self.assertEqual(journal_entries.total_of(batch), money(-10))
		self.assertEqual(reconciliation.reconcile(batch.name), [])
		frappe.get_doc("Journal Entry", first).cancel()
		self.assertEqual(journal_entries.total_of(batch), 0)
		self.assertNotEqual(journal_entries.post(batch.name), first)

	def test_nothing_to_post_is_no_entry_and_no_warning(self):
		one = {"ledger_expenses_account": test_ledger.CODES["ledger_time_account"]}
		with change_settings("Involvement Settings", one):
			batch = pay.take(self.nothing_in_the_books(), *PATH)
			frappe.db.set_value(
				BATCH, batch.name, "ledger_note", "Both Debit and Credit values cannot be zero"
			)
			with self.as_user(pay.officer()):
				answer = journal_entries.post_again(batch.name)
				self.assertEqual((answer.journal_entry, answer.ledger_note), (None, None))
				batch.reload()
				batch.run_method("onload")
			self.assertTrue(batch.get_onload("nothing_to_post"))
			self.assertEqual(journal_entries.in_the_ledger().status, "ok")
			self.assertEqual(reconciliation.reconcile(batch.name), [])

	def test_between_two_accounts_there_is_an_entry_without_a_line_of_nothing(self):
		batch = pay.take(self.nothing_in_the_books(), *PATH)
		with self.as_user(pay.officer()):
			name = journal_entries.post_again(batch.name).journal_entry
		lines = frappe.get_doc("Journal Entry", name).accounts
		self.assertEqual(sorted((line.debit, line.credit) for line in lines), [(0, 30), (30, 0)])
		self.assertEqual(reconciliation.reconcile(batch.name), [])


class TestAtOnce(PaidBack):
	def test_the_second_step_finds_it_paid_back(self):
		with self.assertRaises(lifecycle.TransitionError):
			self.take(self.back, "Paid back", pay.officer(), proof="Again")
