"""Tax years and assessment periods: functions of a date, here alone (law 6; domain 1.3, 1.4).

A *date* is a day on the site's calendar. What happened at a moment is asked through `day_of`: money that moves
at 23:30 UTC on 5 April moves on 6 April in Britain, which is another tax year."""

from calendar import isleap, monthrange
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from frappe.utils import get_datetime, get_system_timezone, getdate

ONE_DAY = timedelta(days=1)


class Period(NamedTuple):
	"""Both days belong to it. `label` names it for people: 2026/27, or its two dates."""

	start: date
	end: date
	label: str


def tax_year(day: date | datetime | str) -> Period:
	"""The tax year of `day`: 6 April to 5 April (Income Tax Act 2007, s 4)."""
	day = day_of(day)
	year = day.year if (day.month, day.day) >= (4, 6) else day.year - 1
	return Period(date(year, 4, 6), date(year + 1, 4, 5), f"{year}/{(year + 1) % 100:02}")


def assessment_period(day: date | datetime | str, start_day: int) -> Period:
	"""The Universal Credit assessment period that `day` lies in, for somebody whose months start on `start_day`.

	A month from the day the award began (Universal Credit Regulations 2013, reg 21(2)): on the same day of each
	month; begun on a 31st, on the last day of each month; begun on a 29th or 30th, on that day except in
	February, when it begins on the 27th or, in a leap year, on the 28th. Raises ValueError for no day of a month."""
	if not 1 <= start_day <= 31:
		raise ValueError(f"{start_day} is no day of a month")
	day = day_of(day)
	start = _begins(day.year, day.month, start_day)
	if day < start:
		start = _begins(*_month_before(day.year, day.month), start_day)
	end = _begins(*_month_after(start.year, start.month), start_day) - ONE_DAY
	return Period(start, end, f"{start:%-d %B %Y} – {end:%-d %B %Y}")


def _begins(year: int, month: int, start_day: int) -> date:
	if start_day == 31:
		return date(year, month, monthrange(year, month)[1])
	if month == 2 and start_day > 28:
		return date(year, month, 28 if isleap(year) else 27)
	return date(year, month, start_day)


def _month_before(year: int, month: int) -> tuple[int, int]:
	return (year - 1, 12) if month == 1 else (year, month - 1)


def _month_after(year: int, month: int) -> tuple[int, int]:
	return (year + 1, 1) if month == 12 else (year, month + 1)


def day_of(moment: date | datetime | str) -> date:
	"""The day on the site's calendar. A moment that names its zone is moved into the site's; one that names none
	is the site's already, as all of Frappe's are."""
	if isinstance(moment, datetime) and moment.tzinfo:
		return moment.astimezone(ZoneInfo(get_system_timezone())).date()
	return getdate(moment)


def to_utc(moment: datetime | str) -> datetime:
	"""A moment on the site's clock, in UTC: what a calendar elsewhere understands whatever its own clock does. Of an
	hour that the clocks show twice, the first is meant; one that they leave out is the hour after it."""
	here = get_datetime(moment).replace(tzinfo=ZoneInfo(get_system_timezone()))
	return here.astimezone(timezone.utc)


def hours_between(start: datetime | str, end: datetime | str) -> float:
	"""Hours that pass between two moments on the site's clock, over a change of the clocks too."""
	return round((to_utc(end) - to_utc(start)).total_seconds() / 3600, 6)
