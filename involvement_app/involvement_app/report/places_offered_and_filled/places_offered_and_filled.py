"""How many places there were, and how many people took them (rows 4.1 and 4.10; domain 4.9, no. 9): of the
opportunities that the reader may see. Who said no is not counted: a no costs nothing (law 8)."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.utils import cint, format_date, get_first_day

from involvement_app.involvement_app.report_rows import bars, column, opportunities

FIELDS = ["published_on", "unit", "opportunity_type", "places", "places_confirmed"]


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	filters = frappe._dict(filters or {})
	by = filters.by or "Month"
	groups = defaultdict(list)
	for row in opportunities(filters, FIELDS):
		groups[_group(by, row)].append(row)
	rows = [_row(_label(by, group), groups[group]) for group in sorted(groups)]
	return _columns(by), rows, None, _chart(rows)


def _group(by: str, row):
	return {"Unit": row.unit, "Type": row.opportunity_type}.get(by) or get_first_day(row.published_on)


def _label(by: str, group) -> str:
	return format_date(group, "MMMM yyyy") if by == "Month" else _(group) if by == "Type" else group


def _row(label: str, found: list) -> dict:
	places = sum(cint(row.places) for row in found)
	filled = sum(cint(row.places_confirmed) for row in found)
	return {
		"group": label,
		"opportunities": len(found),
		"places": places,
		"filled": filled,
		"share": 100 * filled / places if places else None,
	}


def _columns(by: str) -> list[dict]:
	return [
		column("group", _(by), "Data", 200),
		column("opportunities", _("Opportunities")),
		column("places", _("Places offered")),
		column("filled", _("Places filled")),
		column("share", _("Filled"), "Percent", precision=0),
	]


def _chart(rows: list[dict]) -> dict:
	return bars(
		[row["group"] for row in rows],
		(_("Places filled"), [row["filled"] for row in rows]),
		(_("Places still free"), [max(row["places"] - row["filled"], 0) for row in rows]),
	)


def labels() -> list[str]:
	"""The choices, so that the translation tools find them."""
	return [_("Month"), _("Unit"), _("Type")]
