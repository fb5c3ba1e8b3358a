import frappe

from involvement_app import lifecycle
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase


class TestLedgerHandover(IntegrationTestCase):
	def assertSees(self, user: str, doc, sees: bool) -> None:
		"""As a document and in the list: the framework asks two hooks."""
		with self.subTest(user), self.as_user(user):
			self.assertEqual(frappe.has_permission(doc.doctype, "read", doc.name), sees)
			try:
				listed = doc.name in frappe.get_list(doc.doctype, pluck="name", limit=0)
			except frappe.PermissionError:
				listed = False
			self.assertEqual(listed, sees)

	def test_coordinators_and_managers_see_it_and_nobody_else(self):
		doc = factories.ledger_hand_over()
		for user, sees in (
			(factories.staff(roles.COORDINATOR), True),
			(factories.staff(roles.MANAGER), True),
			(factories.staff(roles.OWNER), False),
			(factories.staff(roles.FINANCE_OFFICER), False),
			(factories.user("Sales User"), False),
			(factories.staff(factories.PORTAL), False),
			("Guest", False),
		):
			self.assertSees(user, doc, sees)

	def test_a_coordinator_of_other_units_does_not(self):
		here, elsewhere = factories.ledger_hand_over(), factories.ledger_hand_over()
		user = factories.another(roles.COORDINATOR)
		frappe.get_doc(
			doctype="User Permission", user=user, allow="Involvement Unit", for_value=here.unit
		).insert()
		self.assertSees(user, here, True)
		self.assertSees(user, elsewhere, False)

	def test_a_coordinator_finishes_it(self):
		doc = factories.ledger_hand_over()
		with self.as_user(factories.staff(roles.COORDINATOR)):
			lifecycle.apply(doc, "Finish")
		self.assertEqual(frappe.db.get_value(doc.doctype, doc.name, "status"), "Done")

	def test_nobody_else_does(self):
		doc = factories.ledger_hand_over()
		with self.as_user(factories.staff(roles.OWNER)), self.assertRaises(StepNotPermitted):
			lifecycle.apply(doc, "Finish")

	def test_it_is_not_born_done(self):
		with self.as_user(factories.staff(roles.COORDINATOR)), self.assertRaises(TransitionError):
			frappe.get_doc(doctype="Ledger Hand-over", title="Done before it began", status="Done").insert()

	def test_without_a_unit_it_cannot_be_finished(self):
		doc = factories.ledger_hand_over()
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc.unit = None
			with self.assertRaises(TransitionError):
				lifecycle.apply(doc, "Finish")
