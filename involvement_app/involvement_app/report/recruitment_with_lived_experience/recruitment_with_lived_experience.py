"""In how many recruitments people with lived experience voted, took the chair, or were decided against (rows 3.11 and
4.8; domain 5.5): of the decided panels that the reader may see. No candidate and no member is in it."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.utils import add_days, cint, getdate

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.report_rows import bars, column, of_unit, period

FIELDS = [
	"unit",
	"decided_on",
	"lived_experience_members",
	"chaired_by_lived_experience",
	"against_lived_experience",
]


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	filters = frappe._dict(filters or {})
	by = filters.by or "Quarter"
	groups = defaultdict(list)
	for row in _decided(filters):
		groups[row.unit or "" if by == "Unit" else _quarter(row.decided_on)].append(row)
	rows = [_row(group, groups[group]) for group in sorted(groups)]
	return _columns(by), rows, None, _chart(rows)


def _decided(filters) -> list[frappe._dict]:
	first, last = period(filters)
	wanted = [["decided_on", ">=", first], ["decided_on", "<", add_days(last, 1)], *of_unit(filters)]
	return frappe.get_list(panels.PANEL, filters=wanted, fields=FIELDS, limit=0)


def _quarter(day) -> str:
	day = getdate(day)
	return _("{0}, quarter {1}").format(day.year, (day.month + 2) // 3)


def _row(label: str, found: list) -> dict:
	def share(holds) -> float:
		return 100 * sum(1 for row in found if holds(row)) / len(found)

	return {
		"group": label,
		"panels": len(found),
		"with": share(lambda row: cint(row.lived_experience_members)),
		"chaired": share(lambda row: cint(row.chaired_by_lived_experience)),
		"against": share(lambda row: cint(row.against_lived_experience)),
	}


def _columns(by: str) -> list[dict]:
	return [
		column("group", _(by), "Data", 200),
		column("panels", _("Panels that decided")),
		column("with", _("With lived experience"), "Percent", precision=0),
		column("chaired", _("Chaired by it"), "Percent", precision=0),
		column("against", _("Decided against it"), "Percent", precision=0),
	]


def _chart(rows: list[dict]) -> dict:
	return bars(
		[row["group"] for row in rows],
		(_("With lived experience"), [row["with"] for row in rows]),
		(_("Chaired by it"), [row["chaired"] for row in rows]),
		(_("Decided against it"), [row["against"] for row in rows]),
		stacked=False,
	)


def labels() -> list[str]:
	"""The choices, so that the translation tools find them."""
	return [_("Quarter"), _("Unit")]
