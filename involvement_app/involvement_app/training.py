"""Training: what comes first, who has done it, and until when it counts (rows 0.8, 3.9, 3.13; domain 1.6, 4.4).

A course says which types of opportunity it comes before. Nobody is turned away for want of it: anybody may apply, and
is told kindly what comes first. Where the course says so, no place is offered before it is done (the guard of
Offered); elsewhere staff are reminded and decide. A record counts from the day the course was completed to its last
day, both included; a course done again is a record of its own."""

from datetime import date

import frappe
from frappe import _
from frappe.query_builder import Order
from frappe.query_builder.functions import Min
from frappe.utils import add_days, getdate, now_datetime, today
from pypika.terms import Criterion, ExistsCriterion, Term

from involvement_app import lifecycle, messages
from involvement_app.involvement_app.participants import PARTICIPANT

COURSE, NEED, RECORD = "Training Course", "Training Course Need", "Training Record"
REMIND_DAYS = 30
MOST = 1000


class TrainingComesFirst(lifecycle.TransitionError):
	"""A place was to be offered before the training that its type asks for."""


def trained(participants: list[str], opportunity_type: str, on: date | str | None = None) -> set[str]:
	"""Those of `participants` who have done, and on the day `on` (today) have in date, everything that comes first
	for `opportunity_type`. One query."""
	if not participants:
		return set()
	person = frappe.qb.DocType(PARTICIPANT)
	without = lacks_training(person.name, opportunity_type, on)
	query = frappe.qb.from_(person).select(person.name).where(person.name.isin(participants))
	return set(query.where(without.negate()).run(pluck=True))


def lacks_training(participant: Term, opportunity_type: str, on: date | str | None = None) -> Criterion:
	"""For lists: the row of whom `participant` is the name lacks something that comes first."""
	need, record = frappe.qb.DocType(NEED).as_("needed"), frappe.qb.DocType(RECORD).as_("done")
	done = frappe.qb.from_(record).select(record.name).where(_counts(record, participant, need.parent, on))
	return ExistsCriterion(
		frappe.qb.from_(need)
		.select(need.name)
		.where((need.opportunity_type == opportunity_type) & (need.comes_first == 1))
		.where(ExistsCriterion(done).negate())
	)


def still_to_do(participant: str, opportunity: str) -> list[frappe._dict]:
	"""[{course, covers, comes_first}] that `participant` has not done, or not in date, on the day when `opportunity`
	goes on; what comes first stands first."""
	needed = _needed(opportunity)
	if not needed:
		return []
	record = frappe.qb.DocType(RECORD)
	courses = [row.course for row in needed]
	counts = _counts(record, participant, None, day_of(opportunity)) & record.course.isin(courses)
	done = set(frappe.qb.from_(record).select(record.course).where(counts).run(pluck=True))
	return [row for row in needed if row.course not in done]


def _needed(opportunity: str) -> list[frappe._dict]:
	need, course = frappe.qb.DocType(NEED), frappe.qb.DocType(COURSE)
	about = frappe.qb.DocType("Involvement Opportunity")
	return (
		frappe.qb.from_(need)
		.join(about)
		.on(about.opportunity_type == need.opportunity_type)
		.join(course)
		.on(course.name == need.parent)
		.select(need.parent.as_("course"), course.covers, need.comes_first)
		.where(about.name == opportunity)
		.orderby(need.comes_first, order=Order.desc)
		.orderby(need.parent)
		.limit(MOST)
		.run(as_dict=True)
	)


def _counts(record, participant, course, on) -> Criterion:
	"""`record` is of `participant`, of `course` where one is named, and in date."""
	day = getdate(on or today())
	in_date = (record.completed_on <= day) & (record.valid_until.isnull() | (record.valid_until >= day))
	rule = (record.participant == participant) & in_date
	return rule if course is None else rule & (record.course == course)


def day_of(opportunity: str) -> date:
	"""The day for which training has to be in date: the next one planned, else today."""
	session = frappe.qb.DocType("Involvement Session")
	ahead = (session.status == "Planned") & (session.ends_on >= now_datetime())
	query = frappe.qb.from_(session).select(Min(session.starts_on))
	starts = query.where((session.opportunity == opportunity) & ahead).run()[0][0]
	return getdate(starts or today())


def comes_first(doc, move) -> None:
	"""Guard of Offered: an offer that cannot be taken up yet is none. The person is not turned away, and keeps their
	place in the queue."""
	courses = [row.course for row in still_to_do(doc.participant, doc.opportunity) if row.comes_first]
	if courses:
		frappe.throw(
			_(
				"First comes: {0}. Plan it with the person, write it down under “Training records” when it is done, then offer the place."
			).format(", ".join(_(course) for course in courses)),
			TrainingComesFirst,
		)


# --- until when it counts -----------------------------------------------------------------------------


def remind() -> None:
	"""Daily: whoever did a training that stops counting within a month is told, and so is the named contact, once. A
	person who is taking a break is not; who has done it again, or has left, is not asked about it either."""
	rows = _ending()
	for row in rows:  # one by one: each is told in their own way
		if row.participant:
			_tell(row)
		elif row.enabled:
			link = frappe.utils.get_url_to_form(RECORD, row.name)
			messages.send("Involvement training ends (staff)", ("User", row.staff), _words(row, link))
	# bounded to the rows just spoken of
	frappe.db.set_value(
		RECORD,
		{"name": ["in", [row.name for row in rows] or [""]]},
		"reminded_on",
		today(),
		update_modified=False,
	)


def _tell(row) -> None:
	link = frappe.utils.get_url("/take-part/my/training")
	messages.send("Involvement training ends", (PARTICIPANT, row.participant), _words(row, link), owed=False)
	if row.named_contact:
		link = frappe.utils.get_url_to_form(RECORD, row.name)
		messages.send("Involvement training ends (staff)", ("User", row.named_contact), _words(row, link))


def _words(row, link: str) -> dict:
	return {
		"course": row.course,
		"until": frappe.utils.format_date(row.valid_until, "d MMMM yyyy"),
		"link": link,
	}


def _ending() -> list[frappe._dict]:
	record, later = frappe.qb.DocType(RECORD), frappe.qb.DocType(RECORD).as_("later")
	person, user = frappe.qb.DocType(PARTICIPANT), frappe.qb.DocType("User")
	same = (later.course == record.course) & (
		(later.participant == record.participant) | (later.staff == record.staff)
	)
	longer = later.valid_until.isnull() | (later.valid_until > record.valid_until)
	again = frappe.qb.from_(later).select(later.name).where(same & longer)
	return (
		frappe.qb.from_(record)
		.left_join(person)
		.on(person.name == record.participant)
		.left_join(user)
		.on(user.name == record.staff)
		.select(record.name, record.participant, record.staff, record.course, record.valid_until)
		.select(person.named_contact, user.enabled)
		.where(record.valid_until[today() : add_days(today(), REMIND_DAYS)] & record.reminded_on.isnull())
		.where(person.name.isnull() | (person.status != "Left"))
		.where(ExistsCriterion(again).negate())
		.orderby(record.valid_until)
		.limit(MOST)
		.run(as_dict=True)
	)
