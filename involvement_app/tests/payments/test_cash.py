"""Cash reaches the ledger of its month and the reconciliation, with its slip, and is never paid a second time (domain 4.6:
cash on the day with a signature; hand-over). How a claim is paid may change until a batch is locked with it."""

import csv
import io

import frappe
from frappe.utils import add_days, add_months, get_last_day, getdate, today

from involvement_app.involvement_payments import (
	bank_file,
	batches,
	corrections,
	ledger,
	payees,
	reconciliation,
	reversals,
	transfers,
	ways,
)
from involvement_app.involvement_payments.claims import cash
from involvement_app.lifecycle import StepNotPermitted, TransitionError, apply
from involvement_app.money import money, total
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

BATCH, PAYMENT, CLAIM = pay.BATCH, pay.PAYMENT, pay.CLAIM
PATH = ("Lock", "Authorise", "Export", "Confirm")


class CashTestCase(pay.PaymentTestCase):
	def in_cash(self, **values):
		"""The payment of a claim of £4.50 that was handed over today."""
		claim = pay.approved_claim(pay_by="Cash", **values)
		pay.slip(claim)
		return pay.payment_of(pay.take_claim(claim, "Record cash", factories.staff(roles.COORDINATOR)))

	def batch(self, *payments, day=None):
		batch = pay.batch(*payments)
		frappe.db.set_value(BATCH, batch.name, "payment_on", day or today())
		return frappe.get_doc(BATCH, batch.name)

	def paid_by(self, person, way: str = "Bank") -> None:
		detail = factories.participant_bank_detail(person, "Active", way=way)
		frappe.db.set_value(detail.doctype, detail.name, "active_since", add_days(today(), -30))

	def of(self, payment) -> tuple:
		return frappe.db.get_value(PAYMENT, payment.name, ["status", "batch"])


class TestTheSlipStays(CashTestCase):
	def test_as_it_was_when_it_was_handed_out(self):
		claim = frappe.get_doc(CLAIM, self.in_cash().claim)
		for user in (factories.staff(roles.COORDINATOR), claim.approved_by):
			with self.subTest(user), self.as_user(user):
				doc = frappe.get_doc(CLAIM, claim.name)
				doc.update({"cash_slip": None, "cash_given_on": add_days(today(), -2)})
				try:
					doc.save()
				except frappe.ValidationError:
					pass
			stored = frappe.get_doc(CLAIM, claim.name)
			self.assertEqual((stored.cash_slip, stored.cash_given_on), (claim.cash_slip, claim.cash_given_on))


class TestCashTooMuch(CashTestCase):
	def test_it_is_taken_off_what_comes_by_the_bank(self):
		person = factories.participant()
		paid = self.in_cash(person=person)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			(correction,) = corrections.propose(paid.name, 2, "Half the fare", "Phone")
		correction = pay.approve(frappe.get_doc(PAYMENT, correction))
		batch = pay.take(pay.batch(pay.approved(person), correction), *PATH)
		self.assertEqual([line.amount for line in transfers.of(batch)], [28])
		self.assertEqual(self.of(correction), ("Paid", batch.name))

	def test_it_was_not_given_before_it_was_spent(self):
		claim = pay.approved_claim(pay_by="Cash")
		pay.slip(claim)
		frappe.db.set_value(CLAIM, claim.name, "cash_given_on", add_days(today(), -1))
		with self.assertRaisesRegex(TransitionError, "before anything was spent"):
			pay.take_claim(claim, "Record cash", factories.staff(roles.COORDINATOR))


