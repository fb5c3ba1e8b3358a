"""Staff time that was planned for dates, and what it took (domain 4.9, no. 33; row 0.10), of the dates that the caller may
see. A date without either figure is left out: nothing was planned is not the same as no time."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.utils import flt, format_date, get_first_day

from involvement_app.involvement_app.dates_of_reports import between, of_unit

FIELDS = ["name", "title", "unit", "starts_on", "status", "staff_hours_planned", "staff_hours"]


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	rows = _rows(frappe._dict(filters or {}))
	return _columns(), rows, None, _chart(rows)


def _rows(filters) -> list[dict]:
	"""The caller's own rows: `get_list` asks for their rights and units."""
	found = frappe.get_list(
		"Involvement Session",
		filters=[["status", "!=", "Cancelled"], between(filters), *of_unit(filters)],
		or_filters=[["staff_hours_planned", ">", 0], ["staff_hours", ">", 0]],
		fields=FIELDS,
		order_by="starts_on asc",
		limit=0,
	)
	return [{**row, "more": _more(row)} for row in found]


def _more(row) -> float | None:
	"""Hours more than planned; none while it is not known what it took."""
	return flt(row.staff_hours) - flt(row.staff_hours_planned) if row.staff_hours else None


def _columns() -> list[dict]:
	def hours(fieldname: str, label: str) -> dict:
		return {"fieldname": fieldname, "fieldtype": "Float", "label": label, "precision": 1, "width": 150}

	return [
		{
			"fieldname": "name",
			"fieldtype": "Link",
			"label": _("Date"),
			"options": "Involvement Session",
			"width": 110,
		},
		{"fieldname": "title", "fieldtype": "Data", "label": _("Title"), "width": 320},
		{
			"fieldname": "unit",
			"fieldtype": "Link",
			"label": _("Unit"),
			"options": "Involvement Unit",
			"width": 150,
		},
		{"fieldname": "starts_on", "fieldtype": "Datetime", "label": _("Starts on"), "width": 160},
		hours("staff_hours_planned", _("Hours planned")),
		hours("staff_hours", _("Hours it took")),
		hours("more", _("More than planned")),
	]


def _chart(rows: list[dict]) -> dict:
	months = defaultdict(lambda: [0.0, 0.0])
	for row in rows:
		month = months[get_first_day(row["starts_on"])]
		month[0] += flt(row["staff_hours_planned"])
		month[1] += flt(row["staff_hours"])
	ordered = sorted(months)
	return {
		"data": {
			"labels": [format_date(month, "MMMM yyyy") for month in ordered],
			"datasets": [
				{"name": _("Hours planned"), "values": [months[month][0] for month in ordered]},
				{"name": _("Hours it took"), "values": [months[month][1] for month in ordered]},
			],
		},
		"type": "bar",
	}
