"""Units where nobody took part for some months (row 3.1; domain 4.9, no. 8 and the dashboard): of the units and the
sessions that the reader may see. What is planned stands beside it, so that one sees who is about to begin."""

import frappe
from frappe import _
from frappe.utils import add_months, cint, getdate, month_diff, now_datetime, today

from involvement_app.involvement_app.report_rows import SESSION, bars, column, held

MONTHS = 3
NEVER = 999


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	filters = frappe._dict(filters or {})
	months = max(cint(filters.months) or MONTHS, 1)
	since = getdate(add_months(today(), -months))
	rows = _rows()
	quiet = [row for row in rows if not row["last"] or row["last"] < since]
	shown = rows if cint(filters.all_units) else quiet
	shown.sort(key=lambda row: (-row["months"], row["unit"]))
	for row in shown:
		row["months"] = None if row["months"] == NEVER else row["months"]
	chart = bars(
		[_("Somebody took part"), _("Nobody did")],
		(_("Units"), [len(rows) - len(quiet), len(quiet)]),
		stacked=False,
	)
	return _columns(), shown, None, chart


def _rows() -> list[dict]:
	units = frappe.get_list(
		"Involvement Unit", filters={"is_group": 0}, fields=["name", "locality"], order_by="name", limit=0
	)
	last, planned = _last(), _next()
	return [
		{
			"unit": unit.name,
			"locality": unit.locality,
			"last": last.get(unit.name),
			"months": _months_since(last.get(unit.name)),
			"next": planned.get(unit.name),
		}
		for unit in units
	]


def _months_since(day) -> int:
	return max(month_diff(today(), day) - 1, 0) if day else NEVER


def _last() -> dict:
	days = {}
	for row in held(frappe._dict(), every_day=True).values():
		days[row.unit] = max(getdate(row.starts_on), days.get(row.unit, getdate(row.starts_on)))
	return days


def _next() -> dict:
	rows = frappe.get_list(
		SESSION,
		filters={"status": "Planned", "starts_on": [">=", now_datetime()]},
		fields=["unit", "starts_on"],
		order_by="starts_on desc",
		limit=0,
	)
	return {row.unit: getdate(row.starts_on) for row in rows}


def _columns() -> list[dict]:
	return [
		column("unit", _("Unit"), "Link", 220, options="Involvement Unit"),
		column("locality", _("Locality"), "Data", 150),
		column("last", _("Last session"), "Date"),
		column("months", _("Months since")),
		column("next", _("Next planned"), "Date"),
	]
