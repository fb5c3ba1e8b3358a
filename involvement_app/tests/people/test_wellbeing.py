"""A plan for a hard day: open to those who are beside somebody while it matters, and to nobody else."""

import frappe
from frappe.utils import add_to_date, now_datetime

from involvement_app.involvement_app import consents, wellbeing
from involvement_app.involvement_privacy import consent
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

PLAN = "Wellbeing Support Plan"
SECRET = "Ten minutes outside"


class TestWellbeingPlan(IntegrationTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.contact, cls.lead = factories.staff(roles.COORDINATOR), factories.user(roles.OWNER)
		cls.person = factories.participant(portal=True, named_contact=cls.contact)
		cls.place = factories.engagement(factories.opportunity("Published", author=cls.lead), cls.person)
		cls.session = frappe.get_value("Involvement Session", {"opportunity": cls.place.opportunity})

	def set_session(self, begins: float, ends: float, **values) -> None:
		"""Hours from now."""
		when = {
			"starts_on": add_to_date(now_datetime(), hours=begins),
			"ends_on": add_to_date(now_datetime(), hours=ends),
		}
		frappe.db.set_value("Involvement Session", self.session, {**when, "status": "Planned", **values})

	def read(self, user: str) -> dict:
		with self.as_user(user):
			return wellbeing.read(self.person.name, "Getting ready for Thursday")

	def agree(self) -> None:
		consent.give((self.person.doctype, self.person.name), consents.WELLBEING, consent.How("Phone"))

	def test_it_is_open_around_a_session_and_at_no_other_time(self):
		"""Domain 4.2: the named contact and the lead read it from the day before until the day after, and it is kept
		that they did; the lead of something else never."""
		factories.wellbeing_plan(self.person, what_helps=SECRET)
		stranger = factories.another(roles.OWNER)
		for words, times, values, expected in (
			("far ahead", (25, 27), {}, False),
			("tomorrow", (23, 25), {}, True),
			("now", (-1, 1), {}, True),
			("yesterday", (-25, -23), {"status": "Held"}, True),
			("long ago", (-27, -25), {"status": "Held"}, False),
			("called off", (-1, 1), {"status": "Cancelled"}, False),
		):
			self.set_session(*times, **values)
			for user in (self.contact, self.lead, stranger):
				with self.subTest(f"{words}: {user}"):
					shown = SECRET in str(self.read(user))
					self.assertEqual(shown, expected and user != stranger)
		kept = frappe.get_all("Sensitive Access Log", {"person": self.person.name}, pluck="outcome")
		self.assertEqual((kept.count("Read"), kept.count("Refused")), (6, 12))

	def test_whoever_gave_up_their_place_is_not_read_about(self):
		factories.wellbeing_plan(self.person, what_helps=SECRET)
		self.set_session(-1, 1)
		frappe.db.set_value("Involvement Engagement", self.place.name, "status", "Ended early")
		self.assertNotIn(SECRET, str(self.read(self.lead)))

	def test_who_is_beside_them_learns_that_there_is_none(self):
		self.set_session(-1, 1)
		self.assertIn("none", self.read(self.contact))
		answer = self.read(factories.staff(roles.MANAGER))
		self.assertEqual(sorted(answer), ["refused", "when"])
		self.assertEqual(answer["refused"], self.other_refusal())

	def other_refusal(self) -> str:
		factories.wellbeing_plan(self.person)
		return self.read(factories.staff(roles.MANAGER))["refused"]

	def test_staff_write_down_what_they_are_told_without_seeing_the_rest(self):
		"""Domain 4.2: entered for the person, by whom and how; what they did not mention stays."""
		self.agree()
		factories.wellbeing_plan(self.person, what_helps=SECRET, please_do="Ask me")
		with self.as_user(self.contact):
			answer = wellbeing.write_for(self.person.name, {"please_do": "Give me time"}, "Phone")
		self.assertIsNone(answer)
		fields = ["what_helps", "please_do", "recorded_by", "told_how"]
		now = frappe.db.get_value(PLAN, {"participant": self.person.name}, fields)
		self.assertEqual(now, (SECRET, "Give me time", self.contact, "Phone"))

	def test_what_is_not_written_for_them(self):
		told = {"please_do": "Give me time"}
		with self.as_user(self.contact):
			self.assertRaises(consents.NotAgreed, wellbeing.write_for, self.person.name, told, "Phone")
		self.agree()
		with self.as_user(self.contact):
			for values, how in (({}, "Phone"), ({"please_do": "  "}, "Phone"), (told, "")):
				with self.subTest(f"{values} {how}"), self.assertRaises(frappe.ValidationError):
					wellbeing.write_for(self.person.name, values, how)
		for user in (self.lead, factories.staff(roles.FINANCE_OFFICER), self.person.user, "Guest"):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				wellbeing.write_for(self.person.name, told, "Phone")
		self.assertFalse(frappe.db.exists(PLAN, {"participant": self.person.name}))

	def test_after_a_no_nobody_writes_it_again(self):
		consent.record(
			(self.person.doctype, self.person.name), {consents.WELLBEING: "Refused"}, consent.How("Phone")
		)
		self.assertRaises(consents.NotAgreed, factories.wellbeing_plan, self.person)

	def test_none_is_kept_of_who_has_left(self):
		self.agree()
		frappe.db.set_value(self.person.doctype, self.person.name, "status", "Left")
		with self.as_user(self.contact), self.assertRaisesRegex(frappe.ValidationError, "who takes part"):
			wellbeing.write_for(self.person.name, {"please_do": "Wait"}, "Phone")
