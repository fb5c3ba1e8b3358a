"""What we owe people after they took part (domain 4.0 no. 4, 4.3; rows 3.14 and 1.2): thanks and what happens next at
once, word in between while it goes on, and what came of it in full.

Publishing an opportunity writes the promises down, each once: the first within some working days of the first date,
those in between every so many days, the last on the day the opportunity names. Each is told to everybody who takes
part, or who was there before they stopped; in their own way, also during a break. An opportunity is not completed
while one is owed, whatever writes it. What cannot be given is said to the same people, with the reason, and not
decided by whoever owes it.
"""

from datetime import date

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Concat
from frappe.utils import (
	add_days,
	cint,
	cstr,
	format_date,
	get_datetime,
	get_url,
	get_url_to_list,
	getdate,
	now_datetime,
	today,
)
from pypika.terms import ExistsCriterion

from involvement_app import lifecycle, messages
from involvement_app.involvement_app.holding import LIVING, TOOK_PART, WAS_THERE
from involvement_app.involvement_app.participants import PARTICIPANT, reach_us, recipients
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.messages.channels import passed_on_by_hand
from involvement_app.permissions import roles_of, units
from involvement_app.permissions.holders import holders
from involvement_app.setup.roles import COORDINATOR, MANAGER, OWNER
from involvement_app.working_days import add_working_days, closed

OBLIGATION = "Feedback Obligation"
OPPORTUNITY = "Involvement Opportunity"
ENGAGEMENT = "Involvement Engagement"
INITIAL, INTERIM, FULL = "Initial", "Interim", "Full"
OWED, KEPT, NOT_POSSIBLE, NOT_NEEDED = "Owed", "Kept", "Not possible", "Not needed"
AFTER_THE_SESSIONS = ("Awaiting feedback", "Completed", "Cancelled")
PAGE = "/take-part/my/feedback"
# what they can say it of, with their name or without
HOW_IT_WAS = "/take-part/my/feedback#yours"
MOST_BETWEEN = 12
REMIND_DAYS = 3
MOST = 500


# Promising


def promise(opportunity) -> list[str]:
	"""Write down what is owed for this opportunity, each kind and number once; answers what is new. Called when it is
	published; again, it adds only what is missing."""
	wanted = _days(opportunity)
	keys = [_key(opportunity.name, kind, number) for kind, number, _day in wanted]
	# get_all: the rows of this opportunity, whose publisher need not read them
	there = set(frappe.get_all(OBLIGATION, {"once_key": ["in", keys]}, pluck="once_key"))
	made = []
	# one by one: two or three documents, each with rules of its own
	for (kind, _number, day), key in zip(wanted, keys, strict=True):
		if key not in there:
			made.append(_write_down(opportunity, kind, day, key))
	return made


def _key(opportunity: str, kind: str, number: int) -> str:
	return f"{opportunity}|{kind}|{number}"


def _write_down(opportunity, kind: str, day: date, key: str) -> str:
	doc = frappe.get_doc(
		{
			"doctype": OBLIGATION,
			"opportunity": opportunity.name,
			"kind": kind,
			"due_on": day,
			"feedback_owner": opportunity.feedback_owner or opportunity.lead,
			"promised": promised_words(kind),
			"once_key": key,
		}
	)
	with lifecycle.server_side():
		# bounded: one of the promises of an opportunity that its publisher may publish
		doc.insert(ignore_permissions=True)
	return doc.name


def promised_words(kind: str) -> str:
	return {
		INITIAL: _("We thank you, and tell you what happens next and by when."),
		INTERIM: _("We tell you how far it is, also when there is not much news."),
		FULL: _("We tell you what came of it: what changed, what could not change, and why."),
	}[kind]


def _days(opportunity) -> list[tuple[str, int, date]]:
	"""(kind, number, by when), in that order."""
	settings = frappe.get_cached_doc("Involvement Settings")
	first = opportunity.first_date() or getdate(opportunity.apply_by or today())
	initial = _initial_day(first)
	full = getdate(
		opportunity.full_feedback_due
		or add_days(
			opportunity.decision_date or opportunity.last_date() or first, cint(settings.full_feedback_days)
		)
	)
	found = [(INITIAL, 1, initial)]
	every = cint(settings.interim_feedback_days)
	if every:
		day = getdate(add_days(initial, every))
		while day < full and len(found) <= MOST_BETWEEN:
			found.append((INTERIM, len(found), day))
			day = getdate(add_days(day, every))
	return [*found, (FULL, 1, full)]


def _initial_day(first) -> date:
	days = cint(frappe.get_cached_doc("Involvement Settings").initial_feedback_working_days)
	return add_working_days(getdate(first), days, closed)


