"""People's dates in the calendar they keep anyway: a file with the mails about a place, and a private link to all of them
(domain 4.5).

A calendar is read over shoulders and kept by others, so an entry says no more than a subject line may (law 12): a
meeting with whoever the settings name as sender, when, where, and a link to the person's own page; neither the title
nor the link to join online. Times are written in UTC, which no change of the clocks moves.

The file with a mail is made when the mail is handed over, and says what is true then. An entry is known by the place
and the date (its UID), and a change counts up (SEQUENCE, `calendar_revision` of the session): the calendar moves it,
or takes it away, by itself. Nobody is asked for an answer: whoever has a place has said yes.

The private link holds 256 random bits, of which only the hash is kept. It reads and changes nothing, works until the
person ends it or leaves, and there is one at a time.
"""

import hashlib
import secrets
from uuid import NAMESPACE_URL, uuid5

import frappe
from frappe import _
from frappe.utils import add_days, now_datetime, today
from icalendar import Calendar, Event, vCalAddress

from involvement_app.involvement_app.holding import LIVING, TOOK_PART
from involvement_app.involvement_app.participants import participant_of, standing_of
from involvement_app.messages.neutral import telling
from involvement_app.periods import to_utc

TOKEN = "Portal Token"
PURPOSE = "Calendar"
UNTIL_ENDED = "9999-12-31 00:00:00"
# with a mail; of a longer series the rest is on the person's page
MOST_FILES = 12
MOST = 500
REMEMBERED_DAYS = 60


# What goes with a mail


def invitations(message) -> list[dict]:
	"""The dates that a message of the outbox is about, a file each, as `Outgoing.attachments`. For whoever has no place
	there is none."""
	return [_file(row, number, message.address) for number, row in enumerate(_about(message), 1)]


def _about(message) -> list[frappe._dict]:
	query, engagement, session = _dates(message.recipient)
	about = message.reference_name
	if message.reference_doctype == "Involvement Session":
		query = query.where(session.name == about)
	elif message.reference_doctype == "Involvement Engagement":
		query = query.where((engagement.name == about) & (session.status == "Planned"))
	else:
		query = query.where(engagement.application == about)
	rows = (
		query.where(session.ends_on >= now_datetime())
		.where(session.status.isin(("Planned", "Cancelled")))
		.orderby(session.starts_on)
		.orderby(engagement.creation)
		.limit(MOST)
		.run(as_dict=True)
	)
	# who left and came back has two places: the newer one is theirs
	newest = {row.session: row for row in rows}
	return list(newest.values())[:MOST_FILES]


def _dates(participant: str):
	engagement, session = (
		frappe.qb.DocType(doctype) for doctype in ("Involvement Engagement", "Involvement Session")
	)
	query = (
		frappe.qb.from_(engagement)
		.join(session)
		.on(session.opportunity == engagement.opportunity)
		.select(
			engagement.name.as_("place"),
			engagement.status.as_("held"),
			session.name.as_("session"),
			session.status,
			session.starts_on,
			session.ends_on,
			session.place.as_("where"),
			session.calendar_revision.as_("revision"),
			session.modified,
		)
		.where(engagement.participant == participant)
	)
	return query, engagement, session


def _is_off(row) -> bool:
	return row.status == "Cancelled" or row.held not in LIVING


def _file(row, number: int, address: str) -> dict:
	organiser = frappe.get_cached_doc("Involvement Settings").contact_email
	# without somebody who invites, a file may only be shown
	method = ("CANCEL" if _is_off(row) else "REQUEST") if organiser else "PUBLISH"
	entry = _entry(row)
	if organiser:
		entry.add("organizer", vCalAddress(f"mailto:{organiser}"))
		entry.add(
			"attendee",
			vCalAddress(f"mailto:{address}"),
			parameters={"PARTSTAT": "ACCEPTED", "RSVP": "FALSE", "ROLE": "REQ-PARTICIPANT"},
		)
	return {
		"fname": f"date-{number}.ics",
		"fcontent": _calendar([entry], method),
		"content_type": f"text/calendar; method={method}",
	}


