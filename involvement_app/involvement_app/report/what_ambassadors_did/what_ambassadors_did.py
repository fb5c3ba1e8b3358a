"""What ambassadors were asked, said yes to and did in a period, by kind, and what came of it (row 4.6): of the people whom
the caller may see. A no is not counted by person, and no is no worse than yes."""

from collections import Counter

import frappe
from frappe import _

from involvement_app.involvement_app import report_rows
from involvement_app.involvement_app.ambassadors import ASSIGNMENT
from involvement_app.involvement_app.report_rows import column

TOOK_PLACE = ("Done", "Debriefed", "Outcome recorded")
AHEAD = ("Offered", "Accepted", "Briefed")
NOTHING_YET = "Not recorded"


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	filters = frappe._dict(filters or {})
	rows = _rows(filters)
	kinds = sorted({row.kind for row in rows})
	return (
		_columns(),
		[_line(kind, [row for row in rows if row.kind == kind]) for kind in kinds],
		None,
		_chart(rows, kinds),
	)


def _rows(filters) -> list[frappe._dict]:
	"""The caller's own: `get_list` asks for their rights and units."""
	first, last = report_rows.period(filters)
	return frappe.get_list(
		ASSIGNMENT,
		filters=[["takes_place_on", "between", [first, last]], ["status", "!=", "Proposed"]],
		fields=["kind", "status", "outcome"],
		limit=0,
	)


def _line(kind: str, rows: list) -> dict:
	done = [row for row in rows if row.status in TOOK_PLACE]
	came = Counter(row.outcome for row in done if row.outcome)
	return {
		"kind": _(kind),
		"ahead": sum(row.status in AHEAD for row in rows),
		"took_place": len(done),
		"not_going_ahead": sum(row.status == "Not going ahead" for row in rows),
		"outcomes": ", ".join(f"{_(outcome)}: {number}" for outcome, number in sorted(came.items())),
		"to_record": sum(row.status != "Outcome recorded" for row in done),
	}


def _columns() -> list[dict]:
	return [
		column("kind", _("Kind"), "Data", 160),
		column("ahead", _("Asked, and ahead")),
		column("took_place", _("Took place")),
		column("not_going_ahead", _("Not going ahead")),
		column("outcomes", _("What came of it"), "Data", 320),
		column("to_record", _("Still to record")),
	]


def _chart(rows: list, kinds: list[str]) -> dict:
	done = [row for row in rows if row.status in TOOK_PLACE]
	counts = Counter((row.kind, row.outcome or NOTHING_YET) for row in done)
	outcomes = sorted({outcome for _kind, outcome in counts})
	return report_rows.bars(
		[_(kind) for kind in kinds],
		*((_(outcome), [counts[(kind, outcome)] for kind in kinds]) for outcome in outcomes),
	)
