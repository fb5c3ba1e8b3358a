"""What the calendar does to an opportunity, and what publishing it makes (domain 4.3)."""

import json

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Max, Min
from frappe.utils import cint, cstr, format_datetime, get_datetime, getdate, now_datetime, today
from pypika import Case

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import added_dates, sessions
from involvement_app.involvement_app.participants import PARTICIPANT, recipients
from involvement_app.money import pounds

OPEN = ("Published",)
# who has a place or an offer is told when one of these is different after another approval: where, how long, and pay
TOLD_IF_CHANGED = (
	"locality",
	"in_person",
	"online",
	"by_telephone",
	"by_post",
	"one_to_one",
	"hours",
	"preparation_hours",
	"offer_per_person",
	"expenses_covered",
)
TAKING_PLACE = ("Published", "Closed to applications", "In progress")


def led_by(user: str):
	"""Names of the opportunities `user` leads, as a query to stand inside a criterion."""
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	return frappe.qb.from_(opportunity).select(opportunity.name).where(opportunity.lead == user)


def this_and_others_open(this: str, participant: str, most: int = 3) -> tuple[frappe._dict, list]:
	"""{name, title, selection_mode} of `this` opportunity, and of what this person could apply for now instead, soonest
	closing first: never what is for the invited, and nothing they have asked for. One query."""
	opportunity, application = (
		frappe.qb.DocType(f"Involvement {name}") for name in ("Opportunity", "Application")
	)
	asked = (
		frappe.qb.from_(application)
		.select(application.opportunity)
		.where(application.participant == participant)
	)
	may_be_asked = (
		opportunity.status.isin(OPEN)
		& opportunity.visibility.isin(("Public", "Registered"))
		& (opportunity.apply_by.isnull() | (opportunity.apply_by >= today()))
		& opportunity.name.notin(asked)
	)
	is_this = opportunity.name == this
	query = frappe.qb.from_(opportunity).select(
		opportunity.name, opportunity.title, opportunity.selection_mode
	)
	rows = (
		query.where(is_this | may_be_asked if most else is_this)
		.orderby(Case().when(is_this, 0).else_(1))
		.orderby(Coalesce(opportunity.apply_by, "9999-12-31"))
		.orderby(opportunity.name)
		.limit(most + 1)
		.run(as_dict=True)
	)
	return rows[0], rows[1:]


def said_of_others(rows: list) -> dict[str, str]:
	"""{other_1, other_1_link, other_2, …} for a message: titles and addresses."""
	told = {}
	for number, row in enumerate(rows, 1):
		told[f"other_{number}"] = row.title
		told[f"other_{number}_link"] = frappe.utils.get_url(f"/take-part/opportunities/{row.name}")
	return told


def first_session(opportunity: str):
	"""When the first session that is not called off begins, as it is now; None without one."""
	session = frappe.qb.DocType("Involvement Session")
	query = frappe.qb.from_(session).select(Min(session.starts_on))
	return query.where((session.opportunity == opportunity) & (session.status != "Cancelled")).run()[0][0]


def date_line(row) -> str:
	return f"{get_datetime(row.starts_on)} {get_datetime(row.ends_on)}"


def terms(opportunity) -> str:
	"""What people read when it was published, to say later what is different."""
	dates = sorted(date_line(row) for row in opportunity.dates)
	return json.dumps({"dates": dates, "told": {f: cstr(opportunity.get(f)) for f in TOLD_IF_CHANGED}})


def published_dates(opportunity) -> set[str]:
	"""Lines of the dates that have become sessions."""
	return set(json.loads(opportunity.published_terms)["dates"]) if opportunity.published_terms else set()


def notice_from(opportunity, row):
	"""Since when people have known of this date, or will: today, or the day on which it was published."""
	known = opportunity.published_on and date_line(row) in published_dates(opportunity)
	return getdate(opportunity.published_on) if known else getdate(today())


