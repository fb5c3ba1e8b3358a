"""The virtual environment: pinned packages, Frappe and the app on its path."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from . import debian
from .layout import DEV, Bench, write_atomically
from .steps import sh

REQUIREMENTS = DEV / "requirements"
BUILD, LOCK = REQUIREMENTS / "build.txt", REQUIREMENTS / "lock.txt"


def create(bench: Bench) -> None:
	shutil.rmtree(bench.env, ignore_errors=True)
	sh(bench, debian.python(), "-m", "venv", bench.env)
	pip_install(bench, "--requirement", BUILD)
	# Frappe, and the checkout; relative to site-packages, so that the folder can be moved.
	write_atomically(site_packages(bench) / "bench.pth", "../../../../apps/frappe\n../../../../..\n")


def install_packages(bench: Bench) -> None:
	"""The lock names every package, so there is nothing to resolve; those without a wheel are built with BUILD."""
	pip_install(bench, "--no-deps", "--no-build-isolation", "--no-compile", "--requirement", LOCK)


def install_app(bench: Bench) -> None:
	"""What the app itself asks for stands in the lock; the constraint says so if it does not."""
	pip_install(bench, "--no-build-isolation", "--constraint", LOCK, "--editable", bench.checkout)


def pip_install(bench: Bench, *words) -> None:
	sh(
		bench,
		bench.python,
		"-m",
		"pip",
		"install",
		"--disable-pip-version-check",
		"--progress-bar",
		"off",
		*words,
	)


def site_packages(bench: Bench) -> Path:
	return next((bench.env / "lib").glob("python3*/site-packages"))


def repair_scripts(bench: Bench) -> None:
	"""Scripts in env/bin begin with the absolute path of the Python they were made for."""
	pattern = re.compile(rb"(?m)(?<=[\"'!= ])/[^\n\"']*?/env(?=/bin/|[\"'\n])")
	for script in (bench.env / "bin").iterdir():
		if script.is_symlink() or not script.is_file():
			continue
		content = script.read_bytes()
		if b"\0" not in content:
			script.write_bytes(pattern.sub(str(bench.env).encode(), content))
