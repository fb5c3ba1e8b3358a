"""Where everything comes from: the wheel, the pins."""

import json
import re
import zipfile
from importlib import metadata

from localbench import framework
from localbench.layout import DEV
from localbench.python_env import BUILD, LOCK


def names(text):
	return set(re.findall(r"(?m)^([A-Za-z0-9._-]+)==", text))


def plain(name):
	return re.sub(r"[-_.]+", "-", name).lower()


def test_the_wheel_becomes_frappe(tmp_path):
	wheel = tmp_path / "one.whl"
	with zipfile.ZipFile(wheel, "w") as archive:
		archive.writestr("criscostack/utils/brik_helper.py", "import criscostack  # Criscostack, CriscoERP\n")
		archive.writestr("criscostack/public/logo.png", b"criscostack\xff")
		archive.writestr("criscostack-1.0.0.dist-info/METADATA", "Name: criscostack")
	framework.unpack(wheel, tmp_path / "out")
	files = {
		str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()
	}
	assert files == {"frappe/utils/bench_helper.py", "frappe/public/logo.png"}
	text = (tmp_path / "out/frappe/utils/bench_helper.py").read_text()
	assert text == "import frappe  # Frappe, FrappeERP\n"
	assert (tmp_path / "out/frappe/public/logo.png").read_bytes() == b"criscostack\xff"


def test_every_installed_package_is_pinned():
	pinned = {plain(name) for file in (BUILD, LOCK) for name in names(file.read_text())}
	installed = {plain(package.metadata["Name"]) for package in metadata.distributions()}
	assert installed - pinned <= {"involvement-app"}


def test_installed_versions_are_the_pinned_ones():
	wanted = dict(re.findall(r"(?m)^([A-Za-z0-9._-]+)==(\S+)$", LOCK.read_text()))
	assert {name: metadata.version(name) for name in wanted} == wanted


def test_npm_packages_are_pinned_and_name_no_registry():
	listed = json.loads((DEV / "node" / "package.json").read_text())["dependencies"]
	assert all(re.match(r"\d", version) for version in listed.values())
	locked = json.loads((DEV / "node" / "package-lock.json").read_text())["packages"]
	assert not [name for name, package in locked.items() if "resolved" in package]
	assert all("integrity" in package for name, package in locked.items() if name)
