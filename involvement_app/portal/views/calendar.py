"""All of one's dates, and a private link by which one's own calendar follows them."""

from contextlib import suppress
from itertools import groupby

import frappe
from frappe import _
from redis.exceptions import RedisError
from werkzeug.wrappers import Response

from involvement_app import messages
from involvement_app.involvement_app import calendars
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.portal import limits, words
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Missing

HERE = "/take-part/my/calendar"
ENDING = ".ics"
# a calendar that follows a link asks every few minutes at most
MOST_FETCHES = 30
SHOWN_SECONDS = 10 * 60


def show(visit):
	rows = [row for row in calendars.dates(visit.participant) if not words.is_past(row.ends_on)]
	secret = _just_made(visit) if visit.asked("done") == "made" else None
	return page(
		visit,
		"calendar.html",
		_("My calendar"),
		months=[
			(month, list(dates)) for month, dates in groupby(rows, lambda row: words.month(row.starts_on))
		],
		entry=calendars.neutral_words(),
		since=calendars.link_since(visit.user),
		link=_address(secret) if secret else None,
		done=visit.asked("done"),
	)


def download(visit):
	return _file(calendars.as_file(visit.participant))


def make_link(visit):
	secret = calendars.make_link(visit.user)
	messages.send(
		"Involvement calendar link made",
		(PARTICIPANT, visit.participant),
		{"link": frappe.utils.get_url(HERE)},
	)
	with suppress(RedisError):  # else it is not shown, and they make another
		frappe.cache.set_value(_kept_at(visit), secret, expires_in_sec=SHOWN_SECONDS)
	return see_other(HERE, done="made")


def end_link(visit):
	calendars.end_link(visit.user)
	with suppress(RedisError):
		frappe.cache.delete_value(_kept_at(visit))
	return see_other(HERE, done="ended")


def feed(visit, secret):
	"""What a calendar reads, without signing in: the link itself is the key."""
	if not limits.allows("calendar", secret, MOST_FETCHES):
		raise limits.TooMany
	participant = calendars.whose(secret.removesuffix(ENDING))
	if not participant:
		raise Missing
	return _file(calendars.as_file(participant))


def _file(content: bytes) -> Response:
	response = Response(content, mimetype="text/calendar")
	response.headers["Content-Disposition"] = 'attachment; filename="dates.ics"'
	return response


def _just_made(visit) -> str | None:
	"""For a few minutes the secret can be seen on the page, in the session that made it; afterwards nobody knows it."""
	with suppress(RedisError):
		return frappe.cache.get_value(_kept_at(visit), expires=True)
	return None


def _kept_at(visit) -> str:
	return f"take-part:calendar-link:{frappe.session.sid}"


def _address(secret: str) -> str:
	return frappe.utils.get_url(f"/take-part/calendar/{secret}{ENDING}")
