"""Ambassadors: people who speak for the organisation where they choose to (domain 4.4, 4.12; row 4.6).

A role says what for and what not about; a manager who is not its author approves it, and it begins when the person
says yes. Every occasion is an assignment with a yes of its own: the offer of a place on an opportunity, with the
choices about payment that every offer has. The place makes the assignment Accepted, and giving it back ends it: there
is no second yes and no second attendance. Nobody speaks unbriefed, and afterwards we ask how it was: who would rather
not talk about it says so, and that is kept as their answer. In the media a yes also needs a media consent that covers channel, name and
day, whoever says it and by whatever path. Where the day moves beyond that consent, the person and staff hear of it in
the same request, and it does not go on before they say yes to the new day.
"""

import frappe
from frappe import _
from frappe.query_builder.functions import Max
from frappe.utils import format_date, get_datetime, getdate, today

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import media, places
from involvement_app.involvement_app.holding import LIVING, OPEN_APPLICATION
from involvement_app.involvement_app.participants import PARTICIPANT, only_the_person, participant_of
from involvement_app.lifecycle import TransitionError
from involvement_app.lifecycle.guards import required

ROLE, ASSIGNMENT = "Ambassador Role", "Ambassador Assignment"
MEDIA = "Media"
LIVING_ROLE = ("Submitted", "Approved", "Active", "Paused")
SAID_YES = ("Accepted", "Briefed")
AHEAD = ("Proposed", "Offered", "Accepted", "Briefed")
HERE = "/take-part/my/ambassador"
RATHER_NOT = "They would rather not"
# what an assignment needs a yes for
ASKED = (
	"name",
	"participant",
	"status",
	"kind",
	"channel",
	"identity",
	"takes_place_on",
	"yes_missing",
	*media.EXTRAS,
)
OWN_STEPS = {
	"accept": "Accept",
	"no": "No thank you",
	"pause": "Pause",
	"resume": "Resume",
	"end": "End",
}


# --- of the role ----------------------------------------------------------------------------------------


def take_own(participant: str, name: str, what: str) -> None:
	"""The session's own person takes a step of OWN_STEPS with their role, at once and without a reason. Raises
	DoesNotExistError, PermissionError, TransitionError."""
	only_the_person(participant)
	doc = frappe.get_doc(ROLE, _own(ROLE, participant, name), for_update=True)
	lifecycle.apply(doc, OWN_STEPS[what])


def _own(doctype: str, participant: str, name: str) -> str:
	found = frappe.db.get_value(doctype, {"name": name, "participant": participant})
	if not found:
		raise frappe.DoesNotExistError
	return found


def told_by_them(doc, move) -> None:
	"""Guard of what the person says: by themself, or entered for them with how they told us."""
	if move.by == "job" or move.transition.relations == ():
		return
	places.told_by_the_person(doc, move)


def note_who_told(doc, move) -> None:
	"""Effect, after the guard: the question is asked anew with each step."""
	doc.told_how, doc.recorded_how = (doc.recorded_how if move.by == "role" else None), None


def not_their_own(doc, move) -> None:
	"""Guard of Approved: nobody appoints themself."""
	if move.user == frappe.db.get_value(PARTICIPANT, doc.participant, "user"):
		frappe.throw(_("This is your own role, so somebody else approves it."), lifecycle.StepNotPermitted)


def remember_submitter(doc, move) -> None:
	doc.submitted_by, doc.approved_by = move.user, None


def remember_approver(doc, move) -> None:
	doc.approved_by, doc.edited_by = move.user, None


def tell(template: str, path: str = HERE):
	def effect(doc, move) -> None:
		messages.send(
			template, (PARTICIPANT, doc.participant), {"link": frappe.utils.get_url(path)}, about=doc
		)

	return effect


def note_the_yes(doc, move) -> None:
	doc.accepted_on = doc.accepted_on or today()


def end_what_is_ahead(doc, move) -> None:
	"""Effect of Ended: nothing more is asked of them. Places that they hold are given back, which tells everybody."""
	doc.ended_on = today()
	for name in _ahead(doc.participant, {"role": doc.name}):
		# one by one: the few occasions of one person, each with a place of its own
		stop(name, doc.told_how)


def _ahead(participant: str, which: dict) -> list[str]:
	filters = {"participant": participant, "status": ["in", AHEAD], **which}
	# bounded to one person's own
	return frappe.get_all(ASSIGNMENT, filters, pluck="name", order_by="opportunity")


def end_all(participant: str, how: str | None = None) -> None:
	"""For who leaves: their roles end. The caller has given their places back."""
	living = {"participant": participant, "status": ["in", LIVING_ROLE]}
	names = frappe.get_all(ROLE, living, pluck="name", order_by="name")  # bounded to one person's own
	for name in names:
		# one by one: nearly always one
		_end(name)


