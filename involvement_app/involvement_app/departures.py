"""Taking a break, leaving and coming back: at once, without a reason, by the person or by staff for them (rows 0.13
and 0.14; domain 1.5, 4.0 no. 1, 4.12).

Whoever goes gives back the places they hold, so that others can have them, and answers to offers are no longer
awaited. What is owed to them stays owed: payments, feedback and letters go on. Who takes a break stays on waiting
lists and keeps what they applied for, but is offered nothing until they are back; who leaves is taken off both. All
of it is one transaction under the locks of `places.py`: opportunities in the order of their names, then the
participant, then the documents."""

from contextlib import ExitStack, contextmanager

import frappe
from frappe import _
from frappe.utils import today

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import (
	ambassadors,
	calendars,
	co_leads,
	media,
	places,
	reviewers,
	selectors,
	stories,
)
from involvement_app.involvement_app.consents import forget_access_needs
from involvement_app.involvement_app.holding import LIVING, OPEN_APPLICATION
from involvement_app.involvement_app.participants import (
	PARTICIPANT,
	forget_known,
	is_participant,
	reach_us,
	refuse_strangers,
	user_of,
)
from involvement_app.involvement_privacy import consent

MOST = 200
BY_STAFF = ("Phone", "In person", "Post", "E-mail")
TAKE_DOWN, GO_ON = "Take them down", "Go on using them"


def pause(participant: str, until=None, how: str | None = None) -> None:
	"""A break from now on, to the day `until` or until they come back. `how` the person told us, where staff do
	this for them. Raises TransitionError, PermissionError."""
	_go(participant, "Pause", ("Offered",), how, paused_until=until or None)
	_tell(participant, "Involvement paused", "/take-part/my")


def leave(participant: str, how: str | None = None, keep_stories: bool | None = None) -> None:
	"""Off the register from now on. What they told in their own words is taken back with it, unless they chose to let it
	be used as they agreed: now, or (None: not asked) when they were asked before. Raises as `pause`."""
	if keep_stories is None:
		keep_stories = chosen_before(participant) == GO_ON
		_go(participant, "Leave", OPEN_APPLICATION, how)
	else:
		chosen = GO_ON if keep_stories else TAKE_DOWN
		_go(participant, "Leave", OPEN_APPLICATION, how, stories_when_leaving=chosen)
	co_leads.step_back(participant)
	calendars.end_link(user_of(participant))
	forget_access_needs(participant)
	ambassadors.end_all(participant)
	if not keep_stories:
		media.withdraw_all(participant, consent.How(how or consent.PORTAL))
		stories.withdraw_all(participant)
	_tell(participant, "Involvement goodbye", "/take-part/my")


def chosen_before(participant: str) -> str:
	"""What becomes of their stories when they leave, as they said once; empty where nobody has asked."""
	return frappe.db.get_value(PARTICIPANT, participant, "stories_when_leaving") or ""


def come_back(participant: str, how: str | None = None) -> None:
	"""Whenever they like; nothing has to be said. Raises as `pause`."""
	doc = _locked(participant, how)
	lifecycle.apply(doc, "Resume" if doc.status == "Paused" else "Come back", moved_how=how)
	forget_known()
	_tell(participant, "Involvement welcome back", "/take-part/my")


# What the form's dialog asks, and what it calls


@frappe.whitelist(methods=["GET"])
def to_ask_when_leaving(participant: str) -> dict:
	"""{asks, chosen}: whether there is something they told that may go on being used, and what they chose before; else
	that it comes down. Raises PermissionError."""
	refuse_strangers(participant, "write")
	return {"asks": _speaks(participant), "chosen": chosen_before(participant) or TAKE_DOWN}


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def leave_for(participant: str, told_how: str, told_stories: str | None = None) -> None:
	"""Staff write down that somebody leaves, and what they said of their stories. Raises PermissionError,
	TransitionError."""
	refuse_strangers(participant, "write")
	if told_how not in BY_STAFF:
		_ask_how()
	if told_stories and told_stories not in (TAKE_DOWN, GO_ON):
		frappe.throw(_("Their stories: choose “{0}” or “{1}”.").format(_(TAKE_DOWN), _(GO_ON)))
	leave(participant, told_how, told_stories == GO_ON if told_stories else None)


# What the form's buttons call: the answer to “How they told us” stands in the field


def pause_from_form(doc) -> None:
	pause(doc.name, doc.paused_until, _told(doc))


def leave_from_form(doc) -> None:
	leave(doc.name, _told(doc))


def come_back_from_form(doc) -> None:
	come_back(doc.name, _told(doc))


def _told(doc) -> str:
	if not doc.moved_how:
		_ask_how()
	return doc.moved_how


def _ask_how() -> None:
	frappe.throw(_("How the person told us: please choose, so that this is never shown as their own act."))


