"""Domain 5.2: fifty people say yes to the last place, over real connections."""

from collections import Counter

import frappe
from frappe.utils import add_days, now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import places
from involvement_app.tests import factories
from involvement_app.tests.races.connections import RaceTestCase, at_once, on_the_bench, repetitions

PEOPLE = 50
# under each of the two levels
REPETITIONS = repetitions(10)
MADE = (
	"Involvement Message",
	"Involvement Engagement",
	"Involvement Application",
	"Involvement Session",
	"Involvement Opportunity Date",
	"Involvement Opportunity Gate",
	"Involvement Opportunity",
	"Involvement Participant",
	"Contact Email",
	"Contact",
	"Payment Rate Rule",
	"Role Status Determination",
	"Involvement Unit",
)


@on_the_bench
class TestLastPlace(RaceTestCase):
	made_doctypes = MADE

	@classmethod
	def arrange(cls):
		cls.opportunity = factories.opportunity("Published", places=2)
		factories.engagement(cls.opportunity, factories.participant())
		cls.offers = [
			factories.offer(cls.opportunity, factories.participant()).name for _person in range(PEOPLE)
		]

	def test_exactly_one_of_fifty_gets_the_last_place(self):
		self.each_time(self.once, REPETITIONS)

	def once(self, isolation: str) -> None:
		outcomes = at_once([("Administrator", self.saying_yes(name)) for name in self.offers], isolation)
		self.assertEqual(Counter(map(str, outcomes)), {"Accepted": 1, "Waiting list": PEOPLE - 1})
		frappe.db.rollback()  # a new snapshot
		self.assertEqual(frappe.db.count("Involvement Engagement", {"opportunity": self.opportunity.name}), 2)
		self.assertEqual(
			frappe.db.get_value("Involvement Opportunity", self.opportunity.name, "places_confirmed"), 2
		)
		statuses = frappe.get_all("Involvement Application", {"name": ["in", self.offers]}, pluck="status")
		self.assertEqual(Counter(statuses), {"Accepted": 1, "Waiting list": PEOPLE - 1})
		self.start_again()

	def saying_yes(self, name: str):
		@lifecycle.retry_on_deadlock
		def yes():
			return places.accept(name, recorded_how="Phone")

		return yes

	def start_again(self) -> None:
		frappe.db.delete("Involvement Engagement", {"application": ["in", self.offers]})
		frappe.db.set_value(
			"Involvement Application",
			{"name": ["in", self.offers]},
			{"status": "Offered", "payment_choice": None, "reply_by": add_days(now_datetime(), 5)},
		)
		frappe.db.set_value("Involvement Opportunity", self.opportunity.name, "places_confirmed", 1)
		frappe.db.commit()  # the next fifty have to see it
