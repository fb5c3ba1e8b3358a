"""What becomes of stories and ambassadors when somebody leaves or turns out to be somebody we know; and the reports."""

import frappe
from frappe.desk.query_report import run
from frappe.utils import add_days, today

from involvement_app import lifecycle
from involvement_app.involvement_app import departures, media, merging
from involvement_app.lifecycle import desk
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.tests.portal.visitor import TwoPeople

REPORTS = ("What ambassadors did", "Media consents and when they end", "Where stories are used")


class TestLeaving(IntegrationTestCase):
	def status(self, doc) -> str:
		return frappe.db.get_value(doc.doctype, doc.name, "status")

	def leave(self, me, **values) -> None:
		with self.as_user(factories.staff(roles.COORDINATOR)):
			departures.leave(me.name, "Phone", **values)

	def test_what_they_told_goes_with_them(self):
		me = factories.participant()
		used, draft = factories.story(me, "In use"), factories.story(me)
		role = factories.ambassador(me)
		occasion = factories.assignment(role, "Accepted")
		self.leave(me)
		self.assertEqual((self.status(used), self.status(draft)), ("Withdrawn", "Withdrawn"))
		self.assertEqual(media.standing(me.name), {})
		self.assertEqual((self.status(role), self.status(occasion)), ("Ended", "Not going ahead"))

	def test_unless_they_let_it_be_used(self):
		me = factories.participant()
		used = factories.story(me, "In use")
		self.leave(me, keep_stories=True)
		self.assertEqual(self.status(used), "In use")

	def test_staff_are_asked_the_same_and_what_they_said_before_counts(self):
		"""Domain 4.4: whoever writes down that somebody leaves asks what becomes of their stories."""
		me = factories.participant()
		used = factories.story(me, "In use")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertEqual(
				departures.to_ask_when_leaving(me.name), {"asks": True, "chosen": departures.TAKE_DOWN}
			)
			departures.leave_for(me.name, "Phone", departures.GO_ON)
			self.assertEqual(self.status(used), "In use")
			departures.come_back(me.name, "Phone")
			self.assertEqual(departures.to_ask_when_leaving(me.name)["chosen"], departures.GO_ON)
			# the plain button asks only how they told us
			desk.take("Involvement Participant", me.name, "Leave", "Phone")
		self.assertEqual((self.status(me), self.status(used)), ("Left", "In use"))

	def test_who_said_nothing_takes_it_along(self):
		me = factories.participant()
		used = factories.story(me, "In use")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			departures.leave_for(me.name, "Phone")
		self.assertEqual(self.status(used), "Withdrawn")

	def test_nobody_is_written_off_without_the_question(self):
		me = factories.participant()
		used, role = factories.story(me, "In use"), factories.ambassador(factories.participant())
		for person in (me.name, role.participant):
			with self.subTest(person), self.as_user(factories.staff(roles.COORDINATOR)):
				doc = frappe.get_doc("Involvement Participant", person)
				doc.update({"status": "Left", "moved_how": "Phone"})
				self.assertRaisesRegex(lifecycle.TransitionError, "asks about it", doc.save)
		self.assertEqual((self.status(used), self.status(role)), ("In use", "Active"))

	def test_the_question_is_for_who_may_change_the_record(self):
		me = factories.participant()
		factories.story(me, "In use")
		for user in (factories.staff(roles.COMMUNICATIONS), *factories.others()):
			with self.subTest(user), self.as_user(user):
				for ask in (departures.to_ask_when_leaving, lambda name: departures.leave_for(name, "Phone")):
					self.assertRaises(frappe.PermissionError, ask, me.name)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			for told_how, told in (("Portal", None), ("", None), ("Phone", "Burn them")):
				self.assertRaises(frappe.ValidationError, departures.leave_for, me.name, told_how, told)

	def test_a_merged_record_takes_its_yes_and_its_stories_along(self):
		kept, old = factories.participant(), factories.participant()
		used = factories.story(old, "In use")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			merging.merge(kept.name, old.name, "They told us on the phone")
		self.assertEqual(set(media.standing(kept.name)), {"Website"})
		self.assertEqual(self.status(used), "In use")


class TestThePageToLeave(TwoPeople):
	HERE = "/take-part/my/leave"

	def test_it_says_what_becomes_of_stories_and_they_choose(self):
		mine = self.signed_in()
		self.assertNotIn("stories", mine.get(self.HERE).text())
		doc = factories.story(self.me, "In use")
		self.refresh()
		page = mine.get(self.HERE)
		self.assertIn("Go on using my stories", page.text())
		self.assertNotIn("keep_stories", page.fields())
		mine.submit(self.HERE, keep_stories="yes")
		self.assertEqual(self.value("Involvement Participant", self.me.name), "Left")
		self.assertEqual(self.value("Participant Story", doc.name), "In use")
		with self.as_user(self.me.user):
			departures.come_back(self.me.name)
		self.refresh()
		self.assertEqual(mine.get(self.HERE).fields().get("keep_stories"), "yes")


class TestReports(IntegrationTestCase):
	def rows(self, report: str, **filters) -> list:
		return [row for row in run(report, filters=filters)["result"] if isinstance(row, dict)]

	def test_they_show_what_the_reader_may_read_and_nobody_else_opens_them(self):
		me = factories.participant(units=(factories.unit(),))
		factories.takedown(me)
		factories.media_consent(me, "Print", days=20)
		doc = factories.assignment(factories.ambassador(me), "Accepted")
		values = {"takes_place_on": today(), "status": "Outcome recorded", "outcome": "Bid won"}
		frappe.db.set_value(doc.doctype, doc.name, values)
		elsewhere = factories.another(roles.COMMUNICATIONS)
		factories.limit(elsewhere, factories.unit())
		for report in REPORTS:
			for user in (factories.staff(roles.COMMUNICATIONS), factories.staff(roles.COORDINATOR)):
				with self.subTest(report, user=user), self.as_user(user):
					self.assertTrue(self.rows(report))
			with self.subTest(report), self.as_user(elsewhere):
				self.assertFalse(
					[row for row in self.rows(report) if row.get("preferred_name") == me.preferred_name]
				)
			for user in (factories.staff(roles.OWNER), factories.staff(roles.FINANCE_OFFICER)):
				with self.subTest(report, user=user), self.as_user(user):
					with self.assertRaises(frappe.PermissionError):
						run(report, filters={})

	def test_what_they_say(self):
		me = factories.participant()
		factories.takedown(me)
		factories.media_consent(me, "Print", days=20)
		factories.media_consent(me, "Website", days=200)
		with self.as_user(factories.staff(roles.COMMUNICATIONS)):
			ends = [
				(row["channel"], row["state"])
				for row in self.rows("Media consents and when they end")
				if row["preferred_name"] == me.preferred_name
			]
			self.assertEqual(ends, [("Print", "Ends soon"), ("Website", "Lasts")])
			(used,) = (
				row
				for row in self.rows("Where stories are used")
				if row["preferred_name"] == me.preferred_name
			)
			self.assertEqual((used["place"], used["to_come_down"]), ("The Gazette", "Yes"))
			self.assertFalse(
				[
					row
					for row in self.rows("Where stories are used", to_date=add_days(today(), -1))
					if row["preferred_name"] == me.preferred_name
				]
			)
