"""A series of dates: every week, every second week, or every month on the same weekday of the month (domain 4.3, 4.5).

On an opportunity it only proposes: the dates are looked at, and then stand in the opportunity's own table, where its checklist and
approval see them like any that were typed. Bank holidays (of the nation in Involvement Settings) are left out, or kept
where people wish to meet all the same; what is left out is said, and the series still has as many dates as asked for.

From a session that is planned, further ones like it are made: looked at first, on days that have none yet, and everybody
with a place or an offer hears of all of them in one message.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import frappe
from frappe import _
from frappe.utils import cint, cstr, get_datetime, now_datetime

from involvement_app import lifecycle, working_days
from involvement_app.involvement_app import added_dates, sessions

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


@frappe.whitelist(methods=["GET"])
def preview_after(session: str, rhythm: str, how_many: int, bank_holidays: bool = False) -> dict:
	"""{dates: [{starts_on, ends_on}], left_out: [day], there: [day]}: as many dates after this one, at the same time;
	`there`: days that have one already. Makes nothing. Raises PermissionError, ValidationError."""
	return _after(_opened(session), rhythm, cint(how_many), bool(cint(bank_holidays)))


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def add_after(
	session: str, rhythm: str, how_many: int, bank_holidays: bool = False, words: str | None = None
) -> dict:
	"""Make them, with the place, link and lead of this one, and tell everybody once: {made: how many, told: how many}.
	Raises PermissionError, ValidationError, and as `added_dates.check`."""
	doc = _opened(session)
	# locked: two who press the button at one moment make them once
	frappe.db.get_value("Involvement Opportunity", doc.opportunity, "name", for_update=True)
	dates = _after(doc, rhythm, cint(how_many), bool(cint(bank_holidays)))["dates"]
	made = []
	# one by one: each date is a document with rules of its own
	for times in dates:
		same = {field: doc.get(field) for field in ("opportunity", "lead", "place", "online_link")}
		session = frappe.get_doc({"doctype": "Involvement Session", **same, **times})
		session.flags.asked_together = True
		made.append(session.insert())
	added_dates.check(doc.opportunity, made)
	return {"made": len(made), "told": sessions.tell_of_new(made, cstr(words)) if made else 0}


def _opened(session: str):
	doc = frappe.get_doc("Involvement Session", cstr(session))
	doc.check_permission("write")
	frappe.has_permission("Involvement Session", "create", throw=True)
	if not frappe.has_permission("Involvement Opportunity", "write", doc.opportunity):
		raise frappe.PermissionError
	if doc.status != "Planned" or get_datetime(doc.starts_on) <= now_datetime():
		frappe.throw(_("Further dates are made from one that is still to come."))
	return doc


def _after(doc, rhythm: str, how_many: int, keep: bool) -> dict:
	start, end = get_datetime(doc.starts_on), get_datetime(doc.ends_on)
	_validate(start, end, rhythm, how_many)
	# days of this opportunity only, which the reader may plan for
	rows = frappe.get_all(
		"Involvement Session",
		{"opportunity": doc.opportunity, "status": ["!=", "Cancelled"], "name": ["!=", doc.name]},
		pluck="starts_on",
	)
	taken = {row.date() for row in rows}
	found, left_out, there = [], [], []
	for day in _days(start.date(), rhythm):
		if len(found) == how_many or (day - start.date()).days > MOST_DAYS:
			break
		if day == start.date():
			continue
		if day in taken:
			there.append(day)
		elif not keep and working_days.closed(day):
			left_out.append(day)
		else:
			found.append(datetime.combine(day, start.time()))
	return {
		"dates": [{"starts_on": str(each), "ends_on": str(each + (end - start))} for each in found],
		"left_out": [str(day) for day in left_out],
		"there": [str(day) for day in there],
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
