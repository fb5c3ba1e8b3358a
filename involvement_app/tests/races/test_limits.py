"""Domain 5.2: two things at once cannot together go beyond one limit."""

from collections import Counter

import frappe

from involvement_app import lifecycle
from involvement_app.involvement_app import caps, places
from involvement_app.involvement_payments.own_limits import OverTheirOwnLimit
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.races.connections import at_once, on_the_bench
from involvement_app.tests.races.test_payments import PaymentRace

SETTINGS = "Involvement Settings"
LIMITS = {"limit_period": "Month", "limit_action": "Block", "limit_money": 50}


def saying_yes(name: str):
	@lifecycle.retry_on_deadlock
	def yes():
		return places.accept(name, recorded_how="Phone", clash_note="They can do both")

	return yes


def locking(name: str):
	@lifecycle.retry_on_deadlock
	def lock():
		lifecycle.apply(frappe.get_doc(pay.BATCH, name), "Lock")
		return "Locked"

	return lock


def _kinds(outcomes) -> Counter:
	return Counter(each if isinstance(each, str) else type(each).__name__ for each in outcomes)


@on_the_bench
class TestTwoYesesAgainstOneLimit(PaymentRace):
	"""£30 each, and at most £50 for one person."""

	@classmethod
	def arrange(cls):
		cls.was = {name: frappe.db.get_single_value(SETTINGS, name) for name in LIMITS}
		cls.set(LIMITS)
		cls.opportunities = [
			factories.opportunity("Published", places=100, budget=100000) for _each in range(2)
		]

	@classmethod
	def set(cls, values: dict) -> None:
		for fieldname, value in values.items():
			frappe.db.set_single_value(SETTINGS, fieldname, value)
		frappe.clear_document_cache(SETTINGS, SETTINGS)

	@classmethod
	def clean_up(cls):
		super().clean_up()
		cls.set(cls.was)
		frappe.db.commit()  # as the class found it

	def test_one_of_them_fits(self):
		self.each_time(self.once)

	def once(self, isolation: str) -> None:
		person = factories.participant()
		offers = [factories.offer(opportunity, person).name for opportunity in self.opportunities]
		self.show()
		outcomes = at_once(
			[(factories.staff(roles.COORDINATOR), saying_yes(name)) for name in offers], isolation
		)
		self.see()
		self.assertEqual(_kinds(outcomes), {"Accepted": 1, caps.OverOurLimit.__name__: 1})
		self.assertEqual(frappe.db.count("Involvement Engagement", {"participant": person.name}), 1)


@on_the_bench
class TestTwoBatchesAgainstOneLimit(PaymentRace):
	made_doctypes = ("Involvement Preference", *PaymentRace.made_doctypes)

	@classmethod
	def arrange(cls):
		person = factories.participant()
		factories.preference(
			person, own_payment_cap=50, cap_period="Month", cap_month_day=1, spread_payments=1
		)
		cls.payments = [pay.approve(pay.checked(person)).name for _each in range(2)]

	def test_one_of_them_is_locked(self):
		self.each_time(self.once)

	def once(self, isolation: str) -> None:
		batches = [pay.batch(frappe.get_doc(pay.PAYMENT, name)) for name in self.payments]
		self.show()
		outcomes = at_once([(pay.officer(), locking(batch.name)) for batch in batches], isolation)
		self.see()
		self.assertEqual(_kinds(outcomes), {"Locked": 1, OverTheirOwnLimit.__name__: 1})
		pay.take(batches[outcomes.index("Locked")], "Void")
		self.show()
