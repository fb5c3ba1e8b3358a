from datetime import date

import frappe
from frappe.utils import add_to_date, now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import opportunities, promises
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.working_days import closed, working_days_between


def gate(doc, code):
	return next(row for row in doc.gates if row.gate == code)


class TestOpportunityGates(IntegrationTestCase):
	def test_g1_says_what_is_missing(self):
		doc = factories.opportunity(what_can_change="")
		self.assertEqual(gate(doc, "G1").result, "Fail")
		self.assertEqual(gate(doc, "G1").value, "2 of 3 answered")
		self.assertIn("What you can influence", gate(doc, "G1").how_to_fix)

	def test_g3_counts_working_days_to_the_first_date(self):
		"""Row 0.10: more advance planning: short notice fails the checklist."""
		self.assertEqual(gate(factories.opportunity(days_ahead=28), "G3").result, "Pass")
		short = gate(factories.opportunity(days_ahead=7), "G3")
		self.assertEqual((short.result, short.value), ("Fail", "5 working days"))

	def test_g4_compares_the_budget_with_places_hours_and_expenses(self):
		# 3 places × (2 h × £15 + £10 expenses + £5 access)
		doc = factories.opportunity(budget=134.99)
		self.assertEqual((doc.estimate, gate(doc, "G4").result), (135, "Fail"))
		self.assertEqual(gate(factories.opportunity(budget=135), "G4").result, "Pass")

	def test_g5_nobody_with_lived_experience_sits_alone(self):
		self.assertEqual(gate(factories.opportunity(lived_experience_places=1), "G5").result, "Fail")

	def test_g5_does_not_apply_to_a_survey(self):
		doc = factories.opportunity(opportunity_type="Survey", lived_experience_places=0)
		self.assertEqual(gate(doc, "G5").result, "Not applicable")

	def test_a_failed_gate_stops_submitting_and_names_the_remedy(self):
		"""Row 0.10: tokenism is stopped at a gate."""
		doc = factories.opportunity(budget=1)
		with self.as_user(doc.lead), self.assertRaisesRegex(TransitionError, "Raise the budget to £135.00"):
			lifecycle.apply(doc, "Submit for approval")


class TestOpportunityApproval(IntegrationTestCase):
	def test_a_manager_who_did_not_write_it_approves(self):
		doc = factories.opportunity("Approved")
		self.assertEqual(doc.status, "Approved")
		self.assertEqual(doc.approved_by, factories.staff(roles.MANAGER))

	def test_the_owner_never_approves(self):
		both = factories.user(roles.MANAGER, roles.OWNER)
		doc = factories.opportunity("Submitted", author=both)
		with self.as_user(both), self.assertRaises(StepNotPermitted):
			lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Approve")

	def test_who_changed_it_since_it_was_submitted_does_not_approve(self):
		doc = factories.opportunity("Submitted")
		manager = factories.another(roles.MANAGER)
		with self.as_user(manager):
			edited = frappe.get_doc(doc.doctype, doc.name)
			edited.purpose = "Something else"
			edited.save()
			with self.assertRaises(StepNotPermitted):
				lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Approve")

	def test_no_edit_rides_along_with_an_approval(self):
		doc = factories.opportunity("Submitted")
		with self.as_user(factories.staff(roles.MANAGER)):
			sneaky = frappe.get_doc(doc.doctype, doc.name)
			sneaky.update({"places": 2, "status": "Approved"})
			with self.assertRaisesRegex(TransitionError, "Places"):
				sneaky.save()

	def test_a_coordinator_cannot_approve(self):
		doc = factories.opportunity("Submitted")
		with self.as_user(factories.staff(roles.COORDINATOR)), self.assertRaises(StepNotPermitted):
			lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Approve")

	def test_asking_for_changes_needs_a_note_and_tells_the_author(self):
		doc = factories.opportunity("Submitted")
		with self.as_user(factories.staff(roles.MANAGER)):
			read = frappe.get_doc(doc.doctype, doc.name)
			with self.assertRaisesRegex(TransitionError, "Note for the author"):
				lifecycle.apply(read, "Ask for changes")
			lifecycle.apply(
				frappe.get_doc(doc.doctype, doc.name), "Ask for changes", change_note="Say who decides"
			)
		self.assertTrue(
			frappe.db.exists("Involvement Message", {"recipient": doc.lead, "reference_name": doc.name})
		)

	def test_notes_asked_for_are_kept_and_managers_without_a_hand_hear_of_it(self):
		doc = factories.opportunity("Submitted")
		told = {"template": "Involvement to approve", "reference_name": doc.name}
		recipients = frappe.get_all("Involvement Message", told, pluck="recipient")
		self.assertIn(factories.staff(roles.MANAGER), recipients)
		self.assertNotIn(doc.lead, recipients)
		for note in ("Say who decides", "And by when"):
			with self.as_user(factories.staff(roles.MANAGER)):
				lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Ask for changes", change_note=note)
			with self.as_user(doc.lead):
				doc = lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Submit for approval")
		self.assertRegex(doc.earlier_notes, "(?s): Say who decides\n.*: And by when$")


