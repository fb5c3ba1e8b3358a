#!/usr/bin/env python3
"""Writes those parts of the documents that repeat what the code says.

	python3 docs/generate.py            write them
	python3 docs/generate.py --check    name those that are out of date, and fail

`traceability.md` comes from `rows.json` and the docstrings of the tests (`Row 0.14: …`), `lifecycles.md` from the
declarations, the tables of `security.md` from the permission matrix and the portal's routes. The sources are
read, never imported: this needs neither a site nor Frappe.
"""

import argparse
import ast
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PACKAGE = "involvement_app"
REGENERATE = "Written by `python3 docs/generate.py`; change its sources, not this page."


class Stale(Exception):
	"""A source says something that the documents cannot be written from."""


def outputs() -> dict[Path, str]:
	"""Every generated file with what it should hold. Raises Stale."""
	security = DOCS / "security.md"
	text = _within(security.read_text(encoding="utf-8"), "role matrix", role_matrix())
	text = _within(text, "role profiles", role_profiles())
	text = _within(text, "relaxed", relaxed())
	return {
		DOCS / "traceability.md": traceability(),
		DOCS / "lifecycles.md": lifecycles(),
		security: _within(text, "portal pages", portal_pages()),
	}


def _within(text: str, name: str, content: str) -> str:
	"""`text` with `content` between the marks of `name`."""
	pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
	if not pattern.search(text):
		raise Stale(f"docs/security.md has lost the marks of “{name}”")
	return pattern.sub(lambda found: f"{found[1]}{content}{found[2]}", text)


# --- rows and tests -----------------------------------------------------------------------------

ROW_CITED = re.compile(r"Rows?\s+(\d+\.\d+(?:\s*(?:,|and)\s*\d+\.\d+)*)\s*(?:[:.]|$)")


@dataclass(frozen=True)
class Test:
	file: str
	name: str
	rows: tuple[str, ...]

	@property
	def words(self) -> str:
		return self.name.removeprefix("test_").replace("_", " ")


def known_rows() -> dict:
	"""{"documents": {number: title}, "rows": [{row, commitment, built}]}"""
	return json.loads((DOCS / "rows.json").read_text(encoding="utf-8"))


def tests() -> list[Test]:
	"""The tests that cite a row, in the order of their files."""
	found = []
	for file in sorted((ROOT / PACKAGE).rglob("test_*.py")):
		tree = ast.parse(file.read_text(encoding="utf-8"))
		for node in ast.walk(tree):
			if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
				rows = cited(ast.get_docstring(node) or "")
				if rows:
					found.append(Test(file.relative_to(ROOT).as_posix(), node.name, rows))
	return found


def cited(docstring: str) -> tuple[str, ...]:
	"""The rows a docstring begins with: "Row 0.14: …", "Rows 0.13, 0.14: …"."""
	found = ROW_CITED.match(docstring)
	return tuple(re.findall(r"\d+\.\d+", found[1])) if found else ()


def traceability() -> str:
	known = known_rows()
	by_row = defaultdict(list)
	for test in tests():
		for row in test.rows:
			by_row[row].append(test)
	_refuse_unknown(known["rows"], by_row)
	lines = [
		"# From commitment to test",
		"",
		REGENERATE,
		"",
		"The app was built from five published documents about involvement. Each of their commitments has a number, "
		"its *row*. A test that proves something about a row says so in the first words of its docstring. "
		"What is built for a row is often only a part of it; a row without an entry is not served yet.",
		"",
		*_summary(known, by_row),
	]
	for number, title in known["documents"].items():
		rows = [row for row in known["rows"] if row["row"].split(".")[0] == number]
		lines += ["", f"## {number}. {title}", "", *_served(rows, by_row), *_not_served(rows)]
	return "\n".join(lines) + "\n"


def _refuse_unknown(rows: list[dict], by_row: dict) -> None:
	named = {row["row"]: row for row in rows}
	if strays := sorted(set(by_row) - set(named)):
		raise Stale(f"tests cite rows that docs/rows.json does not know: {', '.join(strays)}")
	if silent := [row for row in by_row if not named[row]["built"]]:
		raise Stale(
			f"say in docs/rows.json what is built for rows {', '.join(sorted(silent))}: they have tests"
		)


