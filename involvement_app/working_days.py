"""Working days: Monday to Friday. (Bank holidays join when opportunities are planned in full, domain 4.5.)"""

from datetime import date, timedelta

from frappe.utils import getdate


def working_days_between(start: date | str, end: date | str) -> int:
	"""Working days after `start` up to and with `end`; 0 when `end` is not later."""
	start, end = getdate(start), getdate(end)
	days = max((end - start).days, 0)
	weeks, rest = divmod(days, 7)
	return weeks * 5 + sum((start + timedelta(weeks=weeks, days=n)).weekday() < 5 for n in range(1, rest + 1))


def add_working_days(start: date | str, days: int) -> date:
	"""The day `days` working days after `start`."""
	day = getdate(start)
	while days > 0:
		day += timedelta(days=1)
		days -= day.weekday() < 5
	return day
