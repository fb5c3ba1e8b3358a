"""What the reports about money begin with: the reader's own payments (`get_list` asks for their rights and units), by
period, unit and project. Where no money is paid there are none (domain 4.9, nos. 22 to 27)."""

from collections import defaultdict
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import format_date, get_first_day, getdate

from involvement_app.involvement_app import visits
from involvement_app.involvement_app.report_rows import of_unit, period
from involvement_app.involvement_payments import without_money
from involvement_app.involvement_payments.states import CAME, CORRECTION, PAYMENT
from involvement_app.money import money
from involvement_app.permissions import columns

ENGAGEMENT = "Involvement Engagement"


def payments(
	filters, fields: list[str], day: str = "session_on", statuses: tuple = CAME, **more
) -> list[frappe._dict]:
	"""Of the period, by `day`, in order. `filters`: {from_date, to_date, unit, opportunity}."""
	if without_money.is_so():
		return []
	first, last = period(filters)
	hidden = kept_from_reader()
	wanted = [["status", "in", statuses], ["withdrawn", "=", 0], *of_unit(filters)]
	order = {"order_by": f"{day} asc, name asc", "limit": 0, **more}
	if hidden:
		return _shown(filters, wanted, fields, day, order)
	wanted += [*_between(day, first, last), *of_project(filters)]
	return frappe.get_list(PAYMENT, filters=wanted, fields=fields, **order)


def of_project(filters) -> list[list]:
	"""For who may read what a payment or a claim is for."""
	if not filters.opportunity:
		return []
	return [["engagement", "in", _places(filters.opportunity, False) or [""]]]


def _between(day: str, first, last) -> list:
	return [[day, ">=", first], [day, "<=", last]]


def _shown(filters, wanted: list, fields: list[str], day: str, order: dict) -> list[frappe._dict]:
	"""For who may not read what a payment is for. The day of the session is the one they are shown; of a visit it is
	the one on which its payment was written down: neither a period nor a number of days tells when somebody went."""
	first, last = period(filters)
	if day != "session_on":
		wanted = wanted + _between(day, first, last)
	names = frappe.get_list(PAYMENT, filters=wanted, pluck="name", limit=0)
	if filters.opportunity:
		wanted = [*wanted, ["engagement", "in", _places(filters.opportunity, True) or [""]]]
	wanted = [*wanted, ["name", "in", names or [""]]]
	columns_read = list(dict.fromkeys([*fields, "shown_on", "creation"]))
	# bounded: payments that the reader may see; what they may not read of them is only added up
	rows = frappe.get_all(PAYMENT, filters=wanted, fields=columns_read, **order)
	for row in rows:
		row.session_on = getdate(row.shown_on or row.creation)
	if day == "session_on":
		rows = [row for row in rows if first <= row.session_on <= last]
		rows.sort(key=lambda row: (row.session_on, row.name))
	return rows


def kept_from_reader() -> set[str]:
	return columns.hidden_from(PAYMENT, frappe.session.user) & {"session", "engagement", "session_on"}


def _places(opportunity: str, without_visits: bool) -> list[str]:
	# names of places, of which only payments that the reader may see are shown
	table = frappe.qb.DocType(ENGAGEMENT)
	query = frappe.qb.from_(table).select(table.name).where(table.opportunity == opportunity)
	if without_visits:
		query = query.where(visits.is_one(table.opportunity).negate())
	return query.run(pluck=True)


def projects(rows) -> dict[str, frappe._dict]:
	"""Engagement → {opportunity, title, budget} of payments that the reader may see. Expenses need not be of a place.
	Who may not read what a payment is for learns of no visit: all of them are one."""
	found = _projects(rows)
	if kept_from_reader():
		for row in found.values():
			if row.visit:
				row.update(opportunity="visits", title=_("Mystery shopping"), budget=0)
	return found


def _projects(rows) -> dict[str, frappe._dict]:
	engagement, opportunity = (frappe.qb.DocType(name) for name in (ENGAGEMENT, "Involvement Opportunity"))
	found = (
		frappe.qb.from_(engagement)
		.join(opportunity)
		.on(opportunity.name == engagement.opportunity)
		.select(engagement.name, engagement.opportunity, opportunity.title, opportunity.budget)
		.select(visits.is_one(opportunity.name).as_("visit"))
		.where(engagement.name.isin(sorted({row.engagement for row in rows if row.engagement}) or [""]))
		.run(as_dict=True)
	)
	return {row.name: row for row in found}


def month_of(day) -> str:
	return format_date(get_first_day(getdate(day)), "MMMM yyyy")


def by(rows, *keys) -> dict[tuple, Decimal]:
	"""Sums of `amount` by what `keys` (functions of a row) answer, in the order of the rows."""
	sums = defaultdict(lambda: money(0))
	for row in rows:
		sums[tuple(key(row) for key in keys)] += money(row.amount)
	return dict(sums)


def what(row) -> str:
	return "Correction" if row.kind == CORRECTION else row.kind
