"""A place of one's own: its dates, what one is paid, and leaving it without a reason (row 0.14)."""

from frappe import _

from involvement_app import lifecycle
from involvement_app.involvement_app import places
from involvement_app.portal import choices, reads
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Missing

# From here on a payment no longer changes with the person's choice.
SETTLED = ("Scheduled", "Paid", "Rejected", "Void")


def show(visit, name):
	engagement = _own(visit, name)
	payments = reads.payments(visit.participant, size=reads.MOST, engagement=name) if visit.with_money else []
	return page(
		visit,
		"place.html",
		engagement.title,
		engagement=engagement,
		is_living=engagement.status in reads.LIVING_ENGAGEMENT,
		sessions=reads.dates(engagement.opportunity),
		payments=payments,
		choices=choices.offered(visit, engagement) if _may_choose(engagement, payments) else [],
		saved=visit.with_money and visit.asked("done") == "choice",
	)


def _may_choose(engagement, payments) -> bool:
	if engagement.status in reads.LIVING_ENGAGEMENT:
		return True
	return any(payment.status not in SETTLED for payment in payments)


@lifecycle.retry_on_deadlock
def change_choice(visit, name):
	choice, amount = choices.taken(visit, _own(visit, name))
	places.change_choice(name, choice, amount)
	return see_other(f"/take-part/my/places/{name}", done="choice")


def leave_page(visit, name):
	engagement = _own(visit, name)
	if engagement.status not in reads.LIVING_ENGAGEMENT:
		return see_other(f"/take-part/my/places/{name}")
	return page(
		visit,
		"leave.html",
		_("Stop taking part?"),
		title_of=engagement.title,
		back=f"/take-part/my/places/{name}",
	)


@lifecycle.retry_on_deadlock
def leave(visit, name):
	if _own(visit, name).status not in reads.LIVING_ENGAGEMENT:
		return see_other(f"/take-part/my/places/{name}")
	places.leave(name)
	return see_other("/take-part/my", done="left")


def _own(visit, name):
	engagement = reads.engagement(name, visit.participant)
	if not engagement:
		raise Missing
	return engagement
