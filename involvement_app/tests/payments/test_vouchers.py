"""A voucher counts as pay (domain 1.3), so expenses and advances never go by one; nor what goes to somebody who gets none, or where
they are no longer offered. Asked when a batch is locked, whatever was true when the way was entered."""

import frappe

from involvement_app.involvement_payments import bank_details, corrections, ways
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

PARTICIPANT, SETTINGS = "Involvement Participant", "Involvement Settings"
PATH = ("Lock", "Authorise", "Export")


class VoucherTestCase(pay.PaymentTestCase):
	def made_once(self):
		super().made_once()
		self.offer(1)
		self.person = self.paid_by("Voucher")

	def offer(self, on: int) -> None:
		frappe.db.set_single_value(SETTINGS, "pay_by_voucher", on)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		self.addCleanup(frappe.clear_document_cache, SETTINGS, SETTINGS)

	def paid_by(self, way: str, person=None):
		person = person or factories.participant()
		detail = factories.participant_bank_detail(person, "Active", way=way)
		frappe.db.set_value(detail.doctype, detail.name, "active_since", "2026-01-01 10:00:00")
		return person

	def refused(self, words: str, *payments) -> str:
		batch = pay.batch(*payments)
		with self.assertRaisesRegex(ways.NoVoucher, words) as caught:
			pay.take(batch, "Lock")
		return str(caught.exception)

	def expenses(self, person=None, **values):
		return pay.payment_of(pay.approved_claim(person=person or self.person, **values))


class TestExpensesAreNoVoucher(VoucherTestCase):
	def test_the_lock_names_the_row_and_says_what_to_do(self):
		time, expenses = pay.approved(self.person), self.expenses()
		said = self.refused(f"Row 2: {expenses.name}", time, expenses)
		self.assertNotIn("Row 1", said)
		self.assertRegex(said, "cash, cheque or bank")
		self.assertIn("Pay in cash instead", said)

	def test_an_advance_neither(self):
		advance = pay.approve(pay.advance(self.person, steps=()))
		self.refused(f"Row 1: {advance.name}", advance)

	def test_nor_what_is_taken_back_of_expenses(self):
		person = self.paid_by("Cheque")
		paid = self.expenses(person)
		batch = pay.take(pay.batch(paid), *PATH)
		with self.as_user(pay.officer()):
			ways.prove(batch.name, 1, "100233")
		pay.take(batch, "Confirm")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			(less,) = corrections.propose(paid.name, 2, "Half the fare", "Phone")
		less = pay.approve(frappe.get_doc(pay.PAYMENT, less))
		self.paid_by("Voucher", person)
		self.refused(f"Row 2: {less.name}", pay.approved(person), less)

	def test_with_a_layout_too(self):
		factories.bank_file_layout(in_use=1)
		expenses = self.expenses()
		self.refused(f"Row 1: {expenses.name}", expenses)

	def test_what_is_taken_back_of_pay_stays_with_it(self):
		time, less = pay.approved(self.person), pay.approved(self.person)
		frappe.db.set_value(
			pay.PAYMENT, less.name, {"amount": -10, "kind": "Correction", "corrects": time.name}
		)
		self.assertEqual(pay.take(pay.batch(time, less), "Lock").status, "Locked")

	def test_another_way_takes_them(self):
		for way in ("Cheque", "Cash", "Bank"):
			with self.subTest(way):
				batch = pay.take(pay.batch(self.expenses(self.paid_by(way))), "Lock")
				self.assertEqual(batch.lines[0].way, way)

	def test_cash_in_its_place_was_handed_over_before(self):
		claim = pay.approved_claim(person=self.person, pay_by="Cash")
		pay.slip(claim)
		paid = pay.payment_of(pay.take_claim(claim, "Record cash", factories.staff(roles.COORDINATOR)))
		batch = pay.take(pay.batch(paid, pay.approved(self.person)), "Lock")
		self.assertEqual([line.way for line in batch.lines], ["Cash", "Voucher"])


class TestNoVouchersForThem(VoucherTestCase):
	def says(self) -> str:
		return frappe.as_json(frappe.get_message_log())

	def eligibility(self, value: str, by: str) -> None:
		frappe.clear_messages()
		with self.as_user(by):
			doc = frappe.get_doc(PARTICIPANT, self.person.name)
			doc.payment_eligibility = value
			doc.save()

	def test_whose_record_says_so_gets_none(self):
		time, other = pay.approved(self.person), pay.approved(self.paid_by("Voucher"))
		self.eligibility("Not vouchers", factories.staff(roles.COORDINATOR))
		said = self.refused(f"Row 1: {time.name}", time, other)
		self.assertNotIn("Row 2", said)
		self.eligibility("May be paid", factories.staff(roles.COORDINATOR))
		self.assertEqual(pay.take(pay.batch(time, other), "Lock").lines[0].way, "Voucher")

	def test_nor_where_they_were_switched_off(self):
		time = pay.approved(self.person)
		self.offer(0)
		self.refused(f"Row 1: {time.name}.*switched off", time)

	def test_whoever_writes_it_hears_what_follows_and_not_how_somebody_is_paid(self):
		"""Domain 4.7: coordinators, no bank; the same words for whoever has no voucher."""
		told = []
		for way in ("Voucher", "Cash"):
			self.person = self.paid_by(way)
			self.eligibility("Not vouchers", factories.staff(roles.COORDINATOR))
			told.append(self.says().replace(self.person.preferred_name, "them"))
			self.assertIn("another way", told[-1])
		self.assertEqual(*told)
		self.eligibility("Ask first", factories.staff(roles.COORDINATOR))
		self.assertNotIn("another way", self.says())

	def test_finance_hears_of_whom(self):
		both = factories.user(roles.COORDINATOR, roles.FINANCE_OFFICER)
		self.eligibility("Not vouchers", both)
		self.assertIn(f"{self.person.name}: their way of payment is a voucher", self.says())

	def test_switching_them_off_says_how_many_and_to_finance_who(self):
		other = self.paid_by("Cash")
		for role, named in ((roles.MANAGER, False), ((roles.MANAGER, roles.FINANCE_OFFICER), True)):
			with self.subTest(str(role)):
				frappe.clear_messages()
				frappe.db.set_single_value(SETTINGS, "pay_by_voucher", 1)
				frappe.clear_document_cache(SETTINGS, SETTINGS)
				user = factories.user(*role) if isinstance(role, tuple) else factories.staff(role)
				with self.as_user(user):
					doc = frappe.get_doc(SETTINGS)
					doc.pay_by_voucher = 0
					doc.save()
				self.assertRegex(self.says(), r"paid by voucher until now: \d+")
				self.assertEqual(self.person.name in self.says(), named)
				self.assertNotIn(other.name, self.says())
		frappe.clear_messages()
		with self.as_user(factories.staff(roles.MANAGER)):
			frappe.get_doc(SETTINGS).save()
		self.assertNotIn("voucher", self.says())

	def test_both_pages_say_that_expenses_are_none(self):
		from involvement_app.portal.views import bank

		self.assertIn("expenses", bank.hints()[bank_details.VOUCHER])
