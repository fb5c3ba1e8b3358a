"""A site of an earlier version, restored from its dump, after `bench migrate`: every row and every value is still there.

The dumps are in data/upgrade, one for each released version, made from the demonstration data."""

from pathlib import Path

import frappe

from involvement_app import lifecycle
from involvement_app.messages.templates import declared
from involvement_app.tests import spare_site
from involvement_app.tests.compat import IntegrationTestCase

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
# migrate writes these anew on purpose: (table, column) and why
REWRITTEN = {
	("tabParticipation Level", "modified"): "a fixture, re-inserted by every migrate",
	("tabParticipation Level", "creation"): "a fixture, re-inserted by every migrate",
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
	return {_key(row): {column: str(value) for column, value in row.items()} for row in rows}


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
				self.assertEqual(set(rows) - set(self.after[table]), set())
				if table.startswith("tabInvolvement "):
					self.assertEqual(set(self.after[table]) - set(rows), set())

	def test_every_value_is_kept(self):
		for table, rows in self.before.items():
			changed = {
				f"{name}.{column}": (value, self.after[table][name].get(column))
				for name, row in rows.items()
				for column, value in row.items()
				if (table, column) not in REWRITTEN and self.after[table].get(name, {}).get(column) != value
			}
			with self.subTest(table):
				self.assertEqual(changed, {})

	def test_every_state_is_known_and_every_document_opens(self):
		self.assertEqual(spare_site.call(f"{__name__}:strange_states"), [])
		self.assertEqual(spare_site.call(f"{__name__}:unreadable"), [])

	def test_workflows_roles_and_templates_are_those_of_this_version(self):
		questions = spare_site.ask(
			"{row['asks']: row['status'] for row in __import__('involvement_app.health').health.findings()}"
		)
		self.assertEqual(questions["Are the Workflows in place?"], "ok")
		self.assertLessEqual(set(declared()), set(self.after["tabEmail Template"]))

	def test_a_second_migrate_changes_nothing(self):
		spare_site.bench("migrate")
		self.assertEqual(spare_site.call(f"{__name__}:snapshot"), self.after)
