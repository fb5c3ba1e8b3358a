"""Before any test is read: the ground this process of pytest stands on, and what it begins with."""

import json
import os
from pathlib import Path

if grounds := json.loads(os.environ.get("INVOLVEMENT_GROUNDS", "[]")):
	worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
	os.environ.update(grounds[int(worker.removeprefix("gw"))])

# By what they take, longest first: a long one at the end would leave the other processes idle.
FIRST = (
	"portal/test_browser.py",
	"lifecycle/test_paths.py",
	"journeys/test_idea_to_payment.py",
	"races/test_last_place.py",
	"test_demo.py",
	"canaries/test_canaries.py",
	"privacy/test_personal_data.py",
	"canaries/test_planted_leaks.py",
	"portal/test_hostile.py",
	"test_install.py",
	"portal/test_journey.py",
	"test_involvement_payment_batch.py",
	"payments/test_limits.py",
	"messages/test_mail_servers.py",
	"security/test_list_is_read.py",
	"journeys/test_panel.py",
	"journeys/test_speaking.py",
	"security/test_over_http.py",
	"test_participant_import.py",
	"budgets/test_query_budgets.py",
	"lifecycle/test_workflow.py",
	"test_upgrade.py",
	"test_restore.py",
)


def pytest_collection_modifyitems(items):
	items.sort(key=lambda item: turn(item.path))  # a stable sort: the order within a file stays


def turn(path: Path) -> int:
	return next((n for n, name in enumerate(FIRST) if path.match(name)), len(FIRST))


def pytest_terminal_summary(terminalreporter):
	"""Failures are told as they happen (pytest-instafail); but within one process the words about a sub-test go
	where its output is captured, so they come at the end."""
	if terminalreporter.config.getoption("numprocesses", None):
		return
	for report in terminalreporter.getreports("failed"):
		if hasattr(report, "context"):
			terminalreporter.write_sep("_", terminalreporter._getfailureheadline(report))
			report.toterminal(terminalreporter._tw)
