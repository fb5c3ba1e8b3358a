"""Tools that others wrote, at the versions dev/requirements/lock.txt pins, each shown a fault it must find."""

import ast
import json
import shutil
import tempfile
import unittest
from collections import Counter
from pathlib import Path

from involvement_app.tests.gates import rules
from involvement_app.tests.gates.source import PACKAGE, ROOT, SKIPPED, files, python_files, run, tool

TEMPLATES = "involvement_app/portal/templates"


class ToolTestCase(unittest.TestCase):
	maxDiff = None

	def passes(self, *words, **kwargs) -> str:
		done = run(*words, **kwargs)
		self.assertEqual(done.returncode, 0, f"{done.stdout}\n{done.stderr}")
		return done.stdout

	def folder(self, texts: dict[str, str] | None = None) -> Path:
		"""A folder for planted faults, with these files."""
		place = tempfile.TemporaryDirectory()
		self.addCleanup(place.cleanup)
		for name, text in (texts or {}).items():
			file = Path(place.name, name)
			file.parent.mkdir(parents=True, exist_ok=True)
			file.write_text(text)
		return Path(place.name)


class TestRuff(ToolTestCase):
	def test_the_code_is_clean_and_formatted(self):
		self.passes(tool("ruff"), "check", "--no-cache", ROOT)
		self.passes(tool("ruff"), "format", "--check", "--no-cache", ROOT)

	def test_a_fault_is_found(self):
		place = self.folder({"unused.py": "import os\n", "spaces.py": "def f():\n    return  1\n"})
		config = ("--no-cache", "--config", ROOT / "ruff.toml", place)
		self.assertIn("F401", run(tool("ruff"), "check", *config).stdout)
		self.assertIn("spaces.py", run(tool("ruff"), "format", "--check", *config).stdout)


class TestPreflight(ToolTestCase):
	"""prefly: what Frappe 16 has removed or renamed."""

	def preflight(self, place: Path):
		return run(
			tool("preflight"), "--path", place, "--target", "v16", "--format", "json", "--fail-on", "info"
		)

	def test_nothing_that_frappe_16_lacks_is_used(self):
		# a copy: it looks through the whole repository around what it is given, the local bench included
		copy = self.folder() / PACKAGE
		shutil.copytree(ROOT / PACKAGE, copy, ignore=shutil.ignore_patterns(*SKIPPED, "data"))
		done = self.preflight(copy)
		self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
		self.assertIn(PACKAGE, done.stdout, "it did look at the app")

	def test_a_fault_is_found(self):
		place = self.folder(
			{
				"planted/__init__.py": "__version__ = '1'\n",
				"planted/hooks.py": "app_name = 'planted'\n",
				"planted/modules.txt": "Planted\n",
				"planted/code.py": "from frappe.utils.xlsxutils import make_xlsx\n"
				"from frappe.model.utils.rename_field import rename_field\nimport cgi\nimport imp\n",
			}
		)
		done = self.preflight(place / "planted")
		self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
		self.assertIn("code.py", done.stdout)


class TestFrapast(ToolTestCase):
	"""frapast: candidates a person has looked at. What is found and not in the list fails; so does what is in the
	list and not found any more."""

	REVIEWED = Path(__file__).with_name("frapast.json")

	def scan(self, place: Path, home: Path) -> list[dict]:
		done = run(tool("frapast"), "scan", place, "--format", "json", cwd=home, HOME=str(home))
		self.assertIn(done.returncode, (0, 1), done.stderr)
		return json.loads(done.stdout[done.stdout.index("{") :])["candidates"]

	def test_what_is_found_is_what_was_reviewed(self):
		found = Counter(
			(each["rule_id"], self.relative(each["file"]), each["function"])
			for each in self.scan(ROOT / PACKAGE, self.folder())
			if not rules.Python(self.relative(each["file"]), "").is_test
		)
		reviewed = Counter(
			(each["rule"], each["file"], each["function"])
			for each in json.loads(self.REVIEWED.read_text())
			if len(each["reason"].split()) > 5
		)
		self.assertEqual(found, reviewed)

	def relative(self, name: str) -> str:
		path = Path(name)
		path = path.relative_to(ROOT) if path.is_absolute() else path
		return path.as_posix() if path.parts[0] == PACKAGE else f"{PACKAGE}/{path.as_posix()}"

	def test_a_fault_is_found(self):
		place = self.folder(
			{
				"planted/hooks.py": "app_name = 'planted'\n",
				"planted/api.py": "import frappe\n\n\n@frappe.whitelist()\ndef burn(name):\n"
				"\tfrappe.db.sql(f'delete from `tabUser` where name = {name}')\n",
			}
		)
		self.assertTrue(self.scan(place, self.folder()))


