"""Commands on the bare site that dev/test keeps for installing, upgrading and restoring, as an administrator types them."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import frappe

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
	"""What `expression` (Python over frappe) answers on the spare site; in a thread, which has a Frappe of its own: a
	process would read all of it first."""

	def answer():
		frappe.init(site=NAME, sites_path=".")
		frappe.connect()
		try:
			return json.loads(json.dumps(eval(expression), default=str))
		finally:
			frappe.destroy()

	with ThreadPoolExecutor(1) as one:
		return one.submit(answer).result()


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
