"""A place of one's own: its dates, what one is paid, and leaving it without a reason (row 0.14)."""

import frappe
from frappe import _

from involvement_app import lifecycle
from involvement_app.involvement_app import papers, places, promises
from involvement_app.involvement_app.holding import LIVING, promised_money
from involvement_app.involvement_app.preferences import over_their_limit
from involvement_app.money import money
from involvement_app.portal import choices, reads
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.views import files
from involvement_app.portal.visit import Missing

# From here on a payment no longer changes with the person's choice.
SETTLED = ("Scheduled", "Failed at bank", "Paid", "Reconciled", "Rejected", "Void")


def show(visit, name):
	engagement = visit.found(reads.engagement, name)
	sessions = reads.dates(engagement.opportunity, called_off=True)
	shown = visit.with_money and not visit.acting
	payments = reads.payments(visit.participant, size=reads.MOST, engagement=name) if shown else []
	each_date = _each_date(visit, engagement, sessions)
	offer = choices.offered(visit, engagement, each_date.changed) if _may_choose(engagement, payments) else []
	more = bool(offer) and _could_be_more(engagement)
	return page(
		visit,
		"place.html",
		engagement.title,
		engagement=engagement,
		is_living=engagement.status in LIVING,
		papers=papers.of_place(engagement) if engagement.status in LIVING else [],
		sessions=sessions,
		promised=_promised(visit, engagement, sessions),
		each_date=each_date,
		payments=payments,
		choices=offer,
		more=more,
		over=_over_my_limit(visit, engagement) if more else None,
		saved=visit.with_money and visit.asked("done") == "choice",
	)


def _each_date(visit, engagement, sessions):
	if not visit.with_money or engagement.status not in LIVING:
		return promises.EachDate([], False)
	return promises.each_date(engagement, sessions, engagement.creation)


def paper(visit, name, paper):
	"""One of the papers, to whoever has the place."""
	engagement = visit.found(reads.engagement, name)
	if engagement.status not in LIVING:
		raise Missing
	for row in papers.of_place(engagement):
		if row.name == paper and (file := papers.file_of(row.session, row.file)):
			return files.download(file, "paper")
	raise Missing


def _promised(visit, engagement, sessions) -> bool:
	"""Whether what became of the payment for a date called off is this person's to know; asked where there is one."""
	if not any(session.status == "Cancelled" for session in sessions):
		return False
	return bool(promised_money([frappe._dict(engagement, participant=visit.participant)]))


def _may_choose(engagement, payments) -> bool:
	if engagement.status in LIVING:
		return True
	return any(payment.status not in SETTLED for payment in payments)


def _could_be_more(engagement) -> bool:
	has = places.theirs(engagement.payment_choice, engagement.chosen_amount, engagement.offered_amount)
	return has < money(engagement.offered_amount)


def _over_my_limit(visit, engagement):
	"""Of all of it; said before they choose, and no more than said (row 0.13)."""
	return over_their_limit(
		visit.participant,
		engagement.offered_amount,
		engagement.payment_on,
		engagement.opportunity,
		besides=engagement.name,
	)


@lifecycle.retry_on_deadlock
def change_choice(visit, name):
	choice, amount, charity = choices.taken(visit, visit.found(reads.engagement, name))
	advice_read = visit.kept("advice") == "yes"
	places.change_choice(name, choice, amount, charity=charity, advice_read=advice_read)
	return see_other(f"/take-part/my/places/{name}", done="choice")


def leave_page(visit, name):
	engagement = visit.found(reads.engagement, name)
	if engagement.status not in LIVING:
		return see_other(f"/take-part/my/places/{name}")
	afterwards = _(
		"Your place is offered to somebody else. If you change your mind later, ask us: perhaps there is still room."
	)
	if visit.with_money:
		afterwards = " ".join((_("We still pay you for what you have already done."), afterwards))
	return page(
		visit,
		"stop.html",
		_("Stop taking part?"),
		title_of=engagement.title,
		afterwards=afterwards,
		button=_("Stop taking part in this"),
		back=f"/take-part/my/places/{name}",
		back_words=_("Go back, I stay"),
	)


@lifecycle.retry_on_deadlock
def leave(visit, name):
	if visit.found(reads.engagement, name).status not in LIVING:
		return see_other(f"/take-part/my/places/{name}")
	places.leave(name)
	return see_other("/take-part/my", done="left")
