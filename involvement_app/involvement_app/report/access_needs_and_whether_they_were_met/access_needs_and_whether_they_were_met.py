"""What people need to take part, and whether it was there (row 0.15; domain 4.9, no. 13): of the needs that the reader
may see, as far as each person agreed; and of the sessions they may see."""

from collections import Counter, defaultdict

import frappe
from frappe import _
from frappe.utils import add_days, add_months, get_first_day, getdate, today

from involvement_app.involvement_app.access import MET, REQUIREMENT

MONTHS = 12


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	filters = frappe._dict(filters or {})
	needs = _needs(filters)
	answers = _answers(filters) if needs else {}
	rows = [_row(need, people, answers) for need, people in sorted(needs.items())]
	rows.sort(key=lambda row: -row["people"])
	return _columns(), rows, None, _chart(rows)


def _needs(filters) -> dict[str, set[str]]:
	"""Need → people: the reader's own rows."""
	found = frappe.get_list(REQUIREMENT, fields=["need", "participant"], limit=0, as_list=True)
	of_unit = set(_people_of(filters.unit)) if filters.unit else None
	needs = defaultdict(set)
	for need, participant in found:
		if of_unit is None or participant in of_unit:
			needs[need].add(participant)
	return needs


def _people_of(unit: str) -> list[str]:
	return frappe.get_list(
		"Involvement Participant",
		filters=[["Involvement Participant Unit", "unit", "=", unit]],
		pluck="name",
		limit=0,
	)


def _answers(filters) -> dict[str, Counter]:
	"""Participant → how often each answer, of the sessions in these months that the reader may see."""
	first = getdate(filters.from_date or get_first_day(add_months(today(), 1 - MONTHS)))
	last = getdate(filters.to_date or today())
	sessions = set(
		frappe.get_list(
			"Involvement Session",
			filters=[
				["status", "=", "Held"],
				["starts_on", ">=", first],
				["starts_on", "<", add_days(last, 1)],
			],
			pluck="name",
			limit=0,
		)
	)
	found = frappe.get_list(
		"Involvement Session Attendance",
		filters={"access_met": ["in", MET], "parenttype": "Involvement Session"},
		fields=["parent", "participant", "access_met"],
		parent_doctype="Involvement Session",
		limit=0,
		as_list=True,
	)
	answers: dict[str, Counter] = defaultdict(Counter)
	for session, participant, met in found:
		if session in sessions:
			answers[participant][met] += 1
	return answers


def _row(need: str, people: set[str], answers: dict[str, Counter]) -> dict:
	said = sum((answers[person] for person in people if person in answers), Counter())
	asked = sum(said.values())
	return {
		"need": need,
		"people": len(people),
		**{met.lower(): said[met] for met in MET},
		"share": 100 * said["Yes"] / asked if asked else None,
	}


def _columns() -> list[dict]:
	return [
		{"fieldname": "need", "fieldtype": "Data", "label": _("Need"), "width": 240},
		{"fieldname": "people", "fieldtype": "Int", "label": _("People"), "width": 100},
		{"fieldname": "yes", "fieldtype": "Int", "label": _("Was there"), "width": 110},
		{"fieldname": "partly", "fieldtype": "Int", "label": _("Partly"), "width": 100},
		{"fieldname": "no", "fieldtype": "Int", "label": _("Was not there"), "width": 120},
		{
			"fieldname": "share",
			"fieldtype": "Percent",
			"label": _("Was there, of all answers"),
			"precision": 0,
			"width": 190,
		},
	]


def _chart(rows: list[dict]) -> dict:
	return {
		"data": {
			"labels": [_(row["need"]) for row in rows],
			"datasets": [
				{"name": _("Was there"), "values": [row["yes"] for row in rows]},
				{"name": _("Partly"), "values": [row["partly"] for row in rows]},
				{"name": _("Was not there"), "values": [row["no"] for row in rows]},
			],
		},
		"type": "bar",
		"barOptions": {"stacked": 1},
	}
