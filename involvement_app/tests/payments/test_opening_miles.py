"""Miles that were paid back before this system was used come before all that is claimed here (issue 7, opening totals; domain
1.4: the threshold counts for each person and tax year)."""

import frappe
from frappe.utils import add_days, today

from involvement_app import lifecycle
from involvement_app.money import money
from involvement_app.periods import tax_year
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

LINE = "Involvement Expense Claim Line"


class TestOpeningMiles(pay.PaymentTestCase):
	def made_once(self):
		super().made_once()
		self.unit = pay.unit()
		self.person = factories.participant(units=(self.unit,))

	def opening(self, approved=True, person=None, **values):
		doc = factories.payment_opening_total(person or self.person, **{"miles_car": 9990, **values})
		return self.take(doc, "Approve") if approved else doc

	def take(self, doc, action, **values):
		with self.as_user(factories.staff(roles.FINANCE_AUTHORISER)):
			return lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), action, **values)

	def claim(self, *lines):
		return pay.approved_claim(*(lines or (factories.journey(20),)), person=self.person)

	def worth(self, claim) -> tuple:
		return frappe.db.get_value(LINE, {"parent": claim.name}, ["amount", "miles_before"])

	def test_they_come_before_what_is_claimed(self):
		self.opening()
		claim = self.claim()
		self.assertEqual((claim.to_pay, claim.lines[0].miles_before), (7, 9990))
		self.assertEqual(self.claim().to_pay, 5)

	def test_of_that_year_that_way_and_that_person_alone(self):
		self.opening(year_start=add_days(tax_year(today()).start, -30))
		self.opening(person=factories.participant())
		self.opening(miles_car=0, miles_motorcycle=9990)
		self.assertEqual(self.claim().to_pay, 9)

	def test_what_nobody_approved_counts_nowhere(self):
		self.opening(approved=False)
		self.assertEqual(self.claim().to_pay, 9)

	def test_an_earlier_record_s_count_as_the_person_s(self):
		old = factories.participant()
		self.opening(person=old)
		frappe.db.set_value(old.doctype, old.name, "merged_into", self.person.name)
		self.assertEqual(self.claim().to_pay, 7)

	def test_two_of_one_year_after_a_merge_double_no_mile(self):
		old = factories.participant(units=(self.unit,))
		self.opening(miles_car=4000)
		self.opening(miles_car=4000, person=old)
		factories.participant_merge(self.person, old)
		for before, worth in ((8000, 450), (9000, 450), (10000, 250)):
			with self.subTest(before):
				claim = self.claim(factories.journey(1000))
				self.assertEqual((claim.lines[0].miles_before, claim.to_pay), (before, worth))

	def test_approved_late_what_was_claimed_is_worth_less_from_then_on(self):
		claim = self.claim()
		self.opening()
		self.assertEqual(self.worth(claim), (7, 9990))
		(correction,) = frappe.get_all(
			pay.PAYMENT, {"claim": claim.name, "kind": "Correction"}, ["amount", "status"]
		)
		self.assertEqual((correction.amount, correction.status), (-2, "Checked"))

	def test_withdrawn_what_was_claimed_is_worth_more_and_the_rest_is_paid(self):
		doc = self.opening()
		claim = self.claim()
		self.take(doc, "Withdraw", note="Of another person")
		self.assertEqual(self.worth(claim), (9, 0))
		payments = frappe.get_all(pay.PAYMENT, {"claim": claim.name}, pluck="amount", order_by="revision")
		self.assertEqual(payments, [7, 2])
		again = self.opening(miles_car=5000)
		self.assertEqual(self.worth(claim), (9, 5000))
		self.assertEqual(again.status, "Approved")

	def test_a_draft_that_is_withdrawn_moves_nothing(self):
		doc, claim = self.opening(approved=False), self.claim()
		self.take(doc, "Withdraw", note="Counted twice")
		self.assertEqual(self.worth(claim), (9, 0))

	def test_a_cancelled_claim_is_worked_out_anew_with_them(self):
		self.opening(miles_car=9980)
		first, second = self.claim(), self.claim()
		self.assertEqual((first.to_pay, second.to_pay), (9, 5))
		pay.take_claim(first, "Cancel claim", pay.officer(), note="It was somebody else's")
		self.assertEqual(self.worth(second), (9, 9980))
		self.assertEqual(money(frappe.db.get_value(pay.CLAIM, second.name, "total")), money(9))
