"""Staff time that was planned for dates, and what it took (domain 4.9, no. 33; row 0.10), of the dates that the caller may
see. A date without either figure is left out: nothing was planned is not the same as no time."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.utils import flt, format_date, get_first_day

from involvement_app.involvement_app.report_rows import bars, column, dates

FIELDS = ["name", "title", "unit", "starts_on", "status", "staff_hours_planned", "staff_hours"]


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	rows = _rows(frappe._dict(filters or {}))
	return _columns(), rows, None, _chart(rows)


def _rows(filters) -> list[dict]:
	any_hours = [["staff_hours_planned", ">", 0], ["staff_hours", ">", 0]]
	found = dates(filters, FIELDS, or_filters=any_hours)
	return [{**row, "more": _more(row)} for row in found]


def _more(row) -> float | None:
	"""Hours more than planned; none while it is not known what it took."""
	return flt(row.staff_hours) - flt(row.staff_hours_planned) if row.staff_hours else None


def _columns() -> list[dict]:
	return [
		column("name", _("Date"), "Link", 110, options="Involvement Session"),
		column("title", _("Title"), "Data", 320),
		column("unit", _("Unit"), "Link", 150, options="Involvement Unit"),
		column("starts_on", _("Starts on"), "Datetime", 160),
		*(
			column(field, label, "Float", 150, precision=1)
			for field, label in (
				("staff_hours_planned", _("Hours planned")),
				("staff_hours", _("Hours it took")),
				("more", _("More than planned")),
			)
		),
	]


def _chart(rows: list[dict]) -> dict:
	months = defaultdict(lambda: [0.0, 0.0])
	for row in rows:
		month = months[get_first_day(row["starts_on"])]
		month[0] += flt(row["staff_hours_planned"])
		month[1] += flt(row["staff_hours"])
	ordered = sorted(months)
	return bars(
		[format_date(month, "MMMM yyyy") for month in ordered],
		(_("Hours planned"), [months[month][0] for month in ordered]),
		(_("Hours it took"), [months[month][1] for month in ordered]),
		stacked=False,
	)
