"""From level 5 somebody with lived experience chooses too, on a page of their own, and nobody goes round them."""

import frappe
from frappe.utils import add_days, now_datetime, today

from involvement_app import lifecycle
from involvement_app.involvement_app import departures, places, selection, selectors
from involvement_app.lifecycle import StepNotPermitted
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.tests.portal.visitor import TwoPeople

SELECTOR = "Opportunity Selector"


class SelectorTestCase(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.doc = factories.chosen_by_criteria(level="Engagement", places=2)
		self.one, self.two = (
			factories.application(self.doc, factories.participant(), hopes=f"Hope {n}") for n in range(2)
		)
		self.chooser = factories.participant(portal=True)

	def named(self, **values):
		return factories.opportunity_selector(self.doc, self.chooser, **values)

	def score(self, row, application, *marks):
		with self.as_user(self.chooser.user):
			selectors.score(row.name, application.name, [str(mark) for mark in marks] or None)

	def offer(self, application):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			return places.offer(application.name)

	def told(self, template: str) -> int:
		return frappe.db.count("Involvement Message", {"recipient": self.chooser.name, "template": template})


class TestChoosing(SelectorTestCase):
	def test_nobody_is_offered_a_place_before_the_selectors_scores_are_in(self):
		"""Rows 0.11 and 4.2: an equal say: what staff think decides nothing before."""
		row = self.named()
		for application in (self.one, self.two):
			factories.selection_score(application, 2, 2)
		with self.assertRaisesRegex(selection.NotTheirTurn, "has not scored all of them"):
			self.offer(self.one)
		self.score(row, self.one, 0, 0)
		with self.assertRaisesRegex(selection.NotTheirTurn, "has not scored all of them"):
			self.offer(self.two)
		self.score(row, self.two, 3, 3)
		self.assertEqual(selection.scored(self.doc.name)[self.one.name].mean, 2)  # of 4 and 0
		with self.assertRaisesRegex(selection.NotTheirTurn, f"{self.two.name} was scored higher"):
			self.offer(self.one)
		self.assertEqual(self.offer(self.two).status, "Offered")

	def test_a_score_in_the_portal_is_their_own_act_and_no_staff_read_it(self):
		row = self.named()
		self.score(row, self.one, 1, 3)
		score = frappe.get_doc(selection.SCORE, {"application": self.one.name})
		self.assertEqual(
			(score.selector, score.selector_user, score.recorded_how, score.total),
			(self.chooser.name, self.chooser.user, None, 4),
		)
		for role in (roles.COORDINATOR, roles.MANAGER, roles.OWNER):
			self.assertFalse(frappe.has_permission(doc=score, user=factories.staff(role)))
		self.score(row, self.one, 2, 2)
		self.assertEqual(frappe.db.count(selection.SCORE, {"application": self.one.name}), 1)
		self.score(row, self.one)
		self.assertTrue(frappe.db.get_value(selection.SCORE, score.name, "knows_them"))

	def test_nobody_scores_who_was_not_asked_to(self):
		row = self.named()
		stranger = factories.participant(portal=True)
		elsewhere = factories.application(factories.chosen_by_criteria(), factories.participant())
		for user, application in ((stranger.user, self.one), (self.chooser.user, elsewhere)):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				selectors.score(row.name, application.name, ["1", "1"])
		with self.as_user(self.chooser.user), self.assertRaises(frappe.PermissionError):
			frappe.get_doc(
				{"doctype": selection.SCORE, "application": self.one.name, "selector_kind": "Staff"}
			).insert()
		with self.as_user(self.chooser.user):
			selectors.step_aside(row.name)
			with self.assertRaisesRegex(frappe.ValidationError, "do not choose here"):
				selectors.score(row.name, self.one.name, ["1", "1"])

	def test_a_mark_is_one_of_four_for_each_criterion(self):
		row = self.named()
		for marks in ((3,), (3, 9), (3, "")):
			with self.subTest(marks), self.assertRaises(frappe.ValidationError):
				self.score(row, self.one, *marks)

	def test_who_applied_does_not_choose_and_who_chooses_and_then_applies_chooses_no_longer(self):
		with self.assertRaisesRegex(frappe.ValidationError, "applied themself"):
			factories.opportunity_selector(
				self.doc, frappe.get_doc("Involvement Participant", self.one.participant)
			)
		row = self.named()
		self.score(row, self.one, 0, 0)
		factories.application(self.doc, self.chooser)
		self.assertEqual(frappe.db.get_value(SELECTOR, row.name, "status"), "Not choosing")
		self.assertFalse(frappe.db.exists(selection.SCORE, {"selector": self.chooser.name}))

	def test_only_people_with_lived_experience_who_are_here_once_and_where_it_matters(self):
		for values in ({"is_stakeholder": 1}, {"status": "Left"}):
			with self.subTest(**values), self.assertRaisesRegex(frappe.ValidationError, "Participant"):
				factories.opportunity_selector(self.doc, factories.participant(**values))
		self.named()
		with self.assertRaisesRegex(frappe.ValidationError, "already"):
			self.named()
		with self.assertRaisesRegex(frappe.ValidationError, "not chosen by criteria"):
			factories.opportunity_selector(factories.opportunity("Published"))

	def test_no_needs_no_reason_and_nobody_is_waited_for_then(self):
		"""Row 0.14: no, without a reason, to choosing as well."""
		row = self.named()
		with self.as_user(self.chooser.user):
			selectors.step_aside(row.name)
		self.assertEqual(selection.asked_to_choose(self.doc.name), [])
		again = self.named()
		with self.as_user(factories.staff(roles.OWNER)), self.assertRaises(StepNotPermitted):
			lifecycle.apply(frappe.get_doc(SELECTOR, again.name), "No thank you")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			with self.assertRaisesRegex(frappe.ValidationError, "How the person told us"):
				lifecycle.apply(frappe.get_doc(SELECTOR, again.name), "No thank you")
			departures.leave(self.chooser.name, "Phone")
		self.assertEqual(frappe.db.get_value(SELECTOR, again.name, "status"), "Not choosing")

	def test_who_scored_some_and_then_says_no_holds_nothing_up(self):
		"""Row 0.14: their no keeps nobody from a place, and what they scored does not count any more."""
		row = self.named()
		other = factories.participant(used_services=1)
		second = factories.opportunity_selector(self.doc, other)
		for application in (self.one, self.two):
			factories.selection_score(
				application,
				1,
				1,
				selector_kind=selection.LIVED_EXPERIENCE,
				selector=other.name,
				recorded_how="In person",
			)
		self.assertEqual(second.status, "Asked")
		self.score(row, self.one, 3, 3)
		with self.as_user(self.chooser.user):
			selectors.step_aside(row.name)
		self.assertEqual(selection.scored(self.doc.name)[self.one.name].mean, 2)
		self.assertEqual(self.offer(self.one).status, "Offered")
		again = self.named()  # asked again, they choose again
		self.assertEqual((again.status, len(selection.asked_to_choose(self.doc.name))), ("Asked", 2))

	def test_they_hear_that_scores_are_wanted_and_once_more(self):
		row = self.named()
		self.assertEqual(self.told("Involvement scores wanted"), 1)
		selectors.remind()
		self.assertEqual(self.told("Involvement scores reminder"), 0)
		frappe.db.set_value(SELECTOR, row.name, "wanted_on", add_days(now_datetime(), -4))
		selectors.remind()
		selectors.remind()
		self.assertEqual(self.told("Involvement scores reminder"), 1)
		for application in (self.one, self.two):
			self.score(row, application, 1, 1)
		selectors.remind()
		self.assertEqual(self.told("Involvement scores wanted"), 1)
		# somebody applies later: they are told anew once nobody else can
		factories.application(self.doc, factories.participant())
		frappe.db.set_value(self.doc.doctype, self.doc.name, "apply_by", add_days(today(), -1))
		selectors.remind()
		self.assertEqual(self.told("Involvement scores wanted"), 2)

	def test_staff_see_how_many_are_in_and_neither_names_nor_scores(self):
		row = self.named()
		with self.as_user(self.doc.lead):
			before = selectors.how_far(self.doc.name)
		self.assertEqual((before["selectors"], before["done"], before["waiting"]), (1, 0, 2))
		self.assertTrue(before["needed"])
		for application in (self.one, self.two):
			self.score(row, application, 1, 1)
		with self.as_user(self.doc.lead):
			after = selectors.how_far(self.doc.name)
		self.assertEqual(after["done"], 1)
		self.assertNotIn(self.chooser.preferred_name, str(after))
		for user in (factories.user("Sales User"), self.chooser.user, "Guest"):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				selectors.how_far(self.doc.name)

	def test_a_coordinator_of_other_units_and_a_lead_do_not_see_who(self):
		row = self.named()
		limited = factories.another(roles.COORDINATOR)
		factories.limit(limited, factories.unit())
		for user, sees in (
			(factories.staff(roles.COORDINATOR), True),
			(factories.staff(roles.MANAGER), True),
			(limited, False),
			(self.chooser.user, False),
			*((user, False) for user in factories.others()),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(frappe.has_permission(SELECTOR, "read", row.name), sees)
				try:
					listed = row.name in frappe.get_list(SELECTOR, pluck="name", limit=0)
				except frappe.PermissionError:
					listed = False
				self.assertEqual(listed, sees)


class TestSelectorsPage(TwoPeople):
	def setUp(self):
		super().setUp()
		doc = factories.chosen_by_criteria(
			level="Engagement", title=f"Choose {frappe.generate_hash(length=6)}"
		)
		self.applicant = factories.participant(preferred_name="Zebedee Quill")
		self.application = factories.application(
			doc, self.applicant, hopes="I ran a <b>garden</b>", access_needs="A quiet room"
		)
		self.at = f"/take-part/my/choosing/{factories.opportunity_selector(doc, self.me).name}"
		self.one = f"{self.at}/{self.application.name}"
		self.refresh()

	def test_they_read_what_was_written_without_a_name_and_score_it(self):
		"""Row 4.2: with lived experience one chooses too, in the portal; what was typed stays."""
		visitor = self.signed_in()
		self.assertIn(self.at, visitor.get("/take-part/my").html)
		self.assertIn(self.one, visitor.get(self.at).html)
		page = visitor.get(self.one)
		self.assertIn("I ran a <b>garden</b>", page.text())
		for word in ("Zebedee", self.applicant.name, "A quiet room"):
			self.assertNotIn(word, page.html + visitor.get(self.at).html)
		missed = visitor.post(self.one, {**page.fields(), "mark_1": "3"})
		self.assertEqual(missed.status, 422)
		self.assertIn("Choose an answer for: Knows our hub", missed.text())
		kept = [e for e in missed.all("input") if e.get("name") == "mark_1" and e.get("checked") is not None]
		self.assertEqual([e.get("value") for e in kept], ["3"])
		wrong = visitor.post(self.one, {**page.fields(), "mark_1": "3", "mark_2": "77"})
		self.assertEqual(wrong.status, 422)
		done = visitor.submit(self.one, mark_1="3", mark_2="1")
		self.assertEqual(done.goes_to, f"{self.at}?done=scored")
		self.refresh()
		score = frappe.get_doc(selection.SCORE, {"application": self.application.name})
		self.assertEqual([row.score for row in score.scores], ["3", "1"])
		self.assertIn("scored all of them", visitor.get(self.at).text())
		# left out afterwards, without a reason
		visitor.submit(self.one, left_out="yes")
		self.assertIn("You left this one out", visitor.get(self.at).text())

	def test_it_is_nobody_elses_and_no_thank_you_needs_no_reason(self):
		"""Row 0.14: no, without a reason."""
		stranger, visitor = self.signed_in(self.other), self.signed_in()
		for path in (self.at, self.one, f"{self.at}/no-thank-you", f"{self.at}/IA-99999"):
			self.assertEqual(stranger.get(path).status, 404)
		self.assertEqual(visitor.get(f"{self.at}/IA-99999").status, 404)
		done = visitor.submit(f"{self.at}/no-thank-you")
		self.assertEqual(done.goes_to, "/take-part/my?done=not-choosing")
		self.assertEqual(self.value(SELECTOR, self.at.rpartition("/")[2]), "Not choosing")
		self.assertEqual(visitor.get(self.one).status, 404)
		self.assertIn("You do not choose here", visitor.get(self.at).text())
