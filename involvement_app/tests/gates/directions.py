"""Which room a file or a doctype belongs to, and which rooms may know which (docs/architecture.md, “Rooms”).

Imports are held by import-linter (`.importlinter`); this reads what imports do not show: names of doctypes in
strings, Link and Table options, paths in hooks."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from involvement_app.tests.gates.source import PACKAGE, DocType, Python

MECHANISMS, PRIVACY, APP, PAYMENTS, VOICE = "mechanisms", "privacy", "involvement_app", "payments", "voice"
PORTAL, DEMO, INSTALL, TESTS = "portal", "demo", "install", "tests"
PATCHES = "patches"  # each mends one thing once, wherever it lies

# room → rooms it may know; every room knows itself and the mechanisms
KNOWS = {
	MECHANISMS: set(),
	INSTALL: set(),
	PRIVACY: set(),
	APP: {PRIVACY},
	PAYMENTS: {APP, PRIVACY},
	VOICE: {APP, PRIVACY},
	PORTAL: {APP, PAYMENTS, VOICE, PRIVACY},
	DEMO: {APP, PAYMENTS, VOICE, PRIVACY},
	PATCHES: {APP, PAYMENTS, VOICE, PRIVACY},
	TESTS: {APP, PAYMENTS, VOICE, PRIVACY, PORTAL, DEMO, INSTALL},
}
# beginning of a path inside the package → room; the longest that fits counts
ROOMS = {
	"involvement_app": APP,
	"involvement_payments": PAYMENTS,
	"involvement_voice": VOICE,
	"involvement_privacy": PRIVACY,
	"portal": PORTAL,
	"demo": DEMO,
	"commands.py": DEMO,
	"setup": INSTALL,
	"install.py": INSTALL,
	"uninstall.py": INSTALL,
	"patches": PATCHES,
	"lifecycle": MECHANISMS,
	"permissions": MECHANISMS,
	"messages": MECHANISMS,
	"health": MECHANISMS,
	"money.py": MECHANISMS,
	"catalogue.py": MECHANISMS,
	"periods.py": MECHANISMS,
	"arguments.py": MECHANISMS,
	"pdf.py": MECHANISMS,
	"clean_files.py": MECHANISMS,
	"working_days.py": MECHANISMS,
	"site_memory.py": MECHANISMS,
	"__init__.py": MECHANISMS,
	"fixtures": APP,
	"public": PORTAL,
	"public/js/desk": MECHANISMS,
	"public/js/involvement_desk.bundle.js": MECHANISMS,
	"public/js/people": APP,
	"public/js/money": PAYMENTS,
	"public/js/contact_list.js": APP,
	"tests": TESTS,
	"conftest.py": TESTS,
}
# doctypes of the mechanisms whose files lie in a module, and what staff are limited to
OF_THE_MECHANISMS = {
	"Involvement Settings": "settings of every mechanism",
	"Involvement Unit": "what staff are limited to",
	"Involvement Message": "the outbox",
	"Portal Token": "sign-in links",
}
# what joins the rooms, and says so: no direction of its own (its paths are held by `hook_paths`)
JOINTS = {
	"hooks.py": "the table by which mechanisms find what stands beside a doctype",
	"permissions/matrix.json": "the reviewed list of rights, data that a test compares with the doctypes",
}
# what is named against the direction, and why that is right
EXCEPTIONS = {
	(
		"involvement_app/setup/masters.py",
		"Involvement Type",
	): "starting values that install adds where a site has none",
	(
		"involvement_app/setup/masters.py",
		"Payment Rate Rule",
	): "examples that install adds, switched off",
	(
		"involvement_app/setup/masters.py",
		"Expense Type",
	): "kinds to start from, that install adds where a site has none",
	(
		"involvement_app/setup/masters.py",
		"Mileage Rate",
	): "public figures that install adds where a site has none",
	(
		"involvement_app/setup/masters.py",
		"Benefit Threshold",
	): "public figures that install adds where a site has none",
	(
		"involvement_app/setup/masters.py",
		"Bank File Layout",
	): "examples that install adds, switched off",
	(
		"involvement_app/involvement_app/doctype/involvement_message/criterion.py",
		"Involvement Participant",
	): "coordinators see what waits for participants, never what goes to a login: told apart by this name",
	(
		"involvement_app/involvement_app/doctype/involvement_message/criterion.py",
		"Expression of Interest",
	): "what waits for who asked to join is seen by who sees the enquiry: told apart by this name, as above",
	(
		"involvement_app/involvement_app/doctype/involvement_unit/involvement_unit.json",
		"Involvement Locality",
	): "where a unit is; a master without a link of its own",
	(
		"involvement_app/involvement_app/doctype/involvement_unit/involvement_unit.json",
		"Involvement Opportunity",
	): "what its form counts below the title: Frappe reads that from the unit's own files",
	(
		"involvement_app/involvement_app/doctype/involvement_unit/involvement_unit.json",
		"Involvement Session",
	): "what its form counts below the title: Frappe reads that from the unit's own files",
	(
		"involvement_app/involvement_app/doctype/involvement_unit/involvement_unit.json",
		"Expression of Interest",
	): "what its form counts below the title: Frappe reads that from the unit's own files",
	(
		"involvement_app/involvement_app/doctype/involvement_unit/involvement_unit.json",
		"Feedback Obligation",
	): "what its form counts below the title: Frappe reads that from the unit's own files",
	(
		"involvement_app/involvement_app/doctype/involvement_unit/involvement_unit.py",
		"Involvement Session",
	): "the days on its form: Frappe asks the unit's own module",
	(
		"involvement_app/setup/boards.py",
		"Involvement Opportunity",
	): "a board of its states, made once where a site has none and taken away with the app",
}


@dataclass(frozen=True)
class Knowledge:
	"""`file` names `doctype`."""

	file: str
	line: int
	doctype: str

	def __str__(self) -> str:
		return f"{self.file}:{self.line}: {self.doctype}"


def inside(name: str) -> str:
	"""A file's path from the package."""
	return name.removeprefix(f"{PACKAGE}/")


