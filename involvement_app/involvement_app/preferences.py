"""What people said they would like, and their own limit on payment (rows 0.13 and 0.14; domain 1.3, 4.0 no. 1, 4.2).

Nothing here decides for anybody: a limit that an offer would pass is said to the person before they answer, and to
staff before they offer. Payments count on the days they are planned to come, because benefits count them when they
arrive."""

from datetime import timedelta
from typing import NamedTuple

import frappe
from frappe import _
from frappe.utils import getdate
from pypika import Case

from involvement_app.involvement_app import assisted, paid_before, promises, rates
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


def over_their_limit(
	participant: str,
	amount,
	payment_on,
	opportunity: str | None = None,
	lower: bool = False,
	besides: str | None = None,
) -> OverTheirLimit | None:
	"""Whether `amount`, promised for `payment_on`, takes this person over the limit they have set, in the first week or
	month where it does; None where it does not, or they have none. With its `opportunity` each date's part counts when
	it is planned to come; where they chose a `lower` amount, that is the most for all of them. `besides`: the place that is chosen about anew."""
	fields = ["own_payment_cap", "cap_period", "cap_weekday", "cap_month_day"]
	row = frappe.db.get_value(PREFERENCE, {"participant": participant}, fields, as_dict=True)
	if not (row and money(row.own_payment_cap) and payment_on and money(amount)):
		return None
	dates = promises.dates_of([opportunity]) if opportunity else []
	offer = frappe._dict(payment_on=payment_on, offered_amount=amount)
	to_come = [each for each in dates if each.status == "Planned"]
	if not besides:  # who says yes now was not there before
		to_come = promises.still_to_come(dates) or to_come
	comes = promises.of(offer, to_come, amount if lower else None).comes
	periods = sorted({period(row, coming.on) for coming in comes})
	there = _promised(participant, besides) if periods else []
	for when in periods:
		promised = total(promises.within(there, when.start, when.end))
		if promised + total(promises.within(comes, when.start, when.end)) > money(row.own_payment_cap):
			return OverTheirLimit(pounds(row.own_payment_cap), when, pounds(promised))
	return None


def warn(
	participant: str, amount, payment_on, opportunity: str, lower: bool, besides: str | None = None
) -> None:
	"""Staff who write a choice down for somebody are told that it passes the limit they set, if they may read it. No more
	than told: the person decides."""
	over = over_their_limit(participant, amount, payment_on, opportunity, lower, besides)
	if (
		over
		and frappe.has_permission(PREFERENCE, "read")
		and frappe.get_list(PREFERENCE, {"participant": participant}, limit=1)
	):
		frappe.msgprint(
			_(
				"This takes {0} over their own limit of {1} in {2}: {3} is promised already. Ask them. They can take less, or none, and they decide."
			).format(participant, over.limit, over.period.label, over.promised),
			title=_("Over their own limit"),
			indicator="orange",
		)


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


def _promised(participant: str, besides: str | None = None) -> list[promises.Coming]:
	"""What this person's places promise, and what had come before this system was used. Three queries, bounded to one
	person."""
	fields = [
		"name",
		"status",
		"opportunity",
		"payment_on",
		"offered_amount",
		"payment_choice",
		"chosen_amount",
		"rate_rule",
		*rates.SNAPSHOT,
	]
	promised = {"participant": participant, "payment_choice": ["in", ["Full", "Lower amount"]]}
	# get_all: said to the person themself, and to staff who may read their limit
	if besides:
		promised["name"] = ["!=", besides]
	rows = frappe.get_all("Involvement Engagement", promised, fields)
	opportunities, places = {row.opportunity for row in rows}, {row.name for row in rows}
	dates = promises.dates_of(opportunities, places) if rows else []
	comes = [promises.Coming(money(came.amount), came.on) for came in paid_before.of(participant)]
	for row in rows:
		row.ended = row.status not in TOOK_PART
		own = [each for each in dates if each.opportunity == row.opportunity]
		most = row.chosen_amount if row.payment_choice == "Lower amount" else None
		comes += promises.of(row, own, most).comes
	return comes
