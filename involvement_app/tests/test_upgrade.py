"""A site of an earlier version, restored from its dump, after `bench migrate`: every row and every value is still there.

The dumps are in data/upgrade, one for each released version, made from the demonstration data."""

import unittest
from pathlib import Path

import frappe

from involvement_app import lifecycle
from involvement_app.messages.templates import _shipped, declared
from involvement_app.patches.v1_0 import no_role_for_participants
from involvement_app.tests import spare_site
from involvement_app.tests.compat import DEEP, IntegrationTestCase

DUMPS = Path(__file__).parent / "data" / "upgrade"
# what a charity has in its site beside our own tables
THEIRS = (
	"tabContact",
	"tabContact Email",
	"tabContact Phone",
	"tabUser",
	"tabHas Role",
	"tabRole Profile",
	"tabVersion",
	"tabComment",
	"tabFile",
	"tabEmail Template",
	"tabEmail Account",
	"tabSeries",
	"__Auth",
)
# what Frappe notes about apps as Version rows
OF_APPS = ("Installed Applications", "Workflow", "Workspace", "Page")
# migrate writes these anew on purpose: (table, column) → rows (or what finds them; None: all) and why
REWRITTEN = {
	("tabParticipation Level", "modified"): (None, "a fixture, re-inserted by every migrate"),
	("Involvement Settings", "modified"): (None, "settings that came since are filled in"),
	("Involvement Settings", "modified_by"): (None, "settings that came since are filled in"),
	("tabParticipation Level", "creation"): (None, "a fixture, re-inserted by every migrate"),
	("tabUser", "user_image"): (
		None,
		"the picture that told whose login it is (patch no_role_for_participants)",
	),
	**{
		("tabEmail Template", column): (
			lambda: {name for name, _subject, _content in _shipped()},
			"texts that nobody has edited (patch untouched_templates)",
		)
		for column in ("subject", "response_html", "modified", "modified_by")
	},
}


def snapshot() -> dict[str, dict[str, dict]]:
	"""Table → row → column → value, as text, of our own tables and THEIRS. Runs on the spare site."""
	tables = [
		table
		for table in frappe.db.get_tables(cached=False)
		if table in THEIRS or table.startswith("tabInvolvement ") or table in _ours()
	]
	found = {table: _rows(table) for table in tables}
	settings = frappe.db.get_singles_dict("Involvement Settings")
	found["Involvement Settings"] = {"the": {field: str(value) for field, value in settings.items()}}
	return found


def _ours() -> set[str]:
	modules = frappe.get_module_list("involvement_app")
	names = frappe.get_all("DocType", {"module": ["in", modules], "issingle": 0}, pluck="name")
	return {f"tab{name}" for name in names}


def _rows(table: str) -> dict[str, dict]:
	plain = frappe.qb.Table(table)
	rows = frappe.qb.from_(plain).select("*").run(as_dict=True)
	return {
		_key(row): {column: str(value) for column, value in row.items()}
		for row in rows
		if not _is_of_an_app(row)
	}


def _is_of_an_app(row) -> bool:
	"""Roles of workspaces, pages and reports, and notes of Frappe's own about apps: no charity's data."""
	holder = row.get("parenttype") if "role" in row else None
	return (holder or "User") not in ("User", "Role Profile") or row.get("ref_doctype") in OF_APPS


def _key(row) -> str:
	return "|".join(str(row[part]) for part in ("doctype", "name", "fieldname") if part in row)


def strange_states() -> list[str]:
	"""Documents whose state the present declarations do not know, or whose docstatus does not fit it. Runs on the
	spare site."""
	strange = []
	for life in lifecycle.all_lifecycles():
		for row in frappe.get_all(life.doctype, fields=["name", "status", "docstatus"]):
			state = life.by_name.get(row.status)
			if not state or state.docstatus != row.docstatus:
				strange.append(f"{row.name}: {row.status}, {row.docstatus}")
	return strange