def follow_first_date(session) -> None:
	"""The first date was moved or called off: thanks are due after the one that is first now. `session.flags.others_begin`,
	when the next of its other dates begins, was read with its opportunity (the session's `set_from_opportunity`)."""
	own = get_datetime(session.starts_on) if session.status != "Cancelled" else None
	first = min(filter(None, (own, session.flags.others_begin)), default=None)
	if first:
		_set_owed(session.opportunity, {"due_on": _initial_day(first)}, kind=INITIAL)


def follow(opportunity) -> None:
	"""After a save of the opportunity: somebody else tells people, or on another day. What is still owed goes along."""
	if not opportunity.published_on or not opportunity.get_doc_before_save():
		return
	changed = opportunity.has_value_changed
	if changed("feedback_owner") or changed("lead"):
		_note_who_owed(opportunity.name)
		_set_owed(opportunity.name, {"feedback_owner": opportunity.feedback_owner or opportunity.lead})
	if changed("full_feedback_due") and opportunity.full_feedback_due:
		_set_owed(opportunity.name, {"due_on": opportunity.full_feedback_due}, kind=FULL)


def _note_who_owed(opportunity: str) -> None:
	"""Whoever owed it until now, and who gives it to somebody else, does not say later that it is not possible."""
	row = frappe.qb.DocType(OBLIGATION)
	hands = Concat(Coalesce(row.owed_by, ""), " ", row.feedback_owner, " ", frappe.session.user)
	# bounded to what is owed for one opportunity
	frappe.qb.update(row).set(row.owed_by, hands).where(
		(row.opportunity == opportunity) & (row.status == OWED)
	).run()


def refuse_who_cannot_tell(label: str, user: str) -> None:
	"""Raises ValidationError unless `user` signs in at the desk and works with those who take part."""
	enabled, user_type = frappe.db.get_value("User", user, ["enabled", "user_type"]) or (0, None)
	if not enabled or user_type != "System User" or not roles_of(user) & {OWNER, COORDINATOR, MANAGER}:
		frappe.throw(
			_("{0}: choose a colleague who can sign in and may see what people take part in.").format(label)
		)


def _set_owed(opportunity: str, values: dict, **more) -> None:
	# bounded to what is owed for one opportunity; the dates and the owner follow it
	frappe.db.set_value(
		OBLIGATION,
		{"opportunity": opportunity, "status": OWED, "once_key": ["is", "set"], **more},
		values,
		update_modified=False,
	)


# Who it is owed to


def owed_to(obligation) -> list[str]:
	"""Participants: the one it is owed to, or everybody of the opportunity."""
	if obligation.participant:
		return [obligation.participant]
	engagement = frappe.qb.DocType(ENGAGEMENT)
	return (
		frappe.qb.from_(engagement)
		.select(engagement.participant)
		.distinct()
		.where((engagement.opportunity == obligation.opportunity) & takes_part(engagement))
		.run(pluck=True)
	)


def takes_part(engagement):
	"""Criterion: a place that stands or ran its course, or somebody who was there before they stopped."""
	row = frappe.qb.DocType("Involvement Session Attendance").as_("was_there")
	was_there = (
		frappe.qb.from_(row)
		.select(row.name)
		.where((row.engagement == engagement.name) & row.attendance.isin(WAS_THERE))
	)
	return engagement.status.isin(TOOK_PART) | ExistsCriterion(was_there)


@frappe.whitelist(methods=["GET"])
def who_hears(obligation: str) -> dict:
	"""{people, by_hand}: how many are told, and how many of them by post or on the phone. Raises PermissionError."""
	doc = frappe.get_doc(OBLIGATION, cstr(obligation))
	doc.check_permission("read")
	people, by_hand = recipients(set(owed_to(doc))), passed_on_by_hand()
	return {"people": len(people), "by_hand": sum(each.channel in by_hand for each in people.values())}


# Telling


def tell(obligation) -> int:
	"""What came of it, to everybody it is owed to; answers how many. Who has a page reads it there, for everybody else
	it stands in the message."""
	return _send("Involvement feedback", obligation, _words(obligation))


def tell_not_possible(obligation) -> int:
	return _send("Involvement feedback not possible", obligation, {"reason": obligation.reason})


def _words(obligation) -> dict:
	return {
		"said": obligation.what_was_said,
		"changed": obligation.what_changed,
		"not_changed": obligation.what_could_not_change,
		"next_on": format_date(obligation.next_on, "d MMMM yyyy") if obligation.next_on else None,
	}


