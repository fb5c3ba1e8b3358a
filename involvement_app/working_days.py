"""Working days: Monday to Friday. Where somebody waits for an answer of ours, bank holidays do not count either:
those of the nation that Involvement Settings names (`closed`). They are worked out by the package `holidays`, without
a network; one that a government adds comes with its next release.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import frappe
import holidays
from frappe.utils import getdate

# as Involvement Settings says it → as the package does; England and Wales share theirs
NATIONS = {"England and Wales": "ENG", "Scotland": "SCT", "Northern Ireland": "NIR"}
# what people plan ahead
MOST_YEARS = 20


def never(day: date) -> bool:
	return False


def working_days_between(start: date | str, end: date | str, closed: Callable[[date], bool] = never) -> int:
	"""Working days after `start` up to and with `end`, 0 when `end` is not later; those on which we are `closed` do not
	count. Years are counted by their weeks, and more than MOST_YEARS of them as that many."""
	start, end = getdate(start), getdate(end)
	days = min(max((end - start).days, 0), MOST_YEARS * 366)
	weeks, rest = divmod(days, 7)
	working = weeks * 5 + sum(
		(start + timedelta(weeks=weeks, days=n)).weekday() < 5 for n in range(1, rest + 1)
	)
	if closed is never:
		return working
	ahead = (start + timedelta(days=n) for n in range(1, days + 1))
	return working - sum(day.weekday() < 5 and closed(day) for day in ahead)


def add_working_days(start: date | str, days: int, closed: Callable[[date], bool] = never) -> date:
	"""The day `days` working days after `start`; those on which we are `closed` do not count."""
	day = getdate(start)
	while days > 0:
		day += timedelta(days=1)
		days -= day.weekday() < 5 and not closed(day)
	return day


def closed(day: date) -> bool:
	"""Whether `day` is a bank holiday where this organisation works."""
	nation = frappe.get_cached_doc("Involvement Settings").bank_holidays or next(iter(NATIONS))
	return nation in NATIONS and day in _bank_holidays(NATIONS[nation], day.year)


def banks_work(day: date) -> bool:
	"""Whether Bacs processes on `day`: it keeps England's bank holidays, wherever in the kingdom the payer is."""
	return day.weekday() < 5 and day not in _bank_holidays(NATIONS["England and Wales"], day.year)


@cache
def _bank_holidays(subdivision: str, year: int) -> frozenset[date]:
	"""The calendar's own, the same for every site."""
	return frozenset(holidays.country_holidays("GB", subdiv=subdivision, years=year))
