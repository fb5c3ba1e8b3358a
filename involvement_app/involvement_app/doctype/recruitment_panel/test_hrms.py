"""With Frappe HR installed, HR officers alone lead from a panel to the job (domain 4.4)."""

import unittest

import frappe

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.doctype.recruitment_panel.test_recruitment_panel import PanelTestCase
from involvement_app.involvement_app.panels import hrms
from involvement_app.setup import roles
from involvement_app.tests import factories


class TestWithFrappeHR(PanelTestCase):
	def test_without_it_there_is_no_such_field(self):
		if hrms.is_here():
			raise unittest.SkipTest("Frappe HR is installed")
		hrms.create()
		for doctype, fields in hrms.FIELDS.items():
			for field in fields:
				self.assertFalse(frappe.get_meta(doctype).has_field(field["fieldname"]))

	def test_hr_alone_may_write_and_read_the_links(self):
		"""They are of level 1, which HR officers hold and nobody else."""
		for fields in hrms.FIELDS.values():
			self.assertEqual([field["permlevel"] for field in fields], [1])
		meta = frappe.get_meta(panels.PANEL)
		for role, holds in (
			(roles.HR_OFFICER, True),
			(roles.PANEL_MEMBER, False),
			(roles.COORDINATOR, False),
			(roles.MANAGER, False),
		):
			with self.subTest(role):
				levels = meta.get_permlevel_access("read", user=factories.staff(role))
				self.assertEqual(1 in levels, holds)

	def test_a_member_finds_no_applicant_through_a_panel(self):
		if not hrms.is_here():
			raise unittest.SkipTest("Frappe HR is not installed")
		hrms.create()
		applicant = frappe.get_doc(
			doctype=hrms.APPLICANT, applicant_name="Mary Smith", email_id="mary@example.org", status="Open"
		).insert(ignore_permissions=True)  # a factory
		panel = factories.recruitment_panel()
		self.edit(panel, lambda doc: doc.candidates[0].update({"job_applicant": applicant.name}))
		with self.as_user(factories.staff(roles.PANEL_MEMBER)):
			read = frappe.get_doc(panels.PANEL, panel.name)
			read.apply_fieldlevel_read_permissions()
			self.assertFalse(read.candidates[0].get("job_applicant"))
			self.assertFalse(frappe.has_permission(hrms.APPLICANT, "read"))
