"""What people said they would like, and their own limit on payment (rows 0.13 and 0.14; domain 1.3, 4.0 no. 1, 4.2).

Nothing here decides for anybody: a limit that an offer would pass is said to the person before they answer, and to
staff before they offer. Payments count on the day they were promised for, because benefits count them when they
arrive."""

from datetime import timedelta
from typing import NamedTuple

import frappe
from frappe.query_builder.functions import Sum
from frappe.utils import getdate
from pypika import Case

from involvement_app.involvement_app import assisted, paid_before
from involvement_app.involvement_app.holding import TOOK_PART
from involvement_app.money import money, pounds, total
from involvement_app.periods import Period, assessment_period

PREFERENCE = "Involvement Preference"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class OverTheirLimit(NamedTuple):
	"""Amounts in pounds, as text; `promised` without the new one."""

	limit: str
	period: Period
	promised: str


def save(participant: str, values: dict) -> None:
	"""Write down what `participant` would like: their own words from the portal, or (with `recorded_how`) entered by
	staff, who need the right to. One row a person, also when it is sent twice at once."""
	assisted.save_one(PREFERENCE, participant, values)


def over_their_limit(participant: str, amount, payment_on) -> OverTheirLimit | None:
	"""Whether `amount`, promised for `payment_on`, takes this person over the limit they have set; None where it does
	not, or they have none."""
	fields = ["own_payment_cap", "cap_period", "cap_weekday", "cap_month_day"]
	row = frappe.db.get_value(PREFERENCE, {"participant": participant}, fields, as_dict=True)
	if not (row and money(row.own_payment_cap) and payment_on and money(amount)):
		return None
	when = period(row, payment_on)
	promised = _promised(participant, when)
	if promised + money(amount) <= money(row.own_payment_cap):
		return None
	return OverTheirLimit(pounds(row.own_payment_cap), when, pounds(promised))


def period(row, day) -> Period:
	"""The week or month of `day`, as the person of `row` (cap_period, cap_weekday, cap_month_day) counts them."""
	if row.cap_period == "Month":
		return assessment_period(day, row.cap_month_day or 1)
	day = getdate(day)
	starts_on = WEEKDAYS.index(row.cap_weekday or "Monday")
	start = day - timedelta(days=(day.weekday() - starts_on) % 7)
	end = start + timedelta(days=6)
	return Period(start, end, f"{start:%-d %B %Y} – {end:%-d %B %Y}")


def ticks(doc) -> str:
	"""The kinds and levels that `doc` (Involvement Preference) ticks, in one column, so that a list of everybody need not
	look for each person's rows. Neither kinds nor levels can be renamed."""
	return "".join(
		[tick("types", row.opportunity_type) for row in doc.types]
		+ [tick("levels", row.level) for row in doc.levels]
	)


def tick(which: str, value: str | None) -> str:
	"""How one is written there; without a value, how any begins."""
	return f"\n{which}:" + (f"{value}\n" if value is not None else "")


def chosen(place):
	"""What the row of `place` (Involvement Engagement) promises, as the person chose to have it."""
	return (
		Case()
		.when(place.payment_choice == "Full", place.offered_amount)
		.when(place.payment_choice == "Lower amount", place.chosen_amount)
		.else_(0)
	)


def _promised(participant: str, when: Period):
	"""What this person's places promise then, and what had come before this system was used. Bounded to one person."""
	place = frappe.qb.DocType("Involvement Engagement")
	rows = (
		frappe.qb.from_(place)
		.select(Sum(chosen(place)))
		.where((place.participant == participant) & place.status.isin(TOOK_PART))
		.where(place.payment_on[when.start : when.end])
		.run()
	)
	before = [came.amount for came in paid_before.of(participant) if when.start <= came.on <= when.end]
	return money(rows[0][0] or 0) + total(before)
