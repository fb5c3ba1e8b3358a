"""What becomes of stories and ambassadors when somebody leaves or turns out to be somebody we know; and the reports."""

import frappe
from frappe.desk.query_report import run
from frappe.utils import add_days, today

from involvement_app import lifecycle
from involvement_app.involvement_app import departures, media, merging, to_do
from involvement_app.involvement_privacy import consent
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
	"""Their figures and charts, to the number, as read by colleagues of one unit alone."""

	def made_once(self):
		super().made_once()
		self.unit = factories.unit()
		self.me = factories.participant(units=(self.unit,))
		self.reader = self.limited_to(self.unit)

	def limited_to(self, unit: str) -> str:
		user = factories.another(roles.COMMUNICATIONS)
		factories.limit(user, unit)
		return user

	def read(self, report: str, user: str | None = None, **filters) -> tuple[list[dict], dict]:
		with self.as_user(user or self.reader):
			answer = run(report, filters=filters)
		return [row for row in answer["result"] if isinstance(row, dict)], answer["chart"]

	def bars(self, chart: dict) -> tuple[list, dict]:
		data = chart["data"]
		return data["labels"], {each["name"]: list(each["values"]) for each in data["datasets"]}

	def occasion(self, role, kind: str, status: str, outcome: str | None = None, day=None) -> None:
		doc = factories.assignment(role, kind=kind)
		values = {"status": status, "outcome": outcome, "takes_place_on": day or today()}
		frappe.db.set_value(doc.doctype, doc.name, values)

	def test_only_who_works_with_them_opens_them_and_sees_their_own_units(self):
		factories.takedown(self.me)
		factories.media_consent(self.me, "Print", days=20)
		self.occasion(factories.ambassador(self.me), "Bid", "Outcome recorded", "Bid won")
		elsewhere = self.limited_to(factories.unit())
		for report in REPORTS:
			for user in (
				self.reader,
				factories.staff(roles.COMMUNICATIONS),
				factories.staff(roles.COORDINATOR),
			):
				with self.subTest(report, user=user):
					self.assertTrue(self.read(report, user)[0])
			with self.subTest(report, user="elsewhere"):
				rows, chart = self.read(report, elsewhere)
				self.assertEqual((rows, self.bars(chart)[0]), ([], []))
			for user in (factories.staff(roles.OWNER), factories.staff(roles.FINANCE_OFFICER)):
				with self.subTest(report, user=user), self.assertRaises(frappe.PermissionError):
					self.read(report, user)

	def test_what_ambassadors_did_and_what_came_of_it(self):
		"""Row 4.6: by kind; what was only proposed, or lies in another time, is not in it."""
		role = factories.ambassador(self.me)
		self.occasion(role, "Funder meeting", "Outcome recorded", "Bid won")
		self.occasion(role, "Funder meeting", "Debriefed")
		self.occasion(role, "Conference", "Briefed")
		self.occasion(role, "Bid", "Not going ahead")
		self.occasion(role, "Partner", "Proposed")
		self.occasion(role, "Internal", "Outcome recorded", "New partner", add_days(today(), -800))
		rows, chart = self.read("What ambassadors did")
		keys = ("kind", "ahead", "took_place", "not_going_ahead", "outcomes", "to_record")
		self.assertEqual(
			[tuple(row[key] for key in keys) for row in rows],
			[
				("Bid", 0, 0, 1, "", 0),
				("Conference", 1, 0, 0, "", 0),
				("Funder meeting", 0, 2, 0, "Bid won: 1", 1),
			],
		)
		labels, bars = self.bars(chart)
		self.assertEqual(labels, ["Bid", "Conference", "Funder meeting"])
		self.assertEqual(bars, {"Bid won": [0, 0, 1], "Not recorded": [0, 0, 1]})

	def test_where_people_may_be_quoted_and_until_when(self):
		"""Row 1.5: the entry that counts of each channel; what was taken back is not in it."""
		factories.media_consent(self.me, "Print", "X", "Broadcast", days=20)
		factories.media_consent(self.me, "Website", days=20)
		factories.media_consent(self.me, "Website", days=200)
		media.withdraw(self.me.name, ["X"], consent.How("Phone"))
		over = {"participant": self.me.name, "channel": "Broadcast"}
		frappe.db.set_value("Media Consent", over, "until", add_days(today(), -1))
		rows, chart = self.read("Media consents and when they end")
		self.assertEqual(
			[(row["channel"], row["state"]) for row in rows],
			[("Broadcast", "Is over"), ("Print", "Ends soon"), ("Website", "Lasts")],
		)
		labels, bars = self.bars(chart)
		self.assertEqual(labels, ["Broadcast", "Website", "Print"])
		self.assertEqual(bars, {"Lasts": [0, 1, 0], "Ends soon": [0, 0, 1], "Is over": [1, 0, 0]})
		self.assertEqual(
			[row["channel"] for row in self.read("Media consents and when they end", state="Lasts")[0]],
			["Website"],
		)

	def test_where_stories_are_used_and_what_is_to_come_down(self):
		"""Row 1.5."""
		factories.takedown(self.me)
		factories.story(self.me, "In use", uses=({"channel": "Website", "place": "Our news"},))
		rows, chart = self.read("Where stories are used")
		self.assertEqual(
			{(row["place"], row["to_come_down"], bool(row["ended_on"])) for row in rows},
			{("The Gazette", "Yes", True), ("Our news", "", False)},
		)
		labels, bars = self.bars(chart)
		self.assertEqual(labels, ["Local press", "Website"])
		self.assertEqual(bars, {"In use": [0, 1], "Ended": [1, 0]})
		yesterday = add_days(today(), -1)
		self.assertEqual(self.read("Where stories are used", to_date=yesterday)[0], [])


class TestToDo(IntegrationTestCase):
	def test_what_should_be_down_by_now_is_late_for_whom_it_was_given_to(self):
		"""Row 1.5: whoever is to take it down finds it on top of “To do today”, and others find nothing of it."""
		task = factories.takedown(factories.participant())

		def waiting(user: str) -> dict[str, str]:
			with self.as_user(user):
				return {
					row["name"]: row["group"] for row in to_do.rows()["rows"] if row["kind"] == "takedowns"
				}

		self.assertEqual(waiting(task.assigned_user)[task.name], "soon")
		frappe.db.set_value(task.doctype, task.name, "due_on", add_days(today(), -1))
		self.assertEqual(waiting(task.assigned_user)[task.name], "late")
		self.assertNotIn(task.name, waiting(factories.staff(roles.HR_OFFICER)))
		with self.as_user(task.assigned_user):
			doc = frappe.get_doc(task.doctype, task.name)
			lifecycle.apply(doc, "It is down", what_was_done="They took the page away")
		self.assertNotIn(task.name, waiting(task.assigned_user))


class TestThanks(TwoPeople):
	def test_from_their_page_to_the_certificate(self):
		"""Row 4.6: an ambassador finds their certificates, and a letter about what they did, from the page of their role."""
		factories.ambassador(self.me)
		record = factories.training_record(factories.training_course(), self.me)
		self.refresh()
		mine = self.signed_in()
		self.assertIn('href="/take-part/my/training"', mine.get("/take-part/my/ambassador").html)
		page = mine.get("/take-part/my/training")
		at = f"/take-part/my/training/certificates/{record.name}"
		self.assertIn(f'href="{at}"', page.html)
		self.assertIn("A letter about what you did", page.text())
		certificate = mine.get(at)
		self.assertEqual(certificate.status, 200)
		self.assertIn(self.me.preferred_name, certificate.text())
