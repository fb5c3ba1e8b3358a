"""Batch = lines = file = ledger, to the penny, whatever is in it (domain 5.2 batch; Hypothesis): any amounts, by bank, by hand or
handed over before, with something taken off, taken out or sent back, with each kind of file. Each figure is read where somebody else would read it: the
file from the bytes on the disk, the ledger from the journal that finance imports and, where ERPNext is, from its General Ledger."""

import csv
import io
import unittest
from decimal import Decimal

import frappe
from frappe.utils import add_days, today
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from involvement_app.involvement_payments import (
	bank_file,
	batches,
	corrections,
	csv_file,
	files_for_others,
	journal_entries,
	reconciliation,
	reversals,
	transfers,
	ways,
)
from involvement_app.involvement_payments.doctype.bank_file_layout.test_bank_file_layout import parse
from involvement_app.money import money, total
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.compat import DEEP, as_user, change_settings
from involvement_app.tests.payments.test_ledger import CODES, _company

BATCH, PAYMENT, CLAIM = pay.BATCH, pay.PAYMENT, pay.CLAIM
PEOPLE = 5
PENNY = Decimal("0.01")
FILES = ("plain list", "columns, pounds", "columns, pence", "Standard 18", "payroll")

amounts = st.decimals(min_value="0.01", max_value="999.99", places=2)
by_hand, handed_over, sent_back, taken_out = (
	st.sets(st.integers(0, PEOPLE - 1), max_size=2) for _ in range(4)
)
taken_off = st.dictionaries(st.integers(0, PEOPLE - 1), amounts, max_size=3)
examples = settings(
	max_examples=60 if DEEP else 10, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


class OneSumTestCase(pay.PaymentTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.payments = pay.approved_many(PEOPLE)
		cls.corrections = cls.too_much_before()
		cls.details = [cls.account(payment) for payment in cls.payments]

	@classmethod
	def account(cls, payment) -> str:
		person = frappe.get_doc("Involvement Participant", payment.participant)
		detail = factories.participant_bank_detail(person, "Active")
		frappe.db.set_value(detail.doctype, detail.name, "active_since", add_days(today(), -30))
		return detail.name

	@classmethod
	def too_much_before(cls) -> list:
		"""A correction for each, of what they were paid before."""
		people = [frappe.get_doc("Involvement Participant", payment.participant) for payment in cls.payments]
		before = [pay.approved(person) for person in people]
		pay.take(pay.batch(*before), "Lock", "Authorise", "Export", "Confirm")
		names = []
		with as_user(factories.staff(roles.COORDINATOR)):
			for payment in before:
				names += corrections.propose(payment.name, 1, "Two hours were one", "Phone")
		return [pay.approve(frappe.get_doc(PAYMENT, name)) for name in names]

	def holds(self, sums, kind: str, hand, cash, back, out, less) -> None:
		frappe.db.savepoint("one_sum")
		try:
			hand, cash = (set(), set()) if kind == "payroll" else (hand, cash)
			# cash was handed over whole, and something is left of every other
			less = {
				number: min(amount, sums[number] - PENNY)
				for number, amount in less.items()
				if number not in cash and sums[number] > PENNY
			}
			batch = self.through(sums, kind, hand, cash, back, out, less)
			self.agrees(batch, kind)
		finally:
			frappe.db.rollback(save_point="one_sum")

	# what is done

	def through(self, sums, kind: str, hand, cash, back, out, less):
		self.write_by(kind)
		for number, (payment, amount) in enumerate(zip(self.payments, sums, strict=True)):
			self.pay_out(payment, amount, kind, number in cash)
			if number in hand - cash:
				detail = {"way": "Cheque"}
				frappe.db.set_value("Participant Bank Detail", self.details[number], detail)
		for number, amount in less.items():
			self.pay_out(self.corrections[number], -amount, kind, False)
		batch = pay.batch()
		batch = self.filled(batch, kind, [self.corrections[number] for number in sorted(less)])
		batch = pay.take(batch, "Lock")
		# what was paid before the batch is not the bank's to send back
		for number in sorted(out)[: PEOPLE - 2]:
			with self.as_user(pay.officer()):
				if number in less:
					reversals.take_out(batch.name, self.corrections[number].name, "Looked at again")
				reversals.take_out(batch.name, self.payments[number].name, "Looked at again")
		batch = pay.take(frappe.get_doc(BATCH, batch.name), "Authorise", "Export")
		with self.as_user(pay.officer()):
			for line in transfers.standing(batch):
				if line.way in ways.BY_HAND and not line.proof_file:
					ways.prove(batch.name, line.idx, f"CHQ {line.idx}")
			for number in sorted(back - out - cash):
				name = self.payments[number].name
				if name not in transfers.reversed_lines(frappe.get_doc(BATCH, batch.name)):
					reversals.sent_back(batch.name, name, "The account is closed")
		return pay.take(frappe.get_doc(BATCH, batch.name), "Confirm")

	def write_by(self, kind: str) -> None:
		frappe.db.set_value("Bank File Layout", {"in_use": 1}, "in_use", 0)
		if kind.startswith("columns"):
			factories.bank_file_layout(
				in_use=1, amount_format="Pence" if kind.endswith("pence") else "Pounds", with_header=1
			)
		elif kind == "Standard 18":
			factories.standard_18(in_use=1)

	def pay_out(self, payment, amount, kind: str, cash: bool) -> None:
		values = {"amount": float(amount)}
		if kind == "payroll":
			values["payment_route"] = "PAYE"
		if cash:
			# as a claim that was paid against a slip leaves it
			values |= {"payment_route": "Cash", "status": "Paid", "paid_on": today(), "claim": self.slip()}
		frappe.db.set_value(PAYMENT, payment.name, values)

	def slip(self) -> str:
		claim = pay.claimed()
		values = {"pay_by": "Cash", "cash_slip": "/private/files/slip.pdf", "cash_by": pay.officer()}
		frappe.db.set_value(CLAIM, claim.name, values)
		return claim.name

	def filled(self, batch, kind: str, less: list):
		with self.as_user(pay.officer()):
			doc = frappe.get_doc(BATCH, batch.name)
			doc.payment_on, doc.route = today(), "Payroll" if kind == "payroll" else "Bank"
			doc.set("lines", [])
			for payment in (*self.payments, *less):
				doc.append("lines", {"payment": payment.name})
			doc.save()
		return doc

	# what is looked at

	def agrees(self, batch, kind: str) -> None:
		due = total(line.amount for line in transfers.standing(batch))
		out = total(line.amount for line in batch.lines) - due
		self.assertEqual(money(batch.total), due + out)
		self.assertEqual(money(batch.to_pay), due)
		self.assertEqual(batches.control_hash(batch.lines), batch.control_hash)
		self.assertEqual(self.in_the_file(batch, kind), due - self.not_in_the_file(batch))
		if kind != "payroll":
			debit, credit = self.in_the_journal(batch)
			self.assertEqual((debit, credit), (due, due))
			self.in_the_ledger(batch, due)
		self.assertEqual(reconciliation.reconcile(batch.name), [])

	def not_in_the_file(self, batch) -> Decimal:
		return total(line.amount for line in transfers.standing(batch) if line.way in ways.BY_HAND)

	def in_the_file(self, batch, kind: str) -> Decimal:
		name, content = bank_file.proven(batch)
		self.assertEqual(csv_file.fingerprint(content), batch.file_hash)
		if name.endswith(".txt"):
			return total(Decimal(credit["pence"]) / 100 for credit in parse(content)["credits"])
		rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
		header, rows = rows[0], rows[1:]
		if header[0] in ("Payment", "Payee"):
			column = header.index("Amount" if header[0] == "Payment" else "Gross")
			*rows, last = rows
			self.assertEqual(money(last[column]), total(row[column] for row in rows))
		else:
			column = header.index("Amount")
		found = total(Decimal(row[column]) for row in rows)
		return found / 100 if kind.endswith("pence") and header[0] not in ("Payment", "Payee") else found

	def in_the_journal(self, batch) -> tuple[Decimal, Decimal]:
		content = files_for_others.journal_of(batch).decode()
		header, *rows = csv.reader(io.StringIO(content, newline=""))
		return tuple(total(row[header.index(side)] for row in rows) for side in ("Debit", "Credit"))

	def in_the_ledger(self, batch, due: Decimal) -> None:
		"""Where there is one."""


class TestOneSum(OneSumTestCase):
	@examples
	@given(
		st.lists(amounts, min_size=PEOPLE, max_size=PEOPLE),
		st.sampled_from(FILES),
		by_hand,
		handed_over,
		sent_back,
		taken_out,
		taken_off,
	)
	def test_batch_lines_file_and_journal(self, sums, kind, hand, cash, back, out, less):
		with change_settings("Involvement Settings", CODES):
			self.holds(sums, kind, hand, cash, back, out, less)


class TestOneSumInERPNext(OneSumTestCase):
	@classmethod
	def setUpClass(cls):
		if not journal_entries.is_here():
			raise unittest.SkipTest("ERPNext is not installed")
		super().setUpClass()
		cls.company = _company()

	@examples
	@given(
		st.lists(amounts, min_size=PEOPLE, max_size=PEOPLE),
		st.sampled_from(FILES[:4]),
		by_hand,
		handed_over,
		sent_back,
		taken_out,
		taken_off,
	)
	def test_batch_lines_file_and_general_ledger(self, sums, kind, hand, cash, back, out, less):
		with change_settings("Involvement Settings", {**CODES, "ledger_company": self.company}):
			self.holds(sums, kind, hand, cash, back, out, less)

	def in_the_ledger(self, batch, due: Decimal) -> None:
		made = journal_entries.post(batch.name)
		self.assertIsNotNone(made, frappe.db.get_value(BATCH, batch.name, "ledger_note"))
		rows = frappe.get_all(
			"GL Entry", {"voucher_no": made, "is_cancelled": 0}, ["debit", "credit", "party"]
		)
		self.assertEqual(total(row.debit for row in rows), due)
		self.assertEqual(total(row.credit for row in rows), due)
		self.assertFalse([row.party for row in rows if row.party])
		self.assertEqual(journal_entries.total_of(batch), due)
