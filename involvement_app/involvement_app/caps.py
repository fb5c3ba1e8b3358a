"""What the organisation does not go beyond with one person in a week or month: money, paid hours, paid activities (domain
1.2, 4.6, 5.2). Money counts on the days it is planned to come (`promises`), hours and activities on their dates.

A yes is held against it under the person's locked row, so that two at once see each other. The settings say whether
going beyond is a warning to staff or is refused. People's own limits are another matter (`preferences`)."""

from datetime import date, timedelta
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import cint, getdate

from involvement_app.involvement_app import paid_before, promises, rates
from involvement_app.involvement_app.holding import TOOK_PART
from involvement_app.money import money, pounds, total
from involvement_app.periods import hours_between

FIELDS = ("limit_money", "limit_hours", "limit_count")


class OverOurLimit(frappe.ValidationError):
	"""More than the organisation gives one person in a week or month."""


def are_set() -> bool:
	settings = _settings()
	with_money = settings.finance_mode != "None"
	return bool(with_money and settings.limit_period and any(settings.get(name) for name in FIELDS))


def _settings():
	return frappe.get_cached_doc("Involvement Settings")


def lock(participant: str) -> None:
	"""Before the place is locked, where a choice may take somebody beyond (lock order: participant, document)."""
	# bounded: the person's own row, nothing is read of it
	frappe.db.get_value("Involvement Participant", participant, "name", for_update=True)


def check(participant: str, amount, offer, dates, besides: str | None = None) -> None:
	"""Hold a promise of `amount` pounds of `offer` for `dates` (both as `promises.spread`) against the limits. Raises
	OverOurLimit where the settings block; else warns the staff who write it down."""
	words = beyond(participant, amount, offer, dates, besides)
	if words and _settings().limit_action == "Block":
		frappe.throw(
			_("This is more than we may pay one person: {0} Please ask us.").format(" ".join(words)),
			OverOurLimit,
		)
	_say(words)


def beyond(participant: str, amount, offer, dates, besides: str | None = None) -> list[str]:
	"""What a promise would go beyond, a sentence each. Three queries where there are limits, else none."""
	if not money(amount) or not are_set():
		return []
	return passed(promises.spread(amount, offer, dates), dates, _held(participant, besides))


def warn(participant: str, amount, offer, dates) -> None:
	"""Staff are told as they offer money; the place may be taken without."""
	_say(beyond(participant, amount, offer, dates))


def _say(words: list[str]) -> None:
	if words and frappe.db.get_value("User", frappe.session.user, "user_type") == "System User":
		frappe.msgprint(" ".join(words), title=_("More than usual for one person"), indicator="orange")


def check_again(engagement, amount) -> None:
	"""The same, of a place that somebody has and chooses anew about."""
	if are_set():
		dates = promises.dates_of([engagement.opportunity])
		offer = promises.offer_of(engagement, dates)
		check(engagement.participant, amount, offer, dates, besides=engagement.name)


def refused_in_full(participant: str, application) -> list[str]:
	"""What would be refused if they took all of an offer: {opportunity, offered_amount, payment_on}."""
	if not are_set() or _settings().limit_action != "Block":
		return []
	dates = promises.dates_of([application.opportunity])
	return beyond(participant, application.offered_amount, promises.offer_of(application, dates), dates)


def passed(comes, dates, held) -> list[str]:
	"""What money that `comes` (Coming) and `dates` go beyond beside `held`, a sentence each. `held`: {comes, dates} of each
	paid place there is."""
	settings = _settings()
	words = []
	if money(settings.limit_money):
		for start, end in sorted({period(coming.on, settings.limit_period) for coming in comes}):
			words += _money_passed_in(start, end, comes, held, settings)
	for start, end in sorted({period(row.starts_on, settings.limit_period) for row in dates}):
		words += _passed_in(start, end, dates, held, settings)
	return words


def _money_passed_in(start: date, end: date, comes, held, settings) -> list[str]:
	amount = total(promises.within(comes, start, end))
	there = total(part for row in held for part in promises.within(row.comes, start, end))
	if there + amount <= money(settings.limit_money):
		return []
	words = _("{0} beside {1} from {2} to {3}, and at most {4} in all.")
	limit = pounds(settings.limit_money)
	return [words.format(pounds(amount), pounds(there), _day(start), _day(end), limit)]


def _passed_in(start: date, end: date, dates, held, settings) -> list[str]:
	words = []
	others = [row for row in held if _within(row.dates, start, end)]
	# to the second: three times forty minutes are two hours, which floats do not add up to
	hours = round(_hours(dates, start, end) + sum(_hours(row.dates, start, end) for row in others), 3)
	if settings.limit_hours and hours > settings.limit_hours:
		words.append(
			_("{0:g} paid hours from {1} to {2}, and at most {3:g}.").format(
				hours, _day(start), _day(end), settings.limit_hours
			)
		)
	if cint(settings.limit_count) and len(others) + 1 > cint(settings.limit_count):
		words.append(
			_("{0} paid activities from {1} to {2}, and at most {3}.").format(
				len(others) + 1, _day(start), _day(end), settings.limit_count
			)
		)
	return words


def period(day, kind: str) -> tuple[date, date]:
	"""The week, from Monday, or calendar month that `day` lies in."""
	day = getdate(day)
	if kind == "Month":
		start = day.replace(day=1)
		return start, (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
	start = day - timedelta(days=day.weekday())
	return start, start + timedelta(days=6)


def _within(dates, start: date, end: date) -> list:
	return [row for row in dates if start <= getdate(row.starts_on) <= end]


def _hours(dates, start: date, end: date) -> float:
	return sum(hours_between(row.starts_on, row.ends_on) for row in _within(dates, start, end))


def _day(day: date) -> str:
	return frappe.utils.format_date(day, "d MMMM yyyy")


def _held(participant: str, besides: str | None) -> list[frappe._dict]:
	"""Paid places of one person, as they are now: whoever asks holds the person's row; and what they had before this
	system was used. Three queries."""
	place = frappe.qb.DocType("Involvement Engagement")
	query = (
		frappe.qb.from_(place)
		.select(
			place.name,
			place.opportunity,
			place.payment_on,
			place.payment_choice,
			place.chosen_amount,
			place.offered_amount,
			*(place[fieldname] for fieldname in rates.SNAPSHOT),
		)
		.where((place.participant == participant) & place.status.isin(TOOK_PART))
		.for_update()
	)
	rows = [row for row in query.run(as_dict=True) if row.name != besides and _amount(row)]
	dates = promises.dates_of({row.opportunity for row in rows})
	return [_place(row, dates) for row in rows] + paid_before.as_places(participant)


def _place(row, dates) -> frappe._dict:
	own = [date for date in dates if date.opportunity == row.opportunity]
	return frappe._dict(comes=promises.spread(_amount(row), promises.offer_of(row, own), own), dates=own)


def _amount(row) -> Decimal:
	if row.payment_choice in ("Full", "Give to a charity"):
		return money(row.offered_amount)
	return money(row.chosen_amount) if row.payment_choice == "Lower amount" else money(0)
