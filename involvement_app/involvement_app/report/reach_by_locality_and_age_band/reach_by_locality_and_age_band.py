"""Where the people live and how old they are (rows 0.16 and 0.17; domain 4.9, no. 12): of the people the reader may
see. Made to be passed on: figures of less than five are not shown, nor so many others that they could be worked out
from the totals (`small_numbers.py`)."""

from collections import Counter

import frappe
from frappe import _

from involvement_app.involvement_app import small_numbers
from involvement_app.involvement_app.participants import PARTICIPANT

HIDDEN = "…"


def execute(filters: dict | None = None) -> tuple[list, list, str | None, dict]:
	people = _people(frappe._dict(filters or {}))
	places, bands = _lines(people)
	counted = Counter(people)
	table = small_numbers.with_totals([[counted[place, band] for band in bands] for place in places])
	hidden = small_numbers.hidden(table)
	shown = [
		[HIDDEN if (row, column) in hidden else value for column, value in enumerate(line)]
		for row, line in enumerate(table)
	]
	labels = [*(place or _("Not known") for place in places), _("Everywhere")]
	rows = [_row(label, line) for label, line in zip(labels, shown, strict=False)]
	return _columns(bands), rows, _note(hidden), _chart(labels[:-1], shown)


def _people(filters) -> list[tuple[str, str]]:
	"""(locality, age band): the reader's own rows, `get_list` asks for their rights and units."""
	wanted = [["status", "=", filters.status]] if filters.status else []
	if filters.unit:
		wanted.append(["Involvement Participant Unit", "unit", "=", filters.unit])
	found = frappe.get_list(
		PARTICIPANT,
		filters=wanted,
		fields=["locality", "age_band"],
		limit=0,
	)
	return [(row.locality or "", row.get("age_band") or "") for row in found]


def _lines(people: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
	"""The places there are people of, by name, those not known last; and every age band, whether or not anybody is."""
	places = sorted({place for place, _band in people}, key=lambda place: (not place, place.casefold()))
	return places, _bands()


def _bands() -> list[str]:
	options = frappe.get_meta(PARTICIPANT).get_field("age_band").options.split("\n")
	return [*filter(None, options), ""]


def _row(label: str, line: list) -> dict:
	return {"locality": label, **{f"band_{number}": value for number, value in enumerate(line)}}


def _columns(bands: list[str]) -> list[dict]:
	labels = [*(_(band) if band else _("Not said") for band in bands), _("All ages")]
	return [
		{"fieldname": "locality", "fieldtype": "Data", "label": _("Locality"), "width": 180},
		*(
			{
				"fieldname": f"band_{number}",
				"fieldtype": "Data",
				"label": label,
				"width": 110,
				"align": "right",
			}
			for number, label in enumerate(labels)
		),
	]


def _note(hidden: set) -> str | None:
	if not hidden:
		return None
	return _("{0} stands for figures that are less than {1}, or would give one away.").format(
		HIDDEN, small_numbers.SMALL
	)


def _chart(places: list[str], shown: list[list]) -> dict:
	"""All ages, of the places that are shown."""
	bars = [
		(place, line[-1]) for place, line in zip(places, shown, strict=False) if line[-1] not in (HIDDEN, 0)
	]
	return {
		"data": {
			"labels": [place for place, _people in bars],
			"datasets": [{"name": _("People"), "values": [people for _place, people in bars]}],
		},
		"type": "bar",
	}
