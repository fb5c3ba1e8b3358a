"""Steps by relation, by job and for many rows at once, on a declaration of the test's own: doctypes that need a
chair or a named contact come later."""

from dataclasses import replace
from unittest.mock import patch

import frappe

from involvement_app import lifecycle
from involvement_app.lifecycle import StepNotPermitted, Transition, TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.lifecycle import paper
from involvement_app.tests.lifecycle.in_process import call, one_request, rest
from involvement_app.tests.lifecycle.paper import LIFECYCLE, PAPER, PaperTestCase, declared


class DeclaredTestCase(PaperTestCase):
	def setUp(self):
		super().setUp()
		ours = declared()
		ours.__enter__()
		self.addCleanup(ours.__exit__, None, None, None)
		self.portal_user = factories.another(factories.PORTAL)
		self.chair, self.author, self.contact = (factories.another(roles.OWNER) for _each in range(3))
		self.stranger = factories.staff(roles.OWNER)
		self.people = {
			"participant": self.portal_user,
			"chair": self.chair,
			"author": self.author,
			"named_contact": self.contact,
		}
		self.all = {
			*self.people.values(),
			self.stranger,
			factories.another(factories.PORTAL),
			factories.staff(roles.MANAGER),
			"it.support@example.com",
			"Guest",
		}


class TestRelations(DeclaredTestCase):
	def assert_only(self, state: str, action: str, *entitled: str):
		for user in sorted(self.all):
			doc = self.paper(state, **self.people)
			with self.subTest(action=action, user=user), self.as_user(user):
				if user in entitled:
					self.assertIn(action, [step.action for step in lifecycle.actions(doc)])
					lifecycle.apply(doc, action)
					self.assertNotEqual(self.stored(doc)[0], state)
				else:
					self.assertNotIn(action, [step.action for step in lifecycle.actions(doc)])
					with self.assertRaises(StepNotPermitted):
						lifecycle.apply(doc, action)
					self.assertEqual(self.stored(doc)[0], state)

	def test_a_participant_takes_theirs_without_a_right_on_the_doctype(self):
		self.assert_only("Waiting", "Take back", self.portal_user)

	def test_a_chair_and_a_named_contact_take_theirs(self):
		self.assert_only("Approved", "Sign", self.chair, self.contact)

	def test_an_author_takes_theirs_beside_a_role(self):
		owners = {self.chair, self.author, self.contact, self.stranger}
		self.assert_only("Open", "Ask", *owners)

	def test_naming_oneself_in_the_same_request_does_not_make_one_the_chair(self):
		doc = self.paper("Approved", **self.people)
		with one_request(self.stranger):
			rest("PUT", f"/api/resource/{PAPER}/{doc.name}", {"chair": self.stranger, "status": "Signed"})
		self.assertEqual(self.stored(doc, "status", "chair"), ("Approved", self.chair))

	def test_a_relation_is_enough_by_rest_where_the_right_to_write_is_there(self):
		doc = self.paper("Approved", **self.people)
		with one_request(self.chair):
			rest("PUT", f"/api/resource/{PAPER}/{doc.name}", {"status": "Signed"})
		self.assertEqual(self.stored(doc), ("Signed", 1))

	def test_a_relation_opens_nothing_by_rest_without_a_right(self):
		doc = self.paper("Waiting", **self.people)
		with one_request(self.portal_user):
			rest("PUT", f"/api/resource/{PAPER}/{doc.name}", {"status": "Open"})
		self.assertEqual(self.stored(doc), ("Waiting", 0))


class TestJobs(DeclaredTestCase):
	def test_a_step_of_a_job_is_nobodys_by_hand(self):
		for user in sorted(self.all | {"Administrator"}):
			doc = self.paper("Filed", **self.people)
			with self.subTest(user), self.as_user(user), self.assertRaises(StepNotPermitted):
				lifecycle.apply(doc, "Open the file")

	def test_a_job_takes_it(self):
		doc = self.paper("Filed")
		with lifecycle.as_job():
			lifecycle.apply(doc, "Open the file")
		self.assertEqual(self.stored(doc), ("Signed", 1))

	def test_a_job_takes_no_step_that_is_not_a_jobs(self):
		doc = self.paper("Waiting", **self.people)
		with lifecycle.as_job(), self.as_user(self.stranger), self.assertRaises(StepNotPermitted):
			lifecycle.apply(doc, "Approve")


