"""When the money of a promise comes, as it is planned: each date's part so many working days after that date, as payments are
made once people have attended (domain 1.3 no. 2, 4.6).

A date is worth what the rule of the place makes of it, as payments are made (`accrual`): also one that was added after the yes,
and what was attended where it is recorded. Only a lower amount is the most for all dates.

What limits count: theirs (`preferences`) and ours (`caps`)."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import frappe
from frappe.query_builder import CustomFunction
from frappe.query_builder.functions import Sum
from frappe.utils import cint, flt, getdate, now_datetime
from pypika.terms import PseudoColumn

from involvement_app.involvement_app import rates
from involvement_app.involvement_app.holding import PAID_ANYWAY, TAKES_MONEY, WAS_THERE
from involvement_app.money import money, split, total
from involvement_app.periods import hours_between
from involvement_app.working_days import add_working_days, closed

SESSION, ATTENDANCE = "Involvement Session", "Involvement Session Attendance"
# of an opportunity, beside its dates
WORK = ("hours", "preparation_hours", "rate_rule", "offer_per_person")


class Coming(NamedTuple):
	amount: Decimal
	on: object  # the day
	session: str | None = None


class PaidDate(NamedTuple):
	"""`hours`: that are paid, preparation included where the rule pays it."""

	session: str | None
	starts_on: object
	hours: Decimal
	worth: Decimal


class Promise(NamedTuple):
	comes: list[Coming]
	dates: list[PaidDate]


def paid_by(day) -> date:
	"""By when money for what was done, or claimed, on `day` is promised: so many working days as the settings say."""
	return add_working_days(
		getdate(day), cint(frappe.get_cached_doc("Involvement Settings").payment_working_days), closed
	)


def of(row, dates, most=None) -> Promise:
	"""What a place or an offer brings, and when. `row`: {name, payment_on, offered_amount, and the terms of the place or else
	the rate_rule; ended: only what was attended is paid}; `dates`: as `dates_of` answers them, of its opportunity alone; `most`: what they bring at most, which the
	first dates use up. Figures only."""
	if row.get("ended"):
		dates = [each for each in dates if row.name in each.there]
	if not money(row.offered_amount) or (row.get("ended") and not dates):
		return Promise([], [])
	if not dates:  # nobody knows the day yet but the one that was promised
		whole = money(row.offered_amount if most is None else most)
		return Promise([Coming(whole, getdate(row.payment_on))] if row.payment_on else [], [])
	paid = paid_dates(row, dates)
	left = Decimal("Infinity") if most is None else money(most)
	comes = []
	for each in paid:
		part = min(each.worth, left)
		left -= part
		if part:
			comes.append(Coming(part, paid_by(each.starts_on), each.session))
	return Promise(comes, paid)


def paid_dates(row, dates) -> list[PaidDate]:
	"""Those of `dates` that are paid, or will be if the person comes, in turn; a task is paid with the first."""
	rule = row.get("rate_rule") or dates[0].rate_rule
	terms = {fieldname: row.get(fieldname) for fieldname in rates.SNAPSHOT}
	if not terms["rate_basis"]:
		terms = rates.snapshot(rule) if rule else {}
	hours = _hours_of(row, dates)
	if not hours:
		return []
	worths = [rates.worth(terms, *each) for _date, *each in hours] if terms else []
	if not any(worths):  # promised before terms were kept with a place
		worths = split(money(row.offered_amount), [Decimal(1)] * len(hours))
	elif terms["rate_basis"] == rates.TASK:
		worths[1:] = [money(0)] * (len(hours) - 1)
	return [
		PaidDate(each.get("session"), each.starts_on, rates.paid_hours(terms, work, preparation), worth)
		for (each, work, preparation), worth in zip(hours, worths, strict=True)
	]


def _hours_of(row, dates) -> list[tuple]:
	"""(date, hours, hours of preparation): as recorded; else as planned, preparation shared over the dates that stand."""
	standing = dates[0].standing or len(dates)
	found = []
	for each in sorted(dates, key=lambda each: each.starts_on):
		if each.status == "Planned":
			preparation = flt(each.preparation_hours) / max(standing, 1)
			found.append((each, planned_hours(each), preparation))
		elif was := each.there.get(row.get("name")):
			found.append((each, *was))
	return found


def planned_hours(each) -> float:
	"""How much of the time of a date is paid for: all of it, unless the offer was of more or fewer hours than its dates took."""
	length = hours_between(each.starts_on, each.ends_on)
	if flt(each.hours) and flt(each.offered_length):
		return round(length * flt(each.hours) / flt(each.offered_length), 6)
	return length


def within(comes, start, end) -> list[Decimal]:
	return [coming.amount for coming in comes if start <= getdate(coming.on) <= end]


def dates_of(opportunities, places=()) -> list[frappe._dict]:
	"""The dates of these opportunities that are paid for: {session, opportunity, starts_on, ends_on, status, WORK,
	offered_length, standing, there}. `standing`: how many are not called off; `there`: of `places` (engagements), (hours, hours of preparation) of whoever is paid for a date that
	is over. One query."""
	session, opportunity, row = (
		frappe.qb.DocType(name) for name in (SESSION, "Involvement Opportunity", ATTENDANCE)
	)
	was_paid = (session.status == "Cancelled") & (session.cancelled_payment == PAID_ANYWAY)
	rows = (
		frappe.qb.from_(session)
		.join(opportunity)
		.on(opportunity.name == session.opportunity)
		.left_join(row)
		.on((row.parent == session.name) & row.engagement.isin(list(places) or [""]))
		.select(
			session.name.as_("session"),
			session.opportunity,
			session.starts_on,
			session.ends_on,
			session.status,
			offered_length(opportunity.name).as_("offered_length"),
			row.engagement,
			row.attendance,
			row.hours.as_("there_hours"),
			row.preparation_hours.as_("there_preparation"),
			*(opportunity[fieldname] for fieldname in WORK),
		)
		.where(session.opportunity.isin(list(opportunities) or [""]))
		.where((session.status != "Cancelled") | was_paid)
		.run(as_dict=True)
	)
	dates = {}
	for each in rows:
		found = dates.setdefault(each.session, frappe._dict(each, there={}))
		if each.engagement and (each.status == "Cancelled" or each.attendance in WAS_THERE):
			found.there[each.engagement] = (flt(each.there_hours), flt(each.there_preparation))
	standing = Counter(each.opportunity for each in dates.values() if each.status != "Cancelled")
	for each in dates.values():
		each.standing = standing[each.opportunity]
	return list(dates.values())


def to_come(opportunity, dates) -> list[frappe._dict]:
	"""The same of `dates` ({name, starts_on, ends_on}) of one opportunity that whoever asks has read, with its WORK, and how many of
	its dates are `standing` where some of them are over. At most one query."""
	work = {fieldname: opportunity.get(fieldname) for fieldname in WORK}
	length = opportunity.get("offered_length")
	if "offered_length" not in opportunity:  # bounded: the one opportunity
		length = offered_length(opportunity.name).run()[0][0]
	return [
		frappe._dict(
			work,
			session=each.get("name"),
			opportunity=opportunity.name,
			starts_on=each.starts_on,
			ends_on=each.ends_on,
			status="Planned",
			offered_length=length,
			standing=opportunity.get("standing"),
			there={},
		)
		for each in dates
	]


def still_to_come(dates) -> list:
	"""Of `dates` ({status, ends_on}), what somebody who says yes now can come to."""
	now = now_datetime()
	return [each for each in dates if each.status == "Planned" and each.ends_on >= now]


def offered(opportunity, dates) -> tuple[Decimal, date | None]:
	"""(what an offer of these `dates` comes to, the day by which all of it is there), each as it is paid; some may have been
	added, or be over, since the opportunity was published. As published where it has none. Of one
	opportunity, as `to_come` has it, and its payment_on. At most one query."""
	full = frappe._dict(rate_rule=opportunity.rate_rule, offered_amount=opportunity.offer_per_person)
	comes = of(full, to_come(opportunity, dates)).comes if dates else []
	if not comes:
		return money(opportunity.offer_per_person), opportunity.payment_on
	return total(each.amount for each in comes), paid_by(
		max(now_datetime(), *(each.ends_on for each in dates))
	)


_apart = CustomFunction("TIMESTAMPDIFF", ["unit", "start", "end"])


def offered_length(opportunity):
	"""Sub-select: how many hours the dates take that the opportunity was published with, for which its hours are."""
	each = frappe.qb.DocType("Involvement Opportunity Date")
	seconds = Sum(_apart(PseudoColumn("SECOND"), each.starts_on, each.ends_on))
	return (
		frappe.qb.from_(each)
		.select((seconds / 3600).as_("length"))
		.where((each.parent == opportunity) & (each.parenttype == "Involvement Opportunity"))
	)


class EachDate(NamedTuple):
	"""`rows`: [{starts_on, amount, on}] of the dates to come; `changed`: whether they come to something else than was offered."""

	rows: list[frappe._dict]
	changed: bool


def each_date(place, sessions, since) -> EachDate:
	"""What each date of a place, or of the offer of one, pays, where that is not what the opportunity was published with: some
	were added, or called off, or over before. `place`: {offered_amount, its terms or else the rate_rule, and its choice},
	with WORK and offered_length; `sessions`: {name, starts_on, ends_on, status}, of its opportunity; `since`: the moment from which
	they are this person's."""
	stand = [session for session in sessions if session.status != "Cancelled"]
	theirs = [session for session in stand if session.ends_on >= since] or stand
	offered, choice = money(place.offered_amount), place.get("payment_choice", "Full")
	if not offered or choice not in TAKES_MONEY or not theirs:
		return EachDate([], False)
	dates = to_come(frappe._dict(place, name=place.opportunity, standing=len(stand)), theirs)
	worth = total(each.worth for each in paid_dates(place, dates))
	if worth == offered == money(place.offer_per_person):
		return EachDate([], False)
	lower = choice == "Lower amount"
	# what they were there for has used some of it up
	comes = of(
		place,
		dates_of([place.opportunity], [place.name]) if lower else dates,
		place.chosen_amount if lower else None,
	).comes
	paid = {each.session: each for each in comes}
	rows = [
		frappe._dict(starts_on=each.starts_on, amount=paid[each.name].amount, on=paid[each.name].on)
		for each in theirs
		if each.status == "Planned" and each.name in paid
	]
	return EachDate(rows, worth != offered)
