"""The Frappe Workflow made from a declaration: renewed while untouched, kept when a site changed it, reported when
both changed; and what a site may set in it holds on every path."""

import hashlib
import json
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from unittest.mock import patch

import frappe
from frappe.workflow.doctype.workflow_action import workflow_action as frappe_s

from involvement_app import install, lifecycle, site_memory
from involvement_app.lifecycle import State, StepNotPermitted, Transition, workflow
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.tests.lifecycle.in_process import call, one_request

NAME = "Involvement Opportunity"


class WorkflowTestCase(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		workflow.seed()

	def setUp(self):
		super().setUp()
		self.life = lifecycle.of(NAME)

	def tearDown(self):
		super().tearDown()
		for name in (NAME, pay.BATCH):
			frappe.clear_document_cache("Workflow", name)
			frappe.cache.hdel("workflow", name)

	def site_changes(self, action="Approve", name=NAME, **values):
		doc = frappe.get_doc("Workflow", name)
		for row in doc.transitions:
			if row.action == action:
				row.update(values)
		doc.save()

	def release(self, **changes):
		"""A release whose declaration differs by `changes`."""
		return patch.object(workflow, "all_lifecycles", lambda: [replace(self.life, **changes)])

	def another_state(self):
		return self.release(
			states=(*self.life.states, State("Remembered")),
			transitions=(
				*self.life.transitions,
				Transition("Remember", ("Completed",), "Remembered", roles=(roles.MANAGER,)),
			),
		)

	def rows(self, action: str, fieldname="allowed") -> set:
		return {
			row.get(fieldname) for row in frappe.get_doc("Workflow", NAME).transitions if row.action == action
		}

	def states(self) -> list[str]:
		return [row.state for row in frappe.get_doc("Workflow", NAME).states]


class TestSeeding(WorkflowTestCase):
	def test_it_has_the_declared_states_and_sends_no_mail(self):
		doc = frappe.get_doc("Workflow", NAME)
		self.assertEqual(self.states(), [state.name for state in self.life.states])
		self.assertEqual((doc.workflow_state_field, doc.send_email_alert), ("status", 0))

	def test_untouched_it_is_renewed(self):
		with self.another_state():
			workflow.seed()
			self.assertEqual(workflow.drift(), [])
		self.assertEqual(self.states()[-1], "Remembered")
		self.assertEqual(self.rows("Remember"), {roles.MANAGER})

	def test_untouched_since_the_time_of_fingerprints_it_is_renewed(self):
		shape = workflow._read(NAME)
		old = [shape[part] for part in ("states", "transitions")]
		text = json.dumps(dict(zip(("states", "transitions"), old, strict=True)))
		site_memory.remember(f"involvement_workflow:{NAME}", hashlib.sha256(text.encode()).hexdigest())
		with self.another_state():
			workflow.seed()
		self.assertEqual(self.states()[-1], "Remembered")

	def test_whatever_a_site_changed_is_kept(self):
		for values in (
			{"allowed": roles.COORDINATOR},
			{"condition": "doc.places < 10"},
			{"allow_self_approval": 0},
		):
			with self.subTest(**values):
				frappe.db.savepoint("one")
				self.site_changes(**values)
				workflow.seed()
				with self.another_state():
					workflow.seed()
				((fieldname, value),) = values.items()
				self.assertEqual(self.rows("Approve", fieldname), {value})
				self.assertEqual(self.rows("Remember"), set())
				frappe.db.rollback(save_point="one")

	def test_mails_that_a_site_wants_are_kept(self):
		frappe.db.set_value("Workflow", NAME, "send_email_alert", 1)
		with self.another_state():
			workflow.seed()
		self.assertEqual(frappe.db.get_value("Workflow", NAME, "send_email_alert"), 1)

	def test_a_change_of_the_site_alone_is_not_reported(self):
		self.site_changes(allowed=roles.COORDINATOR)
		workflow.seed()
		self.assertEqual(workflow.drift(), [])

	def test_where_both_changed_it_is_reported_with_what_each_changed(self):
		self.site_changes(allowed=roles.COORDINATOR, condition="doc.places < 10")
		with self.another_state():
			workflow.seed()
			(row,) = workflow.drift()
		self.assertEqual((row["doctype"], row["workflow"]), (NAME, NAME))
		self.assertIn("“Approve” from Submitted to Approved by Involvement Coordinator", row["site"])
		self.assertIn("without “Approve” from Submitted to Approved by Involvement Manager", row["site"])
		self.assertTrue(any("condition" in line for line in row["site"]), row["site"])
		self.assertEqual(
			row["release"],
			["state Remembered", "“Remember” from Completed to Remembered by Involvement Manager"],
		)

	def test_who_runs_migrate_is_told(self):
		self.site_changes(allowed=roles.COORDINATOR)
		said = StringIO()
		with self.another_state(), redirect_stdout(said):
			install.after_migrate()
		self.assertIn("Workflow Involvement Opportunity: kept as this site changed it", said.getvalue())
		self.assertIn("Remembered", said.getvalue())

	def test_a_site_that_takes_the_release_by_hand_is_in_step_again(self):
		self.site_changes(allowed=roles.COORDINATOR)
		with self.another_state():
			(released,) = workflow.all_lifecycles()
			workflow._write(released, workflow._shape(released))
			workflow.seed()
			self.assertEqual(workflow.drift(), [])


class TestWhatASiteSets(WorkflowTestCase):
	def test_who_may_take_a_step(self):
		self.site_changes(allowed=roles.COORDINATOR)
		doc = factories.opportunity("Submitted")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			lifecycle.apply(doc, "Approve")
		self.assertEqual(frappe.db.get_value(NAME, doc.name, "status"), "Approved")

	def test_no_self_approval_holds_beyond_the_button_it_belongs_to(self):
		"""The framework asks it of its own menu alone."""
		self.site_changes("Submit for approval", allow_self_approval=0)
		doc = factories.opportunity()
		with self.as_user(doc.owner), self.assertRaises(StepNotPermitted):
			lifecycle.apply(doc, "Submit for approval")

	def test_a_condition_holds_on_a_cancel(self):
		"""The framework does not look at a Workflow when a document is cancelled."""
		self.site_changes("Void", pay.BATCH, condition="doc.total > 1000000")
		batch = pay.take(pay.batch(pay.approved()), "Lock")
		with one_request(pay.officer()):
			call("frappe.client.cancel", doctype=pay.BATCH, name=batch.name)
		self.assertEqual(frappe.db.get_value(pay.BATCH, batch.name, ["status", "docstatus"]), ("Locked", 1))


class TestWhoActsNext(WorkflowTestCase):
	"""Row 0.10: who is to approve finds it in their list of actions."""

	def assertAsFrappe(self, doc) -> list[list[str]]:
		"""Who acts next out of each state of each Workflow, after Frappe's own way has said the same."""
		ways = []
		for life in lifecycle.all_lifecycles():
			for state in life.states if life.workflow else ():
				steps = frappe_s.get_next_possible_transitions(life.workflow, state.name, doc)
				way = workflow._who_acts_next(life.workflow, state.name, doc)
				self.assertEqual(way, sorted({step.allowed for step in steps}), (life.workflow, state.name))
				ways.append(way)
		return ways

	def test_frappe_s_own_way_says_the_same(self):
		doc = factories.opportunity()
		shipped = self.assertAsFrappe(doc)
		self.assertGreater(len({tuple(way) for way in shipped}), 3)
		of_the_site = frappe.get_doc("Workflow", NAME)
		for row in of_the_site.transitions:
			row.condition = "doc.places > 100"
		of_the_site.save()
		self.assertNotEqual(self.assertAsFrappe(doc), shipped)
		doc.places = 101
		self.assertEqual(self.assertAsFrappe(doc), shipped)
		for row in of_the_site.states:
			row.is_optional_state = 1
		of_the_site.save()
		self.assertNotEqual(self.assertAsFrappe(doc), shipped)

	def test_the_action_is_there_for_those_who_may_take_it_and_closed_once_it_was_taken(self):
		doc = factories.opportunity("Submitted")
		actions = frappe.get_all(
			"Workflow Action", {"reference_name": doc.name, "status": "Open"}, pluck="name"
		)
		self.assertEqual(len(actions), 1)
		waiting = frappe.get_all("Workflow Action Permitted Role", {"parent": actions[0]}, pluck="role")
		self.assertIn(roles.MANAGER, waiting)
		with self.as_user(factories.staff(roles.MANAGER)):
			lifecycle.apply(doc, "Approve")
		self.assertNotEqual(frappe.db.get_value("Workflow Action", actions[0], "status"), "Open")