def _end(name: str) -> None:
	with lifecycle.as_job():
		doc = frappe.get_doc(ROLE, name, for_update=True)
		lifecycle.apply(doc, "End" if doc.status in ("Active", "Paused") else "Close")


def over() -> None:
	"""Daily: a role ends after its last day."""
	due = [
		["status", "in", ("Active", "Paused")],
		["ends_on", "is", "set"],  # Frappe counts an empty day as long past
		["ends_on", "<", today()],
	]
	names = frappe.get_all(ROLE, due, pluck="name")  # a job's own list, no reader

	places.each_alone(names, _end, "{0}: the role could not end")


# --- of the assignment ------------------------------------------------------------------------------------


def offer(doc) -> None:
	"""Service of “Offer”: a place on its opportunity, offered like every other. The person answers on their page."""
	if doc.application:
		frappe.throw(_("{0} is offered already.").format(doc.title), TransitionError)
	role = frappe.db.get_value(ROLE, doc.role, ["status", "participant"], as_dict=True)
	if role.status != "Active":
		frappe.throw(
			_("The ambassador role is {0}. Only an active one is offered something.").format(_(role.status)),
			TransitionError,
		)
	if not doc.opportunity:
		frappe.throw(
			_("Opportunity: choose one. Date, place, payment and support come from there."), TransitionError
		)
	with places.locked(doc.opportunity):
		asked = {"live_key": f"{doc.opportunity}|{doc.participant}"}
		name = frappe.db.get_value("Involvement Application", asked)
		if not name:
			application = frappe.new_doc(
				"Involvement Application", opportunity=doc.opportunity, participant=doc.participant
			)
			application.flags.offered_by_us = True
			name = application.insert().name
		places.offer(name)
		doc = frappe.get_doc(ASSIGNMENT, doc.name, for_update=True)
		with lifecycle.server_side():
			lifecycle.apply(doc, "Offer", application=name)


def offered_through_a_place(doc, move) -> None:
	"""Guard of Offered: there is an offer that the person can answer."""
	state = doc.application and frappe.db.get_value("Involvement Application", doc.application, "status")
	if state != "Offered":
		frappe.throw(_("Use the button “Offer”: it offers the place as well."), TransitionError)


def has_a_day(doc, move) -> None:
	"""Guard of Offered: nobody answers before they know when."""
	if not doc.takes_place_on:
		frappe.throw(
			_("The opportunity has no date yet. Write it there first: the person needs it to decide."),
			TransitionError,
		)


def briefed_by_now(doc, move) -> None:
	"""Guard of Briefed: what is still to come has not been talked through."""
	if getdate(doc.briefed_on) > getdate(today()):
		frappe.throw(_("Talked it through on: this day is still to come."), TransitionError)


def has_support(doc, move) -> None:
	"""Guard of Briefed: nobody goes there without knowing who or what supports them."""
	if not (doc.support_person or doc.support_words):
		frappe.throw(
			_("Support on the day: say who is with them, or what support there is, before “{0}”.").format(
				_(move.transition.action)
			),
			TransitionError,
		)


def talked_about_or_would_rather_not(doc, move) -> None:
	"""Guard of Debriefed: there was a talk, or the person does not want one."""
	if move.transition.action == RATHER_NOT:
		return
	required("debriefed_on")(doc, move)
	if getdate(doc.debriefed_on) > getdate(today()):
		frappe.throw(_("Talked about it afterwards on: this day is still to come."), TransitionError)


def note_would_rather_not(doc, move) -> None:
	"""Effect of Debriefed: their answer is kept as theirs, with its day and how they told us."""
	if move.transition.action == RATHER_NOT:
		doc.debrief_declined_on, doc.debriefed_on = today(), None
		note_who_told(doc, move)


def would_rather_not_own(participant: str, name: str) -> None:
	"""The session's own person does not want to talk about it afterwards: an answer, without a reason. Raises
	DoesNotExistError, PermissionError, TransitionError."""
	only_the_person(participant)
	doc = frappe.get_doc(ASSIGNMENT, _own(ASSIGNMENT, participant, name), for_update=True)
	lifecycle.apply(doc, RATHER_NOT)


def has_their_yes(doc, move) -> None:
	"""Guard of Accepted, and of what comes before it took place: a place they said yes to, for this assignment."""
	state = doc.engagement and frappe.db.get_value("Involvement Engagement", doc.engagement, "status")
	if not state:
		frappe.throw(
			_("Their yes is the yes to the place that was offered. There is none yet."), TransitionError
		)


