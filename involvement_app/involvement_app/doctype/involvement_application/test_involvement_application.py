import frappe
from frappe.utils import add_to_date, now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import places
from involvement_app.involvement_app.doctype.involvement_application.involvement_application import (
	AlreadyApplied,
	NotOpen,
)
from involvement_app.lifecycle import TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase


def status(doc) -> str:
	return frappe.db.get_value(doc.doctype, doc.name, "status")


class TestApplying(IntegrationTestCase):
	def test_a_person_applies_for_themself(self):
		"""Row 0.13: the person decides what to take part in."""
		person = factories.participant(portal=True)
		opportunity = factories.opportunity("Published")
		with self.as_user(person.user):
			made = places.apply_for(opportunity.name, person.name, hopes="To learn")
		self.assertEqual((made.status, made.recorded_by, made.unit), ("Applied", None, opportunity.unit))

	def test_one_live_application_per_person_and_opportunity(self):
		person, opportunity = factories.participant(), factories.opportunity("Published")
		factories.application(opportunity, person)
		with self.assertRaises(AlreadyApplied):
			factories.application(opportunity, person)

	def test_the_database_holds_the_one_live_application_too(self):
		person, opportunity = factories.participant(), factories.opportunity("Published")
		made = factories.application(opportunity, person)
		other = factories.application(opportunity, factories.participant())
		with self.assertRaises(Exception) as caught:
			frappe.db.set_value("Involvement Application", other.name, "live_key", made.live_key)
		self.assertTrue(frappe.db.is_duplicate_entry(caught.exception))

	def test_a_person_who_said_no_may_apply_again(self):
		"""Row 0.14: a no costs nothing."""
		person, opportunity = factories.participant(), factories.opportunity("Published")
		made = factories.application(opportunity, person)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.decline(made.name, recorded_how="Phone")
		self.assertEqual(factories.application(opportunity, person).status, "Applied")

	def test_only_a_published_opportunity_takes_applications(self):
		with self.assertRaises(NotOpen):
			factories.application(factories.opportunity("Approved"), factories.participant())

	def test_what_staff_enter_is_recorded_as_entered_for_the_person(self):
		person, opportunity = factories.participant(), factories.opportunity("Published")
		made = factories.application(opportunity, person)
		self.assertEqual((made.recorded_by, made.recorded_how), (factories.staff(roles.COORDINATOR), "Phone"))

	def test_staff_say_how_the_person_told_them(self):
		person, opportunity = factories.participant(), factories.opportunity("Published")
		with (
			self.as_user(factories.staff(roles.COORDINATOR)),
			self.assertRaisesRegex(frappe.ValidationError, "How the person told us"),
		):
			places.apply_for(opportunity.name, person.name)

	def test_a_person_cannot_apply_for_somebody_else(self):
		me, other = factories.participant(portal=True), factories.participant()
		opportunity = factories.opportunity("Published")
		with self.as_user(me.user), self.assertRaises(frappe.PermissionError):
			places.apply_for(opportunity.name, other.name, recorded_how="Phone")


