"""Domain 5.2: miles are counted once, in whatever order the claims of one person are approved at the same moment."""

import frappe

from involvement_app import lifecycle
from involvement_app.involvement_payments import claims, mileage
from involvement_app.money import total
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.factories import journey
from involvement_app.tests.races.connections import RaceTestCase, at_once, on_the_bench
from involvement_app.tests.races.test_last_place import MADE

CLAIMS = ("Involvement Expense Claim Line", "Involvement Expense Claim", "Involvement Payment", "Comment")


@on_the_bench
class TestTheThreshold(RaceTestCase):
	made_doctypes = (*CLAIMS, *MADE)

	def test_parallel_approvals_that_cross_it_add_up_to_the_penny(self):
		self.each_time(self.once)

	def once(self, isolation: str) -> None:
		"""9,980 miles are driven; three claims of 15, 25.5 and 40.3 miles wait, approved by two people at once."""
		holders = [factories.staff(roles.BUDGET_HOLDER), factories.another(roles.BUDGET_HOLDER)]
		units = [factories.unit(budget_holder=holder) for holder in holders]
		person = factories.participant()
		driven = pay.approved_claim(journey(10), person=person, unit=units[0])
		key = mileage.key(person.name, frappe.utils.today(), "Car or van")
		frappe.db.set_value(claims.LINE, {"parent": driven.name}, {"miles": 9980, "mileage_key": key})
		waiting = [
			pay.checked_claim(journey(miles), person=person, unit=units[number % 2])
			for number, miles in enumerate((15, 25.5, 40.3))
		]
		self.show()
		outcomes = at_once(
			[(holders[number % 2], _approve(claim.name)) for number, claim in enumerate(waiting)], isolation
		)
		self.see()
		self.assertEqual(outcomes, ["Approved"] * 3)
		paid = frappe.get_all(
			pay.PAYMENT, {"claim": ["in", [claim.name for claim in waiting]]}, pluck="amount"
		)
		# 20 miles at 45p, the other 60.8 at 25p
		self.assertEqual((len(paid), total(paid)), (3, total(["9.00", "15.20"])))

	def test_the_same_form_twice_is_one_claim(self):
		self.each_time(self.twice)

	def twice(self, isolation: str) -> None:
		person = factories.participant(portal=True)
		self.show()
		outcomes = at_once([(person.user, _send(person.name))] * 3, isolation)
		self.see()
		self.assertEqual(frappe.db.count(pay.CLAIM, {"participant": person.name}), 1, outcomes)
		self.assertEqual([type(each).__name__ for each in outcomes].count("SentTwice"), 2, outcomes)


def _approve(name: str):
	@lifecycle.retry_on_deadlock
	def approve():
		return lifecycle.apply(frappe.get_doc(pay.CLAIM, name), "Approve").status

	return approve


def _send(participant: str):
	@lifecycle.retry_on_deadlock
	def send():
		return claims.send(participant, [journey()], {}, once="one form")

	return send