def tell_what_changed(opportunity, new_sessions: list[str]) -> None:
	"""Who has a place or an offer, when it comes back with another time, place, way or payment. What they were promised
	stays promised."""
	lines = _differences(opportunity)
	if not lines and not new_sessions:
		return
	places, offers = sessions.hearers(opportunity.name)
	people = recipients({row.participant for row in (*places, *offers)})
	# one by one: each is told in their own way
	for row in (*places, *offers):
		messages.send(
			"Involvement terms changed",
			(PARTICIPANT, row.participant),
			{"title": opportunity.title, "lines": "; ".join(lines), "link": frappe.utils.get_url(row.page)},
			about=opportunity,
			known=people.get(row.participant),
		)


def _differences(opportunity) -> list[str]:
	before = json.loads(opportunity.published_terms or "{}")
	told, known = before.get("told", {}), before.get("dates", [])
	lines = [
		f"{_(opportunity.meta.get_label(f))}: {_said(opportunity, f)}"
		for f in TOLD_IF_CHANGED
		if f in told and told[f] != cstr(opportunity.get(f)) and _differs(told[f], opportunity.get(f))
	]
	return lines + [
		_("A new date: {0}").format(format_datetime(get_datetime(row.starts_on), "EEEE d MMMM yyyy, HH:mm"))
		for row in opportunity.dates
		if known and date_line(row) not in known
	]


def _differs(was: str, value) -> bool:
	"""2 and 2.0 are the same."""
	try:
		return float(was or 0) != float(value or 0)
	except ValueError:
		return was != cstr(value)


def _said(opportunity, fieldname: str) -> str:
	df, value = opportunity.meta.get_field(fieldname), opportunity.get(fieldname)
	if df.fieldtype == "Check":
		return _("yes") if cint(value) else _("no")
	if df.fieldtype == "Currency":
		return pounds(value)
	return cstr(value) or _("none")


def make_sessions(opportunity) -> list[str]:
	"""One Planned session for each date that has none yet: called when it is published, and published again."""
	made, there = [], published_dates(opportunity)
	# one by one: a new document for each of the few dates
	for row in opportunity.dates:
		if date_line(row) in there:
			continue
		session = frappe.get_doc(
			{
				"doctype": "Involvement Session",
				"opportunity": opportunity.name,
				"lead": opportunity.lead,
				"starts_on": row.starts_on,
				"ends_on": row.ends_on,
				"place": row.place,
				"online_link": row.online_link,
			}
		)
		session.flags.asked_together = True
		# bounded: the publisher passed the opportunity's own guards; a budget-limited role need not hold Session rights
		made.append(session.insert(ignore_permissions=True))
	if opportunity.published_on:
		added_dates.check(opportunity.name, made)
	return [session.name for session in made]


def move_on() -> None:
	"""Daily: close applications after the last day, start what has begun, ask for feedback after the end.

	Each opportunity stands alone: one that cannot move (attendance is missing) stays and is tried tomorrow."""
	with lifecycle.as_job():
		# one by one: each has guards of its own and fails alone
		for name, action in _due():
			frappe.db.savepoint("involvement_move_on")
			try:
				lifecycle.apply(frappe.get_doc("Involvement Opportunity", name), action)
			except Exception as problem:  # whatever is wrong with one, the others move on
				frappe.db.rollback(save_point="involvement_move_on")
				frappe.clear_messages()
				if not isinstance(problem, lifecycle.TransitionError):
					frappe.log_error(f"{name} could not move on")


def _due() -> list[tuple[str, str]]:
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	session = frappe.qb.DocType("Involvement Session")
	closing = (
		frappe.qb.from_(opportunity)
		.select(opportunity.name)
		.where((opportunity.status == "Published") & (opportunity.apply_by < today()))
		.run(pluck=True)
	)
	times = (
		frappe.qb.from_(opportunity)
		.join(session)
		.on((session.opportunity == opportunity.name) & (session.status != "Cancelled"))
		.select(opportunity.name, opportunity.status, Min(session.starts_on), Max(session.ends_on))
		.where(opportunity.status.isin(TAKING_PLACE))
		.groupby(opportunity.name, opportunity.status)
		.run()
	)
	now = now_datetime()
	due = [(name, "Close to applications") for name in closing]
	for name, status, first, last in times:
		if status != "In progress" and get_datetime(first) <= now:
			due.append((name, "Start"))
		elif status == "In progress" and get_datetime(last) <= now:
			due.append((name, "Sessions are over"))
	return due