class TestOfferAndAnswer(IntegrationTestCase):
	def test_what_was_offered_is_what_is_promised_whatever_rate_the_opportunity_has_by_then(self):
		opportunity = factories.opportunity("Published")
		offered = factories.offer(opportunity, factories.participant())
		another = factories.rate_rule(amount=5)
		frappe.db.set_value(opportunity.doctype, opportunity.name, "rate_rule", another)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.accept(offered.name, "Full", recorded_how="Phone")
		place = frappe.get_doc("Involvement Engagement", {"application": offered.name})
		self.assertEqual((place.rate_rule, place.rate_amount), (opportunity.rate_rule, 15))

	def test_no_place_is_offered_at_a_rate_that_was_switched_off(self):
		opportunity = factories.opportunity("Published")
		waits = factories.application(opportunity, factories.participant())
		frappe.db.set_value("Payment Rate Rule", opportunity.rate_rule, "status", "Switched off")
		frappe.clear_document_cache("Payment Rate Rule", opportunity.rate_rule)
		with (
			self.as_user(factories.staff(roles.COORDINATOR)),
			self.assertRaisesRegex(places.RateSwitchedOff, "not approved"),
		):
			places.offer(waits.name)
		self.assertEqual(status(waits), "Applied")

	def test_an_offer_says_amount_payment_date_and_reply_by(self):
		opportunity = factories.opportunity("Published")
		made = factories.offer(opportunity, factories.participant())
		self.assertEqual((made.status, made.offered_amount), ("Offered", 30))
		self.assertEqual(made.payment_on, opportunity.payment_on)
		self.assertGreater(made.reply_by, add_to_date(now_datetime(), days=6))
		body = frappe.db.get_value("Involvement Message", {"reference_name": made.name}, "body")
		self.assertIn("£30.00", body)
		self.assertIn("without giving a reason", body)

	def test_a_yes_makes_an_engagement_with_the_promised_terms(self):
		person = factories.participant(portal=True)
		opportunity = factories.opportunity("Published")
		made = factories.offer(opportunity, person)
		with self.as_user(person.user):
			self.assertEqual(places.accept(made.name, "Lower amount", 20), "Accepted")
		engagement = frappe.get_doc("Involvement Engagement", {"application": made.name})
		self.assertEqual(
			(engagement.status, engagement.payment_choice, engagement.chosen_amount, engagement.rate_amount),
			("Confirmed", "Lower amount", 20, 15),
		)
		self.assertEqual(
			frappe.db.get_value("Involvement Opportunity", opportunity.name, "places_confirmed"), 1
		)

	def test_no_thank_you_needs_no_reason_and_keeps_nothing_but_the_state(self):
		"""Row 0.14: the right to say no."""
		person = factories.participant(portal=True)
		made = factories.offer(factories.opportunity("Published"), person)
		with self.as_user(person.user):
			places.decline(made.name)
		self.assertEqual(status(made), "Not going ahead")
		self.assertFalse([df.fieldname for df in made.meta.fields if "reason" in df.fieldname])
		self.assertFalse(frappe.db.exists("Version", {"docname": made.name}))

	def test_nobody_answers_for_another_person(self):
		me, other = factories.participant(portal=True), factories.participant(portal=True)
		made = factories.offer(factories.opportunity("Published"), other)
		for answer in (places.accept, places.decline):
			with self.as_user(me.user), self.assertRaises(frappe.PermissionError):
				answer(made.name)
		self.assertEqual(status(made), "Offered")

	def test_when_places_are_full_a_yes_waits_and_is_told(self):
		first, second = factories.participant(portal=True), factories.participant(portal=True)
		opportunity = factories.opportunity("Published", places=2)
		factories.engagement(opportunity, factories.participant())
		one, two = factories.offer(opportunity, first), factories.offer(opportunity, second)
		with self.as_user(first.user):
			self.assertEqual(places.accept(one.name), "Accepted")
		with self.as_user(second.user):
			self.assertEqual(places.accept(two.name), "Waiting list")
		self.assertEqual(status(two), "Waiting list")
		self.assertFalse(frappe.db.exists("Involvement Engagement", {"application": two.name}))
		self.assertTrue(
			frappe.db.exists(
				"Involvement Message", {"reference_name": two.name, "template": "Involvement place taken"}
			)
		)

	def test_a_stranger_cannot_push_somebody_onto_the_waiting_list(self):
		opportunity = factories.opportunity("Published", places=2)
		me, other = factories.participant(portal=True), factories.participant(portal=True)
		made = factories.offer(opportunity, other)
		for _place in range(2):
			factories.engagement(opportunity, factories.participant())
		with self.as_user(me.user), self.assertRaises(frappe.PermissionError):
			places.accept(made.name)
		self.assertEqual(status(made), "Offered")

	def test_with_criteria_offers_never_exceed_places(self):
		opportunity = factories.opportunity(
			"Published", places=2, selection_mode="Criteria", criteria=[{"criterion": "Likes small groups"}]
		)
		asked = [factories.application(opportunity, factories.participant()) for _person in range(3)]
		for made in asked:
			factories.selection_score(made, 2)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.offer(asked[0].name)
			places.offer(asked[1].name)
			with self.assertRaises(places.NoFreePlace):
				places.offer(asked[2].name)

	def test_a_direct_write_of_accepted_is_refused_with_the_way_to_do_it(self):
		made = factories.offer(factories.opportunity("Published"), factories.participant())
		with (
			self.as_user(factories.staff(roles.COORDINATOR)),
			self.assertRaisesRegex(TransitionError, "button “Accept”"),
		):
			made.status, made.recorded_how = "Accepted", "Phone"
			made.save()

	def test_a_lower_amount_is_above_nothing_and_at_most_the_offer(self):
		person = factories.participant(portal=True)
		made = factories.offer(factories.opportunity("Published"), person)
		for amount in (0, -5, 30.01, None, "a lot"):
			with self.as_user(person.user), self.assertRaises(frappe.ValidationError):
				places.accept(made.name, "Lower amount", amount)
		self.assertEqual(status(made), "Offered")

	def test_an_unanswered_offer_lapses_into_the_same_state_as_a_no(self):
		person = factories.participant(portal=True)
		made = factories.offer(factories.opportunity("Published"), person)
		frappe.db.set_value(
			"Involvement Application", made.name, "reply_by", add_to_date(now_datetime(), minutes=-1)
		)
		with self.as_user(person.user), self.assertRaisesRegex(TransitionError, "was open until"):
			places.accept(made.name)
		places.lapse_offers()
		self.assertEqual(status(made), "Not going ahead")

	def test_not_selected_needs_kind_words_and_sends_them(self):
		made = factories.application(factories.opportunity("Published"), factories.participant())
		with self.as_user(factories.staff(roles.COORDINATOR)):
			with self.assertRaisesRegex(TransitionError, "Message when not selected"):
				lifecycle.apply(made, "Not this time")
			made.reload()
			lifecycle.apply(
				made, "Not this time", kind_words="Others live nearer. The forum in May may suit you."
			)
		body = frappe.db.get_value("Involvement Message", {"reference_name": made.name}, "body")
		self.assertIn("The forum in May", body)


