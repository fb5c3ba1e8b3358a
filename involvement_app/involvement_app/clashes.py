"""Two dates of one person at the same time (domain 4.3, 4.5): who has a place in something that overlaps is not given
another, another date on the same day is said and asked about. Staff may decide otherwise, with a reason that stays on
the application.

What else somebody takes part in is theirs: a clash names the time and nothing else, to themself and to staff alike.
"""

from datetime import timedelta

import frappe
from frappe import _
from frappe.query_builder.functions import Date
from frappe.utils import cstr, format_datetime, get_datetime

from involvement_app.involvement_app import supporters
from involvement_app.involvement_app.holding import LIVING

APPLICATION = "Involvement Application"


class Overlap(frappe.ValidationError):
	"""The person has another date at the same time."""


class SameDay(frappe.ValidationError):
	"""The person has another date on the same day, and nobody has said yet that this is fine."""


def beside(participant: str, opportunity: str) -> tuple[list, list]:
	"""(overlapping, same day): dates {starts_on, ends_on} of other places the person has, beside those that are planned
	for `opportunity`. One query."""
	engagement = frappe.qb.DocType("Involvement Engagement")
	date, other = (frappe.qb.DocType("Involvement Session").as_(alias) for alias in ("date", "other"))
	rows = (
		frappe.qb.from_(date)
		.join(engagement)
		.on((engagement.participant == participant) & (engagement.opportunity != date.opportunity))
		.join(other)
		.on(other.opportunity == engagement.opportunity)
		.select(other.starts_on, other.ends_on, date.starts_on.as_("begins"), date.ends_on.as_("ends"))
		.where((date.opportunity == opportunity) & (date.status == "Planned") & (other.status == "Planned"))
		.where(engagement.status.isin(LIVING))
		.where((Date(other.starts_on) <= Date(date.ends_on)) & (Date(other.ends_on) >= Date(date.starts_on)))
		.orderby(other.starts_on)
		.run(as_dict=True)
	)
	return _told_apart(rows, [frappe._dict(starts_on=row.begins, ends_on=row.ends) for row in rows])


def _told_apart(others: list, dates: list) -> tuple[list, list]:
	others = list({(row.starts_on, row.ends_on): row for row in others}.values())
	overlapping = [row for row in others if any(_overlap(row, date) for date in dates)]
	same_day = [row for row in others if any(_same_day(row, date) for date in dates)]
	return overlapping, [row for row in same_day if row not in overlapping]


def _as_it_is_now(application, dates: list) -> tuple[list, list]:
	"""The same, past the snapshot: the places are read under a lock, after that of their person."""
	engagement = frappe.qb.DocType("Involvement Engagement")
	held = (
		frappe.qb.from_(engagement)
		.select(engagement.opportunity)
		.where((engagement.participant == application.participant) & engagement.status.isin(LIVING))
		.where(engagement.opportunity != application.opportunity)
		.for_update()
		.run(pluck=True)
	)
	return _told_apart(_planned(held, dates), dates) if held and dates else ([], [])


def _planned(opportunities: list[str], dates: list) -> list[frappe._dict]:
	session = frappe.qb.DocType("Involvement Session")
	first = min(get_datetime(row.starts_on) for row in dates) - timedelta(days=1)
	last = max(get_datetime(row.ends_on) for row in dates) + timedelta(days=1)
	return (
		frappe.qb.from_(session)
		.select(session.starts_on, session.ends_on)
		.where(session.opportunity.isin(opportunities) & (session.status == "Planned"))
		.where((session.starts_on <= last) & (session.ends_on >= first))
		.orderby(session.starts_on)
		.run(as_dict=True)
	)


def _overlap(one, other) -> bool:
	return one.starts_on < other.ends_on and other.starts_on < one.ends_on


def _same_day(one, other) -> bool:
	return one.starts_on.date() <= other.ends_on.date() and other.starts_on.date() <= one.ends_on.date()


def of_a_moved_date(session, participants: set[str]) -> dict[str, tuple[list, list]]:
	"""participant → (overlapping, same day): dates of other places these people have, beside one date as it is now. One
	query."""
	engagement, other = frappe.qb.DocType("Involvement Engagement"), frappe.qb.DocType("Involvement Session")
	start, end = get_datetime(session.starts_on), get_datetime(session.ends_on)
	rows = (
		frappe.qb.from_(engagement)
		.join(other)
		.on(other.opportunity == engagement.opportunity)
		.select(engagement.participant, other.starts_on, other.ends_on)
		.where(engagement.participant.isin(sorted(participants) or [""]) & engagement.status.isin(LIVING))
		.where((engagement.opportunity != session.opportunity) & (other.status == "Planned"))
		.where((Date(other.starts_on) <= end.date()) & (Date(other.ends_on) >= start.date()))
		.orderby(other.starts_on)
		.run(as_dict=True)
	)
	beside: dict[str, list] = {}
	for row in rows:
		beside.setdefault(row.participant, []).append(row)
	date = [frappe._dict(starts_on=start, ends_on=end)]
	return {participant: _told_apart(others, date) for participant, others in beside.items()}


def said(row) -> str:
	return _("{0} to {1}").format(
		format_datetime(row.starts_on, "EEEE d MMMM yyyy, HH:mm"), format_datetime(row.ends_on, "HH:mm")
	)


def check(application, dates: list, same_day_is_fine: bool, reason: str | None) -> None:
	"""Before a yes. Staff pass both with a `reason`, which is written on the application with their name. Raises
	Overlap, SameDay."""
	overlapping, same_day = _as_it_is_now(application, dates)
	own = supporters.speaks_for(application.participant)
	if overlapping and (own or not reason):
		_refuse(overlapping, own)
	if same_day and not overlapping and not same_day_is_fine and (own or not reason):
		_ask(same_day, own)
	if (overlapping or same_day) and reason and not own:
		application.clash_note, application.flags.clash_allowed = cstr(reason), True


def note_who_allowed_it(doc, change) -> None:
	"""Effect of Accepted: whose decision it was, where there was one."""
	doc.clash_allowed_by = change.user if doc.flags.clash_allowed else None


def _refuse(rows: list, own: bool) -> None:
	when = "; ".join(map(said, rows[:3]))
	if own:
		frappe.throw(
			_(
				"You have something else at the same time: {0}. Nothing is lost: the offer stays open. "
				"If you would rather do this, give the other place back first, on “My page”. Or ask us."
			).format(when),
			Overlap,
		)
	frappe.throw(
		_(
			"This person has another date at the same time: {0}. Ask them which one they would like. "
			"If both are possible, say why under “Why both dates are possible”."
		).format(when),
		Overlap,
	)


def _ask(rows: list, own: bool) -> None:
	when = "; ".join(map(said, rows[:3]))
	if own:
		frappe.throw(
			_(
				"You have something else on the same day: {0}. If both are fine, tick the box and say yes."
			).format(when),
			SameDay,
		)
	frappe.throw(
		_(
			"This person has another date on the same day: {0}. Ask them whether both are fine, and write down what "
			"they said under “Why both dates are possible”."
		).format(when),
		SameDay,
	)


@frappe.whitelist(methods=["GET"])
def of_application(application: str) -> dict:
	"""{overlap: [when], same_day: [when]} beside the dates of what was applied for, for the form's dialog. Raises
	PermissionError."""
	doc = frappe.get_doc(APPLICATION, cstr(application))
	doc.check_permission("write")
	overlapping, same_day = beside(doc.participant, doc.opportunity)
	return {"overlap": list(map(said, overlapping)), "same_day": list(map(said, same_day))}
