"""How long people wait for what their time is worth (domain 4.9, no. 23): median, the slowest tenth, and the share within the promise, month
by month, of the payments that the caller may see. What waited because the person wished it so does not count, nor does an
advance, which comes before its day, or a ticket that is sent in months later."""

from collections import defaultdict
from math import ceil
from statistics import median

import frappe
from frappe import _
from frappe.utils import get_first_day, getdate

from involvement_app.involvement_app.report_rows import bars, column
from involvement_app.involvement_payments import money_rows
from involvement_app.involvement_payments.states import KIND, RECEIVED

FIELDS = ["name", "unit", "session_on", "paid_on", "due_on", "not_before", "kind"]


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	rows = [
		row
		for row in money_rows.payments(frappe._dict(filters or {}), FIELDS, day="paid_on", statuses=RECEIVED)
		if row.kind == KIND and not row.not_before
	]
	months = defaultdict(list)
	for row in rows:
		months[get_first_day(getdate(row.paid_on))].append(row)
	lines = [_line(money_rows.month_of(month), months[month]) for month in sorted(months)]
	if rows:
		lines.append(_line(_("All together"), rows))
	return _columns(), lines, None, _chart(lines[:-1])


def _line(label: str, rows: list) -> dict:
	days = sorted((getdate(row.paid_on) - getdate(row.session_on)).days for row in rows)
	promised = [row for row in rows if row.due_on]
	kept = [row for row in promised if getdate(row.paid_on) <= getdate(row.due_on)]
	return {
		"month": label,
		"count": len(days),
		"median": median(days),
		"p90": days[ceil(0.9 * len(days)) - 1],
		"share": round(100 * len(kept) / len(promised)) if promised else None,
	}


def _columns() -> list[dict]:
	return [
		column("month", _("Paid in"), "Data", 160),
		column("count", _("Payments"), "Int", 110),
		column("median", _("Days, median"), "Float", 130, precision=1),
		column("p90", _("Nine in ten within, days"), "Int", 190),
		column("share", _("Within the promise, %"), "Int", 170),
	]


def _chart(lines: list) -> dict:
	return bars(
		[line["month"] for line in lines],
		(_("Days, median"), [line["median"] for line in lines]),
		(_("Nine in ten"), [line["p90"] for line in lines]),
		stacked=False,
	)
