"""The invented charity comes whole and goes whole."""

import time
from numbers import Number

import frappe
from frappe.desk import query_report
from frappe.query_builder.functions import Count

from involvement_app.demo import rows
from involvement_app.demo.load import load
from involvement_app.lifecycle import all_lifecycles
from involvement_app.tests.compat import CommittingTestCase
from involvement_app.tests.gates.completeness import NOT_IN_THE_DEMO, Tree
from involvement_app.tests.races.connections import on_the_bench

NUMBERS = {"Int", "Float", "Currency", "Percent"}
# logs of the framework itself, and what its queue writes after the fact for documents that are gone by then
NOT_OURS = {
	"tabWorkflow Action",
	"tabScheduled Job Log",
	"tabError Log",
	"tabRQ Job",
	"__global_search",
	"tabActivity Log",
	"tabAccess Log",
}


def counts() -> dict[str, int]:
	frappe.db.rollback()  # a new snapshot
	# the database's own list: no doctype holds it
	tables = frappe.db.sql(
		"SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()", pluck=True
	)
	return {
		table: frappe.qb.from_(frappe.qb.Table(table)).select(Count("*")).run()[0][0]
		for table in tables
		if table not in NOT_OURS
	}


@on_the_bench
class TestDemo(CommittingTestCase):
	def test_it_loads_every_state_and_leaves_no_row(self):
		if rows.memory().exists():
			rows.remove()
			frappe.db.commit()  # an earlier run was killed
		before = counts()
		start = time.monotonic()
		made = load("a password for the test")
		took = time.monotonic() - start
		try:
			self.assertGreaterEqual(made["Involvement Participant"], 40)
			for life in all_lifecycles():
				if life.doctype in NOT_IN_THE_DEMO:
					continue
				with self.subTest(life.doctype):
					self.assertEqual(self.states(life.doctype), self.expected(life))
			self.assertEqual(self.without_rows() - set(NOT_IN_THE_DEMO), set())
			self.assertEqual(self.words_shown_as_numbers(), [])
			logins = frappe.get_all("Involvement Participant", {"user": ["is", "set"]}, pluck="user")
			kinds = frappe.get_all("User", {"name": ["in", logins]}, pluck="user_type")
			self.assertEqual(set(kinds), {"Website User"})
			self.assertFalse(
				frappe.db.exists(
					"Involvement Message", {"channel": "Email", "status": "Waiting", "address": ["is", "set"]}
				)
			)
		finally:
			rows.remove()
			frappe.db.commit()  # as the command does
		print(f"demo data: {sum(made.values())} rows in {took:.0f} s")
		after = counts()
		# Frappe tidies doubled defaults whenever it writes one, so there may be fewer of those
		changed = {
			table: (before.get(table), rows)
			for table, rows in after.items()
			if before.get(table) != rows and not (table == "tabDefaultValue" and rows < before[table])
		}
		self.assertEqual(changed, {})

	def words_shown_as_numbers(self) -> list:
		"""Of every report of ours: words in a column of numbers, which the desk shows as 0."""
		modules = frappe.get_all("Module Def", {"app_name": "involvement_app"}, pluck="name")
		reports = frappe.get_all("Report", {"module": ["in", modules]}, pluck="name")
		self.assertGreater(len(reports), 20)
		wrong = []
		for report in reports:
			answer = query_report.run(report, filters={})
			for column in answer["columns"]:
				if column["fieldtype"] not in NUMBERS:
					continue
				values = [row.get(column["fieldname"]) for row in answer["result"] if isinstance(row, dict)]
				if any(value is not None and not isinstance(value, Number) for value in values):
					wrong.append((report, column["fieldname"]))
		return wrong

	def without_rows(self) -> set[str]:
		"""Doctypes of which the demo shows nothing (law 11)."""
		documents = [each for each in Tree().doctypes.values() if not each.is_child and not each.is_single]
		return {each.name for each in documents if not frappe.db.count(each.name)}

	def states(self, doctype: str) -> set[str]:
		return set(frappe.get_all(doctype, pluck="status", distinct=True))

	def expected(self, life) -> set[str]:
		"""Every state, but for those that wait for a later room of the house, or last some minutes."""
		later = {
			"Involvement Engagement": {"Active"},
			"Involvement Invitation": {"To send"},
			"Involvement Expense Claim": {"Failed at bank"},
		}
		return {state.name for state in life.states} - later.get(life.doctype, set())
