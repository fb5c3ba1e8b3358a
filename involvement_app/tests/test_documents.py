"""The documents say what is true of the code. Needs no site: python3 -m unittest involvement_app.tests.test_documents"""

import ast
import importlib.util
import json
import re
import subprocess
import sys
import unittest
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
APP = ROOT / "involvement_app"
READ_BY_PEOPLE = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "dev/README.md")

LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(#[^)\s]*)?\)")
CODE = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"```(?:sh|bash|console)?\n(.*?)```", re.DOTALL)
# what a path in the repository looks like, in a document
A_PATH = re.compile(r"\.?[\w-]+(?:/[\w.-]+)*(?:/|\.(?:py|json|md|txt|csv|js|scss|svg|toml|ini|yml|html|cfg))")
# spelt so that this file does not contain what it looks for
BUILD_MACHINE = re.compile(r"(?<![\w.])/(?:wor[k]|roo[t]|hom[e]/\w+|User[s]/\w+|tm[p]|builds?[/]\w+)/")
REGISTRY = re.compile(
	r"\b(?:[\w-]+\.)*(?:registr[y]|pyp[i]|npmj[s]|yarnpk[g]|artifactor[y]|nexu[s]|gopro[xy]|devp[i])\.[a-z][\w.-]*"
	r"|\b(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+\b",
	re.IGNORECASE,
)


@cache
def committed() -> tuple[str, ...]:
	try:
		run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
	except (OSError, subprocess.CalledProcessError) as problem:
		raise unittest.SkipTest(f"not a git checkout: {problem}")
	return tuple(name for name in run.stdout.split("\0") if name and (ROOT / name).exists())


def generator():
	spec = importlib.util.spec_from_file_location("involvement_documents", DOCS / "generate.py")
	module = importlib.util.module_from_spec(spec)
	sys.modules[spec.name] = module  # dataclasses look themselves up there
	spec.loader.exec_module(module)
	return module


def documents() -> list[Path]:
	return [ROOT / name for name in READ_BY_PEOPLE] + sorted(DOCS.glob("*.md"))


