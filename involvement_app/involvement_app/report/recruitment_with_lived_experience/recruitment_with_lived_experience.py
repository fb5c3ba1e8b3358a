"""In how many recruitments people with lived experience voted, took the chair, or were decided against (rows 3.11 and
4.8; domain 4.9 no. 15, 5.5): of those that the reader may see. No candidate and no member is in it.

A panel here does not convene without them, so a share of panels alone would be all of them. What it is a share of are
recruitments: the number that HR writes down for a unit and a quarter (Recruitment Count); where there is none, the
panels that decided, those whose interviews are over and on which nobody with lived experience has a vote, and, beside
Frappe HR, job openings without a panel. A quarter that nobody wrote a number down for is named."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

import frappe
from frappe import _
from frappe.utils import add_days, add_months, cint, escape_html, get_quarter_start, getdate, today

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.panels import hrms
from involvement_app.involvement_app.report_rows import bars, column, of_unit, period

COUNT = "Recruitment Count"
FIELDS = [
	"unit",
	"decided_on",
	"lived_experience_members",
	"chaired_by_lived_experience",
	"against_lived_experience",
]
NO_UNIT = ""


@dataclass
class Known:
	"""What is known of one unit and quarter."""

	decided: list = field(default_factory=list)
	without: int = 0
	openings: int = 0
	written: int | None = None

	@property
	def recruitments(self) -> int:
		return max(self.written or 0, len(self.decided) + self.without + self.openings)


def execute(filters: dict | None = None) -> tuple[list, list, str, dict]:
	filters = frappe._dict(filters or {})
	by = filters.by or "Quarter"
	known = _known(
		_decided(filters), _over_without(filters), _written(filters), _openings_without_panel(filters)
	)
	groups = defaultdict(list)
	for (unit, quarter), each in sorted(known.items()):
		groups[unit if by == "Unit" else panels.quarter(quarter)].append(each)
	rows = [row for group, found in groups.items() if (row := _row(group, found))["recruitments"]]
	return _columns(by), rows, _message(known), _chart(rows)


def _known(decided, without, written, openings) -> dict[tuple[str, date], Known]:
	"""{(unit, first day of the quarter): what is known of it}. `decided`: rows of panels; `without`: [(unit, day)];
	`written`: {(unit, quarter): number}; `openings`: [day]."""
	known: dict[tuple[str, date], Known] = defaultdict(Known)
	for row in decided:
		known[(row.unit or NO_UNIT, get_quarter_start(row.decided_on))].decided.append(row)
	for unit, day in without:
		known[(unit or NO_UNIT, get_quarter_start(day))].without += 1
	for key, number in written.items():
		known[key].written = number
	counted = {quarter for _unit, quarter in written}
	for day in openings:
		# a job opening names no unit of ours: whoever wrote numbers down for its quarter has counted it there
		if get_quarter_start(day) not in counted:
			known[(NO_UNIT, get_quarter_start(day))].openings += 1
	return known


def _decided(filters) -> list[frappe._dict]:
	first, last = period(filters)
	wanted = [["decided_on", ">=", first], ["decided_on", "<", add_days(last, 1)], *of_unit(filters)]
	return frappe.get_list(panels.PANEL, filters=wanted, fields=FIELDS, limit=0)


def _over_without(filters) -> list[tuple[str, date]]:
	"""Panels whose interviews are over, never convened, with nobody with lived experience to vote."""
	first, last = period(filters)
	wanted = [
		["interviews_on", "between", [first, min(last, getdate(add_days(today(), -1)))]],
		*of_unit(filters),
	]
	# one that nobody decided is ended by the job; one that somebody called off recruited nobody
	over = [["status", "=", "Planned"], ["ended_undecided", "=", 1]]
	found = frappe.get_list(
		panels.PANEL, filters=wanted, or_filters=over, fields=["name", "unit", "interviews_on"], limit=0
	)
	voted = set(
		frappe.get_list(
			panels.MEMBER,
			filters={
				"parenttype": panels.PANEL,
				"parent": ["in", [row.name for row in found] or [""]],
				"kind": panels.LIVED_EXPERIENCE,
				"role": ["!=", panels.SHADOW],
			},
			pluck="parent",
			parent_doctype=panels.PANEL,
			limit=0,
		)
	)
	return [(row.unit, row.interviews_on) for row in found if row.name not in voted]


def _written(filters) -> dict[tuple[str, date], int]:
	"""Of the quarters that lie in the period, to their end or to today."""
	first, last = period(filters)
	wanted = [["quarter_from", "between", [first, last]], *of_unit(filters)]
	rows = frappe.get_list(COUNT, filters=wanted, fields=["unit", "quarter_from", "recruitments"], limit=0)
	return {
		(row.unit, getdate(row.quarter_from)): row.recruitments
		for row in rows
		if last >= getdate(today()) or last >= getdate(add_days(add_months(row.quarter_from, 3), -1))
	}


def _openings_without_panel(filters) -> list[date]:
	"""Of Frappe HR, for who may read its job openings. They name no unit of ours."""
	if filters.unit or not hrms.is_here() or not frappe.has_permission(hrms.OPENING, "read"):
		return []
	first, last = period(filters)
	wanted = [["posted_on", ">=", first], ["posted_on", "<", add_days(last, 1)]]
	found = frappe.get_list(hrms.OPENING, filters=wanted, fields=["name", "posted_on"], limit=0)
	names = [row.name for row in found]
	# bounded to what the reader sees: which of it has a panel, wherever that is. It is counted, not shown
	taken = set(frappe.get_all(panels.PANEL, {"job_opening": ["in", names or [""]]}, pluck="job_opening"))
	return [getdate(row.posted_on) for row in found if row.name not in taken]


def _row(label: str, found: list[Known]) -> dict:
	decided = [row for each in found for row in each.decided]
	recruitments = sum(each.recruitments for each in found)

	def share(holds, of: int) -> float:
		return 100 * sum(1 for row in decided if holds(row)) / of if of else 0

	return {
		"group": label or _("Job openings without a panel"),
		"recruitments": recruitments,
		"panels": len(decided),
		"with": share(lambda row: cint(row.lived_experience_members), recruitments),
		"chaired": share(lambda row: cint(row.chaired_by_lived_experience), recruitments),
		"against": share(lambda row: cint(row.against_lived_experience), len(decided)),
		"counted": _counted(found),
	}


def _counted(found: list[Known]) -> str:
	written = sum(each.written is not None for each in found)
	if written == len(found):
		return _("Written down")
	return _("Partly written down") if written else _("What is known here")


def _columns(by: str) -> list[dict]:
	return [
		column("group", _(by), "Data", 200),
		column("recruitments", _("Recruitments")),
		column("panels", _("Panels that decided")),
		column("with", _("With lived experience"), "Percent", precision=0),
		column("chaired", _("Chaired by it"), "Percent", precision=0),
		column("against", _("Decided against it"), "Percent", precision=0),
		column("counted", _("Number of recruitments"), "Data", 160),
	]


def _message(known: dict) -> str:
	"""What the shares are shares of, and where that is not known."""
	words = _(
		"“With lived experience” and “Chaired by it” are shares of all recruitments, “Decided against it” of the panels that decided. The number of recruitments is what HR officers write down for a unit and a quarter (Recruitment Count). Where nobody has, it is the panels that decided, panels whose day is over without anybody with lived experience to vote, and, where Frappe HR is installed, job openings without a panel."
	)
	missing = sorted(
		{(unit, quarter) for (unit, quarter), each in known.items() if unit and each.written is None}
	)
	if not missing:
		return words
	named = ", ".join(f"{unit} ({panels.quarter(quarter)})" for unit, quarter in missing[:10])
	more = _(
		"Nobody wrote the number down for {0} units and quarters, so there the share may be too high: {1}"
	).format(len(missing), escape_html(named))
	return f"{words}<br>{more}{'…' if len(missing) > 10 else '.'}"


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
