"""How long people wait from telling us that they would like to join until they are on the register (domain 4.9,
no. 10): of the enquiries that the caller may see, by the month in which they joined."""

from collections import defaultdict
from datetime import date
from statistics import median

import frappe
from frappe import _
from frappe.utils import add_months, date_diff, format_date, get_first_day, getdate, today

MONTHS = 12


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	rows = _rows(_joined(frappe._dict(filters or {})))
	return _columns(), rows, None, _chart(rows)


def _joined(filters) -> list:
	"""The caller's own rows: `get_list` asks for their rights and units."""
	first = getdate(filters.from_date or get_first_day(add_months(today(), 1 - MONTHS)))
	last = getdate(filters.to_date or today())
	wanted = [["status", "=", "Joined"], ["concluded_on", "between", [first, last]]]
	if filters.unit:
		wanted.append(["unit", "=", filters.unit])
	return frappe.get_list(
		"Expression of Interest",
		filters=wanted,
		fields=["told_on", "acknowledged_on", "concluded_on"],
		limit=0,
	)


def _rows(joined: list) -> list[dict]:
	months: dict[date, list] = defaultdict(list)
	for enquiry in joined:
		months[get_first_day(enquiry.concluded_on)].append(enquiry)
	return [_row(month, months[month]) for month in sorted(months)]


def _row(month: date, enquiries: list) -> dict:
	days = [max(date_diff(each.concluded_on, each.told_on), 0) for each in enquiries]
	answered = [
		max(date_diff(each.acknowledged_on, each.told_on), 0) for each in enquiries if each.acknowledged_on
	]
	return {
		"month": format_date(month, "MMMM yyyy"),
		"joined": len(enquiries),
		"answered": median(answered) if answered else None,
		"median": median(days),
		"longest": max(days),
	}


def _columns() -> list[dict]:
	return [
		{"fieldname": "month", "fieldtype": "Data", "label": _("Month"), "width": 160},
		{"fieldname": "joined", "fieldtype": "Int", "label": _("People who joined"), "width": 150},
		{
			"fieldname": "answered",
			"fieldtype": "Float",
			"label": _("Days to an answer (median)"),
			"precision": 1,
			"width": 200,
		},
		{
			"fieldname": "median",
			"fieldtype": "Float",
			"label": _("Days to joining (median)"),
			"precision": 1,
			"width": 200,
		},
		{"fieldname": "longest", "fieldtype": "Int", "label": _("Days, the longest"), "width": 150},
	]


def _chart(rows: list[dict]) -> dict:
	return {
		"data": {
			"labels": [row["month"] for row in rows],
			"datasets": [{"name": _("Days to joining (median)"), "values": [row["median"] for row in rows]}],
		},
		"type": "bar",
	}
