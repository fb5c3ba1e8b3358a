"""Is the site fit to run on? What somebody who looks after it has to know, each with what to do about it.

A room lists its checks under the hook `involvement_health`; this mechanism knows none of them. A check counts and
dates, and names settings, units, rules and Workflows; never a person who takes part. It reads and changes nothing.

Seen on the page `involvement-health` and by `bench --site SITE involvement-health`, whose exit code tells a monitor.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import frappe
from frappe import _
from frappe.utils import format_datetime, now_datetime

from involvement_app.permissions import roles_of
from involvement_app.setup.roles import MANAGER

OK, WARN, FAIL = "ok", "warn", "fail"
WORST_FIRST = (FAIL, WARN, OK)
READERS = {"System Manager", MANAGER}


@dataclass(frozen=True)
class Finding:
	"""`says`: what was found, one sentence. `do`: what to do about it. `where`: a desk route (without /app) that
	leads there."""

	status: str
	says: str
	do: str = ""
	where: str = ""


@dataclass(frozen=True)
class Check:
	"""`asks`: the question, in English, translated where it is shown. `answers` may raise: that is a finding too."""

	asks: str
	answers: Callable[[], Finding]


def ok(says: str) -> Finding:
	return Finding(OK, says)


def warn(says: str, do: str, where: str = "") -> Finding:
	return Finding(WARN, says, do, where)


def fail(says: str, do: str, where: str = "") -> Finding:
	return Finding(FAIL, says, do, where)


def checks() -> list[Check]:
	return [check for path in frappe.get_hooks("involvement_health") for check in frappe.get_attr(path)]


def findings() -> list[dict]:
	"""[{asks, status, says, do, where}], the worst first. One check that breaks does not hide the others."""
	found = [{"asks": _(check.asks), **asdict(_answer(check))} for check in checks()]
	return sorted(found, key=lambda row: WORST_FIRST.index(row["status"]))


def _answer(check: Check) -> Finding:
	try:
		return check.answers()
	except Exception as problem:  # whatever is broken is what the reader came to learn
		frappe.log_error(f"Health: {check.asks}", defer_insert=True)
		return fail(
			_("This could not be checked: {0}").format(type(problem).__name__),
			_("Look into the Error Log for the rest, or ask whoever runs the server."),
			"error-log",
		)


def worst(rows: list[dict]) -> str:
	return rows[0]["status"] if rows else OK


@frappe.whitelist(methods=["GET"])
def report() -> dict:
	"""{worst, checked_on, findings}. Raises PermissionError for anybody but System and Involvement Managers."""
	if not READERS & roles_of():
		raise frappe.PermissionError(_("Only System Managers and Involvement Managers may see this page."))
	rows = findings()
	return {"worst": worst(rows), "checked_on": format_datetime(now_datetime()), "findings": rows}
