import frappe
from frappe.utils import add_to_date, now_datetime

from involvement_app import lifecycle
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.working_days import working_days_between


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

	def test_approved_terms_do_not_change_under_people(self):
		doc = factories.opportunity("Published")
		doc.places = 1
		with self.assertRaisesRegex(TransitionError, "Places"):
			doc.save()


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
		self.assertEqual(working_days_between(doc.last_date(), doc.payment_on), 10)


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
