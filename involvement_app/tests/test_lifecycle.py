"""The mechanism, on the real doctypes: no path into a state but the declared one (law 1; frappe-verified)."""

import frappe
import frappe.client
from frappe.model.workflow import apply_workflow

from involvement_app import lifecycle
from involvement_app.lifecycle import StepNotPermitted, TransitionError, desk
from involvement_app.lifecycle.workflow import ADDED, _add_masters
from involvement_app.messages.lifecycle import LIFECYCLE as OF_THE_OUTBOX
from involvement_app.patches.v1_0 import state_colours
from involvement_app.setup import roles
from involvement_app.site_memory import recall, remember
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase


class TestPathsIntoAState(IntegrationTestCase):
	"""Frappe's Workflow stops neither self-approval nor a direct write; the declaration does."""

	def made_once(self):
		super().made_once()
		self.both = factories.user(roles.MANAGER, roles.OWNER)
		self.doc = factories.opportunity("Submitted", author=self.both)

	def refused(self, attempt):
		with self.as_user(self.both), self.assertRaises(StepNotPermitted):
			attempt()
		self.assertEqual(frappe.db.get_value(self.doc.doctype, self.doc.name, "status"), "Submitted")

	def test_save(self):
		doc = frappe.get_doc(self.doc.doctype, self.doc.name)
		doc.status = "Approved"
		self.refused(doc.save)

	def test_client_set_value(self):
		self.refused(lambda: frappe.client.set_value(self.doc.doctype, self.doc.name, "status", "Approved"))

	def test_apply_workflow(self):
		self.refused(
			lambda: apply_workflow(frappe.get_doc(self.doc.doctype, self.doc.name).as_dict(), "Approve")
		)

	def test_forging_the_owner_or_the_submitter_does_not_help(self):
		doc = frappe.get_doc(self.doc.doctype, self.doc.name)
		doc.update(
			{
				"status": "Approved",
				"lead": factories.staff(roles.OWNER),
				"submitted_by": None,
				"edited_by": None,
			}
		)
		with self.as_user(self.both), self.assertRaises((StepNotPermitted, TransitionError)):
			doc.save()

	def test_a_state_that_is_not_the_next_one(self):
		doc = frappe.get_doc(self.doc.doctype, self.doc.name)
		doc.status = "Published"
		with self.as_user(factories.staff(roles.MANAGER)), self.assertRaises(TransitionError):
			doc.save()

	def test_a_state_that_does_not_exist(self):
		with self.as_user(factories.staff(roles.MANAGER)), self.assertRaises(frappe.ValidationError):
			frappe.client.set_value(self.doc.doctype, self.doc.name, "status", "Waved through")

	def test_the_entitled_manager_gets_through_the_workflow(self):
		with self.as_user(factories.staff(roles.MANAGER)):
			apply_workflow(frappe.get_doc(self.doc.doctype, self.doc.name).as_dict(), "Approve")
		self.assertEqual(frappe.db.get_value(self.doc.doctype, self.doc.name, "status"), "Approved")


class TestButtons(IntegrationTestCase):
	def test_the_form_offers_only_the_readers_steps(self):
		made = factories.offer(factories.opportunity("Published"), factories.participant())
		with self.as_user(factories.staff(roles.COORDINATOR)):
			offered = {step["action"] for step in desk.steps(made.doctype, made.name)}
		self.assertEqual(offered, {"Put on the waiting list", "Accept", "No thank you"})

	def test_a_stranger_is_told_nothing(self):
		made = factories.offer(factories.opportunity("Published"), factories.participant())
		for user in (factories.another(roles.OWNER), factories.user("Sales User"), "Guest"):
			with self.as_user(user), self.assertRaises(frappe.PermissionError):
				desk.steps(made.doctype, made.name)
			with self.as_user(user), self.assertRaises(frappe.PermissionError):
				desk.take(made.doctype, made.name, "Accept")

	def test_a_button_that_gives_a_place_counts_it(self):
		opportunity = factories.opportunity("Published")
		made = factories.offer(opportunity, factories.participant())
		frappe.db.set_value(made.doctype, made.name, "recorded_how", "Phone")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertEqual(desk.take(made.doctype, made.name, "Accept"), "Accepted")
		self.assertEqual(
			frappe.db.get_value("Involvement Opportunity", opportunity.name, "places_confirmed"), 1
		)


class TestJobs(IntegrationTestCase):
	def test_a_step_for_a_job_is_nobody_elses(self):
		engagement = factories.engagement(factories.opportunity("Published"), factories.participant())
		made = frappe.get_doc("Involvement Application", engagement.application)
		with self.as_user(factories.staff(roles.MANAGER)), self.assertRaises(StepNotPermitted):
			lifecycle.apply(made, "Close")
		made.reload()
		made.status = "Not going ahead"
		with self.as_user(factories.staff(roles.MANAGER)), self.assertRaises(StepNotPermitted):
			made.save()


class TestStatesOnTheList(IntegrationTestCase):
	def test_every_state_has_a_colour_in_the_doctype(self):
		for life in (*lifecycle.all_lifecycles(), OF_THE_OUTBOX):
			with self.subTest(life.doctype):
				coloured = [(row.title, row.color) for row in frappe.get_meta(life.doctype).states]
				self.assertEqual(coloured, [(state.name, state.colour) for state in life.states])

	def test_with_a_workflow_a_state_is_shown_in_that_colour_too(self):
		"""On a phone a list shows the colour alone. What a site chose itself stays."""
		batch = lifecycle.of("Involvement Payment Batch")
		states = [state.name for state in batch.states]
		remember(ADDED, [*recall(ADDED, []), *(["Workflow State", name] for name in states)])
		for state in batch.states:
			values = {"style": state_colours.BEFORE[state.docstatus]}
			frappe.db.set_value("Workflow State", state.name, values)
		frappe.db.set_value("Workflow State", "Exported", "style", "Inverse")
		state_colours.execute()
		styles = {name: frappe.db.get_value("Workflow State", name, "style") for name in states}
		self.assertEqual((styles["Locked"], styles["Authorised"]), ("Warning", "Primary"))
		self.assertEqual((styles["Confirmed"], styles["Void"]), ("Success", "Danger"))
		self.assertEqual(styles["Exported"], "Inverse")
		frappe.delete_doc("Workflow State", "Locked", force=True)
		_add_masters(batch)
		self.assertEqual(frappe.db.get_value("Workflow State", "Locked", "style"), "Warning")

	def test_the_select_has_exactly_the_declared_states(self):
		for life in (*lifecycle.all_lifecycles(), OF_THE_OUTBOX):
			with self.subTest(life.doctype):
				options = frappe.get_meta(life.doctype).get_field("status").options.split("\n")
				self.assertEqual(options, [state.name for state in life.states])
