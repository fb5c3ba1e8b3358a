"""Quiet hours: nothing makes a telephone ring at night (domain 4.10).

Times are those of the site's clock. Frappe keeps all moments as the site's wall-clock time, and so does this:
on the two nights when clocks change, quiet hours end at the time that the wall clock shows, an hour sooner or
later in real time."""

from datetime import datetime, time, timedelta

import frappe
from frappe.utils import get_time, now_datetime


def next_allowed(moment: datetime | None = None) -> datetime:
	"""`moment` (now), or the end of the quiet hours it lies in."""
	moment = moment or now_datetime()
	hours = _hours()
	return after_quiet(moment, *hours) if hours else moment


def after_quiet(moment: datetime, start: time, end: time) -> datetime:
	"""`moment`, or the next `end` when it lies between `start` and `end`. Start and end alike: no quiet hours."""
	at = moment.time()
	if start < end:
		quiet = start <= at < end
	else:  # over midnight
		quiet = start != end and (at >= start or at < end)
	if not quiet:
		return moment
	day = moment.date() + timedelta(days=at >= end)
	return datetime.combine(day, end)


def _hours() -> tuple[time, time] | None:
	settings = frappe.get_cached_doc("Involvement Settings")
	if not settings.quiet_from or not settings.quiet_until:
		return None
	return get_time(str(settings.quiet_from)), get_time(str(settings.quiet_until))