def _summary(known: dict, by_row: dict) -> list[str]:
	built = [row for row in known["rows"] if row["built"]]
	cases = {(test.file, test.name) for group in by_row.values() for test in group}
	return [
		f"{len(built)} of {len(known['rows'])} rows have something built for them; "
		f"{len(by_row)} of those are cited by {len(cases)} tests."
	]


def _served(rows: list[dict], by_row: dict) -> list[str]:
	served = [row for row in rows if row["built"]]
	if not served:
		return []
	lines = ["| Row | Commitment | What is built | Tests |", "|---|---|---|---|"]
	for row in served:
		cell = "<br>".join(_link(test) for test in by_row[row["row"]]) or "*no test cites it yet*"
		lines.append(f"| {row['row']} | {row['commitment']} | {row['built']} | {cell} |")
	return [*lines, ""]


def _link(test: Test) -> str:
	return f"[{test.words}](../{test.file})"


def _not_served(rows: list[dict]) -> list[str]:
	open_rows = [f"{row['row']} {row['commitment']}" for row in rows if not row["built"]]
	return [f"Not served yet: {'; '.join(open_rows)}."] if open_rows else []


# --- reading values out of sources --------------------------------------------------------------


class Source:
	"""A module's constants, without running it. Functions and classes stay syntax."""

	def __init__(self, dotted: str):
		path = ROOT / (dotted.replace(".", "/"))
		file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
		self.assigned: dict[str, ast.expr] = {}
		self.imported: dict[str, tuple[str, str]] = {}
		for node in ast.parse(file.read_text(encoding="utf-8")).body:
			if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
				self.assigned[node.targets[0].id] = node.value
			elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
				for name in node.names:
					self.imported[name.asname or name.name] = (node.module, name.name)

	def value(self, node: ast.expr):
		"""Constants, tuples, dicts, names and f-strings as Python values; calls as {"call": …}; else the words."""
		if isinstance(node, ast.Constant):
			return node.value
		if isinstance(node, ast.Tuple | ast.List):
			return tuple(self.value(item) for item in node.elts)
		if isinstance(node, ast.Dict):
			return {
				self.value(key): self.value(item) for key, item in zip(node.keys, node.values, strict=True)
			}
		if isinstance(node, ast.JoinedStr):
			parts = [part.value if isinstance(part, ast.FormattedValue) else part for part in node.values]
			return "".join(str(self.value(part)) for part in parts)
		if isinstance(node, ast.Call):
			return self._call(node)
		if isinstance(node, ast.Name):
			return self._named(node.id)
		return ast.unparse(node)

	def _call(self, node: ast.Call) -> dict:
		return {
			"call": ast.unparse(node.func),
			"args": [self.value(arg) for arg in node.args],
			**{keyword.arg: self.value(keyword.value) for keyword in node.keywords},
		}

	def _named(self, name: str):
		if name in self.assigned:
			return self.value(self.assigned[name])
		if name in self.imported:
			module, original = self.imported[name]
			if not (ROOT / module.replace(".", "/") / f"{original}.py").exists():
				return source(module).get(original, name)
		return name

	def get(self, name: str, otherwise=None):
		return self.value(self.assigned[name]) if name in self.assigned else otherwise


@cache
def source(dotted: str) -> Source:
	return Source(dotted)