# The words and times


def _calendar(entries: list[Event], method: str) -> bytes:
	calendar = Calendar()
	calendar.add("prodid", "-//Dates//EN")
	calendar.add("version", "2.0")
	calendar.add("method", method)
	for entry in entries:
		calendar.add_component(entry)
	return calendar.to_ical()


def _entry(row) -> Event:
	entry = Event()
	entry.add("uid", str(uuid5(NAMESPACE_URL, f"{frappe.local.site}/{row.place}/{row.session}")))
	# a place that was left is a change too, though the date is as it was
	entry.add("sequence", 2 * (row.revision or 0) + (row.held not in LIVING))
	entry.add("dtstamp", to_utc(now_datetime()))
	entry.add("last-modified", to_utc(row.modified))
	entry.add("dtstart", to_utc(row.starts_on))
	entry.add("dtend", to_utc(row.ends_on))
	entry.add("summary", neutral_words())
	entry.add("status", "CANCELLED" if _is_off(row) else "CONFIRMED")
	entry.add("class", "PRIVATE")
	link = frappe.utils.get_url(f"/take-part/my/places/{row.place}")
	entry.add("description", _("See your page: {0}").format(link))
	entry.add("url", link)
	if row.where and not telling(row.where):
		entry.add("location", row.where)
	return entry


def neutral_words() -> str:
	"""What an entry is called."""
	sender = frappe.get_cached_doc("Involvement Settings").sender_name
	return _("Meeting with {0}").format(sender) if sender else _("Meeting")


# All of one's dates


def dates(participant: str) -> list[frappe._dict]:
	"""Of places the person has: what is to come, and what was in the last weeks."""
	query, engagement, session = _dates(participant)
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	return (
		query.join(opportunity)
		.on(opportunity.name == engagement.opportunity)
		.select(opportunity.title, session.online_link)
		.where(engagement.status.isin(TOOK_PART))
		.where(session.ends_on >= add_days(today(), -REMEMBERED_DAYS))
		.orderby(session.starts_on)
		.limit(MOST)
		.run(as_dict=True)
	)


def as_file(participant: str) -> bytes:
	"""The same as a calendar. What was called off is not in it: a calendar that follows the link drops it."""
	rows = [row for row in dates(participant) if row.status != "Cancelled"]
	return _calendar([_entry(row) for row in rows], "PUBLISH")


# The private link


def make_link(user: str) -> str:
	"""A new secret for `user`, the only moment it is known; an earlier one stops working."""
	end_link(user)
	secret = secrets.token_urlsafe(32)
	frappe.get_doc(
		{
			"doctype": TOKEN,
			"user": user,
			"purpose": PURPOSE,
			"token_hash": _hash(secret),
			"expires_on": UNTIL_ENDED,
		}
	).insert(ignore_permissions=True)  # the session's own person; nobody holds rights on it
	return secret


def end_link(user: str | None) -> None:
	if not user:
		return
	frappe.db.delete(TOKEN, {"user": user, "purpose": PURPOSE})  # bounded: links of this one person


def link_since(user: str):
	"""When the link of `user` was made; None where there is none."""
	return frappe.db.get_value(TOKEN, {"user": user, "purpose": PURPOSE}, "creation")


def whose(secret: str) -> str | None:
	"""The participant whose link this is; None for one that was ended, or never was."""
	token, user = frappe.qb.DocType(TOKEN), frappe.qb.DocType("User")
	rows = (
		frappe.qb.from_(token)
		.join(user)
		.on(user.name == token.user)
		.select(user.name)
		# bounded by a hash nobody can guess
		.where((token.token_hash == _hash(secret)) & (token.purpose == PURPOSE) & (user.enabled == 1))
		.run()
	)
	if not rows or standing_of(rows[0][0]) in (None, "Left"):
		return None
	return participant_of(rows[0][0])


def _hash(secret: str) -> str:
	return hashlib.sha256(secret.encode()).hexdigest()