class TestLeaving(IntegrationTestCase):
	def test_leaving_frees_the_place_at_once_and_allows_applying_again(self):
		"""Row 0.14: stopping at any time."""
		person = factories.participant(portal=True)
		opportunity = factories.opportunity("Published")
		engagement = factories.engagement(opportunity, person)
		with self.as_user(person.user):
			places.leave(engagement.name)
			self.assertEqual(places.apply_for(opportunity.name, person.name).status, "Applied")
		self.assertEqual(status(engagement), "Ended early")
		self.assertEqual(
			frappe.db.get_value("Involvement Opportunity", opportunity.name, "places_confirmed"), 0
		)

	def test_nobody_ends_another_persons_place(self):
		me = factories.participant(portal=True)
		engagement = factories.engagement(factories.opportunity("Published"), factories.participant())
		with self.as_user(me.user), self.assertRaises(frappe.PermissionError):
			places.leave(engagement.name)

	def test_a_choice_about_payment_can_change(self):
		person = factories.participant(portal=True)
		engagement = factories.engagement(factories.opportunity("Published"), person)
		with self.as_user(person.user):
			places.change_choice(engagement.name, "Expenses only")
		self.assertEqual(
			frappe.db.get_value("Involvement Engagement", engagement.name, "payment_choice"), "Expenses only"
		)

	def test_nobody_changes_another_persons_choice(self):
		me = factories.participant(portal=True)
		engagement = factories.engagement(factories.opportunity("Published"), factories.participant())
		with self.as_user(me.user), self.assertRaises(frappe.PermissionError):
			places.change_choice(engagement.name, "Decline")


class TestCalledOff(IntegrationTestCase):
	def test_everybody_is_told_and_nothing_stays_open(self):
		opportunity = factories.opportunity("Published", sessions=2)
		taking_part, asking = factories.participant(), factories.participant()
		engagement = factories.engagement(opportunity, taking_part)
		made = factories.application(opportunity, asking)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			lifecycle.apply(frappe.get_doc("Involvement Opportunity", opportunity.name), "Cancel opportunity")
		self.assertEqual((status(made), status(engagement)), ("Not going ahead", "Ended early"))
		self.assertEqual(
			frappe.db.count("Involvement Session", {"opportunity": opportunity.name, "status": "Cancelled"}),
			2,
		)
		told = frappe.get_all(
			"Involvement Message", {"template": "Involvement called off"}, pluck="recipient"
		)
		self.assertLessEqual({taking_part.name, asking.name}, set(told))
