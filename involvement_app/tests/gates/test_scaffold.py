"""dev/scaffold adds a doctype that passes every gate, and takes it away without a trace. What law 11 asks is shown
to be asked: each part taken from the new doctype is missed."""

import ast
import json
import os
import re
import shutil
import sys
import tempfile
import unittest
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path

from involvement_app.tests.gates import rules, source
from involvement_app.tests.gates.completeness import Tree, faults
from involvement_app.tests.gates.source import PACKAGE, ROOT, SKIPPED, python_files, run, tool

NAME = "Quiet Room"
SLUG = "quiet_room"
FOLDER = f"{PACKAGE}/{PACKAGE}/doctype/{SLUG}"
FOLDER_DOTS = FOLDER.replace("/", ".")
WORKSPACE = f"{PACKAGE}/{PACKAGE}/workspace/involvement/involvement.json"


def copy_of_the_tree(place: Path) -> Path:
	for name in (PACKAGE, "docs", "dev"):
		ignored = shutil.ignore_patterns(*SKIPPED, "data", "images", "localbench")
		shutil.copytree(ROOT / name, place / name, ignore=ignored)
	for name in ("ruff.toml", ".importlinter"):
		shutil.copy(ROOT / name, place / name)
	return place


def texts(root: Path) -> dict[str, str]:
	found = {}
	for folder, below, names in os.walk(root):
		below[:] = [name for name in below if name not in SKIPPED]
		for name in names:
			path = Path(folder, name)
			found[path.relative_to(root).as_posix()] = path.read_text(encoding="utf-8", errors="replace")
	return found


def names_bound_by(node: ast.stmt) -> set[str]:
	if isinstance(node, ast.FunctionDef | ast.ClassDef):
		return {node.name}
	targets = node.targets if isinstance(node, ast.Assign) else []
	return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}


class ScaffoldTestCase(unittest.TestCase):
	maxDiff = None
	options: tuple[str, ...] = ()

	@classmethod
	def setUpClass(cls):
		if not (ROOT / "dev" / "scaffold").exists():
			raise unittest.SkipTest("dev/ is not installed with the package")
		place = tempfile.TemporaryDirectory()
		cls.addClassCleanup(place.cleanup)
		cls.root = copy_of_the_tree(Path(place.name))
		cls.before = texts(cls.root)
		cls.said = cls.scaffold(*cls.options)

	@classmethod
	def scaffold(cls, *options: str) -> str:
		done = run(sys.executable, cls.root / "dev" / "scaffold", NAME, *options, cwd=cls.root)
		if done.returncode:
			raise AssertionError(done.stdout + done.stderr)
		return done.stdout

	def faults(self) -> list[str]:
		"""What the new doctype lacks in the tree as it is now."""
		source.doctypes.cache_clear()
		source.hooks.cache_clear()
		tree = Tree(self.root)
		return faults(tree.doctypes[NAME], tree)