class TestChangedAfterApproval(IntegrationTestCase):
	def changed(self, doc, **values):
		with self.as_user(doc.lead):
			read = frappe.get_doc(doc.doctype, doc.name)
			read.update(values)
			return read.save()

	def decided(self, doc, *steps):
		for action, role in steps:
			with self.as_user(factories.staff(role)):
				doc = lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), action)
		return doc

	def again(self, doc):
		return self.decided(doc, ("Approve", roles.MANAGER), ("Publish", roles.COORDINATOR))

	def told(self, doc) -> list:
		about = {"template": "Involvement terms changed", "reference_name": doc.name}
		return frappe.get_all("Involvement Message", about, ["recipient", "body"])

	def test_a_material_change_goes_back_and_a_phone_number_does_not(self):
		"""Rows 0.5 and 0.10: what was approved is what people read; whoever changes it does not approve it."""
		doc = factories.opportunity("Published")
		doc = self.changed(doc, support_contact="Devon, 01865 555 0101", theme=factories.theme())
		self.assertEqual(doc.status, "Published")
		doc = self.changed(doc, purpose="Something else")
		self.assertEqual((doc.status, doc.approved_by), ("Submitted", None))
		self.assertIn(doc.lead, doc.edited_by)
		doc = self.again(doc)
		self.assertEqual(doc.status, "Published")
		self.assertEqual(frappe.db.count("Involvement Session", {"opportunity": doc.name}), 1)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			riding = frappe.get_doc(doc.doctype, doc.name)
			riding.update({"purpose": "Ridden along", "status": "Closed to applications"})
			self.assertRaisesRegex(TransitionError, "Why we are doing this", riding.save)

	def test_who_has_a_place_is_told_when_it_comes_back_if_when_where_or_pay_changed(self):
		doc = factories.opportunity("Published")
		place, offered = (
			factories.engagement(doc, factories.participant()),
			factories.offer(doc, factories.participant()),
		)
		doc = self.again(self.changed(doc, purpose="Clearer words"))
		self.assertEqual(self.told(doc), [])
		new = add_to_date(doc.dates[0].starts_on, days=7)
		dates = [row.as_dict() for row in doc.dates] + [
			{"starts_on": new, "ends_on": add_to_date(new, hours=2)}
		]
		doc = self.changed(doc, hours=4, online=1, dates=dates)
		self.assertEqual(self.told(doc), [])
		doc = self.again(doc)
		told = self.told(doc)
		self.assertEqual({row.recipient for row in told}, {place.participant, offered.participant})
		for words in (
			"Hours per person: 4",
			"Can be done online: yes",
			"Payment per person: £60.00",
			"A new date: ",
		):
			self.assertIn(words, told[0].body)
		self.assertNotIn("Can be done in person", told[0].body)
		self.assertEqual(frappe.db.count("Involvement Session", {"opportunity": doc.name}), 2)
		# what they said yes to stays
		self.assertEqual(frappe.db.get_value(place.doctype, place.name, "offered_amount"), 30)

	def test_what_people_applied_under_stays_and_their_notice_is_not_counted_anew(self):
		doc = factories.opportunity("Published", sessions=2, places=2)
		for _person in range(2):
			factories.engagement(doc, factories.participant())
		moved = [row.as_dict() for row in doc.dates]
		moved[0]["ends_on"] = add_to_date(moved[0]["ends_on"], hours=1)
		for values, words in (
			({"unit": factories.unit()}, "Unit"),
			({"selection_mode": "Everyone"}, "Selection mode"),
			({"dates": moved}, "on their Involvement Session"),
			({"dates": doc.dates[:1]}, "on their Involvement Session"),
			({"places": 1, "lived_experience_places": 1}, "Places: 2 people"),
		):
			with self.subTest(words), self.assertRaisesRegex(frappe.ValidationError, words):
				self.changed(doc, **values)
		past = {"published_on": add_to_date(now_datetime(), days=-60)}
		frappe.db.set_value(doc.doctype, doc.name, past)
		soon = add_to_date(now_datetime().replace(microsecond=0), days=3)
		for row in doc.dates:
			frappe.db.set_value(
				row.doctype, row.name, {"starts_on": soon, "ends_on": add_to_date(soon, hours=2)}
			)
		doc.reload()
		frappe.db.set_value(doc.doctype, doc.name, "published_terms", opportunities.terms(doc))
		self.assertEqual(gate(self.changed(doc, purpose="Clearer words"), "G3").result, "Pass")

	def test_what_was_published_is_no_draft_again(self):
		doc = self.changed(factories.opportunity("Published"), purpose="Something else")
		with self.as_user(doc.lead), self.assertRaisesRegex(TransitionError, "no draft any more"):
			lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Take back")

	def test_it_starts_when_the_session_was_moved_to(self):
		"""The dates that were planned first say nothing once a session was moved."""
		doc = factories.opportunity("Published")
		session = {"opportunity": doc.name}
		frappe.db.set_value(
			"Involvement Session", session, "starts_on", add_to_date(now_datetime(), hours=-1)
		)
		self.decided(doc, ("Start", roles.COORDINATOR))
		other = factories.opportunity("Published")
		past = add_to_date(now_datetime(), days=-1)
		frappe.db.set_value("Involvement Opportunity Date", {"parent": other.name}, "starts_on", past)
		with self.assertRaisesRegex(TransitionError, "The first date is"):
			self.decided(other, ("Start", roles.COORDINATOR))