def _send(template: str, obligation, words: dict) -> int:
	names = owed_to(obligation)
	people, with_a_page = recipients(set(names)), _with_a_page(names)
	said = {
		"title": title_of(obligation.opportunity),
		"link": get_url(PAGE),
		"contact": reach_us(),
	}
	# one by one: each is told in their own way; who they are was looked up at once
	for name in names:
		own = {"read_there": 1} if name in with_a_page else words
		messages.send(template, (PARTICIPANT, name), {**said, **own}, about=obligation, known=people[name])
	return len(names)


def _with_a_page(names: list[str]) -> set[str]:
	person = frappe.qb.DocType(PARTICIPANT)
	query = frappe.qb.from_(person).select(person.name)
	return set(query.where(person.name.isin(names or [""]) & person.user.isnotnull()).run(pluck=True))


def title_of(opportunity: str | None) -> str | None:
	return opportunity and frappe.db.get_value(OPPORTUNITY, opportunity, "title")


# Thanking


def complete_places(opportunity, move) -> None:
	"""Effect of Awaiting feedback: the sessions are over, so the places that stand are complete, and everybody is
	thanked (row 1.2). Set-based: a survey may have hundreds."""
	engagement = frappe.qb.DocType(ENGAGEMENT)
	rows = (
		frappe.qb.from_(engagement)
		.select(engagement.name, engagement.participant)
		.where((engagement.opportunity == opportunity.name) & engagement.status.isin(LIVING))
		.run()
	)
	if not rows:
		return
	with lifecycle.as_job():
		trail = (opportunity.doctype, opportunity.name)
		lifecycle.move_many(ENGAGEMENT, [name for name, _who in rows], "Complete", trail)
	_thank({participant for _name, participant in rows}, opportunity)


def the_sessions_are_over(engagement, trail):
	"""`trail` names the opportunity whose places are complete."""
	return engagement.opportunity == trail[1]


def thank_for_place(engagement, move) -> None:
	"""Effect of Completed, where staff complete one place by hand."""
	fields = ["name", "title", "full_feedback_due"]
	opportunity = frappe.db.get_value(OPPORTUNITY, engagement.opportunity, fields, as_dict=True)
	_thank({engagement.participant}, frappe._dict(opportunity, doctype=OPPORTUNITY))


def _thank(participants: set[str], opportunity) -> None:
	people = recipients(participants)
	context = {
		"title": opportunity.title,
		"due": format_date(opportunity.full_feedback_due, "d MMMM yyyy")
		if opportunity.full_feedback_due
		else None,
		"link": get_url(HOW_IT_WAS),
		"contact": reach_us(),
	}
	# one by one: each is thanked in their own way; who they are was looked up at once
	for name in sorted(participants):
		messages.send(
			"Involvement thank you", (PARTICIPANT, name), context, about=opportunity, known=people[name]
		)


# What an opportunity asks for


def is_given(opportunity, move) -> None:
	"""Guard of Completed: nothing is owed any more, and it was said what came of it (domain 4.0 no. 4)."""
	# get_all: the rows of this opportunity, whoever completes it
	rows = frappe.get_all(
		OBLIGATION, {"opportunity": opportunity.name}, ["name", "title", "kind", "status"], order_by="due_on"
	)
	owed = [
		frappe.utils.get_link_to_form(OBLIGATION, row.name, frappe.utils.escape_html(row.title))
		for row in rows
		if row.status == OWED
	]
	if owed:
		frappe.throw(
			_("People still wait to hear from you: {0}. Tell them, then complete this.").format(
				", ".join(owed)
			),
			TransitionError,
			title=_("Feedback is owed"),
		)
	if not any(row.kind == FULL for row in rows):
		frappe.throw(
			_("Nobody was told what came of it. Add a Feedback Obligation of the kind “Full”, and keep it."),
			TransitionError,
			title=_("Feedback is owed"),
		)


def call_off(opportunity, move) -> None:
	"""Effect of Cancelled: who was there before is still told what came of it; else nobody waits for anything."""
	if not owed_to(frappe._dict(opportunity=opportunity.name, participant=None)):
		_no_longer_needed(opportunity.name)


def overtake(obligation) -> None:
	"""Effect of Kept and Not possible: after the last word nobody waits for the thanks or the word in between."""
	if obligation.kind == FULL and obligation.opportunity and not obligation.participant:
		_no_longer_needed(obligation.opportunity, kind=["!=", FULL])


def _no_longer_needed(opportunity: str, **more) -> None:
	with lifecycle.as_job():
		# one by one: the two or three of one opportunity, once
		for name in _owed_to_all(opportunity, **more):
			lifecycle.apply(frappe.get_doc(OBLIGATION, name), "No longer needed")


def _owed_to_all(opportunity: str, **more) -> list[str]:
	about = {"opportunity": opportunity, "status": OWED, "participant": ["is", "not set"], **more}
	return frappe.get_all(OBLIGATION, about, pluck="name")  # of this opportunity, whoever takes the step


