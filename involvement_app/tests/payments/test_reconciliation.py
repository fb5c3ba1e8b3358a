"""Batch, payments, file and ledger agree to the penny, or it is said where not (domain 4.10 jobs, 5.2 batch)."""

from decimal import Decimal
from unittest.mock import patch

import frappe
from hypothesis import given, settings
from hypothesis import strategies as st

from involvement_app.involvement_payments import (
	bank_file,
	batches,
	csv_file,
	health,
	reconciliation,
	reversals,
)
from involvement_app.money import money, total
from involvement_app.tests import payment_factories as pay

BATCH, PAYMENT = pay.BATCH, pay.PAYMENT
PATH = ("Lock", "Authorise", "Export", "Confirm")


def ledger(batch):
	"""Stands for another app's function under the hook involvement_ledger_totals."""
	return LEDGER.get(batch.name)


LEDGER: dict = {}


class TestReconciling(pay.PaymentTestCase):
	def setUp(self):
		super().setUp()
		self.payments = pay.approved_many(2)
		self.batch = pay.take(pay.batch(*self.payments), *PATH)

	def state(self) -> tuple:
		batch = frappe.get_doc(BATCH, self.batch.name)
		statuses = [frappe.db.get_value(PAYMENT, each.name, "status") for each in self.payments]
		return bool(batch.reconciled_on), batch.disagreement, statuses

	def test_what_agrees_is_reconciled_once_however_often_the_job_runs(self):
		reconciliation.run()
		self.assertEqual(self.state(), (True, None, ["Reconciled"] * 2))
		first = frappe.db.get_value(BATCH, self.batch.name, ["reconciled_on", "modified"])
		reconciliation.run()
		self.assertEqual(frappe.db.get_value(BATCH, self.batch.name, ["reconciled_on", "modified"]), first)

	def test_a_batch_that_is_on_its_way_waits(self):
		batch = pay.take(pay.batch(pay.approved()), *PATH[:3])
		self.assertEqual(reconciliation.reconcile(batch.name), [])
		self.assertFalse(frappe.db.get_value(BATCH, batch.name, "reconciled_on"))

	def test_a_penny_is_a_difference_and_both_figures_are_said(self):
		frappe.db.set_value(PAYMENT, self.payments[0].name, "amount", 30.01)  # past every check
		reconciliation.run()
		agreed, said, statuses = self.state()
		self.assertEqual((agreed, statuses), (False, ["Paid"] * 2))
		self.assertIn("£60.01", said)
		self.assertIn("£60.00", said)
		finding = health.agreement()
		self.assertEqual(finding.status, "fail")
		self.assertIn(self.batch.name, finding.says)
		frappe.db.set_value(PAYMENT, self.payments[0].name, "amount", 30)
		reconciliation.run()
		self.assertEqual(self.state(), (True, None, ["Reconciled"] * 2))

	def test_a_line_that_was_altered_and_a_file_that_is_another(self):
		frappe.db.set_value("Involvement Payment Batch Line", self.batch.lines[0].name, "amount", 99)
		said = reconciliation.reconcile(self.batch.name)
		self.assertIn("The lines are not those that were locked.", said)
		self.assertIn("The file comes to £60.00, and the lines that go by bank to £129.00.", said)
		frappe.db.set_value(BATCH, self.batch.name, "file_hash", "0" * 64)
		self.assertIn("The file is not what was exported.", reconciliation.reconcile(self.batch.name))

	def test_a_payment_that_is_gone_from_it(self):
		frappe.db.set_value(PAYMENT, self.payments[1].name, "status", "Void")
		self.assertIn(
			"Payments made and sent back come to £30.00, and the lines to £60.00.",
			reconciliation.reconcile(self.batch.name),
		)

	def test_what_the_bank_sent_back_agrees_and_what_comes_back_later_is_looked_at_again(self):
		reconciliation.run()
		with self.as_user(pay.officer()):
			reversals.sent_back(self.batch.name, self.payments[0].name, "The account is closed")
		self.assertEqual(self.state(), (False, None, ["Failed at bank", "Reconciled"]))
		reconciliation.run()
		self.assertEqual(self.state(), (True, None, ["Failed at bank", "Reconciled"]))

	def test_the_ledger_agrees_is_silent_or_differs(self):
		with patch.object(reconciliation, "ledgers", lambda: [ledger]):
			LEDGER[self.batch.name] = Decimal("60.01")
			self.assertEqual(
				reconciliation.reconcile(self.batch.name),
				["The ledger says £60.01, and the lines come to £60.00."],
			)
			LEDGER[self.batch.name] = 60.0
			self.assertEqual(reconciliation.reconcile(self.batch.name), [])
		self.assertEqual(self.state()[2], ["Reconciled"] * 2)


amounts = st.decimals(min_value="0.01", max_value=5000, places=2)


class TestWhatTheFileSays(pay.PaymentTestCase):
	@settings(max_examples=200, deadline=None)
	@given(st.lists(st.tuples(amounts, st.booleans()), min_size=1, max_size=40))
	def test_the_file_is_the_sum_of_the_lines_that_stand_to_the_penny(self, rows):
		batch = frappe.get_doc(doctype=BATCH, payment_on="2026-05-01")
		for number, (amount, out) in enumerate(rows):
			name = f"IPAY-{number:05}"
			batch.append(
				"lines",
				{
					"payment": name,
					"participant": f"IP-{number}",
					"payee_name": "A",
					"reference": "R",
					"amount": float(amount),
				},
			)
			if out:
				batch.append("reversals", {"payment": name, "kind": batches.TAKEN_OUT})
		due = total(amount for amount, out in rows if not out)
		content = bank_file.plain_list(batch)
		self.assertEqual(bank_file.total_of(batch, content), due)
		self.assertEqual(total(line.amount for line in batches.standing(batch)), due)
		last = batches.content(batch).decode().splitlines()[-1]
		self.assertIn(f'"{money(due)}"', last)
		self.assertEqual(csv_file.COLUMNS[4], "Amount")
