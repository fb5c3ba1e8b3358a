"""Speaking for the organisation: one's role, and each occasion (domain 4.4). Answers, pauses and stops are one button."""

from frappe import _

from involvement_app import lifecycle
from involvement_app.involvement_app import ambassadors
from involvement_app.portal import media_reads
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Problem, Refused

HERE = ambassadors.HERE


def show(visit):
	assignments = media_reads.own_assignments(visit.participant)
	return page(
		visit,
		"ambassador.html",
		_("Speaking for us"),
		roles=media_reads.own_roles(visit.participant),
		ahead=[row for row in assignments if row.status in ambassadors.AHEAD],
		past=[row for row in assignments if row.status not in ambassadors.AHEAD],
		done=_done(visit.asked("done")),
	)


@lifecycle.retry_on_deadlock
def answer(visit):
	name, what = visit.typed("name", 140), visit.typed("what", 20)
	if what not in ambassadors.OWN_STEPS:
		raise Refused(Problem(_("Choose one of the buttons below.")))
	ambassadors.take_own(visit.participant, name, what)
	return see_other(HERE, done=what)


def one(visit, name):
	row = visit.found(media_reads.own_assignment, name)
	return page(visit, "assignment.html", row.title, row=row)


@lifecycle.retry_on_deadlock
def stop(visit, name):
	visit.found(media_reads.own_assignment, name)
	ambassadors.stop_own(visit.participant, name)
	return see_other(HERE, done="stopped")


@lifecycle.retry_on_deadlock
def rather_not(visit, name):
	visit.found(media_reads.own_assignment, name)
	ambassadors.would_rather_not_own(visit.participant, name)
	return see_other(HERE, done="rather-not")


def _done(what: str) -> str | None:
	return {
		"accept": _("Thank you. We ask you each time, and you can say no each time."),
		"no": _("That is fine. It changes nothing else."),
		"pause": _("You have a break from this. Come back when you like."),
		"resume": _("Good to have you back."),
		"end": _("It is over. Thank you for what you did."),
		"rather-not": _("That is fine. You can always ask us to talk about it later."),
		"stopped": _("That is fine. You do not speak there, and your place is given back."),
	}.get(what)
