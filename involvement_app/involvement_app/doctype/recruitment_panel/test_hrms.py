"""With Frappe HR installed, HR officers alone lead from a panel to the job (domain 4.4)."""

import unittest

import frappe
import frappe.client
from frappe.desk.form import load
from frappe.utils import today

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.doctype.recruitment_panel.test_recruitment_panel import PanelTestCase
from involvement_app.involvement_app.panels import hrms
from involvement_app.involvement_app.report.recruitment_with_lived_experience import (
	recruitment_with_lived_experience as report,
)
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

	def test_when_it_has_gone_the_form_opens_without_the_links(self):
		if hrms.is_here():
			raise unittest.SkipTest("Frappe HR is installed")
		for doctype, fields in hrms.FIELDS.items():
			for field in fields:
				name = f"{doctype}-{field['fieldname']}"
				frappe.get_doc({"doctype": "Custom Field", "name": name, "dt": doctype, **field}).db_insert()
		frappe.clear_cache(doctype=panels.PANEL)
		self.addCleanup(frappe.clear_cache, doctype=panels.PANEL)
		frappe.response.docs = []
		self.assertRaisesRegex(Exception, hrms.OPENING, load.getdoctype, panels.PANEL)
		for remove in frappe.get_hooks("after_app_uninstall"):
			frappe.get_attr(remove)("hrms")
		load.getdoctype(panels.PANEL)
		for doctype, fields in hrms.FIELDS.items():
			self.assertFalse(frappe.get_meta(doctype).has_field(fields[0]["fieldname"]))

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

	def others(self) -> tuple[str, ...]:
		return (
			factories.staff(roles.PANEL_MEMBER),
			factories.staff(roles.COORDINATOR),
			factories.staff(roles.MANAGER),
			*factories.others(),
			factories.another(factories.PORTAL),
			"Guest",
		)

	def assertHRAloneWrites(self, panel, field: str, child_field: str, value: str, child_value: str) -> None:
		child = frappe.get_doc(panel.doctype, panel.name).candidates[0].name
		for user in self.others():
			with self.subTest(user), self.as_user(user):
				for write in (
					lambda: frappe.client.set_value(panels.PANEL, panel.name, field, value),
					lambda: frappe.client.set_value(panels.CANDIDATE, child, child_field, child_value),
				):
					with self.assertRaises(frappe.PermissionError):
						write()
		with self.hr():
			frappe.client.set_value(panels.PANEL, panel.name, field, value)
		doc = self.edit(panel, lambda doc: doc.candidates[0].update({child_field: child_value}))
		self.assertEqual((doc.get(field), doc.candidates[0].get(child_field)), (value, child_value))

	def test_links_are_written_by_hr_alone(self):
		if not hrms.is_here():
			raise unittest.SkipTest("Frappe HR is not installed: the same without it is the next test")
		hrms.create()
		opening = frappe.get_doc(doctype=hrms.OPENING, job_title="Support worker", status="Open")
		opening.flags.ignore_mandatory = opening.flags.ignore_validate = (
			True  # a factory: no company, no plan
		)
		applicant = frappe.get_doc(
			doctype=hrms.APPLICANT, applicant_name="Mary Smith", email_id="mary@example.org", status="Open"
		)
		for doc in (opening, applicant):
			doc.insert(ignore_permissions=True)  # a factory
		panel = factories.recruitment_panel()
		self.assertHRAloneWrites(panel, "job_opening", "job_applicant", opening.name, applicant.name)

	def test_an_opening_without_a_panel_is_a_recruitment_for_who_may_read_openings(self):
		if not hrms.is_here():
			raise unittest.SkipTest("Frappe HR is not installed")
		hrms.create()
		names = []
		for number in range(2):
			doc = frappe.get_doc(doctype=hrms.OPENING, job_title=f"Support worker {number}", status="Open")
			doc.flags.ignore_mandatory = doc.flags.ignore_validate = True  # a factory: no company, no plan
			names.append(doc.insert(ignore_permissions=True).name)  # a factory
			frappe.db.set_value(hrms.OPENING, doc.name, "posted_on", today())
		panel = factories.recruitment_panel()
		day = frappe._dict(from_date=today(), to_date=today())
		with self.as_user(factories.user(roles.HR_OFFICER, "HR User")):
			before = len(report._openings_without_panel(day))
			self.edit(panel, lambda doc: doc.update({"job_opening": names[0]}))
			self.assertEqual(len(report._openings_without_panel(day)), before - 1)
			self.assertGreaterEqual(before, 2)
			rows = report.execute(frappe._dict(day, by="Unit"))[1]
			openings = next(row for row in rows if row["group"] == "Job openings without a panel")
			self.assertEqual((openings["recruitments"], openings["with"]), (before - 1, 0))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertEqual(report._openings_without_panel(day), [])

	def test_what_stands_on_that_level_is_written_by_hr_alone_without_frappe_hr_too(self):
		"""Two fields that are there stand in for the links: on level 1, in this process alone."""
		panel = factories.recruitment_panel()
		fields = (
			frappe.get_meta(panels.PANEL).get_field("about"),
			frappe.get_meta(panels.CANDIDATE).get_field("initials"),
		)
		for field in fields:
			field.permlevel = 1
		try:
			self.assertHRAloneWrites(panel, "about", "initials", "JOB-1", "MS")
			for role in (roles.PANEL_MEMBER, roles.COORDINATOR, roles.MANAGER):
				with self.subTest(role), self.as_user(factories.staff(role)):
					read = frappe.get_doc(panels.PANEL, panel.name)
					read.apply_fieldlevel_read_permissions()
					self.assertFalse(read.get("about") or read.candidates[0].get("initials"))
		finally:
			for field in fields:
				field.permlevel = 0

	def test_no_role_but_hr_officers_holds_that_level(self):
		levels = {row.role for row in frappe.get_meta(panels.PANEL).permissions if row.permlevel}
		self.assertEqual(levels, {roles.HR_OFFICER})
