"""npm packages and the bundles built with them."""

from __future__ import annotations

import shutil
import subprocess

from . import debian
from .layout import DEV, Bench, Trouble, read_json
from .steps import sh

NODE = DEV / "node"
LISTS = (NODE / "package.json", NODE / "package-lock.json")
BUILDER = DEV / "localbench" / "servers" / "build_assets.js"
QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved")


def install_for_frappe(bench: Bench) -> None:
	bench.frappe.mkdir(parents=True, exist_ok=True)
	for file in LISTS:
		shutil.copy(file, bench.frappe / file.name)
	sh(bench, debian.program("npm"), "ci", *QUIET, cwd=bench.frappe)


def install_for_app(bench: Bench) -> None:
	if (bench.checkout / "package.json").exists():
		sh(bench, debian.program("npm"), "install", "--no-package-lock", *QUIET, cwd=bench.checkout)


def build(bench: Bench, app: str) -> None:
	env = {"NODE_PATH": str(bench.frappe / "node_modules"), "BENCH": str(bench.root)}
	sh(bench, debian.program("node"), BUILDER, app, cwd=bench.root, env=env)


def built(bench: Bench, app: str) -> bool:
	"""Every bundle of the app is known, and there."""
	known = read_json(bench.assets / "assets.json").values()
	outputs = [bench.sites / file.lstrip("/") for file in known if file.startswith(f"/assets/{app}/")]
	public = bench.root / "apps" / app / app / "public"
	sources = [path for path in public.rglob("*.bundle.*") if "dist" not in path.relative_to(public).parts]
	return len(outputs) == len(sources) and all(path.exists() for path in outputs)


def require_recent() -> None:
	if not debian.find("node"):
		return
	version = subprocess.run([debian.program("node"), "--version"], capture_output=True, text=True).stdout
	if int(version.lstrip("v").split(".")[0] or 0) < 18:
		raise Trouble(f"Node 18 or newer is needed; found {version.strip()}")
