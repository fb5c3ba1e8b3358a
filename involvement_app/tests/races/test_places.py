"""Domain 5.2: places, offers and approvals from two sides at once, over real connections."""

from datetime import timedelta

import frappe
from frappe.utils import add_days, now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import places
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.races.connections import RaceTestCase, at_once, on_the_bench
from involvement_app.tests.races.test_last_place import MADE

OPPORTUNITY = "Involvement Opportunity"
APPLICATION = "Involvement Application"
ENGAGEMENT = "Involvement Engagement"
SESSION = "Involvement Session"


def step(doctype: str, name: str, action: str):
	@lifecycle.retry_on_deadlock
	def take():
		lifecycle.apply(frappe.get_doc(doctype, name), action)
		return action

	return take


def saying_yes(name: str):
	@lifecycle.retry_on_deadlock
	def yes():
		return places.accept(name, recorded_how="Phone")

	return yes


class PlacesRace(RaceTestCase):
	made_doctypes = MADE

	def status(self, doctype: str, name: str) -> str:
		return frappe.db.get_value(doctype, name, "status")

	def assertCounted(self, opportunity: str) -> None:
		"""The counter is the number of living places."""
		living = {"opportunity": opportunity, "status": ["in", ["Confirmed", "Active"]]}
		self.assertEqual(
			frappe.db.get_value(OPPORTUNITY, opportunity, "places_confirmed"),
			frappe.db.count(ENGAGEMENT, living),
		)


@on_the_bench
class TestLeaveAgainstApply(PlacesRace):
	@classmethod
	def arrange(cls):
		cls.doc = factories.opportunity("Published", places=2)
		factories.engagement(cls.doc, factories.participant())
		cls.place = factories.engagement(cls.doc, factories.participant())
		cls.waiting = factories.application(cls.doc, factories.participant())
		lifecycle.apply(cls.waiting, "Put on the waiting list")
		cls.comer = factories.participant()

	def test_who_comes_at_that_moment_does_not_jump_the_queue(self):
		self.each_time(self.once)

	def once(self, isolation: str) -> None:
		left, applied, offered = at_once(
			[
				("Administrator", self.leaving),
				("Administrator", self.applying),
				("Administrator", self.offering_on),
			],
			isolation,
		)
		self.see()
		self.assertEqual((left, applied, offered), (None, "Applied", None))
		self.assertCounted(self.doc.name)
		places.offer_on()  # the next hour
		self.assertEqual(self.status(APPLICATION, self.waiting.name), "Offered")
		newcomer = {"opportunity": self.doc.name, "participant": self.comer.name}
		self.assertEqual(frappe.db.get_value(APPLICATION, newcomer, "status"), "Applied")
		frappe.db.delete(APPLICATION, newcomer)
		frappe.db.set_value(APPLICATION, self.waiting.name, {"status": "Waiting list", "reply_by": None})
		frappe.db.set_value(ENGAGEMENT, self.place.name, "status", "Confirmed")
		frappe.db.set_value(APPLICATION, self.place.application, "status", "Accepted")
		frappe.db.set_value(OPPORTUNITY, self.doc.name, "places_confirmed", 2)
		self.show()

	@lifecycle.retry_on_deadlock
	def leaving(self):
		places.leave(self.place.name, "Phone")

	@lifecycle.retry_on_deadlock
	def applying(self):
		return places.apply_for(self.doc.name, self.comer.name, recorded_how="Phone").status

	@lifecycle.retry_on_deadlock
	def offering_on(self):
		places.offer_on()


@on_the_bench
class TestLapseAgainstAccept(PlacesRace):
	@classmethod
	def arrange(cls):
		cls.doc = factories.opportunity("Published")
		cls.offer = factories.offer(cls.doc, factories.participant())

	def test_an_offer_is_answered_or_over_and_never_both(self):
		self.each_time(self.once)

	def once(self, isolation: str) -> None:
		self.last_moment()
		said, lapsed = at_once(
			[("Administrator", saying_yes(self.offer.name)), ("Administrator", self.lapsing)], isolation
		)
		self.see()
		self.assertIsNone(lapsed)
		self.assertCounted(self.doc.name)
		yes = said == "Accepted"
		self.assertTrue(yes or isinstance(said, lifecycle.TransitionError), repr(said))
		self.assertEqual(frappe.db.count(ENGAGEMENT, {"application": self.offer.name}), int(yes))
		if yes:
			self.assertEqual(self.status(APPLICATION, self.offer.name), "Accepted")
		else:
			self.assertIn(self.status(APPLICATION, self.offer.name), ("Offered", "Not going ahead"))
		frappe.db.delete(ENGAGEMENT, {"application": self.offer.name})
		frappe.db.set_value(OPPORTUNITY, self.doc.name, "places_confirmed", 0)
		self.show()

	def last_moment(self) -> None:
		"""The two find it open, over, or each differently: whichever clock comes first."""
		self.number = getattr(self, "number", -1) + 1
		soon = now_datetime() + timedelta(milliseconds=(-500, 60, 120, 5000)[self.number % 4])
		values = {
			"status": "Offered",
			"reply_by": soon,
			"live_key": self.offer.live_key,
			"payment_choice": None,
		}
		frappe.db.set_value(APPLICATION, self.offer.name, values)
		self.show()

	@lifecycle.retry_on_deadlock
	def lapsing(self):
		places.lapse_offers()


