"""Row 4.6: each occasion has a yes of its own, along the same path as every place; in the media only with a consent."""

import frappe
from frappe.utils import add_days, get_datetime, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_app import ambassadors, media, places, sessions, to_do
from involvement_app.lifecycle import TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.tests.portal.visitor import TwoPeople

ASSIGNMENT, ENGAGEMENT = "Ambassador Assignment", "Involvement Engagement"
BRIEFED = {"briefed_on": "2026-01-05", "questions": "Why do you do this?", "support_words": "Sam comes along"}
PRESS = {"kind": "Media", "channel": "Local press", "identity": "First name", "journalist": 1}


class AssignmentTestCase(IntegrationTestCase):
	def take(self, doc, action: str, by: str, **values):
		with self.as_user(by):
			return lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), action, **values)

	def status(self, doc) -> str:
		return frappe.db.get_value(doc.doctype, doc.name, "status")


class TestAlongTheSpine(AssignmentTestCase):
	def test_from_a_proposal_to_what_came_of_it(self):
		"""Row 4.6: meeting funders, presenting bids, speaking to the media: briefed, supported, talked about after."""
		officer = factories.staff(roles.COMMUNICATIONS)
		doc = factories.assignment(status="Accepted")
		place = frappe.get_doc(ENGAGEMENT, doc.engagement)
		self.assertEqual((place.participant, place.opportunity), (doc.participant, doc.opportunity))
		self.assertEqual(place.payment_choice, "Full")
		for given, says in (
			({}, "Talked it through on, Questions they will be asked"),
			({"briefed_on": today()}, "Questions they will be asked"),
			({"briefed_on": today(), "questions": "Why here?"}, "Support on the day"),
			({**BRIEFED, "briefed_on": add_days(today(), 1)}, "still to come"),
		):
			with self.subTest(says, **given), self.assertRaisesRegex(TransitionError, says):
				self.take(doc, "We talked it through", officer, **given)
		doc = self.take(doc, "We talked it through", officer, **BRIEFED)
		with self.assertRaisesRegex(TransitionError, "It is on"):
			self.take(doc, "It took place", officer)
		frappe.db.set_value("Involvement Session", {"opportunity": doc.opportunity}, "ends_on", today())
		self.take(doc, "It took place", officer)
		self.take(doc, "We talked about it", officer, debriefed_on=today())
		doc = self.take(doc, "Record what came of it", officer, outcome="Bid won")
		self.assertEqual(doc.status, "Outcome recorded")

	def test_none_of_it_is_left_out(self):
		"""Row 4.6: whoever records what came of it has briefed them and asked how it was, by every way
		through the declaration; and stopping is a step from wherever it is still ahead (domain 4.12)."""
		life = lifecycle.of(ASSIGNMENT)
		ways, whole = [("Proposed",)], []
		while ways:
			way = ways.pop()
			for step in life.leaving(way[-1]):
				(whole if step.to == "Outcome recorded" else ways).append((*way, step.to))
		states = tuple(state.name for state in life.states if state.name != "Not going ahead")
		self.assertEqual(set(whole), {states})
		for source in ambassadors.AHEAD:
			with self.subTest(source):
				self.assertIn("Not going ahead", {step.to for step in life.leaving(source)})

	def test_a_step_left_out_is_refused_by_button_and_by_a_direct_write(self):
		doc = factories.assignment(status="Accepted")
		self.on_the_day(doc)
		facts = {**BRIEFED, "debriefed_on": today(), "outcome": "Bid won"}
		people = [factories.staff(role) for role in (roles.COMMUNICATIONS, roles.COORDINATOR, roles.MANAGER)]
		for stored, button, aim in (
			("Accepted", "It took place", "Done"),
			("Done", "Record what came of it", "Outcome recorded"),
		):
			frappe.db.set_value(ASSIGNMENT, doc.name, "status", stored)
			for user in (*people, "Administrator"):
				with self.subTest(aim, user=user):
					with self.assertRaisesRegex(TransitionError, "not possible now"):
						self.take(doc, button, user, **facts)
					with self.as_user(user), self.assertRaisesRegex(TransitionError, "cannot go from"):
						frappe.get_doc(ASSIGNMENT, doc.name).update({"status": aim, **facts}).save()
			self.assertEqual(self.status(doc), stored)

	def test_an_offer_says_who_listens_what_about_and_when(self):
		for missing, says in (
			({"audience": ""}, "Who listens"),
			({"brief": ""}, "Brief"),
			({"opportunity": None}, "choose one"),
		):
			doc = factories.assignment(**missing)
			frappe.db.savepoint("try")
			with self.subTest(says), self.as_user(factories.staff(roles.COORDINATOR)):
				self.assertRaisesRegex(TransitionError, says, ambassadors.offer, doc)
			frappe.db.rollback(save_point="try")
			self.assertEqual(self.status(doc), "Proposed")
		doc = factories.assignment()
		for doctype in ("Involvement Session", "Involvement Opportunity Date"):
			link = "parent" if doctype.endswith("Date") else "opportunity"
			frappe.db.delete(doctype, {link: doc.opportunity})
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertRaisesRegex(TransitionError, "no date yet", ambassadors.offer, doc)

	def on_the_day(self, doc) -> None:
		frappe.db.set_value("Involvement Session", {"opportunity": doc.opportunity}, "ends_on", today())

	def done(self, person=None):
		doc = factories.assignment(factories.ambassador(person), "Accepted")
		self.on_the_day(doc)
		officer = factories.staff(roles.COMMUNICATIONS)
		self.take(doc, "We talked it through", officer, **BRIEFED)
		return self.take(doc, "It took place", officer)

	def test_who_would_rather_not_talk_about_it_has_answered(self):
		"""Domain 4.0 no. 8: asked each time; a no is theirs, with its day and how they told us, and no step left out."""
		me = factories.participant(portal=True)
		officer = factories.staff(roles.COMMUNICATIONS)
		doc = self.done(me)
		with self.assertRaisesRegex(TransitionError, "Talked about it afterwards on"):
			self.take(doc, "We talked about it", officer)
		with self.assertRaisesRegex(TransitionError, "still to come"):
			self.take(doc, "We talked about it", officer, debriefed_on=add_days(today(), 1))
		with self.assertRaisesRegex(frappe.ValidationError, "How the person told us"):
			self.take(doc, "They would rather not", officer)
		said = self.take(doc, "They would rather not", officer, recorded_how="Phone")
		self.assertEqual(
			(said.status, str(said.debrief_declined_on), said.told_how, said.recorded_by, said.recorded_how),
			("Debriefed", today(), "Phone", officer, None),
		)
		self.assertIsNone(said.debriefed_on)
		doc = self.done(me)
		with self.as_user(me.user):
			ambassadors.would_rather_not_own(me.name, doc.name)
		said = frappe.get_doc(ASSIGNMENT, doc.name)
		self.assertEqual((said.status, str(said.debrief_declined_on)), ("Debriefed", today()))
		self.assertEqual((said.told_how, said.recorded_by), (None, None))
		said = self.take(doc, "Record what came of it", officer, outcome="Bid won")
		self.assertEqual(said.status, "Outcome recorded")

	def test_nobody_else_says_that_they_would_rather_not(self):
		me, other = factories.participant(portal=True), factories.participant(portal=True)
		doc = self.done(me)
		for user in (other.user, factories.staff(roles.FINANCE_OFFICER), factories.staff(roles.OWNER)):
			with self.subTest(user), self.as_user(user):
				for name in (me.name, other.name):
					with self.assertRaises((frappe.PermissionError, frappe.DoesNotExistError)):
						ambassadors.would_rather_not_own(name, doc.name)
		with self.as_user(factories.staff(roles.COMMUNICATIONS)):
			written = frappe.get_doc(ASSIGNMENT, doc.name)
			written.debrief_declined_on = "2020-01-01"
			written.save()
		self.assertEqual(
			frappe.db.get_value(ASSIGNMENT, doc.name, ["status", "debrief_declined_on"]), ("Done", None)
		)

	def test_nobody_says_yes_but_through_the_place(self):
		doc = factories.assignment(status="Offered")
		elsewhere = factories.engagement(factories.opportunity("Published"), factories.participant())
		for user in (factories.staff(roles.COORDINATOR), factories.staff(roles.MANAGER), "Administrator"):
			with self.subTest(user):
				with self.assertRaises((frappe.PermissionError, TransitionError)):
					self.take(doc, "Accept", user)
				with self.as_user(user), self.assertRaises((frappe.PermissionError, TransitionError)):
					written = frappe.get_doc(ASSIGNMENT, doc.name)
					written.update({"status": "Accepted", "engagement": elsewhere.name})
					written.save()
		with lifecycle.as_job(), self.assertRaisesRegex(TransitionError, "There is none yet"):
			lifecycle.apply(frappe.get_doc(ASSIGNMENT, doc.name), "Accept")

	def test_only_an_active_role_is_offered_something(self):
		role = factories.ambassador(status="Approved")
		doc = factories.assignment(role)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			with self.assertRaisesRegex(TransitionError, "Only an active one"):
				ambassadors.offer(doc)
			written = frappe.get_doc(ASSIGNMENT, doc.name)
			self.assertRaisesRegex(TransitionError, "offers the place", lifecycle.apply, written, "Offer")

	def test_a_no_to_the_place_is_a_no(self):
		doc = factories.assignment(status="Offered")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.decline(doc.application, "Phone")
		self.assertEqual(self.status(doc), "Not going ahead")

	def test_stopping_gives_the_place_back_also_on_the_day(self):
		me = factories.participant(portal=True)
		doc = factories.assignment(factories.ambassador(me), "Accepted")
		frappe.db.set_value("Involvement Session", {"opportunity": doc.opportunity}, "ends_on", today())
		with self.as_user(me.user):
			ambassadors.stop_own(me.name, doc.name)
		self.assertEqual(self.status(doc), "Not going ahead")
		self.assertEqual(frappe.db.get_value(ENGAGEMENT, doc.engagement, "status"), "Ended early")
		self.assertEqual(
			frappe.db.get_value("Involvement Opportunity", doc.opportunity, "places_confirmed"), 0
		)

	def test_leaving_the_place_stops_it_and_a_direct_write_is_told_so(self):
		doc = factories.assignment(status="Accepted")
		coordinator = factories.staff(roles.COORDINATOR)
		with self.assertRaisesRegex(TransitionError, "gives the place back"):
			self.take(doc, "Stop", coordinator, recorded_how="Phone")
		with self.as_user(coordinator):
			places.leave(doc.engagement, "Phone")
		self.assertEqual(self.status(doc), "Not going ahead")

	def test_what_was_offered_stays_as_they_read_it(self):
		doc = factories.assignment(status="Offered")
		with self.as_user(factories.staff(roles.COMMUNICATIONS)):
			doc = frappe.get_doc(ASSIGNMENT, doc.name)
			doc.audience = "Everybody"
			self.assertRaisesRegex(TransitionError, "cannot change", doc.save)

	def test_somebody_else_stops_nothing(self):
		me, other = factories.participant(portal=True), factories.participant(portal=True)
		doc = factories.assignment(factories.ambassador(me), "Accepted")
		with self.as_user(other.user):
			for name in (me.name, other.name):
				with self.assertRaises((frappe.PermissionError, frappe.DoesNotExistError)):
					ambassadors.stop_own(name, doc.name)
		self.assertEqual(self.status(doc), "Accepted")

	def test_it_follows_the_person(self):
		me = factories.participant(units=(factories.unit(),), portal=True)
		doc = factories.assignment(factories.ambassador(me))
		elsewhere = factories.another(roles.COORDINATOR)
		factories.limit(elsewhere, factories.unit())
		for user, sees in (
			(factories.staff(roles.COORDINATOR), True),
			(factories.staff(roles.COMMUNICATIONS), True),
			(elsewhere, False),
			(me.user, False),
			*((user, False) for user in factories.others()),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(frappe.has_permission(ASSIGNMENT, "read", doc.name), sees)
		with self.as_user(elsewhere), self.assertRaises(frappe.PermissionError):
			frappe.get_doc(doctype=ASSIGNMENT, role=doc.role, title="Mine", kind="Bid").insert()


class TestInTheMedia(AssignmentTestCase):
	def made_once(self):
		super().made_once()
		self.me = factories.participant(portal=True)
		self.doc = factories.assignment(factories.ambassador(self.me), "Offered", **PRESS)

	def accept(self):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.accept(self.doc.application, recorded_how="Phone", clash_note="They can do both")

	def test_no_yes_without_a_consent_for_channel_name_and_day(self):
		day = getdate(self.doc.takes_place_on)
		days = (day - getdate(today())).days
		for given, says in (
			(None, "no yes of the person"),
			({"channel": "National press", "identity": "Full name", "days": 90}, "no yes of the person"),
			({"channel": "Local press", "identity": "Anonymous", "days": 90, "journalist": 1}, "First name"),
			({"channel": "Local press", "identity": "First name", "days": 90}, "have not said yes"),
			(
				{"channel": "Local press", "identity": "First name", "days": days - 1, "journalist": 1},
				"their yes ends on",
			),
		):
			if given:
				factories.media_consent(self.me, given.pop("channel"), **given)
			frappe.db.savepoint("try")
			with self.subTest(says), self.assertRaisesRegex(media.NotCovered, says):
				self.accept()
			frappe.db.rollback(save_point="try")
			# nothing lost: the offer waits
			self.assertEqual(
				frappe.db.get_value("Involvement Application", self.doc.application, "status"), "Offered"
			)
			self.assertEqual(self.status(self.doc), "Offered")
		factories.media_consent(self.me, "Local press", identity="First name", days=days, journalist=1)
		self.accept()
		self.assertEqual(self.status(self.doc), "Accepted")

	def test_a_yes_taken_back_stops_what_is_ahead_in_the_same_request(self):
		factories.media_consent(self.me, "Local press", "Print", identity="First name", journalist=1)
		self.accept()
		with self.as_user(self.me.user):
			media.withdraw_own(self.me.name, ["Print"])
			self.assertEqual(self.status(self.doc), "Accepted")
			media.withdraw_own(self.me.name, ["Local press"])
		self.assertEqual(self.status(self.doc), "Not going ahead")
		place = frappe.db.get_value(ASSIGNMENT, self.doc.name, "engagement")
		self.assertEqual(frappe.db.get_value(ENGAGEMENT, place, "status"), "Ended early")

	def test_a_no_told_to_a_colleague_of_another_unit_stops_it_all_the_same(self):
		factories.media_consent(self.me, "Local press", identity="First name", journalist=1)
		self.accept()
		unit = factories.unit()
		self.assertNotEqual(
			unit, frappe.db.get_value("Involvement Opportunity", self.doc.opportunity, "unit")
		)
		colleague = factories.another(roles.COORDINATOR)
		factories.limit(colleague, unit)
		self.addCleanup(frappe.clear_cache, user=colleague)
		self.me.append("units", {"unit": unit}).db_insert()
		with self.as_user(colleague):
			media.record_for(self.me.name, "Withdrawn", ["Local press"], "Phone")
		self.assertEqual(self.status(self.doc), "Not going ahead")

	def test_a_way_that_there_is_not_and_a_day_to_come_are_refused(self):
		factories.media_consent(self.me, "Local press")
		for how in ({"method": "Telepathy"}, {"method": "Phone", "decided_on": str(add_days(today(), 1))}):
			with (
				self.subTest(**how),
				self.as_user(factories.staff(roles.COORDINATOR)),
				self.assertRaises(frappe.ValidationError),
			):
				media.record_for(self.me.name, "Withdrawn", ["Local press"], **how)

	def test_a_yes_to_less_stops_what_goes_further(self):
		factories.media_consent(self.me, "Local press", identity="First name", journalist=1)
		self.accept()
		factories.media_consent(self.me, "Local press", identity="Full name", journalist=1)
		self.assertEqual(self.status(self.doc), "Accepted")
		factories.media_consent(self.me, "Local press", identity="First name")
		self.assertEqual(self.status(self.doc), "Not going ahead")

	def move(self, days: int) -> None:
		"""The date is moved, as the form does it."""
		name = frappe.db.get_value("Involvement Session", {"opportunity": self.doc.opportunity})
		session = frappe.get_doc("Involvement Session", name)
		start, end = (add_days(get_datetime(moment), days) for moment in (session.starts_on, session.ends_on))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			sessions.move(name, str(start), str(end), session.place)

	def now(self):
		return frappe.get_doc(ASSIGNMENT, self.doc.name)

	def told_of_a_new_day(self) -> int:
		return frappe.db.count(
			"Involvement Message",
			{"recipient": self.me.name, "template": "Involvement new day to answer"},
		)

	def accepted_until_the_day(self, status: str = "Accepted"):
		days = (getdate(self.doc.takes_place_on) - getdate(today())).days
		factories.media_consent(self.me, "Local press", identity="First name", days=days, journalist=1)
		self.accept()
		officer = factories.staff(roles.COMMUNICATIONS)
		if status == "Briefed":
			self.take(self.doc, "We talked it through", officer, **BRIEFED)
		return days, officer

	def test_a_date_that_moves_beyond_their_yes_asks_for_it_again_in_the_same_request(self):
		"""Row 1.5: no media without a yes that covers the day, also where the day moves after it."""
		days, officer = self.accepted_until_the_day()
		self.move(1)
		doc = self.now()
		self.assertIn("their yes ends on", doc.yes_missing)
		self.assertEqual(getdate(doc.takes_place_on), getdate(add_days(today(), days + 1)))
		self.assertEqual((doc.status, self.told_of_a_new_day()), ("Accepted", 1))
		with self.assertRaisesRegex(media.NotCovered, "their yes ends on"):
			self.take(doc, "We talked it through", officer, **BRIEFED)
		with self.as_user(officer):
			waits = [row["name"] for row in to_do.rows()["rows"] if row["kind"] == "new-days"]
		self.assertEqual(waits, [doc.name])
		factories.media_consent(self.me, "Local press", identity="First name", days=days + 1, journalist=1)
		self.assertFalse(self.now().yes_missing)
		self.assertEqual(self.take(doc, "We talked it through", officer, **BRIEFED).status, "Briefed")

	def test_it_does_not_take_place_without_the_yes_either(self):
		_days, officer = self.accepted_until_the_day("Briefed")
		self.move(1)
		frappe.db.set_value(
			"Involvement Session", {"opportunity": self.doc.opportunity}, "ends_on", today()
		)  # the day has come
		frappe.db.set_value("Media Consent", {"participant": self.me.name}, "until", add_days(today(), -1))
		with self.assertRaisesRegex(media.NotCovered, "no yes of the person"):
			self.take(self.doc, "It took place", officer)
		self.assertEqual(self.now().status, "Briefed")

	def test_a_day_that_comes_back_within_their_yes_needs_no_new_one(self):
		self.accepted_until_the_day()
		self.move(1)
		self.move(-1)
		self.assertFalse(self.now().yes_missing)
		self.assertEqual(self.told_of_a_new_day(), 1)

	def test_a_day_within_their_yes_moves_without_a_word_of_ours(self):
		days = (getdate(self.doc.takes_place_on) - getdate(today())).days
		factories.media_consent(self.me, "Local press", identity="First name", days=days + 5, journalist=1)
		self.accept()
		self.move(5)
		self.assertEqual((self.now().yes_missing, self.told_of_a_new_day()), (None, 0))

	def test_a_new_yes_that_is_still_too_short_stops_nothing_and_a_no_does(self):
		days, _officer = self.accepted_until_the_day()
		self.move(5)
		factories.media_consent(self.me, "Local press", identity="First name", days=days + 2, journalist=1)
		doc = self.now()
		self.assertEqual(doc.status, "Accepted")
		self.assertIn("their yes ends on", doc.yes_missing)
		with self.as_user(self.me.user):
			media.withdraw_own(self.me.name)
		doc = self.now()
		self.assertEqual((doc.status, doc.yes_missing), ("Not going ahead", None))

	def test_what_is_over_stays_what_it_was_when_they_say_no_later(self):
		"""A yes that is taken back after the day undoes nothing of the day."""
		_days, officer = self.accepted_until_the_day("Briefed")
		yesterday = add_days(today(), -1)
		frappe.db.set_value(
			"Involvement Session", {"opportunity": self.doc.opportunity}, "ends_on", yesterday
		)
		frappe.db.set_value(ASSIGNMENT, self.doc.name, "takes_place_on", yesterday)
		frappe.db.set_value("Media Consent", {"participant": self.me.name}, "recorded_on", yesterday)
		with self.as_user(self.me.user):
			media.withdraw_own(self.me.name)
		self.assertEqual(self.now().status, "Briefed")
		self.assertEqual(self.take(self.doc, "It took place", officer).status, "Done")

	def test_a_paper_that_is_written_down_afterwards_covers_no_day_before_it(self):
		"""Row 1.5: it may carry the day it was signed, and is no yes to what had already been."""
		days, officer = self.accepted_until_the_day("Briefed")
		day = add_days(today(), -2)
		frappe.db.set_value("Involvement Session", {"opportunity": self.doc.opportunity}, "ends_on", day)
		frappe.db.set_value(ASSIGNMENT, self.doc.name, "takes_place_on", day)
		frappe.db.delete("Media Consent", {"participant": self.me.name})
		factories.media_consent(
			self.me,
			"Local press",
			identity="First name",
			days=days,
			journalist=1,
			decided_on=add_days(day, -5),
		)
		with self.assertRaisesRegex(media.NotCovered, "there was no yes of the person"):
			self.take(self.doc, "It took place", officer)
		frappe.db.set_value("Media Consent", {"participant": self.me.name}, "recorded_on", add_days(day, -5))
		self.assertEqual(self.take(self.doc, "It took place", officer).status, "Done")

	def test_nobody_writes_away_that_it_is_missing(self):
		self.accepted_until_the_day()
		self.move(1)
		with self.as_user(factories.staff(roles.COMMUNICATIONS)):
			doc = self.now()
			doc.yes_missing = ""
			doc.save()
		self.assertIn("their yes ends on", self.now().yes_missing)

	def test_the_media_say_where_and_as_whom(self):
		with self.assertRaisesRegex(frappe.ValidationError, "Where"):
			factories.assignment(factories.ambassador(self.me), kind="Media")


class TestMyAmbassadorPages(TwoPeople):
	HERE = "/take-part/my/ambassador"

	def test_yes_answer_stop_on_the_day_and_the_end(self):
		role = factories.ambassador(self.me, "Approved")
		self.refresh()
		mine = self.signed_in()
		page = mine.get(self.HERE)
		self.assertIn("How the groups work", page.text())
		token = {"csrf_token": page.fields()["csrf_token"], "name": role.name}
		self.assertEqual(
			mine.post(self.HERE, {**token, "what": "accept"}).goes_to, f"{self.HERE}?done=accept"
		)
		self.assertEqual(self.value(role.doctype, role.name), "Active")
		doc = factories.assignment(role, "Offered", **PRESS)
		self.refresh()
		at = f"{self.HERE}/{doc.name}"
		self.assertIn("Ten minutes, then questions", mine.get(at).text())
		answer = f"/take-part/my/offers/{doc.application}"
		self.assertIn(answer, mine.get(at).html)
		# a clear answer, and nothing lost
		refused = mine.submit(answer, choice="Full")
		self.assertEqual(refused.status, 422)
		self.assertIn("no yes of the person", refused.text())
		self.assertEqual(self.value("Involvement Application", doc.application), "Offered")
		days = (getdate(doc.takes_place_on) - getdate(today())).days
		factories.media_consent(self.me, "Local press", identity="First name", days=days, journalist=1)
		self.refresh()
		self.assertEqual(mine.submit(answer, choice="Full").goes_to, "/take-part/my?done=accepted")
		self.assertEqual(self.value(doc.doctype, doc.name), "Accepted")
		self.assertEqual(mine.post(f"{at}/stop", token).goes_to, f"{self.HERE}?done=stopped")
		self.assertEqual(self.value(doc.doctype, doc.name), "Not going ahead")
		self.assertEqual(mine.post(self.HERE, {**token, "what": "end"}).goes_to, f"{self.HERE}?done=end")
		self.assertEqual(self.value(role.doctype, role.name), "Ended")

	def test_they_say_that_they_would_rather_not_talk_about_it(self):
		doc = factories.assignment(factories.ambassador(self.me), "Accepted")
		frappe.db.set_value(ASSIGNMENT, doc.name, "status", "Done")
		self.refresh()
		mine, at = self.signed_in(), f"{self.HERE}/{doc.name}"
		page = mine.get(at)
		self.assertIn("If you would rather not, that is fine", page.text())
		token = {"csrf_token": page.fields()["csrf_token"]}
		self.assertEqual(mine.post(f"{at}/rather-not", token).goes_to, f"{self.HERE}?done=rather-not")
		self.assertEqual(self.value(ASSIGNMENT, doc.name), "Debriefed")
		page = mine.get(at).text()
		self.assertIn("You would rather not", page)
		self.assertNotIn("I would rather not talk about it", page)
		# a second press, from a page kept open
		self.assertEqual(mine.post(f"{at}/rather-not", token).status, 422)
		# the other tests of this class have the day free
		frappe.db.set_value(ENGAGEMENT, doc.engagement, "status", "Ended early")
		self.refresh()

	def test_they_are_nobody_elses(self):
		doc = factories.assignment(factories.ambassador(self.other), "Accepted")
		self.refresh()
		mine = self.signed_in()
		token = {"csrf_token": mine.get("/take-part/my/goals").fields()["csrf_token"]}
		self.assertEqual(mine.get(f"{self.HERE}/{doc.name}").status, 404)
		for step in ("stop", "rather-not"):
			self.assertEqual(mine.post(f"{self.HERE}/{doc.name}/{step}", token).status, 404)
		self.assertEqual(mine.post(self.HERE, {**token, "name": doc.role, "what": "end"}).status, 404)
		self.assertEqual(self.value(doc.doctype, doc.name), "Accepted")
		self.assertEqual(self.value("Ambassador Role", doc.role), "Active")