def _go(participant: str, action: str, closed: tuple[str, ...], how: str | None, **values) -> None:
	with everything_locked(participant):
		doc = _locked(participant, how)
		# one by one: the few places and offers of one person, each counted under its own lock
		for name in _names("Involvement Engagement", participant, LIVING):
			places.leave(name, how)
		for name in _names("Involvement Application", participant, closed):
			places.decline(name, how)
		reviewers.step_back(participant)
		selectors.step_back(participant)
		doc.flags.through_the_button = True
		with lifecycle.server_side():
			lifecycle.apply(doc, action, moved_how=how, **values)
	forget_known()


def _locked(participant: str, how: str | None):
	doc = frappe.get_doc(PARTICIPANT, participant, for_update=True)
	if not is_participant(doc, frappe.session.user):
		doc.check_permission("write")
	return doc


@contextmanager
def everything_locked(*participants: str):
	"""Locked: the opportunities these people have a place or an open application in, then the people, both in the order
	of their names."""
	held = _opportunities(participants)
	with ExitStack() as stack:
		for name in sorted(held):
			stack.enter_context(places.locked(name))
		# one by one: one person, or the two records of one
		for name in sorted(participants):
			frappe.db.get_value(PARTICIPANT, name, "name", for_update=True)
		if _opportunities(participants, for_update=True) - held:
			# they said yes to another in the same moment: begin again, so that the order of locks holds
			raise frappe.QueryDeadlockError
		yield


def _opportunities(participants: tuple[str, ...], for_update: bool = False) -> set[str]:
	found = set()
	for doctype, states in (
		("Involvement Engagement", LIVING),
		("Involvement Application", OPEN_APPLICATION),
	):
		# one by one: two tables
		table = frappe.qb.DocType(doctype)
		query = frappe.qb.from_(table).select(table.opportunity).where(table.participant.isin(participants))
		query = query.where(table.status.isin(states)).limit(MOST)
		found |= {row[0] for row in (query.for_update() if for_update else query).run()}
	return found


def _names(doctype: str, participant: str, states: tuple[str, ...]) -> list[str]:
	filters = {"participant": participant, "status": ["in", states]}
	# one person's own rows, under their lock; each is asked for its own right where it is changed
	return frappe.get_all(doctype, filters=filters, pluck="name", order_by="opportunity", limit=MOST)


def _tell(participant: str, template: str, path: str) -> None:
	context = {"link": frappe.utils.get_url(path), "contact": reach_us()}
	messages.send(template, (PARTICIPANT, participant), context)


# Of the lifecycle


def nothing_is_left_behind(doc, move) -> None:
	"""Guard of Paused and Left: places are given back first, which is what the buttons do."""
	if frappe.db.exists("Involvement Engagement", {"participant": doc.name, "status": ["in", LIVING]}):
		frappe.throw(
			_("This person has places. Use the button “{0}”, which gives them back.").format(
				_(move.transition.action)
			),
			lifecycle.TransitionError,
		)


def stories_are_settled(doc, move) -> None:
	"""Guard of Left: the button asks what becomes of what they told, and ends what they do for us."""
	if move.by != "job" and not doc.flags.through_the_button and _speaks(doc.name):
		frappe.throw(
			_(
				"This person speaks for us, or has told a story. Use the button “{0}”, which asks about it."
			).format(_(move.transition.action)),
			lifecycle.TransitionError,
		)


def _speaks(participant: str) -> bool:
	return bool(
		frappe.db.exists(stories.STORY, {"participant": participant, "status": ["in", stories.LIVING]})
		or frappe.db.exists(
			ambassadors.ROLE, {"participant": participant, "status": ["in", ambassadors.LIVING_ROLE]}
		)
		or media.standing(participant)
	)


def note_who_moved(doc, move) -> None:
	"""Effect: whose act it was, never shown as the person's own when it was not (law 8)."""
	doc.moved_on = frappe.utils.now_datetime()
	by_staff = move.by == "role"
	doc.moved_by = move.user if by_staff else None
	doc.moved_told_how, doc.moved_how = (doc.moved_how if by_staff else None), None
	doc.left_on = today() if move.to == "Left" else None
	if move.to != "Paused":
		doc.paused_until = None


# Jobs


def end_breaks() -> None:
	"""Daily: a break ends on the day the person said."""
	# Frappe counts an empty day as long past: a break without an end goes on
	due = [
		["status", "=", "Paused"],
		["paused_until", "is", "set"],
		["paused_until", "<=", today()],
	]
	names = frappe.get_all(PARTICIPANT, filters=due, pluck="name")  # a job's own list, no reader

	def end(name: str) -> None:
		with lifecycle.as_job():
			lifecycle.apply(frappe.get_doc(PARTICIPANT, name, for_update=True), "Resume")
		_tell(name, "Involvement break over", "/take-part/my")

	places.each_alone(names, end, "{0} could not come back from a break")