def room_of_file(name: str, doctypes: dict[str, DocType]) -> str | None:
	"""The room of a file; None for a joint. Raises KeyError for a place that no room is said for."""
	path = Path(inside(name))
	if path.name.startswith("test_"):
		return TESTS
	if inside(name) in JOINTS:
		return None
	if "doctype" in path.parts:
		folder = path.parts[path.parts.index("doctype") + 1]
		owner = next((each for each in doctypes.values() if each.path.stem == folder), None)
		if owner:
			return room_of_doctype(owner)
	prefixes = ["/".join(path.parts[:length]) for length in range(len(path.parts), 0, -1)]
	return ROOMS[next((prefix for prefix in prefixes if prefix in ROOMS), prefixes[-1])]


def room_of_doctype(doctype: DocType) -> str:
	if doctype.name in OF_THE_MECHANISMS:
		return MECHANISMS
	return ROOMS[doctype.path.parents[2].name]


def may_know(room: str, other: str) -> bool:
	return other in (room, MECHANISMS) or other in KNOWS[room]


# --- what a file names --------------------------------------------------------------------------


def in_python(file: Python, names: set[str]) -> Iterator[Knowledge]:
	"""String literals that are a doctype's name, a table's, or an address in the desk."""
	documentation = {id(node) for node in _docstrings(file)}
	for node in file.nodes:
		if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
			for name in named(node.value, names):
				yield Knowledge(file.name, node.lineno, name)


def _docstrings(file: Python) -> Iterator[ast.AST]:
	for node in file.nodes:
		body = getattr(node, "body", None)
		if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
			yield body[0].value


def named(text: str, names: set[str]) -> set[str]:
	"""The doctypes that a literal names: by itself, as `tabX`, or as /app/x."""
	found = {text} & names
	found |= {name for name in re.findall(r"\btab([A-Z][\w ]*\w)", text) if name in names}
	slugs = {name.lower().replace(" ", "-"): name for name in names}
	return found | {slugs[slug] for slug in re.findall(r"/app/([a-z-]+)", text) if slug in slugs}


QUOTED = re.compile(r""""([^"\n]*)"|'([^'\n]*)'|`([^`]*)`""")


def in_text(name: str, text: str, names: set[str]) -> Iterator[Knowledge]:
	"""The same in a script or a template."""
	for hit in QUOTED.finditer(text):
		for doctype in named(next(part for part in hit.groups() if part is not None), names):
			yield Knowledge(name, text.count("\n", 0, hit.start()) + 1, doctype)


def in_json(name: str, text: str, names: set[str]) -> Iterator[Knowledge]:
	"""Link and Table options, what a workspace, card or report is about; not what the file itself is."""
	data = json.loads(text)
	own = data.get("name") if isinstance(data, dict) and data.get("doctype") == "DocType" else None
	for key, value in _values(data):
		if isinstance(value, str) and key not in ("role", "label", "name", "module") and value != own:
			for doctype in named(value, names):
				yield Knowledge(name, _line_of(text, value), doctype)


def _values(data, key: str = "") -> Iterator[tuple[str, object]]:
	if isinstance(data, dict):
		for each, value in data.items():
			yield from _values(value, each)
	elif isinstance(data, list):
		for value in data:
			yield from _values(value, key)
	elif isinstance(data, str) and data.startswith(("[", "{")):
		try:  # a workspace keeps its content as text
			yield from _values(json.loads(data), key)
		except json.JSONDecodeError:
			yield key, data
	else:
		yield key, data


def _line_of(text: str, value: str) -> int:
	place = text.find(json.dumps(value, ensure_ascii=False))
	return text.count("\n", 0, max(place, 0)) + 1


# --- hooks --------------------------------------------------------------------------------------


def hook_paths(hooks: dict) -> Iterator[tuple[str, str | None, str]]:
	"""(hook, doctype it is for, dotted path) for every path of ours in hooks.py."""
	for hook, value in hooks.items():
		if not hook.startswith("_"):
			yield from ((hook, *found) for found in _paths(value, None))


def _paths(value, doctype: str | None) -> Iterator[tuple[str | None, str]]:
	if isinstance(value, str):
		if re.fullmatch(rf"{PACKAGE}(\.\w+)+", value):
			yield doctype, value
	elif isinstance(value, dict):
		for key, each in value.items():
			yield from _paths(each, key if re.match(r"[A-Z]", str(key)) else doctype)
	elif isinstance(value, list | tuple | set):
		for each in value:
			yield from _paths(each, doctype)


def file_of(path: str, root: Path) -> Path | None:
	"""The Python file of a dotted path to a function or value, or None."""
	parts = path.split(".")
	for last in range(len(parts), 0, -1):
		place = root.joinpath(*parts[:last])
		for file in (place.with_suffix(".py"), place / "__init__.py"):
			if file.exists():
				return file
	return None