class TestSubmitWithoutAState(DeclaredTestCase):
	def submitted(self) -> tuple:
		doc = self.paper("Waiting", owner=self.author)
		with one_request(factories.staff(roles.MANAGER)):
			call("frappe.client.submit", doc=doc.as_json())
		return self.stored(doc)

	def test_the_only_state_it_can_mean_is_taken_and_of_two_neither(self):
		self.assertEqual(self.submitted(), ("Approved", 1))
		another = Transition("Sign at once", ("Waiting",), "Signed", roles=(roles.MANAGER,))
		two = replace(LIFECYCLE, transitions=(*LIFECYCLE.transitions, another))
		with patch.object(paper, "LIFECYCLE", two):
			self.assertEqual(self.submitted(), ("Waiting", 0))


class TestManyRows(DeclaredTestCase):
	def setUp(self):
		super().setUp()
		self.trail = ("User", self.stranger)
		self.papers = [self.paper("Approved"), self.paper("Signed"), self.paper("Approved")]

	def file(self, *papers, trail=None):
		return lifecycle.move_many(PAPER, [doc.name for doc in papers], "File", trail or self.trail)

	def states(self) -> list[str]:
		return [self.stored(doc)[0] for doc in self.papers]

	def test_they_move_together_and_leave_one_line(self):
		with lifecycle.as_job():
			self.assertEqual(self.file(*self.papers), 3)
		self.assertEqual(self.states(), ["Filed"] * 3)
		(line,) = frappe.get_all(
			"Comment",
			{"reference_name": self.stranger, "comment_type": "Info"},
			["content", "owner"],
		)
		for doc in self.papers:
			self.assertIn(doc.name, line.content)
		self.assertEqual(line.owner, "Administrator")

	def test_one_that_is_elsewhere_keeps_all_where_they_are(self):
		waiting = self.paper("Waiting")
		with lifecycle.as_job(), self.assertRaisesRegex(TransitionError, waiting.name):
			self.file(*self.papers, waiting)
		self.assertEqual(self.states(), ["Approved", "Signed", "Approved"])

	def test_one_that_fails_the_guard_keeps_all_where_they_are(self):
		free = self.paper("Approved", amount=0)
		with lifecycle.as_job(), self.assertRaisesRegex(TransitionError, free.name):
			self.file(*self.papers, free)
		self.assertEqual(self.states(), ["Approved", "Signed", "Approved"])

	def test_one_that_is_gone_keeps_all_where_they_are(self):
		frappe.db.delete(PAPER, {"name": self.papers[1].name})
		with lifecycle.as_job(), self.assertRaisesRegex(TransitionError, self.papers[1].name):
			self.file(*self.papers)
		self.assertEqual(self.stored(self.papers[0]), ("Approved", 1))

	def test_it_is_a_jobs_business(self):
		for user in sorted(self.all | {"Administrator"}):
			with self.subTest(user), self.as_user(user), self.assertRaises(StepNotPermitted):
				self.file(*self.papers)

	def test_a_step_not_meant_for_many_is_refused(self):
		"""Its guards and effects look at one document, so a query cannot stand for them."""
		filed = self.paper("Filed")
		with lifecycle.as_job(), self.assertRaises(TransitionError):
			lifecycle.move_many(PAPER, [filed.name], "Open the file", self.trail)
		self.assertEqual(self.stored(filed), ("Filed", 1))

	def test_a_batch_moves_no_payment_of_another(self):
		from involvement_app.tests import payment_factories as pay

		mine, theirs = (pay.batch(pay.approved()) for _each in range(2))
		for batch in (mine, theirs):
			pay.take(batch, "Lock")
		with lifecycle.as_job(), self.assertRaises(TransitionError):
			lifecycle.move_many(pay.PAYMENT, [theirs.lines[0].payment], "Mark paid", (pay.BATCH, mine.name))
		self.assertEqual(frappe.db.get_value(pay.PAYMENT, theirs.lines[0].payment, "status"), "Scheduled")


class TestTimeline(DeclaredTestCase):
	def lines(self, doc) -> list[str]:
		return frappe.get_all(
			"Comment", {"reference_doctype": PAPER, "reference_name": doc.name}, pluck="content"
		)

	def test_a_step_is_told_in_the_declarations_words_once(self):
		doc = self.paper("Waiting", owner=self.author)
		with self.as_user(factories.staff(roles.MANAGER)):
			lifecycle.apply(doc, "Approve")
		self.assertEqual(self.lines(doc), ["approved this"])

	def test_a_refused_step_is_not_told(self):
		doc = self.paper("Waiting", owner=self.author, amount=500)
		with self.as_user(factories.staff(roles.MANAGER)), self.assertRaises(TransitionError):
			lifecycle.apply(doc, "Approve")
		self.assertEqual(self.lines(doc), [])

	def test_steps_by_relation_and_without_words_are_not_told(self):
		doc = self.paper("Approved", **self.people)
		with self.as_user(self.chair):
			lifecycle.apply(doc, "Sign")
		self.assertEqual(self.lines(doc), [])
