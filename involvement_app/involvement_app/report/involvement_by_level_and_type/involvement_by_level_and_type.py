"""At which levels people take part in which kinds of work, and where they do not (row 0.3; domain 4.9, no. 2): of the
opportunities that the reader may see. A level or a kind without any is shown too: that is what the report is for."""

from collections import Counter

import frappe
from frappe import _

from involvement_app.involvement_app.report_rows import OPPORTUNITY, bars, column, opportunities

WHERE, HOW = "Where in the organisation", "Level of participation"


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	filters = frappe._dict(filters or {})
	fieldname = "level" if filters.level == HOW else "organisation_level"
	found = opportunities(filters, [fieldname, "opportunity_type"])
	counted = Counter((row[fieldname] or "", row.opportunity_type) for row in found)
	levels, types = _levels(fieldname, counted), _types()
	rows = [_row(level, types, counted) for level in levels]
	rows.append(_total(rows, types))
	return _columns(types, filters.level or WHERE), rows, None, _chart(rows[:-1], types)


def _levels(fieldname: str, counted: Counter) -> list[str]:
	"""All there are, and “not said” where somebody did not."""
	if fieldname == "level":
		levels = frappe.get_list("Participation Level", pluck="name", order_by="rank desc", limit=0)
	else:
		options = frappe.get_meta(OPPORTUNITY).get_field(fieldname).options.split("\n")
		levels = [option for option in options if option]
	return levels + [""] * any(not level for level, _type in counted)


def _types() -> list[str]:
	return frappe.get_list("Involvement Type", pluck="name", order_by="name", limit=0)


def _row(level: str, types: list[str], counted: Counter) -> dict:
	cells = {f"type_{number}": counted[level, kind] for number, kind in enumerate(types)}
	return {"level": _(level) if level else _("Not said"), **cells, "all": sum(cells.values())}


def _total(rows: list[dict], types: list[str]) -> dict:
	fields = [*(f"type_{number}" for number in range(len(types))), "all"]
	return {"level": _("All"), **{field: sum(row[field] for row in rows) for field in fields}, "bold": 1}


def _columns(types: list[str], level: str) -> list[dict]:
	return [
		column("level", _(level), "Data", 200),
		*(column(f"type_{number}", _(kind), width=140) for number, kind in enumerate(types)),
		column("all", _("All"), width=90),
	]


def _chart(rows: list[dict], types: list[str]) -> dict:
	shown = [
		(number, kind) for number, kind in enumerate(types) if any(row[f"type_{number}"] for row in rows)
	]
	return bars(
		[row["level"] for row in rows],
		*((_(kind), [row[f"type_{number}"] for row in rows]) for number, kind in shown),
	)


def labels() -> list[str]:
	"""The choices, so that the translation tools find them."""
	return [_("Where in the organisation"), _("Level of participation")]
