"""A series of dates: every week, every second week, or every month on the same weekday of the month (domain 4.3, 4.5).

It only proposes: the dates are looked at, and then stand in the opportunity's own table, where its checklist and
approval see them like any that were typed. Bank holidays (of the nation in Involvement Settings) are left out, or kept
where people wish to meet all the same; what is left out is said, and the series still has as many dates as asked for.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import frappe
from frappe import _
from frappe.utils import cint, cstr, get_datetime, now_datetime

from involvement_app import working_days

WEEKLY, FORTNIGHTLY, MONTHLY = "Every week", "Every second week", "Every month"
RHYTHMS = (WEEKLY, FORTNIGHTLY, MONTHLY)
MOST = 52
MOST_DAYS = 2 * 366


@frappe.whitelist(methods=["GET"])
def preview(starts_on: str, ends_on: str, rhythm: str, how_many: int, bank_holidays: bool = False) -> dict:
	"""{dates: [{starts_on, ends_on}], left_out: [day]}; `bank_holidays`: they are kept. Makes nothing. Raises
	PermissionError, and ValidationError naming the field."""
	if not frappe.has_permission("Involvement Opportunity", "write"):
		raise frappe.PermissionError
	start, end = _moment(starts_on, _("Starts at")), _moment(ends_on, _("Ends at"))
	_validate(start, end, rhythm, cint(how_many))
	dates, left_out = _dates(start, rhythm, cint(how_many), bool(cint(bank_holidays)))
	length = end - start
	return {
		"dates": [{"starts_on": str(each), "ends_on": str(each + length)} for each in dates],
		"left_out": [str(day) for day in left_out],
	}


def _moment(value: str, label: str) -> datetime:
	try:
		return get_datetime(cstr(value)).replace(tzinfo=None, microsecond=0)
	except Exception:  # whatever stands where a day and time should be
		frappe.throw(_("{0}: write a day and a time.").format(label))


def _validate(start: datetime, end: datetime, rhythm: str, how_many: int) -> None:
	if start <= now_datetime():
		frappe.throw(_("First day: choose one that is still to come."))
	if end <= start:
		frappe.throw(_("Ends at: the end has to be after the start."))
	if rhythm not in RHYTHMS:
		frappe.throw(_("How often: choose one of: {0}.").format(", ".join(map(_, RHYTHMS))))
	if not 1 <= how_many <= MOST:
		frappe.throw(_("How many dates: a number from 1 to {0}.").format(MOST))


def _dates(start: datetime, rhythm: str, how_many: int, keep: bool) -> tuple[list[datetime], list[date]]:
	dates, left_out = [], []
	for day in _days(start.date(), rhythm):
		if len(dates) == how_many or (day - start.date()).days > MOST_DAYS:
			break
		if not keep and working_days.closed(day):
			left_out.append(day)
		else:
			dates.append(datetime.combine(day, start.time()))
	return dates, left_out


def _days(first: date, rhythm: str) -> Iterator[date]:
	"""Without an end. Whoever begins on the last Friday of a month, as its fifth, meets on the last Friday."""
	step = timedelta(weeks=2 if rhythm == FORTNIGHTLY else 1)
	day = first
	nth = (first.day - 1) // 7
	while True:
		yield day
		day = day + step if rhythm != MONTHLY else _in_the_month_after(day, nth)


def _in_the_month_after(day: date, nth: int) -> date:
	year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
	weekday, length = monthrange(year, month)
	found = 1 + (day.weekday() - weekday) % 7 + 7 * nth
	return date(year, month, found if found <= length else found - 7)
