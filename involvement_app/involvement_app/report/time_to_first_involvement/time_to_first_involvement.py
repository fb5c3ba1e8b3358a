"""How long people wait from telling us that they would like to take part until they do (row 0.9; domain 4.9, no. 10): of
the people, enquiries and sessions that the reader may see, by the month of their first session; and how many on the
register still wait. Counted from the enquiry, or from joining where there was none."""

from collections import defaultdict
from statistics import median

import frappe
from frappe import _
from frappe.utils import date_diff, format_date, get_first_day, getdate, today

from involvement_app.involvement_app.report_rows import bars, column, held, period, who_was_there

WAITING = ("Interested", "Active")


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	filters = frappe._dict(filters or {})
	began, firsts = _began(filters), _first_sessions()
	rows = _rows(filters, began, firsts)
	chart = bars([row["month"] for row in rows], (_("Days (median)"), [row["median"] for row in rows]))
	return _columns(), [*rows, _still_waiting(began, firsts)], None, chart


def _began(filters) -> dict[str, frappe._dict]:
	"""Participant → {since, status}."""
	wanted = [["Involvement Participant Unit", "unit", "=", filters.unit]] if filters.unit else []
	people = frappe.get_list(
		"Involvement Participant", filters=wanted, fields=["name", "status", "joined_on", "creation"], limit=0
	)
	asked = dict(
		frappe.get_list(
			"Expression of Interest",
			filters={"participant": ["is", "set"]},
			fields=["participant", "told_on"],
			limit=0,
			as_list=True,
		)
	)
	return {
		row.name: frappe._dict(
			since=getdate(asked.get(row.name) or row.joined_on or row.creation), status=row.status
		)
		for row in people
	}


def _first_sessions() -> dict:
	"""Participant → the day of the first session at which they were."""
	sessions = held(frappe._dict(), every_day=True)
	firsts = {}
	for row in who_was_there(sessions):
		day = getdate(sessions[row.session].starts_on)
		firsts[row.participant] = min(day, firsts.get(row.participant, day))
	return firsts


def _rows(filters, began: dict, firsts: dict) -> list[dict]:
	start, end = period(filters)
	months = defaultdict(list)
	for participant, person in began.items():
		day = firsts.get(participant)
		if day and start <= day <= end:
			months[get_first_day(day)].append(max(date_diff(day, person.since), 0))
	return [_row(format_date(month, "MMMM yyyy"), months[month]) for month in sorted(months)]


def _row(label: str, days: list[int]) -> dict:
	return {
		"month": label,
		"people": len(days),
		"median": median(days) if days else None,
		"longest": max(days) if days else None,
	}


def _still_waiting(began: dict, firsts: dict) -> dict:
	days = [
		max(date_diff(today(), person.since), 0)
		for participant, person in began.items()
		if participant not in firsts and person.status in WAITING
	]
	return {**_row(_("Still waiting today"), days), "bold": 1}


def _columns() -> list[dict]:
	return [
		column("month", _("First session in"), "Data", 200),
		column("people", _("People"), width=110),
		column("median", _("Days (median)"), "Float", 150, precision=1),
		column("longest", _("Days, the longest"), width=160),
	]
