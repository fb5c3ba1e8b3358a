"""Whose training counts on a day, whose ends soon, and whose no longer counts (domain 4.9, no. 19): the latest record of
each person and course, of those that the caller may see."""

from collections import Counter
from datetime import date

import frappe
from frappe import _
from frappe.utils import add_days, getdate, today

from involvement_app.involvement_app.training import RECORD, REMIND_DAYS

IN_DATE, SOON, OVER = "In date", "Ends soon", "No longer"
FIELDS = ["name", "participant", "preferred_name", "staff", "course", "completed_on", "valid_until"]


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	filters = frappe._dict(filters or {})
	rows = _rows(getdate(filters.on or today()), filters.course)
	chart = _chart(rows)
	shown = [row for row in rows if not filters.state or row["state"] == filters.state]
	return _columns(), [{**row, "state": _(row["state"])} for row in shown], None, chart


def _rows(day: date, course: str | None) -> list[dict]:
	latest = {}
	for record in _records(day, course):  # the longest-lasting comes last
		latest[(record.participant or record.staff, record.course)] = record
	rows = [{**record, "state": _state(record, day)} for record in latest.values()]
	return sorted(rows, key=lambda row: (row["course"], str(row["valid_until"] or "9999"), row["name"]))


def _records(day: date, course: str | None) -> list:
	"""The caller's own rows: `get_list` asks for their rights and units."""
	wanted = [["completed_on", "<=", day]]
	if course:
		wanted.append(["course", "=", course])
	found = frappe.get_list(RECORD, filters=wanted, fields=FIELDS, limit=0)
	return sorted(found, key=lambda record: str(record.valid_until or "9999"))


def _state(record, day: date) -> str:
	if not record.valid_until or getdate(record.valid_until) > getdate(add_days(day, REMIND_DAYS)):
		return IN_DATE
	return SOON if getdate(record.valid_until) >= day else OVER


def _columns() -> list[dict]:
	def column(fieldname: str, fieldtype: str, label: str, width: int, **more) -> dict:
		return {"fieldname": fieldname, "fieldtype": fieldtype, "label": label, "width": width, **more}

	return [
		column("course", "Link", _("Course"), 220, options="Training Course"),
		column("state", "Data", _("Counts"), 110),
		column("participant", "Link", _("Participant"), 120, options="Involvement Participant"),
		column("preferred_name", "Data", _("Preferred name"), 160),
		column("staff", "Link", _("Member of staff"), 200, options="User"),
		column("completed_on", "Date", _("Completed on"), 120),
		column("valid_until", "Date", _("Counts until"), 120),
		column("name", "Link", _("Record"), 120, options=RECORD),
	]


def _chart(rows: list[dict]) -> dict:
	counts = Counter((row["course"], row["state"]) for row in rows)
	courses = sorted({row["course"] for row in rows})
	return {
		"data": {
			"labels": [_(course) for course in courses],
			"datasets": [
				{"name": _(state), "values": [counts[(course, state)] for course in courses]}
				for state in (IN_DATE, SOON, OVER)
			],
		},
		"type": "bar",
		"barOptions": {"stacked": 1},
		"colors": ["green", "orange", "grey"],
	}
