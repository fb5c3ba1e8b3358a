"""Colleagues who sat on a panel say how it was, at the desk, under the rules of the portal (rows 0.19, 1.6 and 3.11)."""

from collections import Counter

import frappe

from involvement_app.involvement_app import how_it_was, panels
from involvement_app.involvement_app.doctype.recruitment_panel.test_recruitment_panel import PanelTestCase
from involvement_app.involvement_app.panels import desk
from involvement_app.lifecycle import TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories

FEEDBACK = how_it_was.FEEDBACK


class TestHowItWasForColleagues(PanelTestCase):
	def made_once(self):
		super().made_once()
		self.panel, self.chair = self.chaired_by_staff()
		factories.all_scores(self.panel)
		self.decide(self.panel, self.chair)

	def told(self):
		self.panel = self.step(self.panel, "Tell the members", feedback_words="Somebody starts in May")

	def tell(self, user: str, with_name: int = 0, **answers):
		with self.as_user(user):
			desk.tell(self.panel.name, {"valued": "4", **answers}, with_name)

	def tells(self, user: str) -> bool:
		with self.as_user(user):
			return desk.standing(self.panel.name)["tells"]

	def rows(self):
		return frappe.get_all(FEEDBACK, {"opportunity": self.panel.opportunity}, ["*"])

	def test_the_notice_leads_to_the_place_where_they_say_it(self):
		self.told()
		about = {"template": "Involvement panel thank you", "reference_name": self.panel.name}
		body = frappe.db.get_value("Involvement Message", {**about, "recipient": self.chair}, "body")
		self.assertIn(f"/{self.panel.name}?how_it_was=1", body)
		for person in self.lived(self.panel):
			body = frappe.db.get_value("Involvement Message", {**about, "recipient": person}, "body")
			self.assertIn(f'/take-part/my/panels/{self.panel.name}"', body)

	def test_without_a_name_it_leads_to_nobody(self):
		"""Rows 0.19 and 1.6: nobody finds out who, nor that it was a colleague."""
		self.told()
		versions = Counter(frappe.get_all("Version", pluck="ref_doctype"))
		modified = self.stored(self.panel, "modified")
		self.assertTrue(self.tells(self.chair))
		self.tell(self.chair, what_to_change="Begin later")
		(row,) = self.rows()
		self.assertNotIn(self.chair, str(row))
		self.assertEqual((row.staff, row.preferred_name, row.owner), (None, None, "Administrator"))
		self.assertEqual((row.creation.day, row.creation.hour), (1, 0))
		self.assertEqual(Counter(frappe.get_all("Version", pluck="ref_doctype")), versions)
		self.assertEqual(self.stored(self.panel, "modified"), modified)
		receipts = frappe.get_all(how_it_was.RECEIPT, fields=["*"], order_by="creation desc", limit=0)
		self.assertNotIn(self.chair, str(receipts))
		self.assertFalse(self.tells(self.chair))

	def test_with_a_name_it_is_shown_with_it_once_enough_have_answered(self):
		self.told()
		self.tell(self.chair, 1, what_to_change="More time")
		about = frappe.get_doc(how_it_was.OPPORTUNITY, self.panel.opportunity)
		with self.as_user(about.lead):
			said = how_it_was.said(about.name)
		self.assertEqual((said["held"], said["words"]), (1, []))
		for _each in range(4):
			factories.experience_feedback(about)
		how_it_was._show_if_enough(about.name)
		with self.as_user(about.lead):
			said = how_it_was.said(about.name)
		self.assertIn(
			{"words": "More time", "name": frappe.db.get_value("User", self.chair, "full_name")},
			said["words"],
		)
		self.assertNotIn(self.chair, str(said))

	def test_colleagues_without_a_name_are_in_the_groups_of_everybody(self):
		self.told()
		about = frappe.get_doc(how_it_was.OPPORTUNITY, self.panel.opportunity)
		self.tell(self.chair, what_to_change="Begin later")
		for _each in range(3):
			factories.experience_feedback(about)
		how_it_was._show_if_enough(about.name)
		self.assertFalse(any(row.shown for row in self.rows()))
		factories.experience_feedback(about)
		how_it_was._show_if_enough(about.name)
		self.assertTrue(all(row.shown for row in self.rows()))

	def test_once_and_only_by_a_colleague_who_sat_on_it(self):
		with self.assertRaisesRegex(TransitionError, "once the members have heard"):
			self.tell(self.chair)
		self.told()
		self.assertFalse(self.tells(factories.staff(roles.HR_OFFICER)))
		member = factories.another(factories.PORTAL)
		frappe.db.set_value("Involvement Participant", self.lived(self.panel)[0], "user", member)
		for user in (
			factories.staff(roles.HR_OFFICER),
			factories.staff(roles.COORDINATOR),
			factories.another(roles.PANEL_MEMBER),
			member,
			*factories.others(),
			"Administrator",
			"Guest",
		):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.tell(user)
		self.tell(self.chair)
		with self.assertRaises(how_it_was.SaidAlready):
			self.tell(self.chair, 1)
		self.assertEqual(len(self.rows()), 1)
		self.step(self.panel, "Close")
		self.assertEqual(frappe.db.get_value(panels.PANEL, self.panel.name, "status"), "Closed")

	def test_what_is_out_of_range_or_empty_is_said(self):
		self.told()
		for answers, words in (
			({"valued": "9"}, "from 1 to 5"),
			({"valued": ""}, "Nothing is answered"),
			({"what_to_change": "x" * 2001}, "at most 2000"),
		):
			frappe.db.savepoint("untold")
			with self.subTest(words), self.assertRaisesRegex(frappe.ValidationError, words):
				self.tell(self.chair, **answers)
			frappe.db.rollback(save_point="untold")  # as the request does
		with self.as_user(self.chair), self.assertRaisesRegex(frappe.ValidationError, "cannot be read"):
			desk.tell(self.panel.name, "[1]", 0)
		self.assertEqual(self.rows(), [])