def is_covered(doc, move) -> None:
	"""Guard of Accepted: in the media, a consent of theirs for channel, name and day. Raises
	media.NotCovered."""
	if doc.kind != MEDIA:
		return
	stands = media.standing(doc.participant, for_update=True)
	missing = _lacks(doc, stands)
	if missing:
		frappe.throw(missing, media.NotCovered, title=_("No yes for this"))


def was_covered(doc, move) -> None:
	"""Guard of Briefed and Done: as `is_covered`; once the day is past, as it stood then. Raises media.NotCovered."""
	day = getdate(doc.takes_place_on or today())
	if doc.kind != MEDIA or day >= getdate(today()):
		return is_covered(doc, move)
	missing = _lacks(doc, media.stood_on(doc.participant, day), past=True)
	if missing:
		frappe.throw(missing, media.NotCovered, title=_("No yes for this"))


def _lacks(doc, stands, past: bool = False) -> str:
	extras = [name for name in media.EXTRAS if doc.get(name)]
	return media.lacks(stands, doc.channel, doc.identity, doc.takes_place_on or today(), extras, past)


def nothing_is_missing(doc, move) -> None:
	"""Effect of the states behind a yes that covers it, and of its end."""
	doc.yes_missing = None


def has_begun(doc, move) -> None:
	if doc.takes_place_on and getdate(doc.takes_place_on) > getdate(today()):
		frappe.throw(_("It is on {0}.").format(frappe.utils.format_date(doc.takes_place_on)), TransitionError)


def place_is_given_back(doc, move) -> None:
	"""Guard of Not going ahead: what was offered or taken is closed first, which is what the buttons do."""
	if move.by == "job":
		return
	held = _status("Involvement Engagement", doc.engagement)
	asked = _status("Involvement Application", doc.application)
	if held in LIVING or asked in OPEN_APPLICATION:
		frappe.throw(
			_("Use the button “{0}”: it gives the place back as well.").format(_(move.transition.action)),
			TransitionError,
		)


def stop_from_form(doc) -> None:
	if not doc.recorded_how:
		frappe.throw(
			_("How the person told us: please choose, so that this is never shown as their own act.")
		)
	stop(doc.name, doc.recorded_how)


def stop_own(participant: str, name: str) -> None:
	"""The session's own person stops, also on the day: their place is given back. What is owed to them stays."""
	only_the_person(participant)
	_own(ASSIGNMENT, participant, name)
	stop(name)


def stop(name: str, how: str | None = None) -> None:
	"""`how` the person told us, where staff do this for them; without it, and not by the person, because something else
	ended. Raises PermissionError for strangers (places)."""
	fields = ["participant", "status", "application", "engagement"]
	row = frappe.db.get_value(ASSIGNMENT, name, fields, as_dict=True)
	if row.status not in AHEAD:
		return
	if how or row.participant == participant_of():
		_give_back(row, how)
	else:
		_take_back(row)
	doc = frappe.get_doc(ASSIGNMENT, name, for_update=True)
	if doc.status in AHEAD:  # the place, where there was one, has moved it already
		with lifecycle.as_job():
			lifecycle.apply(doc, "Close")


def _give_back(row, how: str | None) -> None:
	if _status("Involvement Engagement", row.engagement) in LIVING:
		places.leave(row.engagement, how)
	elif _status("Involvement Application", row.application) in OPEN_APPLICATION:
		places.decline(row.application, how)


def _take_back(row) -> None:
	with lifecycle.as_job():
		if _status("Involvement Engagement", row.engagement) in LIVING:
			places.take_back(row.engagement)
		elif _status("Involvement Application", row.application) in OPEN_APPLICATION:
			application = frappe.get_doc("Involvement Application", row.application, for_update=True)
			lifecycle.apply(application, "Close")


def _status(doctype: str, name: str | None) -> str | None:
	return name and frappe.db.get_value(doctype, name, "status")


# --- what happens to a place ------------------------------------------------------------------------------


def on_application(doc, method=None) -> None:
	"""doc_events: an offer that is not taken up is an assignment that does not go ahead."""
	before = doc.get_doc_before_save()
	if not before or before.status != "Offered" or doc.status not in ("Not going ahead", "Not selected"):
		return
	_move({"application": doc.name, "status": "Offered"}, "Close")


def on_new_place(doc, method=None) -> None:
	"""doc_events: a yes to the place is the yes to the assignment; where it lacks a media consent both are refused."""
	if doc.application:
		_move({"application": doc.application, "status": "Offered"}, "Accept", engagement=doc.name)