class TestTemplates(ToolTestCase):
	"""djlint over the portal's pages, as .djlintrc says. Left out there: addresses made by Flask (J018), breaks inside
	a macro's arguments (T001), names of blocks of a few lines (T003), words for search engines (H030, H031)."""

	def djlint(self, place: Path):
		return run(tool("djlint"), place, "--lint", "--configuration", ROOT / ".djlintrc", cwd=place)

	def test_the_pages_are_clean(self):
		done = self.djlint(ROOT / TEMPLATES)
		self.assertEqual(done.returncode, 0, done.stdout)
		self.assertRegex(done.stdout, r"Linted [1-9]\d* files, found 0 errors")

	def test_a_fault_is_found(self):
		place = self.folder({"bad.html": '<img src="x"><a href="javascript:go()" style="top: 0">x</a></p>\n'})
		self.assertRegex(self.djlint(place).stdout, "(?s)H013.*H021|H021.*H013")

	def test_the_pages_escape_everything_and_translate_whole_sentences(self):
		strays = [
			str(finding)
			for path in files(".html")
			for rule in (rules.unescaped_template, rules.unfinished_template_translation)
			for finding in rule(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
		]
		self.assertEqual(strays, [])

	def test_an_unescaped_value_is_found(self):
		for text, count in (
			("{{ name | safe }}", 1),
			("{{ name|safe }}", 1),
			("{% autoescape false %}", 1),
			("{{ name | safely }}", 0),
		):
			with self.subTest(text):
				self.assertEqual(len(list(rules.unescaped_template("x.html", text))), count)

	def test_a_value_inside_a_translation_is_found(self):
		for text, count in (
			("{{ _('Hello ' ~ name) }}", 1),
			("{{ _('Hello %s' % name) }}", 1),
			("{{ _('Hello {0}'.format(name)) }}", 1),
			("{{ _('Hello {0}').format(name) }}", 0),
		):
			with self.subTest(text):
				self.assertEqual(len(list(rules.unfinished_template_translation("x.html", text))), count)


class TestImports(ToolTestCase):
	"""import-linter, with the contracts of .importlinter."""

	def lint(self, config: Path, cwd: Path = ROOT) -> str:
		words = (tool("lint-imports"), "--no-cache", "--no-logo", "--config", config)
		return run(*words, cwd=cwd, PYTHONPATH=str(cwd), COLUMNS="300").stdout

	def test_knowledge_runs_one_way(self):
		said = self.lint(ROOT / ".importlinter")
		self.assertIn("Contracts: 2 kept, 0 broken.", said, said)

	def test_only_tests_import_tests(self):
		sources = [file for file in python_files() if not file.is_test]
		self.assertEqual(imports_of_tests(sources), [])

	def test_an_import_of_tests_is_found(self):
		for line in ("from involvement_app.tests import factories", "import involvement_app.tests.compat"):
			with self.subTest(line):
				self.assertTrue(imports_of_tests([rules.Python("involvement_app/places.py", line)]))

	def test_an_import_against_the_direction_is_found(self):
		layers = (ROOT / ".importlinter").read_text()
		rooms = [*_names(layers), "conftest", "hooks", "patches"]
		place = self.folder(
			{
				**{f"{PACKAGE}/{room}/__init__.py": "" for room in rooms},
				f"{PACKAGE}/__init__.py": "",
				f"{PACKAGE}/setup/roles.py": "",
				f"{PACKAGE}/tests/compat.py": "",
				f"{PACKAGE}/permissions/allowed.py": f"import {PACKAGE}.money\n",
				f"{PACKAGE}/portal/allowed.py": f"import {PACKAGE}.involvement_payments\n",
				f"{PACKAGE}/portal/test_x.py": f"import {PACKAGE}.tests.compat\n",
				"contracts": layers,
			}
		)
		(place / PACKAGE / "permissions" / "__init__.py").write_text(f"import {PACKAGE}.setup.roles\n")
		self.assertIn("2 kept, 0 broken", self.lint(place / "contracts", place))
		faults = {
			"messages": "involvement_app",
			"involvement_app": "involvement_payments",
			"involvement_payments": "portal",
			"lifecycle": "setup",
			"setup": "involvement_app",
			"portal": "demo",
		}
		for importer, imported in faults.items():
			(place / PACKAGE / importer / "fault.py").write_text(f"import {PACKAGE}.{imported}\n")
		said = self.lint(place / "contracts", place)
		for importer, imported in faults.items():
			with self.subTest(f"{importer} imports {imported}"):
				self.assertIn(f"{PACKAGE}.{importer}.fault -> {PACKAGE}.{imported}", said)
		(place / PACKAGE / "newcomer.py").write_text("")
		self.assertIn("newcomer", self.lint(place / "contracts", place), "a new room needs a place")


def _names(layers: str) -> list[str]:
	"""Every room of the layers contract."""
	section = layers.split("layers =")[1].split("exhaustive =")[0]
	return [name for name in section.replace("|", " ").replace(":", " ").split() if name.isidentifier()]


def imports_of_tests(sources) -> list[str]:
	found = []
	for file in sources:
		for node in file.nodes:
			names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
			if isinstance(node, ast.ImportFrom):
				names = [f"{node.module}.{alias.name}" for alias in node.names]
			if any(f"{name}.".startswith(f"{PACKAGE}.tests.") for name in names):
				found.append(f"{file.name}:{node.lineno}")
	return found


if __name__ == "__main__":
	unittest.main()
