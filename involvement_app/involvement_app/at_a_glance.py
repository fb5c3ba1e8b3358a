"""On top of a participant's form: what they come to next, and what we owe them. Each reader is shown what they may read
and no more, through the criteria of the doctypes themselves. What other rooms owe comes by the hook `involvement_owed`:
functions (participant) → [{text, doctype, name}]."""

import frappe
from frappe import _
from frappe.utils import add_days, cstr, format_date, getdate, now_datetime, today

from involvement_app.involvement_app import feedback
from involvement_app.involvement_app.holding import LIVING
from involvement_app.involvement_app.participants import refuse_strangers
from involvement_app.involvement_app.questions import QUESTION

NEXT = 5
SOON_DAYS = 30
MOST = 200


@frappe.whitelist(methods=["GET"])
def about(participant: str) -> dict:
	"""{sessions: [{text, doctype, name}], owed: [{text, doctype, name}]}: the next few sessions of places they have, and
	what is promised and not done yet. Raises PermissionError."""
	participant = cstr(participant)
	refuse_strangers(participant, "read")
	owed = []
	for path in frappe.get_hooks("involvement_owed"):
		owed += frappe.get_attr(path)(participant)
	return {"sessions": _sessions(participant), "owed": owed}


def _sessions(participant: str) -> list[dict]:
	places = rows_of(
		"Involvement Engagement",
		{"participant": participant, "status": ["in", LIVING]},
		["opportunity"],
		limit=MOST,
	)
	rows = places and rows_of(
		"Involvement Session",
		{
			"opportunity": ["in", [row.opportunity for row in places]],
			"status": "Planned",
			"ends_on": [">=", now_datetime()],
		},
		["name", "title", "place"],
		order_by="starts_on",
	)
	# the title says when
	return [
		{
			"text": ", ".join(filter(None, (row.title, row.place))),
			"doctype": "Involvement Session",
			"name": row.name,
		}
		for row in rows or []
	]


def answers_owed(participant: str) -> list[dict]:
	"""Hook involvement_owed: what they asked us."""
	rows = rows_of(
		QUESTION,
		{"participant": participant, "status": "To answer"},
		["name", "answer_by"],
		order_by="answer_by",
	)
	return [{"text": _answer(row), "doctype": QUESTION, "name": row.name} for row in rows]


def _answer(row) -> str:
	day = format_date(row.answer_by)
	if getdate(row.answer_by) < getdate(today()):
		return _("An answer to a question: was to be given by {0}").format(day)
	return _("An answer to a question, by {0}").format(day)


def letters_owed(participant: str) -> list[dict]:
	"""Hook involvement_owed: letters they asked for."""
	rows = rows_of(
		"Reference Letter", {"participant": participant, "status": "Asked for"}, ["name", "asked_on"]
	)
	return [
		{
			"text": _("A letter, asked for on {0}").format(format_date(row.asked_on)),
			"doctype": "Reference Letter",
			"name": row.name,
		}
		for row in rows
	]


def feedback_owed(participant: str) -> list[dict]:
	"""Hook involvement_owed: what they hear soon, or should have heard, after they took part: in the opportunities of
	places they have or had, and what is promised to them alone."""
	places = rows_of("Involvement Engagement", {"participant": participant}, ["opportunity"], limit=MOST)
	about = [
		["opportunity", "in", [row.opportunity for row in places] or [""]],
		["participant", "=", participant],
	]
	rows = rows_of(
		feedback.OBLIGATION,
		{"status": feedback.OWED, "due_on": ["<=", add_days(today(), SOON_DAYS)]},
		["name", "title", "due_on", "participant"],
		or_filters=about,
		order_by="due_on",
		limit=MOST,
	)
	own = [row for row in rows if row.participant in (None, "", participant)]
	return [{"text": _feedback(row), "doctype": feedback.OBLIGATION, "name": row.name} for row in own[:NEXT]]


def _feedback(row) -> str:
	day = format_date(row.due_on)
	if getdate(row.due_on) < getdate(today()):
		return _("{0}: was to be told by {1}").format(row.title, day)
	return _("{0}: to be told by {1}").format(row.title, day)


def rows_of(doctype: str, filters: dict, fields: list[str], limit: int = NEXT, **kw) -> list[frappe._dict]:
	"""The reader's own, or nothing where they may read none."""
	if not frappe.has_permission(doctype, "read"):
		return []
	return frappe.get_list(doctype, filters=filters, fields=fields, limit=limit, **kw)
