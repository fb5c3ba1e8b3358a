"""A changed account waits for a day at least, and a promise has one (domain 4.6, 4.12): whoever may write the settings cannot switch
that off."""

import frappe
from frappe.utils import add_days, getdate, today

from involvement_app.involvement_payments import bank_details
from involvement_app.patches.v1_0 import at_least_a_day
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

SETTINGS = "Involvement Settings"
LABELS = {
	"bank_cooling_off_days": "Days before a changed account is used",
	"payment_working_days": "Payment promise",
	"claim_months": "Expenses can be claimed for",
}


class TestLeastDays(IntegrationTestCase):
	def setUp(self):
		super().setUp()
		self.addCleanup(frappe.clear_document_cache, SETTINGS, SETTINGS)

	def save(self, **values) -> None:
		with self.as_user(factories.staff(roles.MANAGER)):
			settings = frappe.get_doc(SETTINGS)
			settings.update(values)
			settings.save()

	def test_none_is_refused_and_the_field_is_named(self):
		for fieldname, label in LABELS.items():
			for value in (0, None, ""):
				with (
					self.subTest(fieldname, value=value),
					self.assertRaisesRegex(frappe.ValidationError, f"{label}.*: at least 1"),
				):
					self.save(**{fieldname: value})

	def test_one_is_enough(self):
		self.save(**dict.fromkeys(LABELS, 1))
		person = factories.participant()
		factories.participant_bank_detail(person, "Active")
		changed = factories.participant_bank_detail(person, way="Cash")
		self.assertEqual(getdate(changed.usable_from), getdate(add_days(today(), 1)))

	def test_sites_from_before(self):
		for fieldname in LABELS:
			frappe.db.set_single_value(SETTINGS, fieldname, 0)
		at_least_a_day.execute()
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		found = [frappe.db.get_single_value(SETTINGS, fieldname) for fieldname in LABELS]
		self.assertEqual(found, [1, 1, 3])
		said = frappe.get_last_doc("Comment", {"reference_doctype": SETTINGS}).content
		for label in LABELS.values():
			self.assertIn(label, said)
		count = frappe.db.count("Comment", {"reference_doctype": SETTINGS})
		at_least_a_day.execute()
		self.assertEqual(frappe.db.count("Comment", {"reference_doctype": SETTINGS}), count)
		self.assertEqual(bank_details.cooling_off(), 1)
