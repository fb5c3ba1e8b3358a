"""What one knows from one's own life, and one's goals."""

import frappe
from werkzeug.datastructures import MultiDict

from involvement_app.involvement_app import own_words
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import TwoPeople

EXPERIENCE, GOALS = "/take-part/my/experience", "/take-part/my/goals"
PROFILE, GOAL = "Lived Experience Profile", "Personal Goal"


class TestOwnWords(TwoPeople):
	@classmethod
	def arrange(cls):
		super().arrange()
		cls.area = factories._master("Lived Experience Area", area_name="Finding a home")
		cls.skill = factories._master("Involvement Skill", skill_name="Listening")

	def setUp(self):
		super().setUp()
		self.visitor = self.signed_in()

	def tearDown(self):
		for doctype in (PROFILE, GOAL):
			frappe.db.delete(doctype, {"participant": ["in", [self.me.name, self.other.name]]})
		self.refresh()
		super().tearDown()

	def send(self, page: str, *ticks, **fields):
		token = self.visitor.get(page).fields()["csrf_token"]
		return self.visitor.post(page, MultiDict([("csrf_token", token), *fields.items(), *ticks]))

	def test_people_say_what_they_know_in_their_own_words(self):
		"""Row 0.11: experience and skills are described by the person, with words to tick beside."""
		page = self.send(
			EXPERIENCE,
			("areas", self.area),
			("areas", "No such area"),
			("skills", self.skill),
			experience="Two years on a friend's sofa",
			skill_words="I stay calm",
			participant=self.other.name,
		)
		self.assertEqual(page.goes_to, f"{EXPERIENCE}?done=saved")
		self.refresh()
		doc = frappe.get_doc(PROFILE, {"participant": self.me.name})
		self.assertEqual((doc.experience, doc.recorded_by), ("Two years on a friend's sofa", None))
		self.assertEqual([row.area for row in doc.areas], [self.area])
		self.assertEqual([row.skill for row in doc.skills], [self.skill])
		page = self.visitor.get(EXPERIENCE)
		self.assertEqual(page.fields()["skill_words"], "I stay calm")
		self.assertFalse(frappe.db.exists(PROFILE, {"participant": self.other.name}))

	def test_too_long_keeps_what_was_typed(self):
		page = self.send(EXPERIENCE, ("areas", self.area), experience="x" * 2001, skill_words="Kept")
		self.assertEqual(page.status, 422)
		self.assertEqual(page.fields()["skill_words"], "Kept")

	def test_a_lead_sees_none_of_it_and_staff_say_how_they_were_told(self):
		"""Row 0.11: for the team that supports the person, not for whoever leads a session."""
		frappe.db.set_value(self.me.doctype, self.me.name, "named_contact", factories.staff(roles.OWNER))
		doc = factories.experience_profile(self.me)
		self.assertEqual((doc.recorded_by, doc.told_how), (factories.staff(roles.COORDINATOR), "Phone"))
		with self.as_user(factories.staff(roles.OWNER)):
			self.assertRaises(frappe.PermissionError, doc.check_permission, "read")
			self.assertRaises(frappe.PermissionError, frappe.get_list, PROFILE)
		doc.experience = "Something else"
		self.assertRaisesRegex(frappe.ValidationError, "How the person told us", doc.save)

	def test_a_goal_is_set_reached_and_taken_away_by_the_person(self):
		"""Row 3.7: people take responsibility in what they want to reach; row 0.7: what they would like to learn."""
		self.send(GOALS, goal="Speak once")
		name = self.goal()
		self.send(GOALS, name=name, what="reached")
		self.assertEqual(self.value(GOAL, name, "reached"), 1)
		self.assertIn("You did it", self.visitor.get(GOALS).text())
		self.send(GOALS, name=name, what="not-yet")
		self.assertEqual(self.value(GOAL, name, "reached"), 0)
		self.send(GOALS, name=name, what="forget")
		self.assertIsNone(self.goal())
		self.assertFalse(frappe.db.exists("Deleted Document", {"deleted_name": name}))

	def goal(self, person=None) -> str | None:
		self.refresh()
		return frappe.db.get_value(GOAL, {"participant": (person or self.me).name})

	def test_an_empty_goal_and_one_too_many_are_refused(self):
		self.assertEqual(self.send(GOALS, goal="").status, 422)
		for _each in range(own_words.MOST_GOALS):
			factories.goal(self.me)
		self.refresh()
		page = self.send(GOALS, goal="One more")
		self.assertEqual(page.status, 422)
		self.assertIn("One more", page.html)

	def test_nobody_reads_or_changes_somebody_elses_goal(self):
		"""Row 0.6: a goal is for the person, not for the organisation: no role reads it."""
		factories.goal(self.other, "Mine alone")
		name = self.goal(self.other)
		for what in ("reached", "forget"):
			self.assertEqual(self.send(GOALS, name=name, what=what).status, 404)
		self.assertEqual(self.value(GOAL, name, "reached"), 0)
		self.assertNotIn("Mine alone", self.visitor.get(GOALS).html)
		for role in (roles.MANAGER, roles.COORDINATOR, roles.DATA_PROTECTION):
			with self.as_user(factories.staff(role)):
				self.assertRaises(frappe.PermissionError, frappe.get_list, GOAL)
				self.assertRaises(frappe.PermissionError, frappe.get_doc(GOAL, name).check_permission, "read")

	def test_words_to_choose_from_are_for_managers_to_keep(self):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			for doctype, field in (
				("Lived Experience Area", "area_name"),
				("Involvement Skill", "skill_name"),
			):
				self.assertRaises(
					frappe.PermissionError, frappe.get_doc({"doctype": doctype, field: "New"}).insert
				)
