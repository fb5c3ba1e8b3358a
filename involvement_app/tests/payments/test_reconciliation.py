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
	file_totals,
	health,
	reconciliation,
	reversals,
	transfers,
	ways,
)
from involvement_app.money import money, total
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.payments.test_bank_file import BankFileTestCase

BATCH, PAYMENT = pay.BATCH, pay.PAYMENT
PATH = ("Lock", "Authorise", "Export", "Confirm")


def ledger(batch):
	"""Stands for another app's function under the hook involvement_ledger_totals."""
	return LEDGER.get(batch.name)


LEDGER: dict = {}


class TestReconciling(pay.PaymentTestCase):
	def made_once(self):
		super().made_once()
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

	def test_a_line_that_was_altered_is_told_from_lines_and_file(self):
		frappe.db.set_value("Involvement Payment Batch Line", self.batch.lines[0].name, "amount", 99)
		said = reconciliation.reconcile(self.batch.name)
		self.assertIn("The lines are not those that were locked.", said)
		self.assertIn("The file comes to £60.00, and the lines it pays to £129.00.", said)
		self.assertNotIn("The file is not what was exported.", said)

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

	def test_what_is_wrong_with_one_batch_is_logged_and_the_others_are_reconciled(self):
		broken, later = self.batch, pay.take(pay.batch(pay.approved()), *PATH)

		def of_another_app(batch):
			if batch.name == broken.name:
				raise ZeroDivisionError

		with patch.object(reconciliation, "ledgers", lambda: [of_another_app]):
			reconciliation.run()
		self.assertEqual(self.state(), (False, None, ["Paid"] * 2))
		self.assertTrue(frappe.db.get_value(BATCH, later.name, "reconciled_on"))
		self.assertTrue(frappe.db.exists("Error Log", {"method": f"{broken.name} could not be reconciled"}))


class TestWhateverWroteTheFile(BankFileTestCase):
	"""Domain 5.2: exported total == sum(lines), read from the file that the bank was given."""

	def confirmed(self, layout: dict | None = None, bacs: dict | None = None, before=None):
		if bacs is not None:
			factories.standard_18(in_use=1, **bacs)
			self.long_ago(*[factories.participant_bank_detail(person, "Active") for person in self.people])
		elif layout is not None:
			self.long_ago(*self.with_accounts(**layout))
		batch = self.batch("Lock", "Authorise", "Export")
		if before:
			before(batch)
		return pay.take(batch, "Confirm")

	def agrees(self, batch) -> None:
		self.assertEqual(reconciliation.reconcile(batch.name), [])
		self.assertTrue(frappe.db.get_value(BATCH, batch.name, "reconciled_on"))

	def others(self) -> None:
		"""Other people with two payments, and no layout yet."""
		frappe.db.set_value("Bank File Layout", {"in_use": 1}, "in_use", 0)
		self.payments = pay.approved_many(2)
		self.people = [frappe.get_doc("Involvement Participant", one.participant) for one in self.payments]

	def again(self, batch) -> None:
		with self.as_user(pay.officer()):
			bank_file.export_again(batch.name, "The bank's site lost the upload")

	def test_by_a_layout(self):
		columns = ("Reference", "Amount", "Account name", "Sort code with dashes", "Account number")
		for layout in (
			{},
			{"columns": columns, "amount_format": "Pence", "delimiter": "Semicolon", "with_header": 0},
			{"columns": columns, "quoting": "Around everything", "encoding": "A to Z only"},
		):
			with self.subTest(str(layout)):
				self.agrees(self.confirmed(layout))
				self.others()

	def test_by_a_layout_that_was_mended_since(self):
		def mend(batch):
			frappe.db.set_value(
				"Bank File Layout", batch.file_layout, {"amount_format": "Pence", "with_header": 0}
			)

		self.agrees(self.confirmed({}, before=mend))

	def test_by_standard_18_in_both_lengths(self):
		for length in ("100", "106"):
			with self.subTest(length):
				self.agrees(self.confirmed(bacs={"record_length": length}))
				self.others()

	def test_a_copy_with_and_without_a_layout(self):
		self.agrees(self.confirmed(before=self.again))
		self.others()
		self.agrees(self.confirmed({}, before=self.again))

	def test_what_is_paid_by_hand_is_in_no_file(self):
		def prove(batch):
			(row,) = (line.idx for line in batch.lines if line.way == "Cash")
			with self.as_user(pay.officer()):
				with self.assertRaisesRegex(frappe.ValidationError, "the person signed"):
					ways.prove(batch.name, row, "Slip 7")
				ways.prove(batch.name, row, f"Slip of {batch.name}", pay.paper(BATCH, batch.name))

		for layout in (False, True):
			with self.subTest(layout):
				self.others()
				self.long_ago(factories.participant_bank_detail(self.people[0], "Active", way="Cash"))
				self.long_ago(factories.participant_bank_detail(self.people[1], "Active"))
				if layout:
					factories.bank_file_layout(in_use=1)
				self.agrees(self.confirmed(before=prove))

	def test_two_payments_in_one_transfer(self):
		self.payments.append(pay.approved(self.people[0]))
		self.agrees(self.confirmed({}))

	def test_a_file_that_is_another_on_the_disk(self):
		batch = self.confirmed({})
		file = frappe.get_doc("File", {"attached_to_doctype": BATCH, "attached_to_name": batch.name})
		with open(file.get_full_path(), "ab") as stored:
			stored.write(b"one row more")
		said = reconciliation.reconcile(batch.name)
		self.assertIn("The file is not what was exported.", said)
		self.assertFalse(frappe.db.get_value(BATCH, batch.name, "reconciled_on"))
		self.assertEqual(frappe.local.message_log, [])

	def test_a_file_that_pays_another_sum_than_its_lines(self):
		for made in ({"layout": {}}, {"bacs": {}}):
			with self.subTest(str(made)):
				self.others()
				batch = self.confirmed(**made)
				content = batches.proven_content(batch)
				other = content.replace(b"30.00", b"30.01", 1)
				if "bacs" in made:
					other = content.replace(b"00000003000", b"00000003001", 1)
				file = frappe.get_doc("File", {"attached_to_doctype": BATCH, "attached_to_name": batch.name})
				with open(file.get_full_path(), "wb") as stored:
					stored.write(other)
				frappe.db.set_value(BATCH, batch.name, "file_hash", csv_file.fingerprint(other))
				(said,) = reconciliation.reconcile(batch.name)
				self.assertRegex(said, "The file comes to £(60.01|0.00), and the lines it pays to £60.00")

	def test_no_file_leaves_that_comes_to_something_else(self):
		columns = [{"holds": "Amount", "most": 1} if name == "Amount" else name for name in factories.COLUMNS]
		self.long_ago(*self.with_accounts(columns=columns))
		batch = self.batch("Lock", "Authorise")
		with self.assertRaisesRegex(bank_file.NothingToWrite, "£60.00"):
			pay.take(batch, "Export")


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
				batch.append("reversals", {"payment": name, "kind": transfers.TAKEN_OUT})
		due = total(amount for amount, out in rows if not out)
		self.assertEqual(file_totals.of(batch, batches.content(batch)), due)
		self.assertEqual(total(line.amount for line in transfers.standing(batch)), due)
		last = batches.content(batch).decode().splitlines()[-1]
		self.assertIn(f'"{money(due)}"', last)
		self.assertEqual(csv_file.COLUMNS[4], "Amount")
