"""Install, migrate, uninstall, install again: on a bare site of their own, with bench's own commands."""

import json
import unittest

from involvement_app.install import refuse_old_frappe
from involvement_app.setup import roles
from involvement_app.tests import spare_site
from involvement_app.tests.compat import DEEP, IntegrationTestCase
from involvement_app.tests.spare_site import ask, bench

# Frappe notes there that apps came and went
DIARIES = {
	"tabVersion",
	"tabInstalled Application",
	"tabPatch Log",
	"tabError Log",
	"tabScheduled Job Log",
	"tabDeleted Document",
}


def fingerprint() -> dict[str, int]:
	"""Rows of every table of the spare site, and the columns of the tables, which a Custom Field would widen."""
	tables = ask(
		"[t for (t,) in frappe.db.sql(\"SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'\")]"
	)
	wanted = [table for table in tables if table not in DIARIES and not table.startswith("__")]
	rows = ask(f"{{t: frappe.db.sql('SELECT COUNT(*) FROM `' + t + '`')[0][0] for t in {wanted!r}}}")
	columns = ask(
		"dict(frappe.db.sql('SELECT table_name, COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() GROUP BY table_name'))"
	)
	return {table: (rows[table], columns[table]) for table in wanted}


class TestOldFrappe(unittest.TestCase):
	def test_frappe_14_is_refused_by_name(self):
		import frappe

		with self.assertRaisesRegex(frappe.ValidationError, "15 or newer; this bench has 14.99.1"):
			refuse_old_frappe("14.99.1")

	def test_15_and_16_are_welcome(self):
		refuse_old_frappe("15.0.0-dev")
		refuse_old_frappe("16.1.0")


@spare_site.needed
class TestComingAndGoing(IntegrationTestCase):
	"""One story in the order of the alphabet: each test begins where the one before ended."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		bench(
			"execute",
			"frappe.client.insert",
			"--args",
			json.dumps(
				[
					{
						"doctype": "Contact",
						"first_name": "Was here before",
						"email_ids": [{"email_id": "before@example.org", "is_primary": 1}],
					}
				]
			),
		)
		cls.bare = fingerprint()
		cls.contact = ask("frappe.get_all('Contact', {'first_name': 'Was here before'}, ['*'])")

	def assertSame(self, before: dict) -> None:
		"""Table → (rows and columns before, now) where they differ."""
		now = fingerprint()
		names = {*before, *now}
		self.assertEqual({t: (before.get(t), now.get(t)) for t in names if before.get(t) != now.get(t)}, {})

	def test_1_install_brings_roles_levels_workflows_and_texts(self):
		bench("install-app", "involvement_app")
		self.assertEqual(
			ask("frappe.db.count('Role', {'name': ['like', 'Involvement %']})"), len(roles.DESK_ROLES)
		)
		self.assertEqual(ask("frappe.db.count('Participation Level')"), 7)
		self.assertEqual(ask("frappe.db.count('Workflow', {'document_type': ['like', 'Involvement %']})"), 3)
		self.assertGreater(ask("frappe.db.count('Email Template', {'name': ['like', 'Involvement %']})"), 5)
		self.assertEqual(ask("frappe.db.get_single_value('Involvement Settings', 'notice_working_days')"), 10)

	def test_2_migrate_keeps_what_the_site_changed(self):
		ask(
			"(frappe.db.set_value('Email Template', 'Involvement offer', 'subject', 'Ours'), frappe.db.commit())"
		)
		before = fingerprint()
		bench("migrate")
		self.assertSame(before)
		self.assertEqual(ask("frappe.db.get_value('Email Template', 'Involvement offer', 'subject')"), "Ours")

	def test_3_uninstall_leaves_the_crm_as_it_was(self):
		# a counter, as the first batch makes it
		ask("(frappe.model.naming.getseries('IPB-', 5), frappe.db.commit())")
		bench("uninstall-app", "involvement_app", "--yes", "--no-backup", "--force")
		self.assertSame(self.bare)
		self.assertEqual(
			ask("frappe.get_all('Contact', {'first_name': 'Was here before'}, ['*'])"), self.contact
		)

	def test_4_it_installs_again_and_works(self):
		bench("install-app", "involvement_app")
		self.assertEqual(ask("frappe.db.count('Participation Level')"), 7)
		if DEEP:  # most of a minute
			bench("involvement-demo", "load")
			self.assertGreater(ask("frappe.db.count('Involvement Payment', {'status': 'Paid'})"), 0)
			bench("involvement-demo", "remove")
		bench("uninstall-app", "involvement_app", "--yes", "--no-backup", "--force")

	def test_5_tables_and_folders_of_ours_are_gone(self):
		self.assertTrue((spare_site.folder() / "site_config.json").exists())
		self.assertEqual(ask("[t for t in frappe.db.get_tables(cached=False) if 'Involvement' in t]"), [])