class TestCashInTheLedger(CashTestCase):
	def test_it_goes_with_the_batch_of_its_month_and_not_to_the_bank(self):
		cash, bank = self.in_cash(), pay.approved()
		batch = self.batch(bank, cash)
		batch = pay.take(batch, "Lock")
		self.assertEqual(self.of(cash), ("Paid", batch.name))
		line = batch.lines[1]
		claim = frappe.get_doc(CLAIM, cash.claim)
		self.assertEqual(
			(line.way, line.handed_over_on, line.proof_file, line.proved_by),
			("Cash", getdate(today()), claim.cash_slip, claim.cash_by),
		)
		batch = pay.take(batch, *PATH[1:])
		_header, *rows, last = list(csv.reader(io.StringIO(bank_file.proven(batch)[1].decode(), newline="")))
		self.assertEqual([row[0] for row in rows], [bank.name])
		self.assertEqual(money(last[4]), money(30))
		self.assertEqual(total(row.credit for row in ledger.lines(batch)), money(34.5))
		self.assertEqual(reconciliation.reconcile(batch.name), [])
		self.assertEqual(self.of(cash), ("Reconciled", batch.name))
		self.assertEqual(frappe.db.get_value(CLAIM, cash.claim, "status"), "Reconciled")

	def test_a_further_payment_of_its_claim_goes_to_the_bank(self):
		"""Miles that are worth more after all, of a claim that was paid in cash."""
		person = factories.participant()
		opening = factories.payment_opening_total(person, miles_car=9990)
		with self.as_user(factories.staff(roles.FINANCE_AUTHORISER)):
			opening = apply(frappe.get_doc(opening.doctype, opening.name), "Approve")
		claim = pay.approved_claim(factories.journey(20), person=person, pay_by="Cash")
		pay.slip(claim)
		cash_of = pay.payment_of(pay.take_claim(claim, "Record cash", factories.staff(roles.COORDINATOR)))
		with self.as_user(factories.staff(roles.FINANCE_AUTHORISER)):
			apply(frappe.get_doc(opening.doctype, opening.name), "Withdraw", note="Of somebody else")
		[more] = pay.payments(claim=claim.name, revision=1)
		batch = pay.take(pay.batch(cash_of, pay.approve(more)), "Lock", "Authorise", "Export")
		found = {line.payment: (line.way, bool(line.handed_over_on)) for line in batch.lines}
		self.assertEqual(found, {cash_of.name: ("Cash", True), more.name: ("Bank", False)})
		self.assertEqual([line.payment for line in bank_file.in_the_file(batch)], [more.name])

	def test_the_button_takes_it_along_and_the_draft_says_that_it_waits(self):
		cash = self.in_cash()
		batch = self.batch()
		with self.as_user(pay.officer()):
			self.assertTrue(any("handed over in cash" in words for words in batches.waiting_said()))
			frappe.get_doc(BATCH, batch.name).add_approved_payments()
		self.assertIn(cash.name, [line.payment for line in frappe.get_doc(BATCH, batch.name).lines])

	def test_not_in_a_batch_of_another_month(self):
		cash = self.in_cash()
		other = get_last_day(add_months(today(), -1))
		with self.assertRaisesRegex(transfers.NotReady, "a batch of that month"):
			pay.take(self.batch(cash, day=other), "Lock")
		batch = self.batch(day=other)
		with self.as_user(pay.officer()):
			doc = frappe.get_doc(BATCH, batch.name)
			doc.add_approved_payments()
		self.assertNotIn(cash.name, [line.payment for line in doc.lines])

	def test_once_only(self):
		cash = self.in_cash()
		first, second = self.batch(cash), self.batch(cash)
		pay.take(first, "Lock")
		with self.assertRaisesRegex(transfers.NotReady, first.name):
			pay.take(second, "Lock")

	def test_a_batch_of_nothing_but_cash_with_a_layout(self):
		for layout in (factories.bank_file_layout, factories.standard_18):
			with self.subTest(layout.__name__):
				frappe.db.set_value("Bank File Layout", {"in_use": 1}, "in_use", 0)
				layout(in_use=1)
				batch = pay.take(self.batch(self.in_cash(), self.in_cash()), *PATH)
				rows = bank_file.proven(batch)[1].decode().splitlines()
				self.assertEqual(len(rows), 2)
				self.assertEqual(reconciliation.reconcile(batch.name), [])

	def test_void_and_taking_out_leave_it_paid(self):
		cash, other = self.in_cash(), self.in_cash()
		batch = pay.take(self.batch(cash, other), "Lock")
		with self.as_user(pay.officer()):
			with self.assertRaisesRegex(reversals.CannotTakeBack, "handed over in cash"):
				reversals.take_out(batch.name, cash.name, "Wrong", void=1)
			reversals.take_out(batch.name, cash.name, "Another month")
		self.assertEqual(self.of(cash), ("Paid", None))
		pay.take(frappe.get_doc(BATCH, batch.name), "Void")
		self.assertEqual(self.of(other), ("Paid", None))

	def test_the_bank_cannot_send_it_back(self):
		cash = self.in_cash()
		batch = pay.take(self.batch(cash), *PATH[:3])
		with self.as_user(pay.officer()), self.assertRaisesRegex(reversals.CannotTakeBack, "in cash"):
			reversals.sent_back(batch.name, cash.name, "Account closed")

	def test_nothing_is_taken_off_money_that_was_handed_over(self):
		lines = [
			frappe._dict(
				idx=1,
				payment="A",
				participant="IP-1",
				payee_name="A",
				amount=10,
				handed_over_on=today(),
			),
			frappe._dict(idx=2, payment="B", participant="IP-1", payee_name="A", amount=-5),
		]
		with self.assertRaises(transfers.NotReady):
			transfers.refuse_nothing_left(lines)
		self.assertEqual(payees.with_something_left(lines[:1], lines[1:]), [])

	def test_paid_by_bank_to_the_same_person_it_is_one_transfer_without_the_cash(self):
		factories.bank_file_layout(in_use=1)
		person = factories.participant()
		self.paid_by(person)
		cash, bank = self.in_cash(person=person), pay.approved(person)
		batch = pay.take(self.batch(bank, cash), *PATH)
		(transfer,) = transfers.of(batch)
		self.assertEqual((transfer.amount, transfer.payments), (30, [bank.name]))
		self.assertEqual(reconciliation.reconcile(batch.name), [])


