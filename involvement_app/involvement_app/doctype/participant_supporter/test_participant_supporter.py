import frappe

from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase


class TestParticipantSupporter(IntegrationTestCase):
	"""Who sees it. What a supporter may do, and what is refused: tests/portal/test_supporters.py."""

	def test_whoever_sees_the_person_sees_it(self):
		doc = factories.supporter(factories.participant(units=(factories.unit(),)))
		limited = factories.another(roles.COORDINATOR)
		factories.limit(limited, factories.unit())
		seen = {factories.staff(roles.COORDINATOR), factories.staff(roles.MANAGER)}
		for user in (*seen, limited, *factories.others()):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(bool(frappe.has_permission(doc.doctype, "read", doc.name)), user in seen)
				if frappe.has_permission(doc.doctype, "read"):
					self.assertEqual(
						doc.name in frappe.get_list(doc.doctype, pluck="name", limit=0), user in seen
					)