class TestPublishing(IntegrationTestCase):
	def test_publishing_makes_the_sessions(self):
		doc = factories.opportunity("Published", sessions=3)
		self.assertEqual(
			frappe.db.count("Involvement Session", {"opportunity": doc.name, "status": "Planned"}), 3
		)
		self.assertTrue(doc.published_on)

	def test_notice_is_checked_again_before_publishing(self):
		doc = factories.opportunity("Approved")
		soon = add_to_date(now_datetime(), days=3)
		frappe.db.set_value(
			"Involvement Opportunity Date",
			doc.dates[0].name,
			{"starts_on": soon, "ends_on": add_to_date(soon, hours=2)},
		)
		with self.as_user(factories.staff(roles.COORDINATOR)), self.assertRaisesRegex(TransitionError, "G3"):
			lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Publish")

	def test_the_promised_payment_date_is_ten_working_days_after_the_last_session(self):
		doc = factories.opportunity("Published")
		self.assertEqual(working_days_between(doc.last_date(), doc.payment_on, closed), 10)

	def test_nobody_is_promised_money_for_a_day_on_which_banks_are_closed(self):
		self.assertEqual(promises.paid_by("2026-12-18"), date(2027, 1, 6))


class TestOpportunityBadInput(IntegrationTestCase):
	def test_an_end_before_its_start_names_the_row(self):
		start = now_datetime()
		dates = [{"starts_on": start, "ends_on": add_to_date(start, hours=-1)}]
		with self.assertRaisesRegex(frappe.ValidationError, "row 1"):
			factories.opportunity(dates=dates)

	def test_a_million_places_is_a_slip(self):
		with self.assertRaisesRegex(frappe.ValidationError, "Places"):
			factories.opportunity(places=1_000_000)

	def test_a_new_opportunity_starts_as_a_draft(self):
		stored = factories.opportunity().as_dict()
		copy = frappe.get_doc({**stored, "name": None, "status": "Published"})
		with self.assertRaises(TransitionError):
			copy.insert()
