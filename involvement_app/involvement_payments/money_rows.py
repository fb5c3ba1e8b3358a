"""What the reports about money begin with: the reader's own payments (`get_list` asks for their rights and units), by
period, unit and project. Where no money is paid there are none (domain 4.9, nos. 22 to 27)."""

from collections import defaultdict
from decimal import Decimal

import frappe
from frappe.utils import format_date, get_first_day, getdate

from involvement_app.involvement_app.report_rows import of_unit, period
from involvement_app.involvement_payments import without_money
from involvement_app.involvement_payments.accrual import CORRECTION, PAYMENT, RECEIVED
from involvement_app.money import money

WAITING = ("Checked", "Returned", "Approved", "Scheduled", "Failed at bank")
CAME = (*RECEIVED, "Repaid")
ENGAGEMENT = "Involvement Engagement"


def payments(
	filters, fields: list[str], day: str = "session_on", statuses: tuple = CAME, **more
) -> list[frappe._dict]:
	"""Of the period, by `day`, in order. `filters`: {from_date, to_date, unit, opportunity}."""
	if without_money.is_so():
		return []
	first, last = period(filters)
	wanted = [
		["status", "in", statuses],
		["withdrawn", "=", 0],
		[day, ">=", first],
		[day, "<=", last],
		*of_unit(filters),
	]
	if filters.opportunity:
		# bounded: names of places, of which only payments that the reader may see are shown
		places = frappe.get_all(ENGAGEMENT, {"opportunity": filters.opportunity}, pluck="name")
		wanted.append(["engagement", "in", places or [""]])
	return frappe.get_list(
		PAYMENT, filters=wanted, fields=fields, order_by=f"{day} asc, name asc", limit=0, **more
	)


def projects(rows) -> dict[str, frappe._dict]:
	"""Engagement → {opportunity, title, budget} of payments that the reader may see. Expenses need not be of a place."""
	engagement, opportunity = (frappe.qb.DocType(name) for name in (ENGAGEMENT, "Involvement Opportunity"))
	found = (
		frappe.qb.from_(engagement)
		.join(opportunity)
		.on(opportunity.name == engagement.opportunity)
		.select(engagement.name, engagement.opportunity, opportunity.title, opportunity.budget)
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
