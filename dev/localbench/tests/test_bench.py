"""The running bench: pages, files, mail and live push arrive."""

import json
import os
import re
import subprocess
import time
from pathlib import Path

import pytest
import requests
from localbench.layout import here

SITES = os.environ.get("INVOLVEMENT_SITES_PATH")
TEST_SITE = os.environ.get("INVOLVEMENT_TEST_SITE")
WEB = os.environ.get("INVOLVEMENT_TEST_URL")
MAIL = os.environ.get("INVOLVEMENT_MAIL_URL")
pytestmark = pytest.mark.skipif(not SITES, reason="needs the servers that dev/test starts")


@pytest.fixture
def admin():
	session = requests.Session()
	session.post(f"{WEB}/api/method/login", {"usr": "Administrator", "pwd": "admin"}).raise_for_status()
	return session


def run_inside(code):
	"""In a process of its own, so that no state of Frappe leaks into other tests."""
	head = f"import frappe; frappe.init(site={TEST_SITE!r}); frappe.connect(); "
	subprocess.run([here().python, "-c", head + code], cwd=SITES, check=True)


def test_every_asset_of_a_page_is_served():
	page = requests.get(f"{WEB}/login")
	assets = re.findall(r'(?:href|src)="(/assets/[^"]+)"', page.text)
	assert page.ok and len(assets) > 3
	assert {requests.get(WEB + asset).status_code for asset in assets} == {200}


def test_public_files_are_served_and_private_ones_are_not():
	for folder in ("public", "private"):
		Path(SITES, TEST_SITE, folder, "files", f"bench-{folder}.txt").write_text(folder)
	assert requests.get(f"{WEB}/files/bench-public.txt").text == "public"
	assert requests.get(f"{WEB}/files/bench-private.txt").status_code == 404
	assert requests.get(f"{WEB}/private/files/bench-private.txt").status_code in (403, 404)
	for folder in ("public", "private"):
		Path(SITES, TEST_SITE, folder, "files", f"bench-{folder}.txt").unlink()


def test_outgoing_mail_lands_in_the_catcher():
	subject = f"bench {time.time_ns()}"
	run_inside(f"frappe.sendmail(['a@example.org'], subject={subject!r}, message='Caf\\u00e9', now=True)")
	(caught,) = [m for m in requests.get(f"{MAIL}/api/messages").json() if m["subject"] == subject]
	assert caught["to"] == ["a@example.org"] and "Café" in caught["html"]
	assert subject in requests.get(f"{MAIL}/").text


def test_a_signed_in_user_hears_what_is_published_for_the_desk(admin):
	with listening(admin.cookies["sid"]) as listener:
		assert listener.stdout.readline() == "joined\n"
		run_inside("frappe.publish_realtime('bench_test', {'n': 1})")
		assert json.loads(listener.stdout.readline()) == {"n": 1}


def test_who_has_no_session_hears_only_what_is_for_everybody_outside_the_desk():
	with listening("no-such-session") as listener:
		assert listener.stdout.readline() == "joined\n"
		run_inside(
			"frappe.publish_realtime('bench_test', {'for': 'desk'}); "
			"frappe.publish_realtime('bench_test', {'for': 'website'}, room='website')"
		)
		assert json.loads(listener.stdout.readline()) == {"for": "website"}


def listening(sid):
	port = json.loads(Path(SITES, "common_site_config.json").read_text())["socketio_port"]
	script = Path(__file__).parent / "listen.js"
	return subprocess.Popen(
		["node", script, f"http://127.0.0.1:{port}/{TEST_SITE}", sid, WEB],
		env={**os.environ, "NODE_PATH": str(here().frappe / "node_modules")},
		stdout=subprocess.PIPE,
		text=True,
	)
