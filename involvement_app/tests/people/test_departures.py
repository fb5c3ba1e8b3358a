"""Taking a break, leaving and coming back (domain 1.5, 4.0 no. 1, 4.12)."""

import frappe
from frappe.utils import add_days, today

from involvement_app import lifecycle
from involvement_app.involvement_app import departures, places
from involvement_app.lifecycle import desk
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

REGISTER = "Involvement Participant"


class TestDepartures(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.me = factories.participant(portal=True, access_note="Short breaks")
		self.taken = factories.opportunity("Published", places=2)
		factories.engagement(self.taken, factories.participant())
		self.place = factories.engagement(self.taken, self.me)

	def now(self, person=None):
		return frappe.get_doc(REGISTER, (person or self.me).name)

	def status(self, doc) -> str:
		return frappe.db.get_value(doc.doctype, doc.name, "status")

	def told(self, person, template: str) -> int:
		return frappe.db.count(
			"Involvement Message", {"recipient": person.name, "template": template, "owed": 1}
		)

	def test_a_break_is_the_persons_and_begins_at_once(self):
		"""Row 0.14: pause without a reason: the place is free, the offer no longer awaited, the person is told."""
		offered = factories.offer(factories.opportunity("Published"), self.me)
		applied = factories.application(factories.opportunity("Published"), self.me)
		with self.as_user(self.me.user):
			departures.pause(self.me.name, add_days(today(), 14))
		doc = self.now()
		self.assertEqual((doc.status, str(doc.paused_until)), ("Paused", add_days(today(), 14)))
		self.assertEqual((doc.moved_by, doc.moved_told_how), (None, None))
		self.assertEqual(self.status(self.place), "Ended early")
		self.assertEqual(self.status(offered), "Not going ahead")
		self.assertEqual(self.status(applied), "Applied")
		self.assertEqual(
			frappe.db.get_value("Involvement Opportunity", self.taken.name, "places_confirmed"), 1
		)
		self.assertEqual(self.told(self.me, "Involvement paused"), 1)

	def test_leaving_closes_everything_and_loses_nothing_owed(self):
		"""Row 0.14: leave at once: every application closed; what a held session owes is still there."""
		applied = factories.application(factories.opportunity("Published"), self.me)
		factories.access_requirement(self.me)
		factories.wellbeing_plan(self.me)
		factories.held_session(self.taken)
		owed = frappe.get_all(
			"Involvement Payment", {"engagement": self.place.name}, ["name", "amount", "status"]
		)
		self.assertTrue(owed)
		with self.as_user(self.me.user):
			departures.leave(self.me.name)
		self.assertEqual((self.now().status, str(self.now().left_on)), ("Left", today()))
		self.assertEqual(self.status(applied), "Not going ahead")
		after = frappe.get_all(
			"Involvement Payment", {"engagement": self.place.name}, ["name", "amount", "status"]
		)
		self.assertEqual(after, owed)
		for gone in ("Access Requirement", "Wellbeing Support Plan"):
			self.assertFalse(frappe.db.exists(gone, {"participant": self.me.name}))
		self.assertFalse(self.now().access_note)
		self.assertEqual(self.told(self.me, "Involvement goodbye"), 1)

	def test_coming_back_is_the_persons_too(self):
		"""Row 0.14: a break and leaving can be undone by the person, without asking anybody."""
		for go in (departures.pause, departures.leave):
			with self.subTest(go.__name__), self.as_user(self.me.user):
				go(self.me.name)
				departures.come_back(self.me.name)
				self.assertEqual((self.now().status, self.now().left_on), ("Active", None))

	def test_what_staff_do_for_somebody_says_so(self):
		"""Row 0.14: by phone: the form's button asks how the person told us, and it is never shown as their own act."""
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertRaisesRegex(
				frappe.ValidationError, "How the person told us", desk.take, REGISTER, self.me.name, "Pause"
			)
			self.assertEqual(desk.take(REGISTER, self.me.name, "Pause", "Phone"), "Paused")
			doc = self.now()
			self.assertEqual((doc.moved_by, doc.moved_told_how), (frappe.session.user, "Phone"))
			self.assertEqual(frappe.db.get_value(*self.place_key, "recorded_how"), "Phone")
			self.assertEqual(desk.take(REGISTER, self.me.name, "Resume", "In person"), "Active")
			self.assertEqual(desk.take(REGISTER, self.me.name, "Leave", "Post"), "Left")

	@property
	def place_key(self) -> tuple[str, str]:
		return self.place.doctype, self.place.name

	def test_a_direct_write_leaves_no_place_behind(self):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			for action in ("Pause", "Leave"):
				self.assertRaises(lifecycle.TransitionError, lifecycle.apply, self.now(), action)

	def test_nobody_sends_somebody_else_away(self):
		other = factories.participant(portal=True)
		for go in (departures.pause, departures.leave, departures.come_back):
			with self.subTest(go.__name__), self.as_user(other.user):
				self.assertRaises(frappe.PermissionError, go, self.me.name)
		self.assertEqual(self.now().status, "Active")

	def test_a_break_ends_on_the_day_they_said(self):
		"""Row 0.13: the person said how long; then they are back, and told so."""
		later = factories.participant()
		for person, day in ((self.me, today()), (later, add_days(today(), 1))):
			with self.as_user(factories.staff(roles.COORDINATOR)):
				departures.pause(person.name, day, "Phone")
		for_now = factories.participant()
		with self.as_user(factories.staff(roles.COORDINATOR)):
			departures.pause(for_now.name, None, "Phone")
		departures.end_breaks()
		self.assertEqual((self.now().status, self.now(later).status), ("Active", "Paused"))
		self.assertEqual(self.now(for_now).status, "Paused", "nobody said how long")
		self.assertIsNone(self.now().paused_until)
		self.assertEqual(self.told(self.me, "Involvement break over"), 1)

	def test_the_place_is_offered_to_whoever_has_waited_longest(self):
		"""Row 0.14: an offer, never a booking; not to somebody who takes a break."""
		away, first, second = (self.waiting() for _each in range(3))
		departures_how = "Phone"
		with self.as_user(factories.staff(roles.COORDINATOR)):
			departures.pause(away.participant, None, departures_how)
		places.offer_on()
		self.assertEqual([self.status(each) for each in (away, first, second)], ["Waiting list"] * 3)
		with self.as_user(self.me.user):
			departures.leave(self.me.name)
		for _again in range(2):
			places.offer_on()
		self.assertEqual(
			[self.status(each) for each in (away, first, second)], ["Waiting list", "Offered", "Waiting list"]
		)
		self.assertTrue(frappe.db.get_value(first.doctype, first.name, "reply_by"))

	def waiting(self):
		made = factories.application(self.taken, factories.participant())
		with self.as_user(factories.staff(roles.COORDINATOR)):
			return lifecycle.apply(made, "Put on the waiting list")
