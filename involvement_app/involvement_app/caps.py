"""What the organisation does not go beyond with one person in a week or month: money, paid hours, paid activities (domain
1.2, 4.6, 5.2). Money counts on the days it is planned to come (`promises`), hours and activities on their dates, hours with
the preparation that is paid (`rates.paid_hours`).

A yes is held against it under the person's locked row, so that two at once see each other. The settings say whether
going beyond is a warning to staff or is refused. People's own limits are another matter (`preferences`)."""

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

import frappe
from frappe import _
from frappe.utils import cint, getdate

from involvement_app.involvement_app import paid_before, promises, rates
from involvement_app.involvement_app.holding import TAKES_MONEY, TOOK_PART
from involvement_app.money import money, pounds, total

LOWER = "Lower amount"
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


def lock_all(participants: set[str]) -> None:
	"""The same of many, in one order: dates that are added concern everybody with a place."""
	person = frappe.qb.DocType("Involvement Participant")
	query = frappe.qb.from_(person).select(person.name).where(person.name.isin(sorted(participants) or [""]))
	query.orderby(person.name).for_update().run()


def check(participant: str, row, choice: str, amount, dates, besides: str | None = None) -> None:
	"""Hold a yes against the limits: `choice` (with Lower amount, `amount` pounds) of the offer or place `row` for `dates`
	(both as `promises.of`). Raises OverOurLimit where the settings block; else warns the staff who write it down."""
	words = beyond(participant, row, choice, amount, dates, besides)
	if words and blocks():
		frappe.throw(
			_("This is more than we may pay one person: {0} Please ask us.").format(" ".join(words)),
			OverOurLimit,
		)
	say(words)


def blocks() -> bool:
	return _settings().limit_action == "Block"


def beyond(participant: str, row, choice: str, amount, dates, besides: str | None = None) -> list[str]:
	"""What a yes would go beyond, a sentence each. Three queries where there are limits, else none."""
	promise = _promise(row, choice, amount, dates) if are_set() else None
	if not promise:
		return []
	held = _held({participant})[participant]
	return passed(promise, [each.promise for each in held if not besides or each.name != besides])


def _promise(row, choice: str, amount, dates) -> promises.Promise | None:
	if choice not in TAKES_MONEY or not money(row.offered_amount):
		return None
	return promises.of(row, dates, money(amount) if choice == LOWER else None)


def say(words: list[str]) -> None:
	if words and frappe.db.get_value("User", frappe.session.user, "user_type") == "System User":
		frappe.msgprint(" ".join(words), title=_("More than usual for one person"), indicator="orange")


def check_again(engagement) -> None:
	"""The same, of a place that somebody has and chooses anew about."""
	if are_set():
		dates = promises.dates_of([engagement.opportunity], [engagement.name])
		check(
			engagement.participant,
			engagement,
			engagement.payment_choice,
			engagement.chosen_amount,
			dates,
			besides=engagement.name,
		)


def refused_in_full(participant: str, application) -> list[str]:
	"""What would be refused if they took all of an offer: {opportunity, offered_amount, payment_on}."""
	if not are_set() or not blocks():
		return []
	dates = promises.dates_of([application.opportunity])
	return beyond(participant, application, "Full", None, promises.still_to_come(dates) or dates)


def passed_by(
	participants: set[str], opportunity: str, sessions: set[str], lock: bool = True
) -> dict[str, list[str]]:
	"""Who of those with a paid place there goes beyond a limit because of these `sessions`, and how: by code. With `lock` the
	caller holds their rows (`lock_all`). Three queries, however many people."""
	found = {}
	for participant, rows in _held(participants, lock).items():
		for row in rows:
			if row.opportunity != opportunity:
				continue
			others = [each.promise for each in rows if each is not row]
			if words := passed(row.promise, others, before=row.promise_of(sessions)):
				found[participant] = words
	return found


