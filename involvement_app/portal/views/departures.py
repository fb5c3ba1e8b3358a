"""Taking a break, leaving, coming back: two presses, no reason (rows 0.13, 0.14; domain 1.5)."""

from frappe import _
from frappe.utils import add_days, today

from involvement_app import lifecycle
from involvement_app.involvement_app import departures, stories
from involvement_app.involvement_app.holding import LIVING
from involvement_app.portal import media_reads, reads
from involvement_app.portal.responses import page, see_other

MY_PAGE = "/take-part/my"
AWAY = ("Paused", "Left")


def pause_page(visit):
	if reads.person(visit.participant).status != "Active":
		return see_other(MY_PAGE)
	return page(
		visit,
		"pause.html",
		_("Take a break?"),
		places=_places(visit),
		lengths=[
			("", _("I do not know yet")),
			("14", _("Two weeks")),
			("30", _("A month")),
			("90", _("Three months")),
		],
	)


def _places(visit) -> list[dict]:
	return [row for row in reads.engagements(visit.participant) if row.status in LIVING]


@lifecycle.retry_on_deadlock
def pause(visit):
	if reads.person(visit.participant).status != "Active":
		return see_other(MY_PAGE)
	days = visit.typed("days", 4)
	until = add_days(today(), int(days)) if days in ("14", "30", "90") else None
	departures.pause(visit.participant, until)
	return see_other(MY_PAGE, done="paused")


def leave_page(visit):
	if reads.person(visit.participant).status == "Left":
		return see_other(MY_PAGE)
	return page(
		visit,
		"leave.html",
		_("Leave?"),
		places=_places(visit),
		stories=_stories(visit),
		before=["yes"] if departures.chosen_before(visit.participant) == departures.GO_ON else [],
	)


def _stories(visit) -> list[dict]:
	return [row for row in media_reads.own_stories(visit.participant) if row.status in stories.LIVING]


@lifecycle.retry_on_deadlock
def leave(visit):
	if reads.person(visit.participant).status != "Left":
		# who has told none was not asked
		asked = bool(_stories(visit))
		departures.leave(
			visit.participant, keep_stories=visit.kept("keep_stories") == "yes" if asked else None
		)
	return see_other(MY_PAGE, done="gone")


@lifecycle.retry_on_deadlock
def come_back(visit):
	if reads.person(visit.participant).status not in AWAY:
		return see_other(MY_PAGE)
	departures.come_back(visit.participant)
	return see_other(MY_PAGE, done="back")
