"""What we promised to tell people and whether we did (row 3.14; domain 4.9, no. 6 and 7): of the promises that the
reader may see, by the day they were due. What the last word has overtaken was told by it, late where its own day was
over; what it came before was never due."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.utils import format_date, get_first_day, getdate, today

from involvement_app.involvement_app.feedback import KEPT, NOT_NEEDED, NOT_POSSIBLE, OBLIGATION, OWED
from involvement_app.involvement_app.report_rows import bars, column, of_unit, period

FIELDS = ["kind", "unit", "status", "due_on", "kept_on"]
IN_TIME, LATE, WAITS, OVERDUE, NOT = "in_time", "late", "waits", "overdue", "not_possible"


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	filters = frappe._dict(filters or {})
	by = filters.by or "Kind"
	groups = defaultdict(list)
	for row in _owed(filters):
		groups[_group(by, row)].append(_state(row))
	rows = [_row(_label(by, group), groups[group]) for group in sorted(groups)]
	return _columns(by), rows, None, _chart(rows)


def _owed(filters) -> list[frappe._dict]:
	"""The reader's own rows: `get_list` asks for their rights and units."""
	wanted = [["due_on", "between", period(filters)], *of_unit(filters)]
	rows = frappe.get_list(OBLIGATION, filters=wanted, fields=FIELDS, limit=0)
	return [row for row in rows if row.status != NOT_NEEDED or _state(row) == LATE]


def _state(row) -> str:
	if row.status == NOT_POSSIBLE:
		return NOT
	if row.status == OWED:
		return OVERDUE if getdate(row.due_on) < getdate(today()) else WAITS
	return IN_TIME if getdate(row.kept_on) <= getdate(row.due_on) else LATE


def _group(by: str, row):
	if by == "Month":
		return get_first_day(row.due_on)
	return (row.unit if by == "Unit" else row.kind) or ""


def _label(by: str, group) -> str:
	if by == "Month":
		return format_date(group, "MMMM yyyy")
	return (_(group) if by == "Kind" else group) or _("Nowhere in particular")


def _row(label: str, states: list[str]) -> dict:
	counted = {state: states.count(state) for state in (IN_TIME, LATE, WAITS, OVERDUE, NOT)}
	due = len(states) - counted[WAITS]
	return {
		"group": label,
		"all": len(states),
		**counted,
		"share": 100 * counted[IN_TIME] / due if due else None,
	}


def _columns(by: str) -> list[dict]:
	return [
		column("group", _(by), "Data", 180),
		column("all", _("Promised"), width=110),
		column(IN_TIME, _("Told in time")),
		column(LATE, _("Told late")),
		column(WAITS, _("Not due yet")),
		column(OVERDUE, _("Overdue")),
		column(NOT, _("Not possible")),
		column("share", _("In time, of what was due"), "Percent", 190, precision=0),
	]


def _chart(rows: list[dict]) -> dict:
	states = (
		(IN_TIME, _("Told in time")),
		(LATE, _("Told late")),
		(OVERDUE, _("Overdue")),
		(NOT, _("Not possible")),
	)
	chart = bars(
		[row["group"] for row in rows],
		*((label, [row[state] for row in rows]) for state, label in states),
	)
	return {**chart, "colors": ["green", "orange", "red", "grey"]}


def labels() -> list[str]:
	"""The choices, so that the translation tools find them."""
	return [_("Kind"), _("Unit"), _("Month"), _("Initial"), _("Interim"), _("Full"), _(KEPT)]
