"""An invitation: yes, I would like to know more, or no thank you (rows 0.13, 0.14). Not answering is fine, too."""

from frappe import _

from involvement_app import lifecycle
from involvement_app.involvement_app import questions
from involvement_app.involvement_app.matching import invitations
from involvement_app.portal import reads
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Problem, Refused

MOST_WORDS = 1000


def show(visit, name):
	invitation = visit.found(reads.invitation, name)
	return page(
		visit,
		"invitation.html",
		invitation.title,
		invitation=invitation,
		dates=reads.dates(invitation.opportunity),
		most=MOST_WORDS,
		live=_is_live(invitation),
	)


def _is_live(invitation) -> bool:
	return bool(invitation.on_offer) and invitation.status in reads.OPEN_INVITATION


@lifecycle.retry_on_deadlock
def know_more(visit, name):
	invitation = visit.found(reads.invitation, name)
	if not _is_live(invitation):
		return see_other(f"/take-part/my/invitations/{name}")
	words = visit.typed("question", MOST_WORDS, _("What you would like to know"))
	try:
		invitations.know_more(name, visit.participant, words)
	except questions.TooMany:
		raise Refused(Problem(_("You have asked a lot already. We answer those questions first.")))
	return see_other("/take-part/my", done="more")


@lifecycle.retry_on_deadlock
def say_no(visit, name):
	invitation = visit.found(reads.invitation, name)
	if invitation.status in reads.OPEN_INVITATION:
		invitations.say_no(name, visit.participant)
	return see_other("/take-part/my", done="no")
