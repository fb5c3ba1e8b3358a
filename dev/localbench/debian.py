"""Programs that come from Debian."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from .layout import Bench, Trouble
from .steps import sh, tell

SERVERS = {
	"mariadbd": "mariadb-server-core",
	"mariadb-install-db": "mariadb-server-core",
	"mysql": "mariadb-client-core",
	"mysqldump": "mariadb-client",
	"redis-server": "redis-server",
	"wkhtmltopdf": "wkhtmltopdf",
	"node": "nodejs",
	"npm": "npm",
}
BROWSER = {"chromium": "chromium"}
PLACES = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def program(name: str) -> str:
	"""Its path; the servers lie in sbin, which a user's PATH may lack."""
	return find(name) or name


def find(name: str) -> str | None:
	return shutil.which(name, path=os.environ.get("PATH", "") + ":" + PLACES)


def missing(wanted: dict[str, str]) -> list[str]:
	"""The packages of those programs that are not there, each once."""
	packages = [package for name, package in wanted.items() if not find(name)]
	if not has_ensurepip():
		packages.append("python3-venv")
	return list(dict.fromkeys(packages))


def has_ensurepip() -> bool:
	return importlib.util.find_spec("ensurepip") is not None


def install_line(packages: Iterable[str]) -> str:
	return f"apt-get install --no-install-recommends {' '.join(packages)}"


def ask_leave(packages: list[str]) -> None:
	"""Before anything runs side by side: a password is asked here, once, or the reader is told what to type."""
	if not packages or os.geteuid() == 0:
		return
	if shutil.which("sudo"):
		if subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
			return
		if sys.stdin.isatty():
			tell(f"From Debian: {' '.join(packages)}. sudo asks for your password once.")
			if subprocess.run(["sudo", "-v"]).returncode == 0:
				return
	raise Trouble(
		"These Debian packages are missing, and installing them needs root. Please run\n\n"
		f"    sudo {install_line(packages)}\n\nand start again."
	)


def install(bench: Bench, packages: list[str]) -> None:
	"""Install them; when that fails, first mend what a killed apt left and refresh old package lists."""
	if not packages:
		return
	sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
	quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_SUSPEND=1"]
	wait = ["-o", "DPkg::Lock::Timeout=120"]
	line = [*sudo, *quiet, "apt-get", *wait, "install", "--yes", "--no-install-recommends", *packages]
	try:
		sh(bench, *line, holding=False)
	except Trouble:
		sh(bench, *sudo, *quiet, "dpkg", "--configure", "-a", holding=False)
		sh(bench, *sudo, *quiet, "apt-get", *wait, "update", holding=False)
		sh(bench, *line, holding=False)


def python() -> str:
	"""A Python that the framework's pinned requirements have wheels for."""
	if sys.version_info[:2] == (3, 11):
		return str(Path(sys.executable).resolve()) if sys.prefix == sys.base_prefix else base_python()
	if other := shutil.which("python3.11"):
		return other
	raise Trouble(
		"Python 3.11 is needed (the framework's pinned requirements have wheels for it); none was found."
	)


def base_python() -> str:
	return str((Path(sys.base_prefix) / "bin" / "python3.11").resolve())
