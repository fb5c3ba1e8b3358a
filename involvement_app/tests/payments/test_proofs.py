"""A proof is of one hand-over: a number is used once for each way, and a slip is a paper that somebody signed (domain 4.6: cheque
and voucher with their number, cash with a signature)."""

import frappe

from involvement_app import pdf
from involvement_app.involvement_payments import reversals, ways
from involvement_app.involvement_payments.doctype.involvement_expense_claim.test_involvement_expense_claim import (
	bus,
	photo,
	receipt,
)
from involvement_app.lifecycle import TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.payments.test_bank_file import LINE, BankFileTestCase

BATCH, CLAIM = pay.BATCH, pay.CLAIM


class ProofTestCase(BankFileTestCase):
	def paid_by(self, *found: str) -> None:
		frappe.db.set_single_value("Involvement Settings", "pay_by_voucher", 1)
		for person, way in zip(self.people, found, strict=True):
			self.long_ago(factories.participant_bank_detail(person, "Active", way=way))

	def by_hand(self, way: str = "Cheque", other: str | None = None):
		"""An authorised batch of two people who are paid by hand."""
		self.paid_by(way, other or way)
		return self.batch("Lock", "Authorise")

	def one_more(self, way: str = "Cheque"):
		"""Another batch, of one more person."""
		person = factories.participant()
		self.long_ago(factories.participant_bank_detail(person, "Active", way=way))
		return pay.take(pay.batch(pay.approved(person)), "Lock", "Authorise")

	def prove(self, batch, row: int, number: str = "", slip: str = "") -> tuple:
		with self.as_user(pay.officer()):
			ways.prove(batch.name, row, number, slip)
		return frappe.db.get_value(LINE, {"parent": batch.name, "idx": row}, ["proof", "proof_file"])

	def attached(self, doc, content: bytes, name: str = "slip.pdf") -> str:
		"""As somebody chooses it in the desk."""
		file = frappe.get_doc(
			doctype="File",
			file_name=name,
			is_private=1,
			content=content,
			attached_to_doctype=doc.doctype,
			attached_to_name=doc.name,
		).insert()
		return file.file_url

	def refused(self, words: str, batch, *proof) -> None:
		with self.assertRaisesRegex(ways.ProofRefused, words):
			self.prove(batch, *proof)


class TestANumberIsUsedOnce(ProofTestCase):
	def test_within_a_batch(self):
		batch = self.by_hand()
		self.prove(batch, 1, "100233")
		self.refused(f"100233.*Row 1 of {batch.name}", batch, 2, " 100233 ")
		self.assertEqual(self.prove(batch, 2, "100234"), ("100234", None))

	def test_a_slip_of_the_pen_is_put_right(self):
		batch = self.by_hand()
		self.prove(batch, 1, "100233")
		self.assertEqual(self.prove(batch, 1, "100235"), ("100235", None))
		self.assertEqual(self.prove(batch, 1, "100235"), ("100235", None))
		self.assertEqual(self.prove(batch, 2, "100233"), ("100233", None))

	def test_across_batches(self):
		first, other = self.by_hand(), self.one_more()
		self.prove(first, 2, "100233")
		self.refused(f"100233.*Row 2 of {first.name}", other, 1, "100233")

	def test_each_way_has_its_numbers(self):
		batch = self.by_hand("Cheque", "Voucher")
		self.prove(batch, 1, "17")
		self.assertEqual(self.prove(batch, 2, "17"), ("17", None))

	def test_what_was_taken_out_holds_no_number(self):
		"""Of batches from before a row with a proof stayed in."""
		first, other = self.by_hand(), self.one_more()
		with self.as_user(pay.officer()):
			reversals.take_out(first.name, self.payments[0].name, "Another week")
		frappe.db.set_value(LINE, {"parent": first.name, "idx": 1}, "proof", "100233")
		self.assertEqual(self.prove(other, 1, "100233"), ("100233", None))

	def test_one_transfer_to_a_charity_pays_what_several_gave(self):
		self.with_accounts()
		given = {"charity": "Otters", "payee_name": "Otters", "payment_choice": "Give to a charity"}
		for payment in self.payments:
			frappe.db.set_value(pay.PAYMENT, payment.name, given)
		batch = self.batch("Lock", "Authorise")
		self.assertEqual([line.way for line in batch.lines], ["Charity", "Charity"])
		for row in (1, 2):
			self.assertEqual(self.prove(batch, row, "Transfer 17"), ("Transfer 17", None))


