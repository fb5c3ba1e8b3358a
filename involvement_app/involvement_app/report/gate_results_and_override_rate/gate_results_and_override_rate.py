"""What the checklist said of the opportunities that were handed in, and how often a failed check was overridden (row
0.10; domain 4.5, 4.9): of those that the reader may see. The override rate is itself a figure to watch."""

from collections import Counter, defaultdict

import frappe
from frappe import _
from frappe.utils import add_days, add_months, get_first_day, getdate, today

from involvement_app.involvement_app.gates import FAIL, NOT_APPLICABLE, PASS, WARN

OPPORTUNITY = "Involvement Opportunity"
MONTHS = 12
OVERRIDDEN = "Overridden"
COUNTED = (PASS, WARN, OVERRIDDEN, FAIL)


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	rows = _rows(_opportunities(frappe._dict(filters or {})))
	return _columns(), rows, None, _chart(rows)


def _opportunities(filters) -> list[str]:
	"""The reader's own rows: `get_list` asks for their rights and units. A draft is not judged yet."""
	first = getdate(filters.from_date or get_first_day(add_months(today(), 1 - MONTHS)))
	last = getdate(filters.to_date or today())
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
		{"fieldname": "gate", "fieldtype": "Data", "label": _("Check"), "width": 80},
		{"fieldname": "question", "fieldtype": "Data", "label": _("Question"), "width": 380},
		*(
			{"fieldname": frappe.scrub(result), "fieldtype": "Int", "label": _(result), "width": 110}
			for result in (*COUNTED, NOT_APPLICABLE)
		),
		{
			"fieldname": "override_rate",
			"fieldtype": "Percent",
			"label": _("Overridden, of all that were asked"),
			"precision": 0,
			"width": 220,
		},
	]


def _chart(rows: list[dict]) -> dict:
	gates = rows[:-1]
	return {
		"data": {
			"labels": [row["gate"] for row in gates],
			"datasets": [
				{"name": _(result), "values": [row[frappe.scrub(result)] for row in gates]}
				for result in COUNTED
			],
		},
		"type": "bar",
		"barOptions": {"stacked": 1},
		"colors": ["green", "yellow", "orange", "red"],
	}
