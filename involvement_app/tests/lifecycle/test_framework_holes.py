"""What the framework leaves open, shown on a plain doctype with a Workflow of the framework's own; and the same
request against a lifecycle of ours, refused. When a test of the first kind fails, the framework has closed a hole:
say so in docs/security.md.

(docs/security.md, "What the framework does, and what it leaves to us".)"""

import json

import frappe

from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.lifecycle import paper
from involvement_app.tests.lifecycle.in_process import call, one_request, rest
from involvement_app.tests.lifecycle.paper import PAPER, PaperTestCase, declared


class TestHoles(PaperTestCase):
	def setUp(self):
		super().setUp()
		self.author = factories.staff(roles.OWNER)
		self.manager = factories.staff(roles.MANAGER)
		paper.framework_workflow()

	def tearDown(self):
		super().tearDown()
		frappe.cache.hdel("workflow", PAPER)
		frappe.clear_cache(doctype=PAPER)

	def both(self, attack, *fieldnames, **values):
		"""(what is stored after the attack on the framework alone, and on ours)"""
		ends = []
		for ours in (False, True):
			doc = self.paper(**values)
			if ours:
				# the lifecycle stands on its own here: no Workflow helps it
				frappe.db.set_value("Workflow", paper.FLOW, "is_active", 0)
				frappe.cache.hdel("workflow", PAPER)
				with declared():
					attack(doc)
			else:
				attack(doc)
			ends.append(self.stored(doc, *fieldnames))
		return ends

	def put(self, user: str, **values):
		def attack(doc):
			with one_request(user):
				rest("PUT", f"/api/resource/{PAPER}/{doc.name}", values)

		return attack

	def test_who_may_approve_writes_the_state_on_a_draft(self):
		framework, ours = self.both(self.put(self.manager, status="Approved"), state="Waiting")
		self.assertEqual(framework, ("Approved", 0), "the framework keeps docstatus apart from the state")
		self.assertEqual(ours, ("Waiting", 0))

	def test_self_approval_by_a_direct_write(self):
		attack = self.put(self.manager, status="Approved", docstatus=1)
		framework, ours = self.both(attack, state="Waiting", owner=self.manager)
		self.assertEqual(framework, ("Approved", 1), "allow_self_approval is asked of one button alone")
		self.assertEqual(ours, ("Waiting", 0))

	def test_an_amount_above_the_condition_rides_along(self):
		attack = self.put(self.manager, status="Approved", docstatus=1, amount=500)
		framework, ours = self.both(attack, "status", "amount", state="Waiting")
		self.assertEqual(framework, ("Approved", 500), "the condition reads the document as it was")
		self.assertEqual(ours, ("Waiting", 50))

	def test_a_submit_that_names_no_state(self):
		def attack(doc):
			with one_request(self.author):
				call("frappe.client.submit", doc=doc.as_json())

		framework, ours = self.both(attack, state="Open", owner=self.author)
		self.assertEqual(framework, ("Approved", 1), "past transition, role and condition")
		self.assertEqual(ours, ("Open", 0))

	def test_a_forged_read_only_field(self):
		attack = self.put(self.author, decided_by="The director")
		framework, ours = self.both(attack, "decided_by", state="Open", owner=self.author)
		self.assertEqual(framework, "The director")
		self.assertFalse(ours)

	def test_the_state_written_after_submit(self):
		"""From Approved straight on, though only who takes the step may."""
		attack = self.put(self.manager, status="Open", remark="Again")
		framework, ours = self.both(attack, state="Approved")
		self.assertEqual(framework, ("Approved", 1), "this one the framework does refuse")
		self.assertEqual(ours, ("Approved", 1))

	def test_an_edit_after_submit_in_a_state_whose_editor_one_is_not(self):
		attack = self.put(self.author, remark="Pay double", decided_by="Me")
		framework, ours = self.both(attack, "remark", "decided_by", state="Approved", owner=self.author)
		self.assertEqual(framework[0], "Pay double", "allow_edit is the browser's matter")
		self.assertFalse(ours[1])

	def test_a_cancel_leaves_the_state_behind(self):
		def attack(doc):
			with one_request(self.author):
				call("frappe.client.cancel", doctype=PAPER, name=doc.name)

		framework, ours = self.both(attack, state="Approved", owner=self.author)
		self.assertEqual(framework, ("Approved", 2), "cancelled by somebody without the step, state stale")
		self.assertEqual(ours, ("Approved", 1))

	def test_an_error_after_the_write_that_bulk_update_swallows(self):
		"""`frappe.client.bulk_update` catches it, and the request commits what was written."""

		def attack(doc):
			row = {
				"doctype": PAPER,
				"docname": doc.name,
				"status": "Signed",
				"remark": "Fails in the end",
			}
			with one_request(self.manager):
				call("frappe.client.bulk_update", docs=json.dumps([row]))

		doc = self.paper("Approved", chair=self.manager)
		frappe.db.set_value("Workflow", paper.FLOW, "is_active", 0)
		frappe.cache.hdel("workflow", PAPER)
		signed = {"description": ["like", f"%{doc.name} is signed%"]}
		with declared():
			attack(doc)
		self.assertEqual(self.stored(doc), ("Approved", 1))
		self.assertEqual(frappe.db.count("ToDo", signed), 0, "what the step had done before is undone too")

	def test_two_documents_made_one_by_a_forced_rename(self):
		"""`Document.rename` is marked as open to requests, `force` included, and newer versions do let them in:
		allow_rename is not asked."""

		def attack(doc):
			other = self.paper("Open")
			with one_request(self.manager):
				frappe.get_doc(PAPER, doc.name).rename(other.name, merge=True, force=True)

		framework, ours = self.both(attack, state="Waiting")
		self.assertIsNone(framework, "it is gone")
		self.assertEqual(ours, ("Waiting", 0))