@unittest.skipUnless((DOCS / "generate.py").exists(), "the documents are not installed with the package")
class TestDocuments(unittest.TestCase):
	maxDiff = None

	@classmethod
	def setUpClass(cls):
		cls.generate = generator()

	def test_generated_parts_are_up_to_date(self):
		stale = [path.name for path in self.generate.out_of_date()]
		self.assertEqual(stale, [], "please run: python3 docs/generate.py")

	def test_tests_cite_rows_that_exist(self):
		known = {row["row"] for row in self.generate.known_rows()["rows"]}
		cited = {row: test.name for test in self.generate.tests() for row in test.rows}
		self.assertEqual({row: name for row, name in cited.items() if row not in known}, {})
		self.assertTrue(cited)

	def test_a_docstring_that_names_a_row_is_understood(self):
		"""A misspelt citation would silently leave the table."""
		strange = []
		for name in committed():
			if re.search(r"/test_\w+\.py$", name):
				tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
				for node in ast.walk(tree):
					text = isinstance(node, ast.FunctionDef) and ast.get_docstring(node)
					if (
						text
						and re.match(r"rows?\b\W*\d", text, re.IGNORECASE)
						and not self.generate.cited(text)
					):
						strange.append(f"{name}: {text}")
		self.assertEqual(strange, [])

	def test_every_row_is_numbered_once(self):
		rows = [row["row"] for row in self.generate.known_rows()["rows"]]
		counts = {"0": 20, "1": 9, "2": 8, "3": 15, "4": 13}
		wanted = [f"{document}.{n}" for document, last in counts.items() for n in range(1, last + 1)]
		self.assertEqual(rows, wanted)

	def test_lifecycles_of_the_documents_have_the_states_of_the_forms(self):
		for life in self.generate.declarations():
			with self.subTest(life["doctype"]):
				form = next(APP.rglob(f"{life['doctype'].lower().replace(' ', '_')}.json"))
				fields = {df["fieldname"]: df for df in json.loads(form.read_text())["fields"]}
				self.assertEqual(
					[state["name"] for state in life["states"]], fields["status"]["options"].split("\n")
				)

	def test_links_lead_somewhere(self):
		broken = [
			f"{page.relative_to(ROOT)}: {target}"
			for page in documents()
			for target, _anchor in LINK.findall(page.read_text(encoding="utf-8"))
			if target and not (page.parent / target).exists()
		]
		self.assertEqual(broken, [])

	def test_anchors_lead_somewhere(self):
		broken = []
		for page in documents():
			for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
				aim = (page.parent / target) if target else page
				if anchor and aim.suffix == ".md" and aim.exists() and anchor[1:] not in self.anchors(aim):
					broken.append(f"{page.relative_to(ROOT)}: {target}{anchor}")
		self.assertEqual(broken, [])

	def anchors(self, page: Path) -> set[str]:
		headings = re.findall(r"(?m)^#+ (.+)$", page.read_text(encoding="utf-8"))
		return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

	def test_files_that_are_named_exist(self):
		missing = [
			f"{page.relative_to(ROOT)}: {name}"
			for page in documents()
			for name in self.paths_in(page.read_text(encoding="utf-8"))
			if not self.is_there(name)
		]
		self.assertEqual(missing, [])

	def paths_in(self, text: str) -> set[str]:
		words = {word for code in CODE.findall(text) for word in code.split()}
		words |= {word for block in BLOCK.findall(text) for word in block.split()}
		return {word for word in words if A_PATH.fullmatch(word)} - {".bench/"}

	def is_there(self, name: str) -> bool:
		"""Whole, or the end of a committed path: documents name files from the app's folder too."""
		if name.startswith(".bench/"):
			return True  # made by dev/up
		if name.endswith("/"):
			return any(f"/{name}" in f"/{known}" for known in committed())
		return any(f"/{known}".endswith(f"/{name}") for known in committed())

	def test_commands_that_are_named_exist(self):
		unknown = []
		for page in documents():
			text = page.read_text(encoding="utf-8")
			for command in re.findall(r"(?<![\w/.-])(?:dev|\.ci)/[a-z]+\b(?![/.])", text):
				if not (ROOT / command).is_file():
					unknown.append(f"{page.name}: {command}")
			for action in re.findall(r"involvement-demo ([a-z]+(?:\|[a-z]+)*)", text):
				unknown += [
					f"{page.name}: {one}" for one in action.split("|") if one not in self.demo_actions()
				]
		self.assertEqual(unknown, [])

	def demo_actions(self) -> list[str]:
		(choices,) = re.findall(r"click\.Choice\((\[.*?\])\)", (APP / "commands.py").read_text())
		return ast.literal_eval(choices)

	def test_hooks_that_are_named_exist(self):
		hooks = (APP / "hooks.py").read_text(encoding="utf-8")
		named = {
			code
			for page in documents()
			for code in CODE.findall(page.read_text(encoding="utf-8"))
			if re.fullmatch(r"involvement_(?:lifecycles|messages|recipients|unshared|personal\w*)", code)
		}
		self.assertEqual({name for name in named if f"\n{name} = " not in hooks}, set())

	def test_pages_open_to_anybody_are_the_reviewed_ones(self):
		"""The list in docs/security.md is written by hand, so that a new page is somebody's decision."""
		text = (DOCS / "security.md").read_text(encoding="utf-8")
		section = re.search(r"<!-- open to anybody -->(.*?)<!-- end -->", text, re.DOTALL)[1]
		reviewed = dict(re.findall(r"(?m)^\| `(/take-part\S*)` \| ([a-z, ]+?) \|", section))
		found = {
			page.path: ", ".join(["shown"] * page.shown + ["takes a form"] * page.takes_form)
			for page in self.generate.pages()
			if not page.participants_only
		}
		self.assertEqual(found, reviewed)

	def test_no_committed_text_names_a_build_machine_or_a_registry(self):
		found = []
		for name in committed():
			try:
				text = (ROOT / name).read_text(encoding="utf-8")
			except UnicodeDecodeError:
				continue
			for pattern in (BUILD_MACHINE, REGISTRY):
				found += [f"{name}: {hit[0]}" for hit in pattern.finditer(text)]
		self.assertEqual(found, [])
