import frappe

from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase


class TestStoryTakedown(IntegrationTestCase):
	def test_it_is_handed_only_to_somebody_who_sees_it(self):
		doc = factories.takedown()
		with self.as_user(factories.staff(roles.COMMUNICATIONS)):
			doc = frappe.get_doc(doc.doctype, doc.name)
			doc.assigned_user = factories.staff(roles.FINANCE_OFFICER)
			self.assertRaisesRegex(frappe.ValidationError, "can see this list", doc.save)
			doc.reload()
			doc.assigned_user = factories.staff(roles.COORDINATOR)
			doc.save()

	def test_nobody_makes_one_or_moves_its_day_by_hand(self):
		doc = factories.takedown()
		with self.as_user("Administrator"):
			doc = frappe.get_doc(doc.doctype, doc.name)
			due = doc.due_on
			doc.due_on = "2099-01-01"
			doc.save()
			self.assertEqual(doc.due_on, due)
		with self.as_user(factories.staff(roles.COMMUNICATIONS)), self.assertRaises(frappe.PermissionError):
			frappe.get_doc(doctype=doc.doctype, participant=doc.participant, story=doc.story).insert()
