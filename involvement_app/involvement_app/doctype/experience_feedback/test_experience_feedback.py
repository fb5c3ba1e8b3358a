"""How it was: with a name or without, once, traced to nobody, and read by nobody before five have answered.
Experience Feedback Receipt says that somebody has answered, and neither who nor what."""

from collections import Counter

import frappe

from involvement_app.involvement_app import how_it_was
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.tests.portal.visitor import TwoPeople

FEEDBACK, RECEIPT = how_it_was.FEEDBACK, how_it_was.RECEIPT


class TestHowItWas(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.doc = factories.opportunity("Published", places=20)
		self.people = [factories.participant(portal=True) for _each in range(2)]
		self.places = [factories.engagement(self.doc, person) for person in self.people]
		factories.held_session(self.doc)

	def tell(self, number: int, with_name: bool = False, **values):
		with self.as_user(self.people[number].user):
			how_it_was.tell(self.places[number].name, {"valued": "5", **values}, with_name)

	def said(self, user: str | None = None) -> dict:
		with self.as_user(user or self.doc.lead):
			return how_it_was.said(self.doc.name)

	def rows(self):
		return frappe.get_all(FEEDBACK, {"opportunity": self.doc.name}, ["*"], order_by="name")

	def more(self, many: int, **values):
		for number in range(many):
			factories.experience_feedback(self.doc, what_to_change=f"Unnamed {number}", **values)

	def test_what_is_said_without_a_name_leads_to_nobody(self):
		"""Rows 0.19 and 1.6: people say how it was in the words of the seed, and nobody finds out who."""
		before = Counter(frappe.get_all("Version", pluck="ref_doctype"))
		self.tell(0, what_to_change="Begin later", listened_to="2", access_met="Partly")
		(row,) = self.rows()
		person = self.people[0]
		text = str(row)
		for word in (person.name, person.user, person.preferred_name, self.places[0].name):
			self.assertNotIn(word, text)
		self.assertEqual((row.owner, row.modified_by), ("Administrator", "Administrator"))
		self.assertEqual((row.creation.day, row.creation.hour, row.creation.microsecond), (1, 0, 0))
		self.assertEqual(row.creation, row.modified)
		(receipt,) = frappe.get_all(RECEIPT, {"once_key": how_it_was.receipt(self.places[0].name)}, ["*"])
		self.assertEqual((receipt.owner, receipt.creation), ("Administrator", row.creation))
		self.assertNotIn(row.name, str(receipt))
		self.assertEqual(Counter(frappe.get_all("Version", pluck="ref_doctype")), before)
		for log in ("Comment", "Activity Log"):
			self.assertFalse(
				frappe.get_all(log, {"reference_doctype": ["in", [FEEDBACK, RECEIPT]]}), "no trail beside it"
			)
		place = frappe.get_doc("Involvement Engagement", self.places[0].name)
		self.assertEqual(place.modified, self.places[0].modified, "their place does not say so either")

	def test_the_names_of_rows_tell_no_order(self):
		made = []
		for number in range(12):
			made.append(factories.experience_feedback(self.doc, what_to_change=str(number)).name)
		self.assertNotEqual(made, sorted(made))
		self.assertEqual({len(name) for name in made}, {20})
		self.assertEqual(len({row.creation for row in self.rows()}), 1)

	def test_once_for_each_thing_and_only_of_ones_own(self):
		self.tell(0)
		with self.assertRaises(how_it_was.SaidAlready):
			self.tell(0, with_name=True)
		self.assertEqual(len(self.rows()), 1)
		with self.as_user(self.people[1].user), self.assertRaises(frappe.PermissionError):
			how_it_was.tell(self.places[0].name, {"valued": "1"}, False)
		for user in (self.doc.lead, factories.staff(roles.MANAGER), "Guest"):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				how_it_was.tell(self.places[1].name, {"valued": "1"}, False)
		coming = factories.engagement(factories.opportunity("Published", days_ahead=90), self.people[1])
		with self.as_user(self.people[1].user), self.assertRaisesRegex(frappe.ValidationError, "after you"):
			how_it_was.tell(coming.name, {"valued": "1"}, False)

	def test_a_lead_sees_how_many_are_held_back_and_nothing_of_them_before_five(self):
		self.more(4)
		said = self.said()
		self.assertEqual((said["count"], said["held"], said["enough"]), (4, 4, 5))
		self.assertEqual((said["items"], said["words"], said["access"]), ([], [], ""))
		self.assertNotIn("Unnamed", str(said))
		self.tell(0, what_to_change="The fifth")
		said = self.said()
		self.assertEqual((said["count"], said["held"]), (5, 0))
		self.assertEqual(len(said["words"]), 5)
		self.assertEqual(said["items"][0]["mean"], 4.2)
		self.assertIsNone(said["items"][1]["mean"], "a question that fewer than five answered")

	def test_who_comes_after_is_not_found_by_looking_again(self):
		self.more(4)
		self.tell(0)
		self.tell(1, what_to_change="The sixth")
		said = self.said()
		self.assertEqual((said["count"], said["held"]), (6, 1))
		self.assertNotIn("The sixth", str(said))

	def test_the_one_without_a_name_is_not_found_by_counting_off_the_others(self):
		for _each in range(4):
			factories.experience_feedback(self.doc, factories.participant(), what_to_change="Named")
		self.tell(0, what_to_change="Without a name")
		said = self.said()
		self.assertEqual((len(said["words"]), said["held"]), (4, 1))
		self.assertNotIn("Without a name", str(said))

	def test_five_is_the_least_whatever_the_settings_say(self):
		for value, least in ((2, 5), (8, 8)):
			frappe.db.set_single_value("Involvement Settings", "experience_threshold", value)
			frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
			self.assertEqual(how_it_was.threshold(), least)
		frappe.db.set_single_value("Involvement Settings", "experience_threshold", 5)
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")

	def test_nobody_reads_rows_and_only_those_who_run_it_see_them_together(self):
		self.more(5)
		self.tell(0, with_name=True, what_to_change="Mine")
		limited = factories.another(roles.COORDINATOR)
		factories.limit(limited, factories.unit())
		for user in (
			limited,
			factories.another(roles.OWNER),
			factories.staff(roles.FINANCE_OFFICER),
			factories.user("Sales User"),
			self.people[0].user,
			"Guest",
		):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.said(user)
		for user in (self.doc.lead, factories.staff(roles.COORDINATOR), factories.staff(roles.MANAGER)):
			self.assertIn("Mine", str(self.said(user)))
			for doctype in (FEEDBACK, RECEIPT):
				with self.subTest(f"{user} {doctype}"), self.as_user(user):
					self.assertFalse(frappe.has_permission(doctype, "read"))
					self.assertRaises(frappe.PermissionError, frappe.get_list, doctype)
					self.assertRaises(frappe.PermissionError, frappe.new_doc(doctype).insert)

	def test_what_is_written_is_of_this_world(self):
		for values in ({"valued": "9"}, {"valued": None}, {"what_to_change": "x" * 2001}):
			with self.subTest(str(values)[:30]), self.assertRaises(frappe.ValidationError):
				factories.experience_feedback(self.doc, **values)


class TestHowItWasPage(TwoPeople):
	def setUp(self):
		super().setUp()
		self.doc = factories.opportunity("Published", title=f"Told {frappe.generate_hash(length=6)}")
		self.place = factories.engagement(self.doc, self.me)
		self.at = f"/take-part/my/places/{self.place.name}/how-it-was"
		self.refresh()

	def held(self):
		factories.held_session(self.doc)
		self.refresh()

	def test_they_say_how_it_was_and_what_was_typed_stays(self):
		"""Row 1.6: valued, listened to, influenced: asked in these words, answered in the portal."""
		visitor = self.signed_in()
		self.assertIn("nothing to tell yet", visitor.get(self.at).text())
		self.held()
		for page in ("/take-part/my/feedback", f"/take-part/my/places/{self.place.name}"):
			self.assertIn(self.at, visitor.get(page).html)
		page = visitor.get(self.at)
		for question in ("feel valued", "listened to", "influence what was decided", "part of a team"):
			self.assertIn(question, page.text())
		missed = visitor.post(self.at, {**page.fields(), "what_to_change": "Begin <b>later</b>"})
		self.assertEqual(missed.status, 422)
		self.assertIn("Choose whether we may know", missed.text())
		self.assertIn("Begin <b>later</b>", missed.fields()["what_to_change"])
		empty = visitor.post(self.at, {**page.fields(), "with_name": "without"})
		self.assertIn("Answer one of the questions", empty.text())
		done = visitor.submit(self.at, what_to_change="Begin later", valued="4", with_name="without")
		self.assertEqual(done.goes_to, self.at)
		self.assertIn("You have told us how it was", visitor.get(self.at).text())
		self.refresh()
		(row,) = frappe.get_all(FEEDBACK, {"opportunity": self.doc.name}, ["*"])
		self.assertEqual((row.valued, row.what_to_change, row.participant), ("4", "Begin later", None))
		own = visitor.get("/take-part/my/feedback")
		self.assertNotIn(self.at, own.html)
		self.assertNotIn("Begin later", own.text())

	def test_what_is_said_with_a_name_stands_on_their_page(self):
		"""Row 0.19: feedback given and received stand on one page."""
		self.held()
		visitor = self.signed_in()
		visitor.submit(self.at, what_to_change="Ask <i>me</i> again", with_name="with")
		self.refresh()
		self.assertIn("Ask <i>me</i> again", visitor.get("/take-part/my/feedback").text())
		self.assertEqual(
			frappe.db.get_value(FEEDBACK, {"opportunity": self.doc.name}, "participant"), self.me.name
		)

	def test_it_is_nobody_elses(self):
		self.held()
		stranger = self.signed_in(self.other)
		self.assertEqual(stranger.get(self.at).status, 404)
		token = {"csrf_token": stranger.get("/take-part/my/details").fields()["csrf_token"]}
		self.assertEqual(stranger.post(self.at, {**token, "valued": "1", "with_name": "with"}).status, 404)
		self.refresh()
		self.assertFalse(frappe.db.exists(FEEDBACK, {"opportunity": self.doc.name}))
