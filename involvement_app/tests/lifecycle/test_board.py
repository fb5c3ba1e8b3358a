"""The board of opportunities that we ship: a card moves as the button would, and in no other way."""

import frappe
from frappe.desk.doctype.kanban_board.kanban_board import update_order_for_single_card

from involvement_app import lifecycle
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.setup import boards, roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

OPPORTUNITY = "Involvement Opportunity"


class TestBoard(IntegrationTestCase):
	def drag(self, user: str, name: str, to: str) -> None:
		source = frappe.db.get_value(OPPORTUNITY, name, "status")
		frappe.db.savepoint("drag")
		board = frappe.get_doc("Kanban Board", boards.NAME)
		column = next(row for row in board.columns if row.column_name == source)
		frappe.db.set_value(column.doctype, column.name, "order", frappe.as_json([name]))
		frappe.clear_document_cache("Kanban Board", boards.NAME)
		with self.as_user(user):
			try:
				update_order_for_single_card(boards.NAME, name, source, to, "0", "0")
			except (frappe.ValidationError, frappe.PermissionError):
				frappe.db.rollback(save_point="drag")  # as the request would
				raise

	def status(self, name: str) -> str:
		return frappe.db.get_value(OPPORTUNITY, name, "status")

	def test_a_card_goes_nowhere_that_the_button_does_not(self):
		lead, coordinator = factories.staff(roles.OWNER), factories.staff(roles.COORDINATOR)
		manager, other = factories.staff(roles.MANAGER), factories.another(roles.OWNER)
		draft, sent = factories.opportunity(), factories.opportunity("Submitted")
		for user, doc, to, error in (
			(coordinator, draft, "Published", TransitionError),
			(manager, draft, "Completed", TransitionError),
			(lead, sent, "Approved", (StepNotPermitted, frappe.PermissionError, frappe.ValidationError)),
			(other, draft, "Submitted", frappe.PermissionError),
			(manager, sent, "Changes requested", TransitionError),  # without the words
		):
			before = self.status(doc.name)
			with self.subTest(to, user=user), self.assertRaises(error):
				self.drag(user, doc.name, to)
			self.assertEqual(self.status(doc.name), before)
		waiting = factories.opportunity("Published")
		frappe.db.set_value(OPPORTUNITY, waiting.name, "status", "Awaiting feedback")
		with self.assertRaisesRegex(TransitionError, "still wait"):
			self.drag(lead, waiting.name, "Completed")
		self.drag(manager, sent.name, "Approved")
		self.assertEqual(self.status(sent.name), "Approved")
		self.assertEqual(frappe.db.get_value(OPPORTUNITY, sent.name, "approved_by"), manager)

	def test_it_has_every_state_and_stays_deleted(self):
		board = frappe.get_doc("Kanban Board", boards.NAME)
		states = lifecycle.of(OPPORTUNITY).states
		self.assertEqual([row.column_name for row in board.columns], [state.name for state in states])
		board.delete(ignore_permissions=True)  # test set-up
		boards.create()
		self.assertFalse(frappe.db.exists("Kanban Board", boards.NAME))
