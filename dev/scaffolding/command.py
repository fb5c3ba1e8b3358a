"""dev/scaffold "Name of the Doctype" [--module involvement_app] [--lifecycle] [--remove]"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from .edits import Lost, edits_for
from .shape import Shape

ROOT = Path(__file__).resolve().parents[2]


def main(words: list[str], root: Path = ROOT) -> int:
	wanted = parsed(words)
	shape = Shape(wanted.name, wanted.module, wanted.lifecycle)
	try:
		told = remove(shape, root) if wanted.remove else add(shape, root)
	except Lost as problem:
		print(problem, file=sys.stderr)
		return 1
	subprocess.run([sys.executable, root / "docs" / "generate.py"], check=True)
	print("\n".join(told))
	return 0


def parsed(words: list[str]) -> argparse.Namespace:
	parser = argparse.ArgumentParser(prog="dev/scaffold", description=__doc__)
	parser.add_argument("name", help="the doctype, in capitals: “Quiet Room”")
	parser.add_argument("--module", default="involvement_app", help="folder of its module")
	parser.add_argument("--lifecycle", action="store_true", help="with a status, steps and buttons")
	parser.add_argument("--remove", action="store_true", help="take away what this command adds")
	return parser.parse_args(words)


def add(shape: Shape, root: Path) -> list[str]:
	"""Write everything or, where something is in the way, nothing. Answers what a person does next."""
	folder = root / shape.folder
	if folder.exists():
		raise Lost(f"{shape.folder} is there already.")
	if not (root / shape.package).is_dir():
		raise Lost(f"There is no module in {shape.package}.")
	texts = {}
	for edit in edits_for(shape, root):
		before = texts.get(edit.file) or (root / edit.file).read_text(encoding="utf-8")
		texts[edit.file] = edit.added(before)
	for name, text in shape.files().items():
		texts[f"{shape.folder}/{name}"] = text
	_write(texts, root)
	return [
		f"{shape.name} is in {shape.folder}. The same command with --remove takes it away.",
		"Now make it yours, in this order:",
		f"  {shape.folder}/{shape.slug}.json     its fields, and the description an empty list shows",
		f"  {shape.folder}/criterion.py     who sees which rows; the rights are in permissions/matrix.json",
		f"  {shape.package}/personal_data.py     what it holds about a person",
		"  docs/retention.md     how long it is kept",
		f"  {shape.folder}/test_{shape.slug}.py     what must never happen",
		"Then: dev/test involvement_app/tests/gates, and dev/test. More in docs/adding-a-doctype.md.",
	]


def remove(shape: Shape, root: Path) -> list[str]:
	folder = root / shape.folder
	if not folder.exists():
		raise Lost(f"{shape.folder} is not there.")
	has_lifecycle = (folder / "lifecycle.py").exists()
	shape = Shape(shape.name, shape.module, has_lifecycle)
	texts, left = {}, []
	for edit in edits_for(shape, root):
		before = texts.get(edit.file) or (root / edit.file).read_text(encoding="utf-8")
		after = edit.removed(before)
		texts[edit.file] = after
		if after == before:
			left.append(f"  {edit.file} was changed by hand since: please look for “{shape.name}”.")
	_write(texts, root)
	for file in sorted(folder.rglob("*"), reverse=True):
		file.rmdir() if file.is_dir() else file.unlink()
	folder.rmdir()
	return [
		f"{shape.name} is gone from the files. A site that has had it:",
		f"""  dev/bench --site NAME execute frappe.delete_doc --args "['DocType', '{shape.name}']" """
		"""--kwargs "{'force': 1}\"""",
		"  dev/bench --site NAME trim-database     drops its table",
		*left,
	]


def _write(texts: dict[str, str], root: Path) -> None:
	for name, text in texts.items():
		file = root / name
		file.parent.mkdir(parents=True, exist_ok=True)
		file.write_text(text, encoding="utf-8")