def unreadable() -> list[str]:
	"""Documents of ours that no longer load or that name something that is gone. Runs on the spare site."""
	broken = []
	for life in lifecycle.all_lifecycles():
		for name in frappe.get_all(life.doctype, pluck="name"):
			doc = frappe.get_doc(life.doctype, name)
			invalid, _cancelled = doc.get_invalid_links()
			if invalid:
				broken.append(f"{name}: {invalid}")
	return broken


def _is_rewritten(table: str, column: str, name: str) -> bool:
	rows, _why = REWRITTEN.get((table, column), (set(), ""))
	return rows is None or name in (rows() if callable(rows) else rows)


def changed(table: str, before: dict, after: dict) -> dict[str, tuple]:
	"""row.column → (value before, value after) where they differ, of rows that are still there."""
	return {
		f"{name}.{column}": (value, after[table][name].get(column))
		for name, row in before[table].items()
		for column, value in row.items()
		if name in after[table]
		and not _is_rewritten(table, column, name)
		and after[table][name].get(column) != value
	}


@spare_site.needed
class TestUpgrade(IntegrationTestCase):
	FROM = "v0.1.0"

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		bare = spare_site.kept_bare()
		bare.__enter__()
		cls.addClassCleanup(bare.__exit__, None, None, None)
		spare_site.restore(DUMPS / f"{cls.FROM}.sql.gz")
		cls.before = spare_site.call(f"{__name__}:snapshot")
		spare_site.bench("migrate")
		cls.after = spare_site.call(f"{__name__}:snapshot")

	def test_the_dump_holds_something_of_everything(self):
		for table in (
			"Participant",
			"Opportunity",
			"Application",
			"Engagement",
			"Session",
			"Payment",
			"Message",
		):
			self.assertGreater(len(self.before[f"tabInvolvement {table}"]), 5, table)

	def test_every_row_is_kept_and_none_is_added(self):
		for table, rows in self.before.items():
			with self.subTest(table):
				lost = [row for name, row in rows.items() if name not in self.after[table]]
				# a participant's login tells nothing any more (patch no_role_for_participants)
				lost = [row for row in lost if row.get("role") != no_role_for_participants.ROLE]
				self.assertEqual(lost, [])
				if table.startswith("tabInvolvement "):
					self.assertEqual(set(self.after[table]) - set(rows), set())

	def test_every_value_is_kept(self):
		for table in self.before:
			with self.subTest(table):
				self.assertEqual(changed(table, self.before, self.after), {})

	def test_every_state_is_known_and_every_document_opens(self):
		self.assertEqual(spare_site.call(f"{__name__}:strange_states"), [])
		self.assertEqual(spare_site.call(f"{__name__}:unreadable"), [])

	def test_workflows_roles_and_templates_are_those_of_this_version(self):
		questions = spare_site.ask(
			"{row['asks']: row['status'] for row in __import__('involvement_app.health').health.findings()}"
		)
		self.assertEqual(questions["Are the Workflows in place?"], "ok")
		self.assertLessEqual(set(declared()), set(self.after["tabEmail Template"]))
		# a text that is another now is the one this version ships
		ships = {name: (subject, content) for name, subject, content in _shipped()}
		for name, row in self.after["tabEmail Template"].items():
			was = self.before["tabEmail Template"].get(name)
			if was and any(was[field] != row[field] for field in ("subject", "response_html")):
				self.assertEqual((row["subject"], row["response_html"]), ships[name], name)

	@unittest.skipUnless(DEEP, "test_install.py migrates twice: the rest in dev/deep")
	def test_a_second_migrate_changes_nothing(self):
		spare_site.bench("migrate")
		again = spare_site.call(f"{__name__}:snapshot")
		for table in self.after:
			with self.subTest(table):
				self.assertEqual(set(self.after[table]), set(again[table]))
				self.assertEqual(changed(table, self.after, again), {})
