"""What the checklist said of the opportunities that were handed in, and how often a failed check was overridden (row
0.10; domain 4.5, 4.9): of those that the reader may see. The override rate is itself a figure to watch."""

from collections import Counter, defaultdict

import frappe
from frappe import _
from frappe.utils import add_days

from involvement_app.involvement_app.gates import FAIL, NOT_APPLICABLE, PASS, WARN
from involvement_app.involvement_app.report_rows import OPPORTUNITY, bars, column, period

OVERRIDDEN = "Overridden"
COUNTED = (PASS, WARN, OVERRIDDEN, FAIL)


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	rows = _rows(_opportunities(frappe._dict(filters or {})))
	return _columns(), rows, None, _chart(rows)


def _opportunities(filters) -> list[str]:
	"""The reader's own rows: `get_list` asks for their rights and units. A draft is not judged yet."""
	first, last = period(filters)
	wanted = [
		["status", "!=", "Draft"],
		["creation", ">=", first],
		["creation", "<", add_days(last, 1)],
	]
	wanted += [[field, "=", filters[field]] for field in ("unit", "opportunity_type") if filters.get(field)]
	return frappe.get_list(OPPORTUNITY, filters=wanted, pluck="name", limit=0)


def _rows(opportunities: list[str]) -> list[dict]:
	if not opportunities:
		return []
	found = frappe.get_list(
		"Involvement Opportunity Gate",
		filters={"parenttype": OPPORTUNITY, "parent": ["in", opportunities]},
		fields=["gate", "question", "result", "override_by"],
		parent_doctype=OPPORTUNITY,
		limit=0,
		as_list=True,
	)
	results: dict[str, Counter] = defaultdict(Counter)
	questions = {}
	for gate, question, result, override_by in found:
		questions[gate] = question
		results[gate][OVERRIDDEN if override_by else result] += 1
	rows = [_row(gate, questions[gate], results[gate]) for gate in sorted(results, key=_number)]
	return [*rows, _row(_("All"), "", sum(results.values(), Counter()))] if rows else []


def _number(gate: str) -> int:
	return int(gate.lstrip("G"))


def _row(gate: str, question: str, said: Counter) -> dict:
	asked = sum(said[result] for result in COUNTED)
	return {
		"gate": gate,
		"question": question,
		**{frappe.scrub(result): said[result] for result in (*COUNTED, NOT_APPLICABLE)},
		"override_rate": 100 * said[OVERRIDDEN] / asked if asked else None,
	}


def _columns() -> list[dict]:
	return [
		column("gate", _("Check"), "Data", 80),
		column("question", _("Question"), "Data", 380),
		*(column(frappe.scrub(result), _(result), width=110) for result in (*COUNTED, NOT_APPLICABLE)),
		column("override_rate", _("Overridden, of all that were asked"), "Percent", 220, precision=0),
	]


def _chart(rows: list[dict]) -> dict:
	gates = rows[:-1]
	return bars(
		[row["gate"] for row in gates],
		*((_(result), [row[frappe.scrub(result)] for row in gates]) for result in COUNTED),
		colors=["green", "yellow", "orange", "red"],
	)