class TestScaffold(ScaffoldTestCase):
	options = ("--lifecycle",)

	def test_1_what_it_adds_is_complete(self):
		self.assertEqual(self.faults(), [])

	def test_1_what_it_adds_keeps_our_rules(self):
		strays = [
			str(finding) for file in python_files(FOLDER, root=self.root) for finding in rules.findings(file)
		]
		self.assertEqual(strays, [])

	def test_1_what_it_adds_is_clean_and_formatted(self):
		for words in (("check",), ("format", "--check", "--diff")):
			done = run(tool("ruff"), *words, "--no-cache", self.root / PACKAGE, cwd=self.root)
			self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

	def test_1_its_test_asks_for_what_there_is(self):
		"""It runs on a site only; here, that no name in it has gone from the rooms it leans on."""
		asked = {
			(node.value.id, node.attr)
			for node in ast.walk(ast.parse((self.root / FOLDER / f"test_{SLUG}.py").read_text()))
			if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
		}
		for room, file in (("roles", "setup/roles.py"), ("factories", "tests/factories.py")):
			text = (self.root / PACKAGE / file).read_text()
			there = {name for node in ast.parse(text).body for name in names_bound_by(node)}
			wanted = {name for of, name in asked if of == room}
			self.assertTrue(wanted)
			self.assertEqual(wanted - there, set(), file)

	def test_1_the_documents_know_it(self):
		self.assertIn(f"| {NAME} |", (self.root / "docs" / "security.md").read_text())
		self.assertIn(NAME, (self.root / "docs" / "lifecycles.md").read_text())

	def test_1_it_says_what_to_do_next(self):
		self.assertIn("criterion.py", self.said)
		for name in re.findall(r"^  (\S+)", self.said, re.MULTILINE):
			with self.subTest(name):
				self.assertTrue((self.root / name).exists() or name.endswith("personal_data.py"))

	def test_2_it_does_not_write_over_a_doctype(self):
		done = run(sys.executable, self.root / "dev" / "scaffold", NAME, cwd=self.root)
		self.assertEqual(done.returncode, 1)
		self.assertIn("is there already", done.stderr)

	def test_3_each_part_that_is_taken_away_is_missed(self):
		form = f"{FOLDER}/{SLUG}.json"
		for part, file, change in (
			("permissions/matrix.json", f"{PACKAGE}/permissions/matrix.json", without_key(NAME)),
			(
				"permission_query_conditions",
				f"{PACKAGE}/hooks.py",
				without_line(f'"{NAME}": "{FOLDER_DOTS}.criterion'),
			),
			(
				"involvement_lifecycles",
				f"{PACKAGE}/hooks.py",
				without_line(f'"{NAME}": "{FOLDER_DOTS}.lifecycle'),
			),
			("docs/retention.md", "docs/retention.md", without_line(f"| {NAME} |")),
			("demo rows", f"{PACKAGE}/demo/replay.py", lambda text: text.replace(NAME, "Loud Room")),
			("sort_field", form, with_value(sort_field=None)),
			("sort_field", form, with_value(sort_field="colour")),
			("sort_field", form, with_value(sort_order=None)),
			("description", form, with_value(description="")),
			("description", form, with_value(description="Quiet rooms")),
			("show_title_field_in_link", form, with_value(show_title_field_in_link=1)),
			("states", form, with_value(states=[])),
			("states", form, with_value(states=[{"title": "Open", "color": "Blue"}])),
			("filter unit", form, lambda text: text.replace('"search_index": 1', '"search_index": 0')),
			("read_only", form, lambda text: text.replace('"read_only": 1', '"read_only": 0')),
			("exclude_from_linked_with", f"{FOLDER}/{SLUG}.py", without_line("exclude_from_linked_with")),
			(
				"LifecycleDocument",
				f"{FOLDER}/{SLUG}.py",
				lambda text: text.replace("LifecycleDocument", "Document"),
			),
			("on no workspace", WORKSPACE, without_link),
			(f"test_{SLUG}.py", f"{FOLDER}/test_{SLUG}.py", None),
			(
				"holds no test",
				f"{FOLDER}/test_{SLUG}.py",
				lambda text: text.replace("def test_", "def tost_"),
			),
		):
			with self.subTest(part):
				with Changed(self.root / file, change):
					self.assertTrue([fault for fault in self.faults() if part in fault], self.faults())
		self.assertEqual(self.faults(), [], "and nothing is missed when all is there")

	def test_3_personal_data_and_a_canary_are_asked_for(self):
		for part, file in (
			("personal_data", f"{PACKAGE}/{PACKAGE}/personal_data.py"),
			("no canary", f"{PACKAGE}/tests/canaries/entitlement.py"),
		):
			with self.subTest(part):
				if not (self.root / file).exists():
					self.skipTest("not there yet")
				with Changed(self.root / file, without_line(f'"{NAME}"')):
					self.assertTrue([fault for fault in self.faults() if part in fault])

	def test_4_it_is_gone_without_a_trace(self):
		self.scaffold("--remove")
		self.assertEqual(changes(self.before, texts(self.root)), {})


class TestScaffoldWithoutLifecycle(ScaffoldTestCase):
	def test_1_what_it_adds_is_complete(self):
		self.assertEqual(self.faults(), [])
		self.assertNotIn(f"{FOLDER}/lifecycle.py", texts(self.root))

	def test_2_it_is_gone_without_a_trace(self):
		self.scaffold("--remove")
		self.assertEqual(changes(self.before, texts(self.root)), {})


class Changed:
	"""A file changed for a moment; without `change`, gone."""

	def __init__(self, path: Path, change: Callable[[str], str] | None):
		self.path, self.change, self.text = path, change, path.read_text(encoding="utf-8")

	def __enter__(self):
		if not self.change:
			return self.path.unlink()
		after = self.change(self.text)
		assert after != self.text, f"the planted fault changed nothing in {self.path.name}"
		self.path.write_text(after, encoding="utf-8")

	def __exit__(self, *problem):
		self.path.write_text(self.text, encoding="utf-8")


def without_line(words: str) -> Callable[[str], str]:
	return lambda text: "".join(line for line in text.splitlines(keepends=True) if words not in line)


def without_key(key: str) -> Callable[[str], str]:
	return lambda text: json.dumps({name: each for name, each in json.loads(text).items() if name != key})


def with_value(**values) -> Callable[[str], str]:
	return lambda text: json.dumps({**json.loads(text), **values})


def without_link(text: str) -> str:
	data = json.loads(text)
	data["links"] = [row for row in data["links"] if row.get("link_to") != NAME]
	return json.dumps(data)


def changes(before: dict[str, str], now: dict[str, str]) -> dict[str, list[str]]:
	return {
		name: list(unified_diff(before.get(name, "").splitlines(), now.get(name, "").splitlines(), n=0))
		for name in {*before, *now}
		if before.get(name) != now.get(name)
	}


if __name__ == "__main__":
	unittest.main()
