"""What a project may cost, what is promised of it and what was paid (domain 4.9, no. 24), of the payments that the caller may
see. Promised is what people with a place were offered and chose, as far as it is not paid yet, whether or not anything has been
held."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.utils import getdate, today

from involvement_app.involvement_app import visits
from involvement_app.involvement_app.holding import LIVING
from involvement_app.involvement_app.report_rows import bars, column, period
from involvement_app.involvement_payments import money_rows, without_money
from involvement_app.involvement_payments.doctype.involvement_payment.criterion import criterion
from involvement_app.involvement_payments.money_rows import ENGAGEMENT
from involvement_app.involvement_payments.states import ADVANCE, CAME, WAITING
from involvement_app.money import money
from involvement_app.permissions import roles_of

FIELDS = ["name", "unit", "kind", "amount", "status", "engagement", "claim"]
EVER = {"from_date": "2000-01-01", "to_date": "2199-12-31"}
GOING_ON = ("Approved", "Published", "Closed to applications", "In progress", "Awaiting feedback")
MOST_BARS = 12


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	lines = sorted(_lines(frappe._dict(filters or {})), key=lambda line: (line["unit"], line["title"]))
	return _columns(), lines, None, _chart(lines)


def _lines(filters) -> list[dict]:
	"""Projects with a payment in the period, and, where it reaches today, those that go on and have a budget or somebody's
	place. What of a budget is left depends on no period: sums are of the whole project."""
	statuses = (*CAME, *WAITING)
	in_period = {row.name for row in money_rows.payments(filters, ["name"], statuses=statuses)}
	rows = money_rows.payments(frappe._dict(filters, **EVER), FIELDS, statuses=statuses)
	found = money_rows.projects(rows)
	until_now = period(filters)[1] >= getdate(today())
	lines = {line["opportunity"]: line for line in (_going_on(filters) if until_now else [])}
	# what was promised is for time: expenses come beside it
	time, expenses = _Sums(), _Sums()
	for row in rows:
		inside = row.name in in_period
		place = found.get(row.engagement)
		if not place and not inside:
			continue
		place = place or _no_project(row)
		if inside:
			lines.setdefault(place.opportunity, _line(place, row.unit))
		if row.claim or row.kind == ADVANCE or not row.engagement:
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


def _line(place, unit: str | None) -> dict:
	return {
		"opportunity": place.opportunity,
		"title": place.title,
		"unit": unit or "",
		"budget": float(money(place.budget)),
	}


def _going_on(filters) -> list[dict]:
	"""Of the units whose payments the reader may see. Of a visit that is still to come nobody learns here who may not read
	what a payment is for."""
	if without_money.is_so():
		return []
	opportunity, place = (frappe.qb.DocType(name) for name in ("Involvement Opportunity", ENGAGEMENT))
	units = frappe.get_list("Involvement Unit", pluck="name", limit=0)
	query = (
		frappe.qb.from_(opportunity)
		.left_join(place)
		.on((place.opportunity == opportunity.name) & place.status.isin(LIVING))
		.select(opportunity.name.as_("opportunity"), opportunity.title, opportunity.unit, opportunity.budget)
		.distinct()
		.where(criterion(frappe.session.user, roles_of(), opportunity))
		.where(opportunity.status.isin(GOING_ON) & opportunity.unit.isin(units or [""]))
		.where(place.name.isnotnull() | (opportunity.budget > 0))
	)
	if filters.unit:
		query = query.where(opportunity.unit == filters.unit)
	if filters.opportunity:
		query = query.where(opportunity.name == filters.opportunity)
	if money_rows.kept_from_reader():
		query = query.where(visits.is_one(opportunity.name).negate())
	return [_line(row, row.unit) for row in query.run(as_dict=True)]


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
