"""What a project may cost, what is promised of it and what was paid (domain 4.9, no. 24), of the payments that the caller may
see. Promised is what people with a place were offered and chose, as far as it is not paid yet."""

from collections import defaultdict

import frappe
from frappe import _

from involvement_app.involvement_app.holding import LIVING
from involvement_app.involvement_app.report_rows import bars, column
from involvement_app.involvement_payments import money_rows
from involvement_app.involvement_payments.accrual import ADVANCE, CAME, WAITING
from involvement_app.involvement_payments.money_rows import ENGAGEMENT
from involvement_app.money import money

FIELDS = ["name", "unit", "kind", "amount", "status", "engagement", "claim"]
MOST_BARS = 12


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	rows = money_rows.payments(frappe._dict(filters or {}), FIELDS, statuses=(*CAME, *WAITING))
	lines = sorted(_lines(rows), key=lambda line: (line["unit"], line["title"]))
	return _columns(), lines, None, _chart(lines)


def _lines(rows) -> list[dict]:
	found = money_rows.projects(rows)
	lines = {}
	# what was promised is for time: expenses come beside it
	time, expenses = _Sums(), _Sums()
	for row in rows:
		place = found.get(row.engagement) or _no_project(row)
		lines.setdefault(
			place.opportunity,
			{
				"opportunity": place.opportunity,
				"title": place.title,
				"unit": row.unit or "",
				"budget": float(money(place.budget)),
			},
		)
		if row.claim or row.kind == ADVANCE:
			expenses.add(place.opportunity, row)
		else:
			time.add(row.engagement, row)
	promised = _promised(set(lines))
	for name, line in lines.items():
		mine = {key for key, place in found.items() if place.opportunity == name} | set(
			promised.get(name, {})
		)
		actual = sum((time.paid[key] for key in mine), expenses.paid[name])
		committed = sum(
			(
				max(promised.get(name, {}).get(key, money(0)) - time.paid[key], time.waiting[key])
				for key in mine
			),
			expenses.waiting[name],
		)
		line["actual"], line["committed"] = float(actual), float(committed)
		# where no budget is known, nothing is said to be over it
		line["left"] = float(money(line["budget"]) - actual - committed) if line["budget"] else None
	return list(lines.values())


class _Sums:
	"""By a key: what is paid, and what waits to be."""

	def __init__(self):
		self.paid, self.waiting = defaultdict(lambda: money(0)), defaultdict(lambda: money(0))

	def add(self, key, row) -> None:
		(self.paid if row.status in CAME else self.waiting)[key] += money(row.amount)


def _no_project(row) -> frappe._dict:
	"""Expenses that are of no place, such as travel to an induction: a line for each unit."""
	unit = row.unit or ""
	return frappe._dict(opportunity=f"no project|{unit}", title=_("Not for a project"), budget=0)


def _promised(opportunities: set[str]) -> dict[str, dict]:
	"""Opportunity → {engagement: what it was offered and they chose}, of places that are still to come or under way."""
	rows = frappe.get_all(  # sums alone, of projects whose payments the reader may see
		ENGAGEMENT,
		{"opportunity": ["in", sorted(opportunities) or [""]], "status": ["in", LIVING]},
		["name", "opportunity", "payment_choice", "chosen_amount", "offered_amount"],
	)
	promised = defaultdict(dict)
	for row in rows:
		if row.payment_choice in ("Full", "Give to a charity"):
			promised[row.opportunity][row.name] = money(row.offered_amount)
		elif row.payment_choice == "Lower amount":
			promised[row.opportunity][row.name] = money(row.chosen_amount)
	return promised


def _columns() -> list[dict]:
	return [
		column("title", _("Project"), "Data", 300),
		column("unit", _("Unit"), "Link", 180, options="Involvement Unit"),
		column("budget", _("Budget"), "Currency"),
		column("committed", _("Promised"), "Currency"),
		column("actual", _("Paid"), "Currency"),
		column("left", _("Left"), "Currency"),
	]


def _chart(lines: list) -> dict:
	shown = sorted(lines, key=lambda line: -line["budget"])[:MOST_BARS]
	return bars(
		[line["title"] for line in shown],
		*(
			(label, [line[key] for line in shown])
			for key, label in (("budget", _("Budget")), ("committed", _("Promised")), ("actual", _("Paid")))
		),
		stacked=False,
	)
