"""Whether the same few people do most of it (domain 4.9, no. 34): how many people took part how often, and the
share of all hours they gave, of the sessions that the reader may see. It names nobody: it says something about how we
ask, not about those who come."""

from collections import Counter, defaultdict
from math import ceil

import frappe
from frappe import _

from involvement_app.involvement_app.report_rows import bars, column, held, who_was_there

# (from, up to) sessions
STEPS = ((1, 1), (2, 3), (4, 6), (7, 12), (13, 10**6))
TENTH = 10


def execute(filters: dict | None = None) -> tuple[list, list, str | None, dict]:
	present = who_was_there(held(frappe._dict(filters or {})))
	times, hours = Counter(row.participant for row in present), defaultdict(float)
	for row in present:
		hours[row.participant] += row.hours
	rows = [_row(step, times, hours) for step in STEPS]
	chart = bars(
		[row["times"] for row in rows],
		(_("Of the people"), [round(row["of_people"] or 0) for row in rows]),
		(_("Of the hours"), [round(row["of_hours"] or 0) for row in rows]),
		stacked=False,
	)
	return _columns(), rows, _note(hours), chart


def _row(step: tuple[int, int], times: Counter, hours: dict) -> dict:
	people = [who for who, count in times.items() if step[0] <= count <= step[1]]
	given, every = sum(hours[who] for who in people), sum(hours.values())
	return {
		"times": _label(step),
		"people": len(people),
		"of_people": 100 * len(people) / len(times) if times else None,
		"hours": given,
		"of_hours": 100 * given / every if every else None,
	}


def _label(step: tuple[int, int]) -> str:
	if step == STEPS[0]:
		return _("Once")
	return (
		_("{0} times or more").format(step[0]) if step == STEPS[-1] else _("{0} to {1} times").format(*step)
	)


def _note(hours: dict) -> str | None:
	"""What the tenth who gave most gave."""
	every = sum(hours.values())
	if not every:
		return None
	most = sorted(hours.values(), reverse=True)[: ceil(len(hours) / TENTH)]
	return _("The tenth of people who gave most time ({0} of {1}) gave {2}% of all hours.").format(
		len(most), len(hours), round(100 * sum(most) / every)
	)


def _columns() -> list[dict]:
	return [
		column("times", _("Took part"), "Data", 180),
		column("people", _("People"), width=110),
		column("of_people", _("Of the people"), "Percent", precision=0),
		column("hours", _("Hours"), "Float", 110, precision=1),
		column("of_hours", _("Of the hours"), "Percent", precision=0),
	]
