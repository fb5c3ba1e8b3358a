"""Domain 5.2: a date is called off while somebody says yes to it, over real connections."""

from collections import Counter

import frappe
from frappe.utils import add_days, now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import places, sessions
from involvement_app.tests import factories
from involvement_app.tests.races.connections import RaceTestCase, at_once, on_the_bench
from involvement_app.tests.races.test_last_place import MADE

PEOPLE = 4
TOLD = "Involvement date called off"


@on_the_bench
class TestCallingOff(RaceTestCase):
	made_doctypes = MADE

	@classmethod
	def arrange(cls):
		cls.opportunity = factories.opportunity("Published", places=PEOPLE)
		cls.session = frappe.get_value("Involvement Session", {"opportunity": cls.opportunity.name})
		cls.offers = {
			offer.name: offer.participant
			for offer in (
				factories.offer(cls.opportunity, factories.participant()) for _each in range(PEOPLE)
			)
		}

	def test_who_has_a_place_is_told_and_who_has_none_reads_why(self):
		self.each_time(self.once)

	def once(self, isolation: str) -> None:
		calls = [("Administrator", self.saying_yes(name)) for name in self.offers]
		off, *answers = at_once([("Administrator", self.calling_off), *calls], isolation)
		self.assertIsNone(off)
		frappe.db.rollback()  # a new snapshot
		outcomes = dict(zip(self.offers, answers, strict=True))
		for answer in answers:
			self.assertTrue(answer == "Accepted" or isinstance(answer, places.NoDateLeft), repr(answer))
		told = frappe.get_all(
			"Involvement Message",
			{"reference_name": self.session, "template": TOLD},
			["recipient", "body"],
		)
		self.assertEqual(Counter(row.recipient for row in told), Counter(self.offers.values()))
		of_places = {row.recipient for row in told if "/my/places/" in row.body}
		self.assertEqual(
			of_places, {self.offers[name] for name, answer in outcomes.items() if answer == "Accepted"}
		)
		self.start_again()

	@lifecycle.retry_on_deadlock
	def calling_off(self) -> None:
		sessions.cancel(self.session, sessions.LATER)

	def saying_yes(self, name: str):
		@lifecycle.retry_on_deadlock
		def yes():
			return places.accept(name, recorded_how="Phone")

		return yes

	def start_again(self) -> None:
		frappe.db.delete("Involvement Engagement", {"opportunity": self.opportunity.name})
		frappe.db.delete("Involvement Message", {"reference_name": self.session})
		frappe.db.set_value(
			"Involvement Application",
			{"name": ["in", list(self.offers)]},
			{"status": "Offered", "payment_choice": None, "reply_by": add_days(now_datetime(), 5)},
		)
		frappe.db.set_value(
			"Involvement Session", self.session, {"status": "Planned", "cancelled_payment": None}
		)
		frappe.db.set_value("Involvement Opportunity", self.opportunity.name, "places_confirmed", 0)
		frappe.db.commit()  # the next round has to see it
