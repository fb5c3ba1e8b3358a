"""What the bank says became of a batch (domain 4.12, payment: Failed at bank). Hostile files get clear answers."""

import base64

import frappe
from hypothesis import given, settings
from hypothesis import strategies as st

from involvement_app import arguments
from involvement_app.involvement_payments import bank_returns, transfers
from involvement_app.involvement_payments.doctype.involvement_payment_batch.involvement_payment_batch import (
	MOST_LINES,
)
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

BATCH, PAYMENT = pay.BATCH, pay.PAYMENT


def encoded(content: bytes | str) -> str:
	return base64.b64encode(content.encode() if isinstance(content, str) else content).decode()


class TestTheBanksAnswer(pay.PaymentTestCase):
	def made_once(self):
		super().made_once()
		self.payments = pay.approved_many(3)
		self.batch = pay.take(pay.batch(*self.payments), "Lock", "Authorise", "Export")
		self.references = {line.payment: line.reference for line in self.batch.lines}

	def file(self, *outcomes: str, amount="30.00", extra: str = "") -> str:
		rows = ["Reference,Amount,Outcome,Reason"]
		for payment, outcome in zip(self.payments, outcomes, strict=False):
			why = "Account closed" if outcome == "Returned" else ""
			rows.append(f"{self.references[payment.name]},{amount},{outcome},{why}")
		return "\r\n".join([*rows, extra])

	def ask(self, content, take_in=False, by=None, **kw) -> dict:
		function = bank_returns.take_in if take_in else bank_returns.preview
		with self.as_user(by or pay.officer()):
			return function(self.batch.name, encoded(content), **kw)

	def statuses(self) -> list:
		return [frappe.db.get_value(PAYMENT, each.name, "status") for each in self.payments]

	def told(self) -> int:
		return frappe.db.count("Involvement Message", {"reference_name": self.batch.name})

	def test_everything_is_listed_before_anything_happens(self):
		answer = self.ask(self.file("Paid", "Returned"))
		one, two, three = (each.name for each in self.payments)
		self.assertEqual(answer["paid"], [one])
		self.assertEqual(answer["failed"], [{"payment": two, "reason": "Account closed"}])
		self.assertEqual(answer["missing"], [three])
		self.assertEqual(self.statuses(), ["Scheduled"] * 3)
		self.assertEqual(self.told(), 0)

	def test_paid_failed_and_what_has_no_row(self):
		self.ask(self.file("Paid", "Returned"), take_in=True)
		self.assertEqual(self.statuses(), ["Paid", "Failed at bank", "Scheduled"])
		self.assertEqual(frappe.db.get_value(BATCH, self.batch.name, "status"), "Exported")
		self.assertEqual(self.told(), 2)

	def test_the_same_file_twice_changes_nothing(self):
		content = self.file("Paid", "Returned", "settled")
		self.ask(content, take_in=True)
		first = (self.statuses(), self.told(), frappe.db.get_value(BATCH, self.batch.name, "modified"))
		self.assertEqual(first[0], ["Paid", "Failed at bank", "Paid"])
		self.assertEqual(frappe.db.get_value(BATCH, self.batch.name, "status"), "Confirmed")
		answer = self.ask(content, take_in=True)
		self.assertEqual(sorted(answer["known"]), sorted(each.name for each in self.payments))
		self.assertEqual(
			(self.statuses(), self.told(), frappe.db.get_value(BATCH, self.batch.name, "modified")), first
		)

	def test_the_rest_is_confirmed_by_hand_and_nobody_is_told_twice(self):
		self.ask(self.file("Paid", "Returned"), take_in=True)
		pay.take(self.batch, "Confirm")
		self.assertEqual(self.statuses(), ["Paid", "Failed at bank", "Paid"])
		self.assertEqual(self.told(), 3)

	def test_what_comes_back_later(self):
		pay.take(self.batch, "Confirm")
		self.ask(self.file("Returned"), take_in=True)
		self.assertEqual(self.statuses(), ["Failed at bank", "Paid", "Paid"])

	def test_rows_that_fit_nothing_are_named_and_nothing_happens(self):
		for content, words in (
			(self.file("Paid", amount="30.01"), "Row 2: .* is £30.00 in the batch, and “30.01”"),
			(self.file("Paid", amount="=30"), "Row 2: .* and “=30” in the file"),
			(self.file("Perhaps"), "Row 2: “Perhaps” says neither"),
			("Reference,Amount,Outcome\nSOMEBODY ELSE,30.00,Paid\n", "Row 2: no payment of this batch"),
			("Reference,Amount,Outcome\n=cmd|' /C calc'!A0,NaN,Paid\n", "Row 2: no payment of this batch"),
		):
			with self.subTest(words):
				answer = self.ask(content, take_in=True)
				self.assertRegex(answer["unknown"][0], words)
				self.assertEqual(self.statuses(), ["Scheduled"] * 3)

	def test_the_bank_says_nothing_of_a_cheque(self):
		line = self.batch.lines[0].name
		frappe.db.set_value(f"{BATCH} Line", line, "way", "Cheque")  # as their choice had made it
		answer = self.ask(self.file("Paid", "Paid", "Paid"), take_in=True)
		self.assertRegex(answer["unknown"][0], "Row 2: .* is paid by hand")
		self.assertEqual(self.statuses(), ["Scheduled", "Paid", "Paid"])
		self.assertEqual(frappe.db.get_value(BATCH, self.batch.name, "status"), "Exported")

	def test_a_payment_in_two_rows_is_taken_once(self):
		reference = self.references[self.payments[0].name]
		answer = self.ask(self.file("Paid", extra=f"{reference},30.00,Settled,"))
		self.assertEqual((answer["paid"], answer["failed"]), ([self.payments[0].name], []))
		self.assertIn("stands in row 2 already", answer["unknown"][0])

	def test_paid_and_sent_back_in_one_file_is_neither(self):
		"""A report with the payment and its return: whoever takes the first row tells somebody that they were paid."""
		first = self.payments[0].name
		for outcomes in (("Paid", "Returned"), ("Returned", "Paid")):
			with self.subTest(outcomes):
				extra = f"{self.references[first]},30.00,{outcomes[1]},Closed"
				answer = self.ask(self.file(outcomes[0], "Paid", "Paid", extra=extra), take_in=True)
				self.assertNotIn(first, [*answer["paid"], *(each["payment"] for each in answer["failed"])])
				self.assertEqual([words.split(":")[0] for words in answer["unknown"]], ["Row 2", "Row 5"])
				self.assertEqual(answer["missing"], [first])
		self.assertEqual(self.statuses(), ["Scheduled", "Paid", "Paid"])
		self.assertEqual(frappe.db.get_value(BATCH, self.batch.name, "status"), "Exported")

	def test_files_that_are_no_such_file(self):
		for content, words in (
			(b"", "no rows"),
			(b"\xff\xfe\x00\xd8", "cannot be read|no rows|no column"),
			(b"PK\x03\x04rest", "workbook"),
			(b"A,B\n1,2\n", "no column for Reference"),
			(b'Reference,Amount,Outcome\n"open,30,Paid\n', "never closed"),
			(b"Reference,Amount,Outcome\n" + b"x" * 10 * 1024 * 1024, "larger than 2 MB"),
			(b"Reference,Amount,Outcome\n" + b"A,1,Paid\n" * 6000, "rows. Is it the right file"),
		):
			with self.subTest(words), self.assertRaisesRegex(bank_returns.CannotRead, words):
				self.ask(content)
		with self.as_user(pay.officer()), self.assertRaisesRegex(bank_returns.CannotRead, "whole"):
			bank_returns.preview(self.batch.name, "no base64 at all!")

	def test_an_answer_about_the_largest_batch_is_read(self):
		"""Domain 5.1: a batch of 5,000 payments; one row more is another file."""
		row = "PAYMENT %05d,1250.00,Returned,Account closed and no reason beside"
		full = ["Reference,Amount,Outcome,Reason", *(row % number for number in range(MOST_LINES))]
		answer = self.ask("\r\n".join(full))
		self.assertEqual((len(answer["unknown"]), len(answer["missing"])), (MOST_LINES, 3))
		with self.assertRaisesRegex(bank_returns.CannotRead, "has 5001 rows"):
			self.ask("\r\n".join([*full, row % MOST_LINES]))
		with self.assertRaisesRegex(bank_returns.CannotRead, "larger than 2 MB"):
			self.ask("x" * (arguments.MOST_BYTES + 4))

	def test_columns_may_have_other_names(self):
		reference = self.references[self.payments[0].name]
		content = f"Narr;Pence;Wie\n{reference.lower()};£30.00;ACCEPTED\n"
		with self.assertRaisesRegex(bank_returns.CannotRead, "Narr, Pence, Wie"):
			self.ask(content)
		columns = frappe.as_json({"reference": "narr", "amount": "Pence", "outcome": "Wie"})
		self.assertEqual(self.ask(content, columns=columns)["paid"], [self.payments[0].name])

	def test_finance_officers_and_exported_batches_alone(self):
		content = self.file("Paid")
		for user in (
			pay.authoriser(),
			pay.budget_holder(),
			factories.staff(roles.MANAGER),
			factories.participant(portal=True).user,
			factories.user(),
			"Guest",
		):
			for take_in in (False, True):
				with self.subTest(user), self.assertRaises(frappe.PermissionError):
					self.ask(content, by=user, take_in=take_in)
		self.batch = pay.take(pay.batch(pay.approved()), "Lock")
		with self.assertRaisesRegex(frappe.ValidationError, "is Locked"):
			self.ask(content, take_in=True)