def passed(promise, held, before=None) -> list[str]:
	"""What `promise` goes beyond beside `held` (promises.Promise), a sentence each; of one that was smaller `before`, only
	where it grew."""
	settings = _settings()
	words = []
	if money(settings.limit_money):
		for start, end in sorted({period(coming.on, settings.limit_period) for coming in promise.comes}):
			words += _money_passed_in(start, end, promise, held, before, settings)
	for start, end in sorted({period(row.starts_on, settings.limit_period) for row in promise.dates}):
		words += _passed_in(start, end, promise, held, before, settings)
	return words


def _money_passed_in(start: date, end: date, promise, held, before, settings) -> list[str]:
	amount = total(promises.within(promise.comes, start, end))
	if before is not None and amount <= total(promises.within(before.comes, start, end)):
		return []
	there = total(part for row in held for part in promises.within(row.comes, start, end))
	if there + amount <= money(settings.limit_money):
		return []
	words = _("{0} beside {1} from {2} to {3}, and at most {4} in all.")
	limit = pounds(settings.limit_money)
	return [words.format(pounds(amount), pounds(there), _day(start), _day(end), limit)]


def _passed_in(start: date, end: date, promise, held, before, settings) -> list[str]:
	words = []
	own = _hours(promise.dates, start, end)
	grew = before is None or own > _hours(before.dates, start, end)
	others = [row for row in held if _within(row.dates, start, end)]
	# to the second: three times forty minutes are two hours, which floats do not add up to
	hours = round(own + sum(_hours(row.dates, start, end) for row in others), 3)
	if settings.limit_hours and hours > settings.limit_hours and grew:
		words.append(
			_("{0:g} paid hours from {1} to {2}, and at most {3:g}.").format(
				hours, _day(start), _day(end), settings.limit_hours
			)
		)
	counted = before is not None and _within(before.dates, start, end)
	if cint(settings.limit_count) and len(others) + 1 > cint(settings.limit_count) and not counted:
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
	return float(sum(row.hours for row in _within(dates, start, end)))


def _day(day: date) -> str:
	return frappe.utils.format_date(day, "d MMMM yyyy")


class Held(NamedTuple):
	"""A paid place, or what came before this system was used."""

	name: str | None
	opportunity: str | None
	promise: promises.Promise
	row: object = None
	dates: list = ()

	def promise_of(self, without: set[str]) -> promises.Promise:
		"""The same as it would be without some of its dates."""
		dates = [each for each in self.dates if each.session not in without]
		if not dates:
			return promises.Promise([], [])
		return _promise(self.row, self.row.payment_choice, self.row.chosen_amount, dates)


def _held(participants: set[str], lock: bool = True) -> dict[str, list[Held]]:
	"""Paid places of these people, also those that ended, with what was attended of them, as they are now: whoever asks holds
	their rows, unless nothing is decided by it; and what they had before this system was used. Three queries."""
	place = frappe.qb.DocType("Involvement Engagement")
	query = (
		frappe.qb.from_(place)
		.select(
			place.name,
			place.participant,
			place.opportunity,
			place.payment_on,
			place.payment_choice,
			place.chosen_amount,
			place.offered_amount,
			place.rate_rule,
			place.status.notin(TOOK_PART).as_("ended"),
			*(place[fieldname] for fieldname in rates.SNAPSHOT),
		)
		.where(place.participant.isin(sorted(participants)) & place.payment_choice.isin(TAKES_MONEY))
	)
	rows = (query.for_update() if lock else query).run(as_dict=True)
	dates = defaultdict(list)
	for each in promises.dates_of({row.opportunity for row in rows}, {row.name for row in rows}):
		dates[each.opportunity].append(each)
	before = paid_before.of_all(participants)
	held = {
		participant: [Held(None, None, came) for came in paid_before.as_promises(before[participant])]
		for participant in participants
	}
	for row in rows:
		own = dates[row.opportunity]
		promise = _promise(row, row.payment_choice, row.chosen_amount, own)
		if promise:
			held[row.participant].append(Held(row.name, row.opportunity, promise, row, own))
	return held
