"""The sources as the gates read them: files, syntax trees, comments, DocType files. Nothing of the app is imported."""

import ast
import io
import json
import os
import runpy
import shutil
import subprocess
import sys
import tokenize
import unittest
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = "involvement_app"
SKIPPED = {"node_modules", "__pycache__", ".bench", "dist", ".git"}


@dataclass(frozen=True)
class Python:
	"""One Python file: `name` is its path from the checkout."""

	name: str
	text: str

	@cached_property
	def tree(self) -> ast.Module:
		return ast.parse(self.text, self.name)

	@cached_property
	def nodes(self) -> list[ast.AST]:
		return list(ast.walk(self.tree))

	@cached_property
	def comments(self) -> dict[int, str]:
		"""Line → comment, without the hash; remarks to tools (noqa, type:) are no comments."""
		tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
		found = {
			token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT
		}
		return {
			line: text
			for line, text in found.items()
			if not text.startswith(("noqa", "type:", "pragma", "!", "fmt:"))
		}

	@cached_property
	def comment_lines(self) -> set[int]:
		"""Lines that hold nothing but a comment."""
		lines = self.text.splitlines()
		return {line for line in self.comments if lines[line - 1].lstrip().startswith("#")}

	@cached_property
	def is_test(self) -> bool:
		path = Path(self.name)
		return "tests" in path.parts or path.name.startswith(("test_", "conftest"))


def files(ending: str, *folders: str, root: Path = ROOT) -> list[Path]:
	"""Every file below `folders` whose name ends so, without what is built."""
	found = []
	for folder in folders or (PACKAGE,):
		for place, below, names in os.walk(root / folder):
			below[:] = sorted(set(below) - SKIPPED)
			found += [Path(place) / name for name in sorted(names) if name.endswith(ending)]
	return found


@cache
def python_files(*folders: str, root: Path = ROOT) -> tuple[Python, ...]:
	return tuple(
		Python(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
		for path in files(".py", *folders, root=root)
	)


@dataclass(frozen=True)
class DocType:
	"""One DocType file and its folder."""

	path: Path
	data: dict

	@property
	def name(self) -> str:
		return self.data["name"]

	@property
	def fields(self) -> list[dict]:
		return self.data["fields"]

	@property
	def is_child(self) -> bool:
		return bool(self.data.get("istable"))

	@property
	def is_single(self) -> bool:
		return bool(self.data.get("issingle"))

	@property
	def folder(self) -> Path:
		return self.path.parent

	def field(self, fieldname: str) -> dict | None:
		return next((df for df in self.fields if df["fieldname"] == fieldname), None)

	def beside(self, name: str) -> str:
		"""The text of a file in the doctype's folder, "" where there is none."""
		path = self.folder / name
		return path.read_text(encoding="utf-8") if path.exists() else ""

	@property
	def controller(self) -> str:
		return self.beside(f"{self.path.stem}.py")


@cache
def doctypes(root: Path = ROOT) -> dict[str, DocType]:
	found = {}
	for path in files(".json", root=root):
		if path.parent.parent.name == "doctype" and path.stem == path.parent.name:
			doctype = DocType(path, json.loads(path.read_text(encoding="utf-8")))
			found[doctype.name] = doctype
	return found


@cache
def hooks(root: Path = ROOT) -> dict:
	"""hooks.py, which imports the catalogue alone and so can be run without a site."""
	if root == ROOT:
		return runpy.run_path(str(root / PACKAGE / "hooks.py"))
	# of another tree, with that tree's package around it
	program = "import json, runpy; print(json.dumps(runpy.run_path('involvement_app/hooks.py'), default=str))"
	done = run(sys.executable, "-c", program, cwd=root, PYTHONPATH=str(root))
	assert not done.returncode, done.stderr
	return json.loads(done.stdout)


def tool(name: str) -> str:
	"""The pinned tool beside this Python; on a bench without the tools, the gate says so and is skipped."""
	beside = Path(sys.executable).parent / name
	found = str(beside) if beside.exists() else shutil.which(name)
	if not found and (os.environ.get("INVOLVEMENT_SITES_PATH") or os.environ.get("INVOLVEMENT_GATES")):
		raise AssertionError(f"{name} is pinned in dev/requirements/lock.txt and not installed")
	if not found:
		raise unittest.SkipTest(
			f"{name} is not installed here: pip install it as dev/requirements/lock.txt pins it"
		)
	return found


def run(*words: object, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess:
	return subprocess.run(
		[str(word) for word in words],
		cwd=cwd,
		env={**os.environ, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1", **env},
		capture_output=True,
		text=True,
	)