def on_place(doc, method=None) -> None:
	"""doc_events: who gives the place back does not speak."""
	if doc.status == "Ended early" and doc.has_value_changed("status"):
		_move({"engagement": doc.name, "status": ["in", SAID_YES]}, "Close")


def _move(which: dict, action: str, **values) -> None:
	name = frappe.db.get_value(ASSIGNMENT, which)
	if not name:
		return
	with lifecycle.as_job(), lifecycle.server_side():
		lifecycle.apply(frappe.get_doc(ASSIGNMENT, name, for_update=True), action, **values)


# --- what happens to a consent ----------------------------------------------------------------------------


def stop_uncovered(participant: str, stands: dict[str, frappe._dict | None]) -> None:
	"""Somebody takes back their yes to some channels, or says yes to less: what is ahead there and not covered any more
	does not go ahead. `stands`: {channel: the entry that will count, or None}. Called before any lock of the person's,
	because places are locked first."""
	filters = {"participant": participant, "kind": MEDIA, "status": ["in", SAID_YES]}
	filters["channel"] = ["in", sorted(stands) or [""]]
	# bounded to one person's own
	rows = frappe.get_all(ASSIGNMENT, filters, ASKED, order_by="opportunity")
	for row in rows:
		over = row.takes_place_on and getdate(row.takes_place_on) < getdate(today())
		# a yes that still does not reach the new day is no less than before: it is asked for again
		waits = row.yes_missing and stands[row.channel]
		if not over and not waits and _lacks(row, stands):
			# one by one: the few occasions of one person, each with a place of its own. How they told us stands with
			# their answer
			stop(row.name)


def follow(participant: str) -> None:
	"""What the person has just said about being quoted or shown may be the yes that was missing for a new day."""
	waits = {"participant": participant, "status": ["in", SAID_YES], "yes_missing": ["is", "set"]}
	# bounded to one person's own
	rows = frappe.get_all(ASSIGNMENT, waits, ASKED)
	stands = media.standing(participant) if rows else {}
	for row in rows:
		# one by one: the few occasions of one person
		_note_missing(row, _lacks(row, stands))


# --- what happens to a day --------------------------------------------------------------------------------


def on_session(doc, method=None) -> None:
	"""doc_events: the day has moved of what somebody is asked to do, or has said yes to."""
	before = doc.get_doc_before_save()
	called_off = before and (before.status == "Cancelled") != (doc.status == "Cancelled")
	if before and not called_off and get_datetime(before.ends_on) == get_datetime(doc.ends_on):
		return
	if doc.flags.somebody_speaks:
		follow_day(doc.opportunity)


def follow_day(opportunity: str) -> None:
	"""The day of each assignment is that of its opportunity. Where a yes to the media does not reach it any more, it is
	written down what is missing, and the person is asked."""
	waits = {"opportunity": opportunity, "status": ["in", AHEAD]}
	# of one occasion, for whoever may move it; what they are shown of it they are shown by its own criterion
	rows = frappe.get_all(ASSIGNMENT, waits, ASKED, order_by="name")
	day = date_of(opportunity) if rows else None
	# one by one: the few people asked to speak on one occasion
	for row in rows:
		if row.takes_place_on == day:
			continue
		row.takes_place_on = day
		said_yes = row.kind == MEDIA and row.status in SAID_YES
		missing = _lacks(row, media.standing(row.participant)) if said_yes else ""
		_note_missing(row, missing, takes_place_on=day)
		if missing:
			_ask_for_the_new_day(row)


def _note_missing(row, missing: str, **values) -> None:
	# bounded to what the caller found
	frappe.db.set_value(ASSIGNMENT, row.name, {"yes_missing": missing or None, **values})


def _ask_for_the_new_day(row) -> None:
	context = {
		"day": format_date(row.takes_place_on, "EEEE d MMMM yyyy") if row.takes_place_on else "",
		"link": frappe.utils.get_url(f"{HERE}/{row.name}"),
	}
	messages.send("Involvement new day to answer", (PARTICIPANT, row.participant), context)


def date_of(opportunity: str | None):
	"""The last day of it, as it is planned now: a consent has to last until then."""
	if not opportunity:
		return None
	session, date = (
		frappe.qb.DocType("Involvement Session"),
		frappe.qb.DocType("Involvement Opportunity Date"),
	)
	planned = frappe.qb.from_(session).select(Max(session.ends_on))
	planned = planned.where((session.opportunity == opportunity) & (session.status != "Cancelled"))
	written = frappe.qb.from_(date).select(Max(date.ends_on)).where(date.parent == opportunity)
	# a draft has no sessions yet
	last = planned.run()[0][0] or written.run()[0][0]
	return last and getdate(last)