texts = st.text(max_size=30)


class TestNothingElseComesOut(pay.PaymentTestCase):
	@settings(max_examples=300, deadline=None)
	@given(st.lists(st.tuples(texts, texts, st.sampled_from(["Paid", "Returned", "x", ""])), max_size=12))
	def test_whatever_the_rows_say_each_payment_of_the_batch_is_in_one_list(self, rows):
		batch = frappe.get_doc(doctype=BATCH, name="IPB-1", payment_on="2026-05-01")
		for number in range(3):
			batch.append(
				"lines",
				{
					"payment": f"IPAY-{number}",
					"participant": "IP-1",
					"amount": 10,
					"reference": f"A {number}",
				},
			)
		cells = [
			{"line": 2 + n, "reference": reference, "amount": amount, "outcome": outcome, "reason": ""}
			for n, (reference, amount, outcome) in enumerate([*rows, ("a  1", "10", "Paid")])
		]
		answer = bank_returns.compare(batch, {line.payment: "Scheduled" for line in batch.lines}, cells)
		found = [*answer.paid, *answer.failed, *answer.known, *answer.missing]
		self.assertEqual(sorted(found), [line.payment for line in transfers.of(batch)])
		self.assertEqual(len(answer.unknown) + len(answer.paid) + len(answer.failed), len(cells))
