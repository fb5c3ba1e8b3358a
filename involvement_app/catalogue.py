"""Which doctypes the app brings, read from their files: hooks.py is read before there is a site.

Deny by default: a doctype that nobody has declared (a row of `matrix.json`, and a criterion or a place among the
masters) is shown to nobody, whatever its DocType file grants. A child table follows its parent."""

import json
from functools import cache
from pathlib import Path

APP = Path(__file__).resolve().parent


@cache
def doctypes(app: Path = APP) -> dict[str, dict]:
	"""Name → what its file says."""
	found = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(app.glob("*/doctype/*/*.json")))
	return {file["name"]: file for file in found if file.get("doctype") == "DocType"}


@cache
def matrix(app: Path = APP) -> dict[str, dict[str, str]]:
	"""The reviewed matrix: doctype → role → rights, in words with a space between."""
	return json.loads((app / "permissions" / "matrix.json").read_text(encoding="utf-8"))


def undeclared(criteria: set[str], masters: set[str], children: set[str], app: Path = APP) -> list[str]:
	"""The doctypes that are shown to nobody until somebody declares them."""
	rows = matrix(app)
	return [
		name
		for name, file in doctypes(app).items()
		if name not in (children if file.get("istable") else (criteria | masters) & set(rows))
	]
