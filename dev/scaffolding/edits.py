"""What a new doctype adds to files that are there: each edit knows how to come and how to go."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .shape import Shape

HOOKS = "involvement_app/hooks.py"
MATRIX = "involvement_app/permissions/matrix.json"
RETENTION = "docs/retention.md"
FACTORIES = "involvement_app/tests/factories.py"
DEMO = "involvement_app/demo/replay.py"
PLANTING = "involvement_app/tests/canaries/planting.py"
ENTITLEMENT = "involvement_app/tests/canaries/entitlement.py"


class Lost(Exception):
	"""A file does not look as this expects; says where to go on by hand."""


@dataclass(frozen=True)
class Edit:
	file: str
	added: Callable[[str], str]
	removed: Callable[[str], str]


def edits_for(shape: Shape, root: Path) -> Iterator[Edit]:
	yield in_dict(HOOKS, "_criteria", f'\t"{shape.name}": "{shape.dotted}.criterion",\n')
	if shape.lifecycle:
		line = f'\t"{shape.name}": "{shape.dotted}.lifecycle.LIFECYCLE",\n'
		yield in_dict(HOOKS, "involvement_lifecycles", line)
	yield in_json(MATRIX, shape.name, shape.matrix_row(), indent="\t")
	personal = f"{shape.package}/personal_data.py"
	if (root / personal).exists():
		yield in_dict(personal, "DECLARATIONS", shape.personal_data())
	yield in_table(RETENTION, f"| {shape.name} | the year after it was last used | by hand |\n")
	yield at_the_end(FACTORIES, shape.factory())
	yield before(DEMO, "\t\tfor story in STORIES:\n", shape.demo())
	if (root / PLANTING).exists():
		yield before(
			PLANTING, "\t\tfactories.application(", f"\t\tfactories.{shape.slug}(unit=self.unit_a)\n"
		)
		line = f'\t"{shape.name}": {{"*": _OFFICE | {{"coordinator_a"}}}},\n'
		yield in_dict(ENTITLEMENT, "ROWS", line)
	if workspace := _workspace(shape, root):
		yield on_workspace(workspace, shape)


def in_dict(file: str, variable: str, line: str) -> Edit:
	"""A last line inside `variable = { … }` of a Python file."""

	def added(text: str) -> str:
		found = re.search(rf"(?ms)^{variable}\b[^\n]*= \{{\n.*?^\}}\n", text)
		if not found:
			raise Lost(f"{file} has no {variable} = {{…}}.")
		place = found.end() - len("}\n")
		return text[:place] + line + text[place:]

	return Edit(file, added, lambda text: text.replace(line, "", 1))


def in_json(file: str, key: str, value: dict, indent: str) -> Edit:
	"""A key of the object in a JSON file, in the order of the alphabet."""

	def dumped(data: dict) -> str:
		return json.dumps(dict(sorted(data.items())), indent=indent, ensure_ascii=False) + "\n"

	return Edit(
		file,
		lambda text: dumped({**json.loads(text), key: value}),
		lambda text: dumped({name: each for name, each in json.loads(text).items() if name != key}),
	)


def in_table(file: str, row: str) -> Edit:
	"""A row of the one table of a page, in the order of the alphabet."""

	def added(text: str) -> str:
		head, rule, rows = text.partition("|---|---|---|\n")
		if not rule:
			raise Lost(f"{file} has lost its table.")
		lines = [*rows.splitlines(keepends=True)]
		size = next((number for number, line in enumerate(lines) if not line.startswith("|")), len(lines))
		rows = sorted([*lines[:size], row], key=lambda line: line.split("|")[1].strip())
		return head + rule + "".join([*rows, *lines[size:]])

	return Edit(file, added, lambda text: text.replace(row, "", 1))


def at_the_end(file: str, block: str) -> Edit:
	return Edit(file, lambda text: text.rstrip("\n") + "\n" + block, lambda text: text.replace(block, "", 1))


def before(file: str, anchor: str, block: str) -> Edit:
	def added(text: str) -> str:
		if anchor not in text:
			raise Lost(f"{file} has no line “{anchor.strip()}” any more.")
		return text.replace(anchor, block + anchor, 1)

	return Edit(file, added, lambda text: text.replace(block, "", 1))


def on_workspace(file: str, shape: Shape) -> Edit:
	"""A link in the last card of the module's workspace."""

	def change(text: str, links: Callable[[list[dict]], list[dict]]) -> str:
		data = json.loads(text)
		data["links"] = links(data["links"])
		for place, row in enumerate(data["links"]):
			if row["type"] == "Card Break":
				after = [each["type"] for each in data["links"][place + 1 :]]
				row["link_count"] = after.index("Card Break") if "Card Break" in after else len(after)
		return json.dumps(data, indent=1, ensure_ascii=False) + "\n"

	link = {
		"dependencies": "",
		"hidden": 0,
		"is_query_report": 0,
		"label": shape.name,
		"link_count": 0,
		"link_to": shape.name,
		"link_type": "DocType",
		"onboard": 0,
		"type": "Link",
	}
	return Edit(
		file,
		lambda text: change(text, lambda rows: [*rows, link]),
		lambda text: change(text, lambda rows: [row for row in rows if row.get("link_to") != shape.name]),
	)


def _workspace(shape: Shape, root: Path) -> str | None:
	"""The module's own workspace, or the first of the app."""
	own = sorted((root / shape.package / "workspace").glob("*/*.json"))
	every = own or sorted((root / "involvement_app").glob("*/workspace/*/*.json"))
	return every[0].relative_to(root).as_posix() if every else None
