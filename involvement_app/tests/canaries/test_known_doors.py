"""No function of the framework is a door that nobody has looked at: each that can be called is asked by the crawl, or
stands in no_doors.json with the reason why it shows nothing of ours."""

import ast
import json
import unittest
from fnmatch import fnmatchcase
from pathlib import Path

import frappe

from involvement_app.tests.canaries import crawl
from involvement_app.tests.security import caller

FILE = Path(__file__).with_name("no_doors.json")
REVIEWED = json.loads(FILE.read_text())


def functions() -> set[str]:
	"""Dotted names of the framework's whitelisted functions."""
	root = Path(frappe.__path__[0])
	found = set()
	for path in root.rglob("*.py"):
		if "tests" in path.parts or path.name.startswith("test_"):
			continue
		parts = ("frappe", *path.relative_to(root).with_suffix("").parts)
		module = ".".join(part for part in parts if part != "__init__")
		found |= {f"{module}.{name}" for name in _whitelisted(ast.parse(path.read_text()))}
	return found


def _whitelisted(tree: ast.Module) -> set[str]:
	return {
		node.name
		for node in tree.body
		if isinstance(node, ast.FunctionDef)
		and any("whitelist" in ast.dump(each) for each in node.decorator_list)
	}


def asked() -> set[str]:
	"""Dotted names that the crawl writes out."""
	words = set()
	for module in (crawl, caller):
		nodes = ast.walk(ast.parse(Path(module.__file__).read_text()))
		words |= {
			node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
		}
	return {word for word in words if word.startswith("frappe.")}


@unittest.skipIf(
	frappe.__version__ != REVIEWED["reviewed_for"], f"the list was reviewed for {REVIEWED['reviewed_for']}"
)
class TestKnownDoors(unittest.TestCase):
	def setUp(self):
		self.functions = functions()
		self.patterns = [pattern for entry in REVIEWED["no_doors"] for pattern in entry["functions"]]

	def test_every_function_is_asked_or_reviewed(self):
		self.assertGreater(len(self.functions), 300)
		unknown = {
			name
			for name in self.functions - asked()
			if not any(fnmatchcase(name, pattern) for pattern in self.patterns)
		}
		self.assertEqual(sorted(unknown), [], "neither in crawl.py nor in no_doors.json")

	def test_nothing_is_reviewed_that_is_not_there(self):
		idle = [
			pattern
			for pattern in self.patterns
			if not any(fnmatchcase(name, pattern) for name in self.functions)
		]
		self.assertEqual(idle, [])
