"""When the money of a promise comes, as it is planned: each date's part so many working days after that date, as payments are
made once people have attended (domain 1.3 no. 2, 4.6). The day that was promised is that of the last date.

What limits count: theirs (`preferences`) and ours (`caps`)."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import frappe
from frappe.utils import cint, getdate

from involvement_app.involvement_app import rates
from involvement_app.money import money, split
from involvement_app.periods import hours_between
from involvement_app.working_days import add_working_days, closed

# of an opportunity, beside its dates
WORK = ("hours", "preparation_hours", "rate_rule")


class Coming(NamedTuple):
	amount: Decimal
	on: object  # the day


def paid_by(day) -> date:
	"""By when money for what was done, or claimed, on `day` is promised: so many working days as the settings say."""
	return add_working_days(
		getdate(day), cint(frappe.get_cached_doc("Involvement Settings").payment_working_days), closed
	)


def spread(amount, offer, dates) -> list[Coming]:
	"""How `amount` of `offer` comes. `offer`: {payment_on, offered_amount, hours, preparation_hours, and the terms of the place
	or else its rate_rule}; `dates`: {starts_on, ends_on}. A lower amount is used up by the first dates; a task is paid with
	the first of them. Figures only."""
	amount = money(amount)
	if not (amount and offer.payment_on):
		return []
	dates = sorted(dates, key=lambda row: row.starts_on)
	last = getdate(offer.payment_on)
	if not dates:
		return [Coming(amount, last)]
	days = [min(paid_by(row.starts_on), last) for row in dates[:-1]] + [last]
	whole = max(money(offer.offered_amount), amount)
	comes, left = [], amount
	for part, day in zip(split(whole, _weights(offer, dates)), days, strict=True):
		part = min(part, left)
		left -= part
		if part:
			comes.append(Coming(part, day))
	return comes


def _weights(offer, dates) -> list[Decimal]:
	"""What each date is worth beside the others."""
	terms = offer if offer.rate_basis else offer.rate_rule and rates.snapshot(offer.rate_rule)
	lengths = [hours_between(row.starts_on, row.ends_on) for row in dates]
	worths = (
		rates.worth_of_each(terms, len(dates), offer.hours, offer.preparation_hours, lengths) if terms else []
	)
	return worths if any(worths) else [Decimal(1)] * len(dates)


def within(comes, start, end) -> list[Decimal]:
	return [coming.amount for coming in comes if start <= getdate(coming.on) <= end]


def dates_of(opportunities) -> list[frappe._dict]:
	"""The dates of these opportunities that were not called off: {opportunity, starts_on, ends_on} and WORK."""
	session, opportunity = (frappe.qb.DocType(f"Involvement {name}") for name in ("Session", "Opportunity"))
	return (
		frappe.qb.from_(session)
		.join(opportunity)
		.on(opportunity.name == session.opportunity)
		.select(
			session.opportunity,
			session.starts_on,
			session.ends_on,
			*(opportunity[fieldname] for fieldname in WORK),
		)
		.where(session.opportunity.isin(list(opportunities) or [""]) & (session.status != "Cancelled"))
		.run(as_dict=True)
	)


def offer_of(row, works) -> frappe._dict:
	"""`row` (an application, a place) as `spread` wants it; `works`: rows with the WORK of its opportunity, all the same."""
	work = {fieldname: works[0].get(fieldname) for fieldname in WORK} if works else {}
	terms = {fieldname: row.get(fieldname) for fieldname in rates.SNAPSHOT}
	return frappe._dict(work, **terms, payment_on=row.payment_on, offered_amount=row.offered_amount)
