"""An application of one's own: what became of it, yes to an offer, and no at any time (rows 0.13, 0.14)."""

from frappe import _
from frappe.utils import now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import caps, clashes, places, promises, training
from involvement_app.involvement_app.preferences import over_their_limit
from involvement_app.portal import choices, reads, words
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Problem, Refused


def show(visit, name):
	application = visit.found(reads.application, name)
	offered = application.status == "Offered"
	title = _("We would like to offer you a place") if offered else application.title
	each_date = _each_date(application) if offered and visit.with_money else None
	offer = choices.offered(visit, application, bool(each_date) and each_date.changed)
	return page(
		visit,
		"reply.html",
		title,
		application=application,
		choices=offer,
		each_date=each_date,
		same_day=_same_day(visit, application) if offered else "",
		over=_over_my_limit(visit, application) if offered and offer else None,
		beyond=caps.refused_in_full(visit.participant, application) if offered and offer else [],
		to_do=training.still_to_do(visit.participant, application.opportunity) if _waits(application) else [],
	)


def _each_date(application):
	return promises.each_date(application, reads.dates(application.opportunity), now_datetime())


def _waits(application) -> bool:
	return application.status in ("Applied", "Waiting list")


def _over_my_limit(visit, application):
	"""Said before the answer, and no more than said: the person decides (row 0.13)."""
	return over_their_limit(
		visit.participant, application.offered_amount, application.payment_on, application.opportunity
	)


def _same_day(visit, application) -> str:
	"""Said before the answer and asked about. What overlaps is said when they say yes: until then it may change."""
	overlapping, same_day = clashes.beside(visit.participant, application.opportunity)
	if overlapping:
		return ""
	return "; ".join(words.span(row.starts_on, row.ends_on) for row in same_day)


@lifecycle.retry_on_deadlock
def accept(visit, name):
	application = visit.found(reads.application, name)
	choice, amount, charity = choices.taken(visit, application)
	try:
		outcome = places.accept(
			name,
			choice,
			amount,
			same_day_is_fine=visit.kept("same_day") == "yes",
			charity=charity,
			advice_read=visit.kept("advice") == "yes",
		)
	except clashes.SameDay as problem:
		raise Refused(Problem(words.plain(problem), "same_day"))
	return see_other("/take-part/my", done="accepted" if outcome == "Accepted" else "waiting")


def no_page(visit, name):
	application = visit.found(reads.application, name)
	if application.status not in reads.OPEN_APPLICATION:
		return see_other(f"/take-part/my/offers/{name}")
	if application.on_offer:
		afterwards = _("If you change your mind later, you can apply again while it is open.")
	else:
		afterwards = _("If you change your mind later, ask us. Perhaps there is still a place.")
	return page(
		visit,
		"stop.html",
		_("Say no thank you?"),
		title_of=application.title,
		afterwards=afterwards,
		button=_("No thank you"),
		back=f"/take-part/my/offers/{name}",
		back_words=_("Go back, I have not decided"),
	)


@lifecycle.retry_on_deadlock
def say_no(visit, name):
	application = visit.found(reads.application, name)
	if application.status not in reads.OPEN_APPLICATION:
		return see_other(f"/take-part/my/offers/{name}")
	places.decline(name)
	return see_other("/take-part/my", done="no")
