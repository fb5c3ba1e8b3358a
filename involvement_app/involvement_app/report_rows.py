"""What several reports begin with: the reader's own rows within a period. `get_list` asks for their rights and units;
nothing here sees more than the reader may open."""

from datetime import date

import frappe
from frappe.utils import add_days, add_months, get_first_day, get_last_day, getdate, today

from involvement_app.involvement_app.holding import WAS_THERE

MONTHS = 12
OPPORTUNITY = "Involvement Opportunity"
SESSION = "Involvement Session"
ATTENDANCE = "Involvement Session Attendance"


def period(filters, until: date | None = None) -> tuple[date, date]:
	"""The days that are asked for, both included; without an answer the last twelve months, to today or `until`."""
	first = getdate(filters.from_date or get_first_day(add_months(today(), 1 - MONTHS)))
	return first, getdate(filters.to_date or until or today())


def of_unit(filters) -> list[list]:
	return [["unit", "=", filters.unit]] if filters.unit else []


def dates(filters, fields: list[str], **more) -> list[frappe._dict]:
	"""Sessions in the period or to come this month, in order, but those called off."""
	first, last = period(filters, get_last_day(today()))
	wanted = [["status", "!=", "Cancelled"], ["starts_on", "between", [first, last]], *of_unit(filters)]
	return frappe.get_list(SESSION, filters=wanted, fields=fields, order_by="starts_on asc", limit=0, **more)


def opportunities(filters, fields: list[str]) -> list[frappe._dict]:
	"""Published in the period, whatever became of them but called off."""
	first, last = period(filters)
	wanted = [
		["published_on", ">=", first],
		["published_on", "<", add_days(last, 1)],
		["status", "!=", "Cancelled"],
		*of_unit(filters),
	]
	return frappe.get_list(OPPORTUNITY, filters=wanted, fields=fields, limit=0)


def held(filters, every_day: bool = False) -> dict[str, frappe._dict]:
	"""Session → {unit, starts_on} of those that took place in the period, or ever."""
	wanted = [["status", "=", "Held"]]
	if not every_day:
		first, last = period(filters)
		wanted += [["starts_on", ">=", first], ["starts_on", "<", add_days(last, 1)]]
	wanted += of_unit(filters)
	rows = frappe.get_list(SESSION, filters=wanted, fields=["name", "unit", "starts_on"], limit=0)
	return {row.name: row for row in rows}


def who_was_there(sessions: dict) -> list[frappe._dict]:
	"""[{session, participant, hours}] of those sessions; hours with preparation."""
	rows = frappe.get_list(
		ATTENDANCE,
		filters={"attendance": ["in", WAS_THERE], "parenttype": SESSION},
		fields=["parent", "participant", "hours", "preparation_hours"],
		parent_doctype=SESSION,
		limit=0,
	)
	return [
		frappe._dict(
			session=row.parent,
			participant=row.participant,
			hours=(row.hours or 0) + (row.preparation_hours or 0),
		)
		for row in rows
		if row.parent in sessions
	]


def column(fieldname: str, label: str, fieldtype: str = "Int", width: int = 130, **more) -> dict:
	return {"fieldname": fieldname, "fieldtype": fieldtype, "label": label, "width": width, **more}


def bars(
	labels: list[str], *datasets: tuple[str, list], stacked: bool = True, colors: list[str] | None = None
) -> dict:
	return {
		"data": {
			"labels": labels,
			"datasets": [{"name": name, "values": values} for name, values in datasets],
		},
		"type": "bar",
		"barOptions": {"stacked": int(stacked)},
		**({"colors": colors} if colors else {}),
	}