class TestASlipIsSigned(ProofTestCase):
	def test_one_for_each_row(self):
		batch = self.by_hand("Cash")
		slip = pay.paper(BATCH, batch.name)
		self.prove(batch, 1, "", slip)
		self.refused(f"Row 1 of {batch.name}", batch, 2, "", slip)
		self.assertEqual(self.prove(batch, 1, "7", slip), ("7", slip))

	def test_nor_one_of_another_batch(self):
		first, other = self.by_hand("Cash"), self.one_more("Cash")
		content = factories.pdf()
		papers = [self.attached(each, content) for each in (first, other)]
		self.prove(first, 1, "", papers[0])
		self.refused(f"Row 1 of {first.name}", other, 1, "", papers[1])

	def test_not_what_the_app_wrote(self):
		self.paid_by("Cash", "Bank")
		batch = self.batch("Lock", "Authorise", "Export")
		(written,) = frappe.get_all(
			"File", {"attached_to_doctype": BATCH, "attached_to_name": batch.name}, pluck="file_url"
		)
		self.refused("photo or a PDF", batch, 1, "", written)
		self.refused("photo or a PDF", batch, 1, "", self.attached(batch, b"Name,Amount\r\n", "slip.csv"))

	def test_nor_its_cover_sheet(self):
		batch = self.by_hand("Cash")
		with self.as_user(pay.authoriser()):
			sheet = pdf.pdf_of(frappe.get_print(BATCH, batch.name, "Batch Cover Sheet"))
		self.assertTrue(sheet, "no PDF can be made here")
		self.refused("cover sheet", batch, 1, "", self.attached(batch, sheet, "sheet.pdf"))


class TestTheSlipOfAClaim(ProofTestCase):
	def recorded(self, claim, **values):
		return pay.take_claim(claim, "Record cash", factories.staff(roles.COORDINATOR), **values)

	def in_cash(self, *lines):
		claim = pay.approved_claim(*lines, pay_by="Cash")
		pay.slip(claim)
		return claim

	def test_not_the_receipt_of_a_line(self):
		claim = self.in_cash(bus(receipt=receipt(content := photo(exif=True))))
		kept = frappe.get_doc(CLAIM, claim.name).lines[0].receipt
		as_it_came = self.attached(claim, content, "slip.jpg")
		for url in (kept, as_it_came):
			with self.subTest(url), self.assertRaisesRegex(TransitionError, "receipt of row 1"):
				self.recorded(claim, cash_slip=url)
		self.assertEqual(self.recorded(claim).status, "Paid")

	def test_not_the_slip_of_another(self):
		content = factories.pdf()
		first, other = self.in_cash(), self.in_cash()
		for claim in (first, other):
			frappe.db.set_value(CLAIM, claim.name, "cash_slip", self.attached(claim, content))
		self.recorded(first)
		with self.assertRaisesRegex(TransitionError, first.name):
			self.recorded(other)
		batch = self.by_hand("Cash")
		self.refused(first.name, batch, 1, "", self.attached(batch, content))

	def test_nor_of_a_row_of_a_batch(self):
		content = factories.pdf()
		batch, claim = self.by_hand("Cash"), self.in_cash()
		self.prove(batch, 2, "", self.attached(batch, content))
		with self.assertRaisesRegex(TransitionError, f"Row 2 of {batch.name}"):
			self.recorded(claim, cash_slip=self.attached(claim, content))

	def test_nor_a_file_that_is_no_paper(self):
		claim = self.in_cash()
		with self.assertRaisesRegex(TransitionError, "photo or a PDF"):
			self.recorded(claim, cash_slip=self.attached(claim, b"Name,Amount\r\n", "slip.csv"))
