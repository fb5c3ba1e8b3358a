"""How many recruitments there were is written down, once for a unit and a quarter, by HR."""

import frappe
from frappe.utils import add_days, add_months, get_quarter_start, getdate, today

from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase


class TestRecruitmentCount(IntegrationTestCase):
	def assertSees(self, user: str, doc, sees: bool) -> None:
		"""As a document and in the list: the framework asks two hooks."""
		with self.subTest(user), self.as_user(user):
			self.assertEqual(frappe.has_permission(doc.doctype, "read", doc.name), sees)
			try:
				listed = doc.name in frappe.get_list(doc.doctype, pluck="name", limit=0)
			except frappe.PermissionError:
				listed = False
			self.assertEqual(listed, sees)

	def test_who_reads_panels_sees_it_and_nobody_else(self):
		doc = factories.recruitment_count()
		for user, sees in (
			(factories.staff(roles.HR_OFFICER), True),
			(factories.staff(roles.COORDINATOR), True),
			(factories.staff(roles.MANAGER), True),
			(factories.staff(roles.PANEL_MEMBER), False),
			(factories.staff(roles.OWNER), False),
			(factories.staff(roles.FINANCE_OFFICER), False),
			(factories.user("Sales User"), False),
			(factories.staff(factories.PORTAL), False),
			("Guest", False),
		):
			self.assertSees(user, doc, sees)

	def test_within_their_units(self):
		here, elsewhere = factories.recruitment_count(), factories.recruitment_count()
		user = factories.another(roles.HR_OFFICER)
		factories.limit(user, here.unit)
		self.assertSees(user, here, True)
		self.assertSees(user, elsewhere, False)

	def test_hr_alone_writes_it(self):
		doc = factories.recruitment_count()
		for user in (factories.staff(roles.MANAGER), factories.staff(roles.COORDINATOR)):
			with self.subTest(user), self.as_user(user):
				written = frappe.get_doc(doc.doctype, doc.name)
				written.recruitments = 0
				self.assertRaises(frappe.PermissionError, written.save)
				new = frappe.get_doc({**doc.as_dict(), "name": None, "unit": factories.unit()})
				self.assertRaises(frappe.PermissionError, new.insert)
		with self.as_user(factories.staff(roles.HR_OFFICER)):
			written = frappe.get_doc(doc.doctype, doc.name)
			written.recruitments = 7
			self.assertEqual(written.save().recruitments, 7)

	def test_once_for_a_unit_and_a_quarter_and_never_for_days_to_come(self):
		doc = factories.recruitment_count(quarter_from=today())
		self.assertEqual(getdate(doc.quarter_from), get_quarter_start(today()))
		self.assertIn("quarter", doc.title)
		for values, says in (
			({"unit": doc.unit, "quarter_from": today()}, "written down already"),
			({"quarter_from": add_days(today(), 1)}, "still to come"),
			({"recruitments": -1}, "0 or more"),
		):
			with self.subTest(says), self.assertRaisesRegex(frappe.ValidationError, says):
				factories.recruitment_count(**values)
		before = factories.recruitment_count(unit=doc.unit, quarter_from=add_months(today(), -3))
		self.assertLess(getdate(before.quarter_from), getdate(doc.quarter_from))

	def test_not_fewer_than_the_panels_that_decided(self):
		panel = factories.decided_panel(people=(factories.participant(used_services=1, portal=True), None))
		with self.assertRaisesRegex(frappe.ValidationError, "1 panels decided"):
			factories.recruitment_count(unit=panel.unit, recruitments=0)
		self.assertEqual(factories.recruitment_count(unit=panel.unit, recruitments=1).recruitments, 1)