# The guards of an obligation


def says_enough(obligation, move) -> None:
	"""Guard of Kept: what was heard; of the last word also what changed or why not; of the others when people hear
	again (domain 1.2)."""
	label = obligation.meta.get_label
	if not (obligation.what_was_said or "").strip():
		_lacking(move, _(label("what_was_said")))
	if obligation.kind != FULL:
		if not obligation.next_on:
			_lacking(move, _(label("next_on")))
	elif not any(
		(obligation.get(field) or "").strip() for field in ("what_changed", "what_could_not_change")
	):
		_lacking(
			move,
			_("{0} or {1}").format(_(label("what_changed")), _(label("what_could_not_change"))),
		)


def _lacking(move, what: str) -> None:
	frappe.throw(
		_("Please fill in {0} before “{1}”.").format(what, _(move.transition.action)), TransitionError
	)


def it_is_time(obligation, move) -> None:
	"""Guard of Kept: nobody is told what came of something that is still to come."""
	if not obligation.opportunity or obligation.participant:
		return
	opportunity = frappe.db.get_value(OPPORTUNITY, obligation.opportunity, "status")
	if obligation.kind == FULL and opportunity not in AFTER_THE_SESSIONS:
		frappe.throw(
			_("The sessions are not over yet. Until then, add an Interim to say how far it is."),
			TransitionError,
		)
	session = frappe.qb.DocType("Involvement Session")
	begun = (
		frappe.qb.from_(session)
		.select(session.name)
		.where((session.opportunity == obligation.opportunity) & (session.status != "Cancelled"))
		.where(session.starts_on <= now_datetime())
		.limit(1)
	)
	if opportunity not in AFTER_THE_SESSIONS and not begun.run():
		frappe.throw(_("The first date is still to come."), TransitionError)


def not_by_who_owes_it(obligation, move) -> None:
	"""Guard of Not possible: nobody lets themself off."""
	stored = obligation.get_doc_before_save()
	if move.user in {stored.feedback_owner, *(stored.owed_by or "").split()}:
		frappe.throw(_("You owe this, so a colleague decides that it is not possible."), StepNotPermitted)


# Jobs


def remind() -> None:
	"""Daily: whoever owes something hears of it a few days before, once; the managers who may see it hear when it is
	late, once, all of a day in one message."""
	day, soon = today(), add_days(today(), REMIND_DAYS)
	rows = _waiting(soon)
	fresh = [row for row in rows if not row.reminded_on]
	# one by one: each is told in their own way
	for row in fresh:
		if row.enabled:
			context = {"title": row.title, "due": format_date(row.due_on), "link": _form(row.name)}
			messages.send("Involvement feedback owed", ("User", row.feedback_owner), context)
	_note(fresh, "reminded_on")
	late = [row for row in rows if getdate(row.due_on) < getdate(day) and not row.escalated_on]
	if late:
		_escalate(late)
		_note(late, "escalated_on")


def _form(name: str) -> str:
	return frappe.utils.get_url_to_form(OBLIGATION, name)


def _waiting(until) -> list[frappe._dict]:
	"""Owed by that day and not spoken of yet; with whether its owner can still sign in."""
	table, user = frappe.qb.DocType(OBLIGATION), frappe.qb.DocType("User")
	spoken_of = table.reminded_on.isnotnull() & (table.escalated_on.isnotnull() | (table.due_on >= today()))
	return (
		frappe.qb.from_(table)
		.left_join(user)
		.on(user.name == table.feedback_owner)
		.select(
			table.name,
			table.title,
			table.unit,
			table.due_on,
			table.feedback_owner,
			table.reminded_on,
			table.escalated_on,
			user.enabled,
		)
		.where((table.status == OWED) & (table.due_on <= until) & spoken_of.negate())
		.orderby(table.due_on)
		.limit(MOST)
		.run(as_dict=True)
	)


def _escalate(late: list) -> None:
	# one by one: the few managers of an organisation; each hears of their own units
	for manager in holders(MANAGER).run(pluck=True):
		theirs = late
		if units.is_limited(manager):
			own = set(units.permitted(manager).run(pluck=True))
			theirs = [row for row in late if not row.unit or row.unit in own]
		if theirs:
			context = {
				"titles": ", ".join(dict.fromkeys(row.title for row in theirs)),
				"link": get_url_to_list("Feedback Obligation") + "?status=Owed",
			}
			messages.send("Involvement feedback late", ("User", manager), context)


def _note(rows: list, fieldname: str) -> None:
	# bounded to the rows just spoken of
	frappe.db.set_value(
		OBLIGATION,
		{"name": ["in", [row.name for row in rows] or [""]]},
		fieldname,
		today(),
		update_modified=False,
	)