@cache
def fields_of(dotted: str, name: str) -> tuple[str, ...]:
	"""The fields of a dataclass, in order: what its positional arguments mean."""
	tree = ast.parse((ROOT / f"{dotted.replace('.', '/')}.py").read_text(encoding="utf-8"))
	(found,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
	return tuple(node.target.id for node in found.body if isinstance(node, ast.AnnAssign))


def named(call: dict, dotted: str) -> dict:
	"""A dataclass call with its positional arguments under their names."""
	fields = fields_of(dotted, call["call"])
	return {**call, **dict(zip(fields, call["args"], strict=False))}


# --- lifecycles ---------------------------------------------------------------------------------

DECLARATION = f"{PACKAGE}.lifecycle.declaration"


def declarations() -> Iterator[dict]:
	"""Each lifecycle that hooks.py names, and the outbox's: doctype, states, transitions, guards, effects, workflow,
	initial."""
	named_in_hooks = source(f"{PACKAGE}.hooks").get("involvement_lifecycles").values()
	for path in (*named_in_hooks, f"{PACKAGE}.messages.lifecycle.LIFECYCLE"):
		module, _dot, constant = path.rpartition(".")
		life = named(source(module).get(constant), DECLARATION)
		yield {
			"workflow": None,
			"initial": (),
			"guards": {},
			"effects": {},
			**life,
			"states": [named(state, DECLARATION) for state in life["states"]],
			"transitions": [named(step, DECLARATION) for step in life["transitions"]],
			"file": module.replace(".", "/") + ".py",
		}


def lifecycles() -> str:
	lines = [
		"# Lifecycles",
		"",
		REGENERATE,
		"",
		"Every doctype with a `status` has one declaration of its states and steps; no other way of writing a state is "
		"accepted ([architecture](architecture.md#a-change-of-state)). *The app itself* stands for scheduled jobs and for "
		"steps that follow from another document's step. Guards are named as in the declaration.",
	]
	for life in declarations():
		lines += ["", f"## {life['doctype']}", "", _about(life), "", *_diagram(life), "", *_steps(life)]
		lines += _entering(life)
	return "\n".join(lines) + "\n"


def _about(life: dict) -> str:
	buttons = (
		f"Approved in the desk through the Frappe Workflow “{life['workflow']}”, made from this declaration."
		if life["workflow"]
		else "The form's buttons come from this declaration."
	)
	return f"Declared in [`{life['file'].rsplit('/', 2)[-2]}/lifecycle.py`](../{life['file']}). {buttons}"


def _diagram(life: dict) -> list[str]:
	number = {state["name"]: f"s{position}" for position, state in enumerate(life["states"])}
	arrows = defaultdict(list)
	for step in life["transitions"]:
		for origin in step["sources"]:
			if step["action"] not in arrows[origin, step["to"]]:
				arrows[origin, step["to"]].append(step["action"])
	first = dict.fromkeys([life["states"][0]["name"], *life["initial"]])
	return [
		"```mermaid",
		"stateDiagram-v2",
		*(f'\tstate "{name}" as {key}' for name, key in number.items()),
		*(f"\t[*] --> {number[name]}" for name in first),
		*(
			f"\t{number[origin]} --> {number[to]}: {' / '.join(actions)}"
			for (origin, to), actions in arrows.items()
		),
		"```",
	]


def _steps(life: dict) -> list[str]:
	rows = [
		f"| {step['action']} | {', '.join(step['sources'])} | {step['to']} | {', '.join(_who(step))} | {_told(step)} |"
		for step in life["transitions"]
	]
	return ["| Step | From | To | Who | On the timeline |", "|---|---|---|---|---|", *rows]


def _told(step: dict) -> str:
	return f"*somebody* {step['said']}" if step.get("said") else "–"


def _who(step: dict) -> list[str]:
	people = [role.removeprefix("Involvement ") for role in step.get("roles", ())]
	people += [
		"the person themself" if relation == "participant" else f"whoever {relation}"
		for relation in step.get("relations", ())
	]
	return people + ["the app itself"] * bool(step.get("job"))


def _entering(life: dict) -> list[str]:
	lines = []
	for state in life["states"]:
		guards = [_words(guard) for guard in life["guards"].get(state["name"], ())]
		effects = [_words(effect) for effect in life["effects"].get(state["name"], ())]
		parts = [f"needs {', '.join(guards)}"] * bool(guards) + [f"then {', '.join(effects)}"] * bool(effects)
		if parts:
			lines.append(f"- **{state['name']}** {'; '.join(parts)}")
	return ["", "On entering:", "", *lines] if lines else []


def _words(function) -> str:
	if isinstance(function, dict):
		details = ", ".join(str(value) for value in function["args"])
		return f"`{function['call']}({details})`" if details else f"`{function['call']}`"
	return f"`{function.rpartition('.')[2]}`"


# --- who may do what ----------------------------------------------------------------------------

RIGHTS = {
	"read": "R",
	"write": "W",
	"create": "C",
	"delete": "D",
	"submit": "S",
	"cancel": "X",
	"report": "r",
	"export": "e",
	"print": "p",
}


def role_matrix() -> str:
	matrix = json.loads((ROOT / PACKAGE / "permissions/matrix.json").read_text(encoding="utf-8"))
	held = {role for row in matrix.values() for role in row}
	order = [value for value in _desk_roles() if value in held]
	order += sorted(held - set(order), key=lambda role: (role == "System Manager", role))
	columns = [role for name in order for role in (name,) if "(level" not in role]
	lines = [
		"| | " + " | ".join(role.removeprefix("Involvement ") for role in columns) + " |",
		"|---|" + "---|" * len(columns),
	]
	for doctype, row in matrix.items():
		cells = [_rights(row, role) for role in columns]
		lines.append(f"| {doctype} | {' | '.join(cells)} |")
	return "\n".join(lines) + "\n"


def _desk_roles() -> list[str]:
	roles = source(f"{PACKAGE}.setup.roles")
	return [roles.get(name) for name in roles.assigned if isinstance(roles.get(name), str)]


def _rights(row: dict, role: str) -> str:
	levels = {
		name: rights for name, rights in row.items() if name == role or name.startswith(f"{role} (level ")
	}
	return ", ".join(
		_letters(rights) + (f" ({name.removeprefix(role + ' (').rstrip(')')})" if name != role else "")
		for name, rights in levels.items()
	)


def _letters(rights: str) -> str:
	unknown = set(rights.split()) - set(RIGHTS)
	if unknown:
		raise Stale(f"docs/generate.py has no letter for the right {', '.join(sorted(unknown))}")
	return "".join(letter for right, letter in RIGHTS.items() if right in rights.split())


def role_profiles() -> str:
	profiles = source(f"{PACKAGE}.setup.roles").get("PROFILES")
	rows = [
		f"| {name} | {', '.join(role.removeprefix('Involvement ') for role in held)} |"
		for name, held in profiles.items()
	]
	return "\n".join(["| profile | roles |", "|---|---|", *rows]) + "\n"


def relaxed() -> str:
	told = source(f"{PACKAGE}.permissions.separation").get("RELAXED")
	return "\n".join(f"- {words}" for words in told.values()) + "\n"


@dataclass(frozen=True)
class Page:
	path: str
	shown: bool
	takes_form: bool
	participants_only: bool


def pages() -> list[Page]:
	"""The portal's routes."""
	routes = [
		named(route, f"{PACKAGE}.portal.dispatch")
		for route in source(f"{PACKAGE}.portal.routes").get("ROUTES")
	]
	return [
		Page(
			"/take-part" + (f"/{route['pattern']}" if route["pattern"] else ""),
			bool(route.get("show")),
			bool(route.get("submit")),
			bool(route.get("participants_only")),
		)
		for route in routes
	]


def portal_pages() -> str:
	own = [
		f"`{page.path}`{' (also takes a form)' * page.takes_form}"
		for page in pages()
		if page.participants_only
	]
	return "\n".join(f"- {line}" for line in own) + "\n"


# --- the command --------------------------------------------------------------------------------


def out_of_date() -> list[Path]:
	return [
		path
		for path, text in outputs().items()
		if not path.exists() or path.read_text(encoding="utf-8") != text
	]


def main() -> int:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument(
		"--check", action="store_true", help="write nothing, fail when something is out of date"
	)
	check = parser.parse_args().check
	try:
		stale = out_of_date()
		if not check:
			for path in stale:
				path.write_text(outputs()[path], encoding="utf-8")
	except Stale as problem:
		print(problem)
		return 1
	for path in stale:
		print(f"{'out of date' if check else 'written'}: {path.relative_to(ROOT)}")
	return 1 if check and stale else 0


if __name__ == "__main__":
	sys.exit(main())