class TestByHandAgrees(CashTestCase):
	def test_a_cheque_with_its_number_is_in_the_ledger_and_agrees(self):
		frappe.db.set_single_value("Involvement Settings", "pay_by_voucher", 1)
		for way in ("Cheque", "Cash", "Voucher"):
			with self.subTest(way):
				person = factories.participant()
				self.paid_by(person, way)
				batch = pay.take(self.batch(pay.approved(person), pay.approved()), *PATH[:3])
				slip = pay.paper(BATCH, batch.name) if way == "Cash" else ""
				with self.as_user(pay.officer()):
					ways.prove(batch.name, 1, "000123", slip)
				batch = pay.take(batch, "Confirm")
				self.assertEqual(total(row.credit for row in ledger.lines(batch)), money(60))
				self.assertEqual(reconciliation.reconcile(batch.name), [])


class TestTheFileItself(CashTestCase):
	def test_by_layout_by_standard_18_and_as_a_copy(self):
		layout, standard_18 = factories.bank_file_layout, factories.standard_18
		for make, values in ((layout, {}), (layout, {"amount_format": "Pence"}), (standard_18, {})):
			with self.subTest(make.__name__, **values):
				frappe.db.set_value("Bank File Layout", {"in_use": 1}, "in_use", 0)
				make(in_use=1, **values)
				person = factories.participant()
				self.paid_by(person)
				batch = pay.take(self.batch(pay.approved(person)), *PATH[:3])
				with self.as_user(pay.officer()):
					bank_file.export_again(batch.name, "The bank lost the first one")
				batch = pay.take(batch, "Confirm")
				self.assertEqual(reconciliation.reconcile(batch.name), [])


class TestTheOtherWay(CashTestCase):
	def change(self, claim, way: str, user: str | None = None) -> None:
		with self.as_user(user or factories.staff(roles.COORDINATOR)):
			cash.change_way(claim.name, way)

	def route(self, claim) -> tuple:
		return frappe.db.get_value(CLAIM, claim.name, "pay_by"), pay.payment_of(claim).payment_route

	def test_after_the_approval_and_back(self):
		claim = pay.approved_claim()
		self.change(claim, "Cash")
		self.assertEqual(self.route(claim), ("Cash", "Cash"))
		self.change(claim, "Bank transfer", pay.officer())
		self.assertEqual(self.route(claim), ("Bank transfer", "Gross"))

	def test_then_it_is_handed_over(self):
		claim = pay.approved_claim()
		self.change(claim, "Cash")
		pay.slip(claim)
		pay.take_claim(claim, "Record cash", factories.staff(roles.COORDINATOR))
		self.assertEqual(pay.payment_of(claim).status, "Paid")

	def test_a_draft_that_holds_it_is_not_locked(self):
		claim = pay.approved_claim()
		batch = self.batch(pay.payment_of(claim))
		self.change(claim, "Cash")
		with self.assertRaisesRegex(transfers.NotReady, "paid in cash"):
			pay.take(batch, "Lock")

	def test_not_once_a_batch_is_locked_or_it_is_paid(self):
		claim = pay.approved_claim()
		pay.take(self.batch(pay.payment_of(claim)), "Lock")
		paid = frappe.get_doc(CLAIM, self.in_cash().claim)
		for each, way in ((claim, "Cash"), (paid, "Bank transfer")):
			with self.subTest(way), self.assertRaises(TransitionError):
				self.change(each, way)

	def test_not_by_others_and_not_by_the_payee(self):
		claim = pay.approved_claim()
		portal = factories.participant(portal=True).user
		for user in (pay.budget_holder(), pay.authoriser(), factories.user(), portal, "Guest"):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.change(claim, "Cash", user)
		person = frappe.get_doc("Involvement Participant", claim.participant)
		frappe.db.set_value("Involvement Participant", person.name, "user", pay.officer())
		with self.assertRaises(StepNotPermitted):
			self.change(claim, "Cash", pay.officer())

	def test_not_by_a_word_of_the_request(self):
		claim = pay.approved_claim()
		with self.assertRaisesRegex(frappe.ValidationError, "please choose"):
			self.change(claim, "Gold")
