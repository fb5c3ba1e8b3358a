"""Papers for a date (domain 1.6, 4.3, 4.5): by when people are to have them, in which formats, and since when they do.

A date without `papers_due_on` needs none. Papers are there (`papers_ready_on`) as soon as one has a file, and no longer
when the last file is taken away. They are late when that is after the day, or the day is over without them.
"""

import frappe
from frappe import _
from frappe.utils import add_days, get_datetime, getdate, now_datetime, today

from involvement_app import lifecycle, messages
from involvement_app.involvement_app.holding import LIVING
from involvement_app.involvement_app.participants import PARTICIPANT, recipients

SESSION = "Involvement Session"
DAYS_BEFORE = 7  # NHS committees and councils send theirs five to seven days ahead (domain 1.6)
MOST = 20


def late(session) -> bool:
	"""Whether people have the papers of `session` {papers_due_on, papers_ready_on} later than was said, or not yet though
	the day is over."""
	if not session.papers_due_on:
		return False
	return getdate(session.papers_ready_on or today()) > getdate(session.papers_due_on)


def in_time(session) -> bool | None:
	"""None where there is nothing to say: none are needed, or the day is still to come."""
	if not session.papers_due_on or not (session.papers_ready_on or late(session)):
		return None
	return not late(session)


# What a session does with its papers


def validate(doc) -> None:
	if len(doc.papers) > MOST:
		frappe.throw(_("Papers: at most {0} files.").format(MOST))
	before = doc.get_doc_before_save()
	_keep_days(doc, before)
	for row in doc.papers:  # one by one: only files that have just been chosen are looked up
		_stamp(doc, row, before)
	attached = [row for row in doc.papers if row.file]
	if attached and not doc.papers_due_on:
		doc.papers_due_on = min(add_days(getdate(doc.starts_on), -DAYS_BEFORE), getdate(doc.starts_on))
	stood = before and before.papers_ready_on
	# what was there in time stays so when the papers have gone by themselves
	if attached or doc.status == "Planned":
		doc.papers_ready_on = (stood or now_datetime()) if attached else None


def _keep_days(doc, before) -> None:
	if not doc.papers_due_on or getdate(doc.papers_due_on) <= getdate(doc.starts_on):
		return
	if before and getdate(before.papers_due_on) == getdate(doc.papers_due_on):
		doc.papers_due_on = getdate(doc.starts_on)  # the date was moved, and the papers go along
	else:
		frappe.throw(
			_("Papers due on: choose a day before the date itself, {0}.").format(_day(doc.starts_on))
		)


def _day(moment) -> str:
	return frappe.utils.format_date(moment, "d MMMM yyyy")


def _stamp(doc, row, before) -> None:
	stored = {each.name: each for each in before.papers} if before else {}
	old = stored.get(row.name)
	if old and old.file == row.file:
		row.attached_on = old.attached_on
		return
	row.attached_on = now_datetime() if row.file else None
	if row.file and not file_of(doc.name, row.file):
		frappe.throw(
			_("Papers, row {0}: attach the file here once more. Save a new date first, then attach.").format(
				row.idx
			)
		)


def file_of(session: str, file_url: str) -> frappe._dict | None:
	"""The private File of a paper of this session."""
	return frappe.db.get_value(
		"File",
		{"file_url": file_url, "is_private": 1, "attached_to_doctype": SESSION, "attached_to_name": session},
		["name", "file_url"],
		as_dict=True,
	)


# Telling people


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def tell(session: str) -> int:
	"""Tell everybody with a place that the papers are there, and in which formats; answers how many were told. Raises
	PermissionError, ValidationError."""
	doc = frappe.get_doc(SESSION, frappe.utils.cstr(session), for_update=True)
	doc.check_permission("write")
	formats = [row.format for row in doc.papers if row.file]
	if not formats:
		frappe.throw(_("Papers: attach a file first."))
	if doc.status != "Planned":
		frappe.throw(_("This date is {0}: nobody is told about papers any more.").format(_(doc.status)))
	told = doc.papers_told_on
	if told and not any(row.attached_on and get_datetime(row.attached_on) > told for row in doc.papers):
		frappe.throw(_("Papers: people were told of all of them on {0}.").format(_day(told)))
	# bounded: of the session that is locked above
	frappe.db.set_value(SESSION, doc.name, "papers_told_on", now_datetime(), update_modified=False)
	people = _with_a_place(doc.opportunity)
	known = recipients({row.participant for row in people})
	title = frappe.db.get_value("Involvement Opportunity", doc.opportunity, "title")
	# one by one: each is told in their own way
	for row in people:
		messages.send(
			"Involvement papers ready",
			(PARTICIPANT, row.participant),
			{
				"title": title,
				"when": frappe.utils.format_datetime(doc.starts_on, "EEEE d MMMM yyyy, HH:mm"),
				"format": _(row.preferred_format) if row.preferred_format in formats else "",
				"link": frappe.utils.get_url(f"/take-part/my/places/{row.name}"),
			},
			about=doc,
			known=known.get(row.participant),
		)
	return len(people)


def _with_a_place(opportunity: str) -> list[frappe._dict]:
	engagement, participant = (
		frappe.qb.DocType(doctype) for doctype in ("Involvement Engagement", PARTICIPANT)
	)
	return (
		frappe.qb.from_(engagement)
		.join(participant)
		.on(participant.name == engagement.participant)
		.select(engagement.name, engagement.participant, participant.preferred_format)
		.where((engagement.opportunity == opportunity) & engagement.status.isin(LIVING))
		.run(as_dict=True)
	)


# What people read


def of_place(engagement: frappe._dict) -> list[frappe._dict]:
	"""{name, title, format, session, starts_on, file} of the dates of a place {name, opportunity} that the caller has
	shown to be the reader's and living."""
	paper, session = (frappe.qb.DocType(doctype) for doctype in ("Involvement Session Paper", SESSION))
	return (
		frappe.qb.from_(paper)
		.join(session)
		.on((session.name == paper.parent) & (paper.parenttype == SESSION))
		.select(
			paper.name, paper.title, paper.format, paper.file, paper.parent.as_("session"), session.starts_on
		)
		.where((session.opportunity == engagement.opportunity) & session.status.isin(("Planned", "Held")))
		.where(paper.file.notnull() & (paper.file != ""))
		.orderby(session.starts_on)
		.orderby(paper.idx)
		.limit(200)
		.run(as_dict=True)
	)
