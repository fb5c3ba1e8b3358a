import frappe

from involvement_app.lifecycle import StepNotPermitted
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase


class TestInvolvementInvitation(IntegrationTestCase):
	def assertSees(self, user: str, doc, sees: bool) -> None:
		"""As a document and in the list: the framework asks two hooks."""
		with self.subTest(user), self.as_user(user):
			self.assertEqual(frappe.has_permission(doc.doctype, "read", doc.name), sees)
			try:
				listed = doc.name in frappe.get_list(doc.doctype, pluck="name", limit=0)
			except frappe.PermissionError:
				listed = False
			self.assertEqual(listed, sees)

	def test_coordinators_and_managers_of_the_person_see_it_and_nobody_else(self):
		unit = factories.unit()
		doc = factories.involvement_invitation(factories.participant(units=(unit,)))
		here, elsewhere = factories.another(roles.COORDINATOR), factories.another(roles.COORDINATOR)
		for user, limit in ((here, unit), (elsewhere, factories.unit())):
			factories.limit(user, limit)
		for user in (factories.staff(roles.COORDINATOR), factories.staff(roles.MANAGER), here):
			self.assertSees(user, doc, True)
		for user in (elsewhere, *factories.others()):
			self.assertSees(user, doc, False)

	def test_nobody_makes_one_by_hand_or_writes_its_state(self):
		doc = factories.involvement_invitation()
		with self.as_user(factories.staff(roles.MANAGER)):
			self.assertRaises(frappe.PermissionError, frappe.copy_doc(doc).insert)
			doc.status = "Taken up"
			self.assertRaises(StepNotPermitted, doc.save)

	def test_the_database_holds_one_for_a_person_and_an_opportunity(self):
		doc = factories.involvement_invitation()
		other = factories.involvement_invitation()
		with self.assertRaises(Exception) as caught:
			frappe.db.set_value(doc.doctype, other.name, "once_key", doc.once_key)
		self.assertTrue(frappe.db.is_duplicate_entry(caught.exception))
