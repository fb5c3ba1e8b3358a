"""Law 11: each doctype lands complete; and what is listed as an exception is there and has a reason."""

import json
import unittest
from pathlib import Path

from involvement_app.tests.gates import completeness
from involvement_app.tests.gates.completeness import Tree, faults


class TestCompleteness(unittest.TestCase):
	maxDiff = None

	@classmethod
	def setUpClass(cls):
		cls.tree = Tree()

	def test_every_doctype_is_complete(self):
		found = [fault for doctype in self.tree.doctypes.values() for fault in faults(doctype, self.tree)]
		self.assertEqual(found, [], "docs/adding-a-doctype.md says what each line means")

	def test_every_exception_is_about_a_doctype_and_has_a_reason(self):
		for exceptions in (
			completeness.MASTERS,
			completeness.TESTED,
			completeness.MADE_BY_OTHERS,
			completeness.NOT_IN_THE_DEMO,
			completeness.UNINDEXED,
			completeness.TITLED,
			completeness.OFF_THE_WORKSPACE,
			completeness.NO_LIST,
		):
			for key, reason in exceptions.items():
				name = key if isinstance(key, str) else key[0]
				with self.subTest(name):
					self.assertIn(name, self.tree.doctypes)
					self.assertTrue(reason)

	def test_the_masters_are_those_that_hooks_name(self):
		named = self.tree.hooks.get("involvement_masters", completeness.MASTERS)
		self.assertEqual(set(completeness.MASTERS), set(named))

	def test_a_filter_listed_as_unindexed_is_one(self):
		for name, fieldname in completeness.UNINDEXED:
			df = self.tree.doctypes[name].field(fieldname)
			self.assertTrue(df["in_standard_filter"] and not df.get("search_index"), f"{name}.{fieldname}")

	def test_every_line_of_the_retention_page_is_about_a_doctype(self):
		self.assertEqual(set(self.tree.retention) - set(self.tree.doctypes), set())

	def test_what_a_card_works_out_is_a_script(self):
		"""The desk runs the last word of each: a plain one (“set”) stops the card with a message, for everybody."""
		app = Path(completeness.__file__).parents[2]
		files = [*app.glob("*/number_card/*/*.json"), *app.glob("*/dashboard_chart/*/*.json")]
		self.assertGreater(len(files), 10)
		for file in files:
			for row in json.loads(
				json.loads(file.read_text(encoding="utf-8")).get("dynamic_filters_json") or "[]"
			):
				with self.subTest(file.stem):
					self.assertTrue(row[3].startswith("frappe."), row)

	def test_a_test_listed_elsewhere_names_its_doctype(self):
		for name, path in completeness.TESTED.items():
			with self.subTest(name):
				self.assertTrue(name in self.tree.text(path), f"{path} says nothing of {name}")
				self.assertFalse(
					self.tree.doctypes[name].beside(f"test_{self.tree.doctypes[name].path.stem}.py"),
					"it has a test beside it by now: off the list",
				)


if __name__ == "__main__":
	unittest.main()
