"""Who is offered a place where people are chosen by criteria; what becomes of the scores."""

import frappe

from involvement_app import lifecycle
from involvement_app.involvement_app import places, selection
from involvement_app.involvement_app.participants import forget_known
from involvement_app.lifecycle import TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

NEEDS = [{"criterion": "Likes small groups"}, {"criterion": "Knows our hub"}]


class TestSelectionScore(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.doc = factories.opportunity("Published", selection_mode="Criteria", criteria=NEEDS, places=2)
		self.one, self.two = (
			factories.application(self.doc, factories.participant()) for _person in range(2)
		)

	def offer(self, application):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			return places.offer(application.name)

	def lived(self, application, *scores, **values):
		self.chooser = getattr(self, "chooser", None) or factories.participant(used_services=1)
		kind = {
			"selector_kind": "Lived experience",
			"selector": self.chooser.name,
			"recorded_how": "In person",
		}
		return factories.selection_score(application, *scores, **{**kind, **values})

	def status(self, application) -> str:
		return frappe.db.get_value("Involvement Application", application.name, "status")

	def test_places_go_by_score_and_every_score_weighs_the_same(self):
		"""Row 0.11: an equal say: of two selectors neither weighs more."""
		with self.assertRaisesRegex(selection.NotTheirTurn, "Nobody has scored"):
			self.offer(self.one)
		factories.selection_score(self.one, 3, 3)
		with self.assertRaisesRegex(selection.NotTheirTurn, self.two.name):
			self.offer(self.one)
		factories.selection_score(self.two, 1, 1)
		self.lived(self.one, 0, 0)
		self.lived(self.two, 3, 3)
		found = selection.scored(self.doc.name)
		self.assertEqual([found[each.name].mean for each in (self.one, self.two)], [3, 4])
		with self.assertRaisesRegex(selection.NotTheirTurn, f"{self.two.name} was scored higher"):
			self.offer(self.one)
		self.offer(self.two)
		self.offer(self.one)

	def test_from_engagement_up_somebody_with_lived_experience_chooses_too(self):
		"""Row 4.2: staff alone do not say who takes part."""
		frappe.db.set_value(self.doc.doctype, self.doc.name, "level", "Engagement")
		for application in (self.one, self.two):
			factories.selection_score(application, 2, 2)
		with self.assertRaisesRegex(selection.NotTheirTurn, "lived experience chooses too"):
			self.offer(self.one)
		self.lived(self.one, 2, 2)
		self.lived(self.two, knows_them=1)
		self.offer(self.one)

	def test_who_applied_does_not_choose_and_nobody_counts_twice(self):
		coordinator = factories.staff(roles.COORDINATOR)
		own = factories.participant(used_services=1)
		frappe.db.set_value(own.doctype, own.name, "user", coordinator)
		forget_known()
		factories.selection_score(self.one, 2, 2)
		self.chooser = own
		with self.assertRaisesRegex(frappe.ValidationError, "scored this application already"):
			self.lived(self.one, 3, 3)
		factories.application(self.doc, own)
		with self.assertRaisesRegex(frappe.ValidationError, "You applied for this yourself"):
			factories.selection_score(self.two, 0, 0)
		mine = frappe.get_doc(selection.SCORE, {"application": self.one.name})
		self.assertFalse(frappe.has_permission(doc=mine, user=factories.staff(roles.MANAGER)))
		frappe.db.set_value(own.doctype, own.name, "user", None)
		forget_known()

	def test_a_score_is_ones_own_and_of_what_was_published(self):
		for values, words in (
			({"scores": [{"criterion": "Looks nice", "score": "3"}]}, "one row for each essential"),
			({"selector_kind": "Lived experience"}, "choose who scores"),
			(
				{"selector_kind": "Lived experience", "selector": factories.participant().name},
				"How the person",
			),
			(
				{
					"selector_kind": "Lived experience",
					"selector": self.two.participant,
					"recorded_how": "Phone",
				},
				"applied themself",
			),
		):
			with self.subTest(words), self.assertRaisesRegex(frappe.ValidationError, words):
				factories.selection_score(self.one, 1, 1, **values)
		score = factories.selection_score(self.one, 2, 3)
		self.assertEqual(score.total, 5)
		with self.assertRaisesRegex(frappe.ValidationError, "already"):
			factories.selection_score(self.one, 1, 1)
		with self.as_user(factories.another(roles.COORDINATOR)):
			read = frappe.get_doc(score.doctype, score.name)
			read.scores[0].score = "0"
			self.assertRaises(frappe.PermissionError, read.save)

	def test_who_says_no_leaves_no_score_and_what_is_over_keeps_none(self):
		for application in (self.one, self.two):
			factories.selection_score(application, 2, 2)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.decline(self.one.name, "Phone")
		left = {"opportunity": self.doc.name}
		self.assertEqual(frappe.get_all(selection.SCORE, left, pluck="application"), [self.two.name])
		frappe.db.set_value(self.doc.doctype, self.doc.name, "status", "Completed")
		selection.forget_old()
		self.assertFalse(frappe.db.exists(selection.SCORE, left))

	def test_a_freed_place_is_offered_on_by_score(self):
		scores = {self.one.name: (1, 1), self.two.name: (3, 3)}
		for application in (self.one, self.two):
			factories.selection_score(application, *scores[application.name])
			with self.as_user(factories.staff(roles.COORDINATOR)):
				lifecycle.apply(
					frappe.get_doc(application.doctype, application.name), "Put on the waiting list"
				)
		frappe.db.set_value(self.doc.doctype, self.doc.name, "places_confirmed", 1)
		places.offer_on()
		self.assertEqual([self.status(self.one), self.status(self.two)], ["Waiting list", "Offered"])

	def test_criteria_have_to_be_there(self):
		doc = factories.opportunity(selection_mode="Criteria")
		with (
			self.as_user(doc.lead),
			self.assertRaisesRegex(TransitionError, "at least one that is essential"),
		):
			lifecycle.apply(doc, "Submit for approval")

	def test_those_who_see_applications_see_it_and_nobody_else(self):
		score = factories.selection_score(self.one, 2, 2)
		limited = factories.another(roles.COORDINATOR)
		factories.limit(limited, factories.unit())
		for user, sees in (
			(factories.staff(roles.COORDINATOR), True),
			(limited, False),
			*((user, False) for user in factories.others()),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(frappe.has_permission(score.doctype, "read", score.name), sees)
				try:
					listed = score.name in frappe.get_list(score.doctype, pluck="name", limit=0)
				except frappe.PermissionError:
					listed = False
				self.assertEqual(listed, sees)


class TestWaitingAndNotThisTime(IntegrationTestCase):
	def applied(self, doc, *steps):
		made = factories.application(doc, factories.participant())
		for step in steps:
			with self.as_user(factories.staff(roles.COORDINATOR)):
				lifecycle.apply(frappe.get_doc(made.doctype, made.name), step)
		return made

	def test_nobody_jumps_the_waiting_list(self):
		doc = factories.opportunity("Published")
		first, second = (self.applied(doc, "Put on the waiting list") for _person in range(2))
		comer = self.applied(doc)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			for late in (second, comer):
				with self.assertRaisesRegex(selection.NotTheirTurn, first.name):
					places.offer(late.name)
			for application in (first, second, comer):
				places.offer(application.name)

	def test_where_everybody_takes_part_nobody_waits_or_is_turned_away(self):
		made = self.applied(factories.opportunity("Published", selection_mode="Everyone", places=2))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			for step, values in (("Put on the waiting list", {}), ("Not this time", {"kind_words": "Sorry"})):
				with self.assertRaisesRegex(TransitionError, "Everybody who asks"):
					lifecycle.apply(frappe.get_doc(made.doctype, made.name), step, **values)

	def test_not_this_time_names_what_else_there_is(self):
		"""Row 0.15: a no is kind, and names other ways in."""
		other, hidden = (
			factories.opportunity(
				"Published", title=f"Title {n} {frappe.generate_hash(length=8)}", visibility=v
			)
			for n, v in enumerate(("Registered", "Invited"))
		)
		frappe.db.set_value(other.doctype, other.name, "apply_by", frappe.utils.today())
		made = self.applied(factories.opportunity("Published"))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			read = frappe.get_doc(made.doctype, made.name)
			lifecycle.apply(read, "Not this time", kind_words="Others live nearer")
		told = {"template": "Involvement not this time", "reference_name": made.name}
		body = frappe.db.get_value("Involvement Message", told, "body")
		self.assertIn(other.title, body)
		self.assertNotIn(hidden.title, body)
		self.assertNotIn(frappe.db.get_value(other.doctype, made.opportunity, "title") + "</a>", body)

	def test_a_lapsed_offer_says_so_kindly_and_goes_to_who_waits(self):
		doc = factories.opportunity("Published")
		late = factories.offer(doc, factories.participant())
		waiting = self.applied(doc, "Put on the waiting list")
		frappe.db.set_value(
			late.doctype, late.name, "reply_by", frappe.utils.add_days(frappe.utils.now_datetime(), -1)
		)
		places.lapse_offers()
		places.offer_on()
		states = [frappe.db.get_value(late.doctype, each.name, "status") for each in (late, waiting)]
		self.assertEqual(states, ["Not going ahead", "Offered"])
		told = {"template": "Involvement offer over", "reference_name": late.name}
		self.assertIn("no mark", frappe.db.get_value("Involvement Message", told, "body"))

	def test_no_place_is_offered_when_no_date_is_left(self):
		doc = factories.opportunity("Published")
		made = self.applied(doc, "Put on the waiting list")
		frappe.db.set_value("Involvement Session", {"opportunity": doc.name}, "status", "Cancelled")
		with self.as_user(factories.staff(roles.COORDINATOR)), self.assertRaises(places.NoDateLeft):
			places.offer(made.name)
		places.offer_on()
		self.assertEqual(frappe.db.get_value(made.doctype, made.name, "status"), "Waiting list")