@on_the_bench
class TestPublishAgainstEdit(PlacesRace):
	@classmethod
	def arrange(cls):
		cls.doc = factories.opportunity("Approved")
		cls.approved_by = cls.doc.approved_by

	def test_what_is_published_is_what_was_approved(self):
		self.each_time(self.once)

	def once(self, isolation: str) -> None:
		name = self.doc.name
		published, edited = at_once(
			[
				(factories.staff(roles.COORDINATOR), step(OPPORTUNITY, name, "Publish")),
				(self.doc.lead, self.editing),
			],
			isolation,
		)
		self.see()
		status, purpose = frappe.db.get_value(OPPORTUNITY, name, ["status", "purpose"])
		sessions = frappe.db.count(SESSION, {"opportunity": name})
		for outcome in (published, edited):
			self.assertTrue(
				isinstance(outcome, str | frappe.TimestampMismatchError | lifecycle.TransitionError),
				repr(outcome),
			)
		if status == "Published":
			self.assertEqual((purpose, sessions), (self.doc.purpose, 1))
		else:
			self.assertEqual((status, edited), ("Submitted", "Submitted"))
			self.assertEqual(sessions, int(published == "Publish"))
		frappe.db.delete(SESSION, {"opportunity": name})
		again = {"status": "Approved", "purpose": self.doc.purpose, "edited_by": None, "published_on": None}
		frappe.db.set_value(
			OPPORTUNITY, name, {**again, "published_terms": None, "approved_by": self.approved_by}
		)
		self.show()

	@lifecycle.retry_on_deadlock
	def editing(self):
		doc = frappe.get_doc(OPPORTUNITY, self.doc.name)
		doc.purpose = "Something else"
		return doc.save().status


@on_the_bench
class TestCancelAgainstAccept(PlacesRace):
	@classmethod
	def arrange(cls):
		cls.doc = factories.opportunity("Published")
		cls.session = frappe.db.get_value(SESSION, {"opportunity": cls.doc.name})
		cls.offers = [factories.offer(cls.doc, factories.participant()) for _person in range(2)]

	def test_nobody_keeps_a_place_in_what_is_called_off_and_everybody_hears_of_it(self):
		self.each_time(self.once)

	def once(self, isolation: str) -> None:
		cancelled, *said = at_once(
			[
				("Administrator", step(OPPORTUNITY, self.doc.name, "Cancel opportunity")),
				*(("Administrator", saying_yes(offer.name)) for offer in self.offers),
			],
			isolation,
		)
		self.see()
		for outcome in said:
			self.assertTrue(
				outcome == "Accepted" or isinstance(outcome, frappe.ValidationError), repr(outcome)
			)
		self.assertEqual(cancelled, "Cancel opportunity", repr(cancelled))
		self.assertEqual(self.status(OPPORTUNITY, self.doc.name), "Cancelled")
		names = [offer.name for offer in self.offers]
		places_left = frappe.get_all(ENGAGEMENT, {"application": ["in", names]}, pluck="status")
		self.assertEqual(set(places_left) - {"Ended early"}, set())
		self.assertEqual({self.status(APPLICATION, name) for name in names}, {"Not going ahead"})
		told = {"template": "Involvement called off", "reference_name": ["in", names]}
		self.assertEqual(frappe.db.count("Involvement Message", told), len(names))
		frappe.db.delete("Involvement Message", {"reference_name": ["in", [*names, self.session]]})
		frappe.db.delete(ENGAGEMENT, {"application": ["in", names]})
		for offer in self.offers:
			values = {
				"status": "Offered",
				"live_key": offer.live_key,
				"reply_by": add_days(now_datetime(), 5),
			}
			frappe.db.set_value(APPLICATION, offer.name, {**values, "payment_choice": None})
		frappe.db.set_value(SESSION, self.session, "status", "Planned")
		frappe.db.set_value(OPPORTUNITY, self.doc.name, {"status": "Published", "places_confirmed": 0})
		self.show()
