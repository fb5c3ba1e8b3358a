import frappe

from involvement_app.involvement_privacy.append_only import WrittenOnce
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase


class TestParticipantMerge(IntegrationTestCase):
	"""What happened stays written; who may see the person may read it. Merging itself: tests/people/test_merging.py."""

	def test_whoever_sees_the_person_sees_it_and_nobody_writes_it(self):
		doc = factories.participant_merge(factories.participant(units=(factories.unit(),)))
		limited = factories.another(roles.COORDINATOR)
		factories.limit(limited, factories.unit())
		seen = {factories.staff(roles.COORDINATOR), factories.staff(roles.MANAGER)}
		for user in (*seen, limited, *factories.others()):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(bool(frappe.has_permission(doc.doctype, "read", doc.name)), user in seen)
				self.assertFalse(frappe.has_permission(doc.doctype, "write", doc.name))
		for act in (doc.save, doc.delete):
			self.assertRaises(WrittenOnce, act)
