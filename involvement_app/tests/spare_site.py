"""Commands on the bare site that dev/test keeps for installing, upgrading and restoring, as an administrator types them."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from contextlib import contextmanager
from pathlib import Path

NAME = os.environ.get("INVOLVEMENT_SPARE_SITE")
needed = unittest.skipUnless(NAME, "needs the spare site that dev/test makes")


def folder() -> Path:
	return Path(os.environ["INVOLVEMENT_SITES_PATH"], NAME)


def bench(*words: str, expect: int = 0) -> str:
	"""What `bench --site … words` prints. Raises AssertionError where it does not end with `expect`."""
	done = _run([sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", NAME, *words])
	if done.returncode != expect:
		raise AssertionError(
			f"bench {' '.join(words)} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
		)
	return done.stdout


def ask(expression: str):
	"""What `expression` (Python over frappe) answers on the spare site."""
	program = (
		"import frappe, json, sys; frappe.init(site=sys.argv[1], sites_path='.'); frappe.connect(); "
		"print('=>' + json.dumps(eval(sys.argv[2]), default=str)); frappe.destroy()"
	)
	done = _run([sys.executable, "-c", program, NAME, expression])
	if done.returncode:
		raise AssertionError(done.stderr[-4000:])
	return json.loads(done.stdout.split("=>")[-1])


def call(function: str, *words: str):
	"""What the function `module:name` of the tests answers on the spare site; a longer question than `ask` takes."""
	module, name = function.split(":")
	return ask(f"frappe.get_attr('{module}.{name}')(*{list(words)!r})")


def _run(command: list[str]) -> subprocess.CompletedProcess:
	return subprocess.run(
		command,
		cwd=os.environ["INVOLVEMENT_SITES_PATH"],
		capture_output=True,
		text=True,
		stdin=subprocess.DEVNULL,
	)


def restore(dump: Path) -> None:
	with tempfile.TemporaryDirectory() as place:  # bench unpacks beside the dump
		bench("--force", "restore", shutil.copy(dump, place))


@contextmanager
def kept_bare():
	"""The site as it was, afterwards: database and site_config.json."""
	config = folder() / "site_config.json"
	before = config.read_text()
	with tempfile.TemporaryDirectory() as place:
		bench("backup", "--backup-path", place)
		(dump,) = Path(place).glob("*-database.sql.gz")
		try:
			yield
		finally:
			config.write_text(before)
			restore(dump)
			config.write_text(before)
			bench("clear-cache")
