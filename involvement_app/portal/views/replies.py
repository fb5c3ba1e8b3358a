"""An application of one's own: what became of it, yes to an offer, and no at any time (rows 0.13, 0.14)."""

from frappe import _

from involvement_app import lifecycle
from involvement_app.involvement_app import places
from involvement_app.portal import choices, reads
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Missing


def show(visit, name):
	application = _own(visit, name)
	offered = application.status == "Offered"
	title = _("We would like to offer you a place") if offered else application.title
	return page(
		visit, "reply.html", title, application=application, choices=choices.offered(visit, application)
	)


@lifecycle.retry_on_deadlock
def accept(visit, name):
	application = _own(visit, name)
	choice, amount = choices.taken(visit, application)
	outcome = places.accept(name, choice, amount)
	return see_other("/take-part/my", done="accepted" if outcome == "Accepted" else "waiting")


def no_page(visit, name):
	application = _own(visit, name)
	if application.status not in reads.OPEN_APPLICATION:
		return see_other(f"/take-part/my/offers/{name}")
	return page(
		visit,
		"say_no.html",
		_("Say no thank you?"),
		title_of=application.title,
		button=_("No thank you"),
		back=f"/take-part/my/offers/{name}",
		on_offer=application.on_offer,
	)


@lifecycle.retry_on_deadlock
def say_no(visit, name):
	application = _own(visit, name)
	if application.status not in reads.OPEN_APPLICATION:
		return see_other(f"/take-part/my/offers/{name}")
	places.decline(name)
	return see_other("/take-part/my", done="no")


def _own(visit, name):
	application = reads.application(name, visit.participant)
	if not application:
		raise Missing
	return application
