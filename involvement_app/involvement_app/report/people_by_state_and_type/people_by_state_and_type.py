"""Who takes part, as what, and where they stand (domain 4.9): of the people the reader may see. Somebody may be more
than one of them, so the columns do not add up to the first."""

import frappe
from frappe import _

from involvement_app.involvement_app.participants import PARTICIPANT, TYPES

STATES = ("Interested", "Active", "Paused", "Left")


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	people = _people(frappe._dict(filters or {}))
	rows = [_row(_("Everybody"), people)]
	meta = frappe.get_meta(PARTICIPANT)
	rows += [
		_row(_(meta.get_label(kind)), [person for person in people if person.get(kind)]) for kind in TYPES
	]
	rows.append(_row(_("Not said"), [person for person in people if not any(map(person.get, TYPES))]))
	return _columns(), rows, None, _chart(rows)


def _people(filters) -> list[frappe._dict]:
	"""The reader's own rows: `get_list` asks for their rights and units."""
	wanted = [["locality", "=", filters.locality]] if filters.locality else []
	if filters.unit:
		wanted.append(["Involvement Participant Unit", "unit", "=", filters.unit])
	return frappe.get_list(PARTICIPANT, filters=wanted, fields=["status", *TYPES], limit=0)


def _row(label: str, people: list) -> dict:
	standing = [person.status for person in people]
	return {
		"type": label,
		"people": len(people),
		**{frappe.scrub(state): standing.count(state) for state in STATES},
	}


def _columns() -> list[dict]:
	return [
		{"fieldname": "type", "fieldtype": "Data", "label": _("Takes part as"), "width": 240},
		{"fieldname": "people", "fieldtype": "Int", "label": _("People"), "width": 110},
		*(
			{"fieldname": frappe.scrub(state), "fieldtype": "Int", "label": _(state), "width": 110}
			for state in STATES
		),
	]


def _chart(rows: list[dict]) -> dict:
	types = rows[1:]
	return {
		"data": {
			"labels": [row["type"] for row in types],
			"datasets": [
				{"name": _(state), "values": [row[frappe.scrub(state)] for row in types]} for state in STATES
			],
		},
		"type": "bar",
		"barOptions": {"stacked": 1},
	}
