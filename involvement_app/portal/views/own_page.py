from frappe import _
from werkzeug.wrappers import Response

from involvement_app.involvement_app.feedback import OWED
from involvement_app.involvement_app.holding import LIVING
from involvement_app.portal import reads, words
from involvement_app.portal.responses import page


def done(what: str) -> tuple[str, str] | None:
	"""What has just happened, said on top. The address names one of these, never its own words."""
	said = {
		"applied": (
			_("Thank you. We have your application."),
			_("We will tell you what happens next. You can change your mind at any time."),
		),
		"accepted": (
			_("You have a place."),
			_("The dates are below. You can still change your mind at any time."),
		),
		"waiting": (
			_("The last place was taken a moment before."),
			_("You are on the waiting list. If a place becomes free, we will offer it to you."),
		),
		"no": (
			_("That is fine. You have said no thank you."),
			_(
				"It changes nothing else. If you change your mind, you can apply again while it is open, or ask us."
			),
		),
		"reviewed": (
			_("Thank you. We have your answer."),
			_("It counts as much as the manager's."),
		),
		"not-reviewing": (
			_("That is fine. We will not ask you about this again."),
			_("You do not need a reason, and it changes nothing else."),
		),
		"not-choosing": (
			_("That is fine. We will not ask you to choose here again."),
			_("You do not need a reason, and it changes nothing else."),
		),
		"more": (
			_("Thank you. Somebody will tell you more."),
			_("You find our answer under “Messages”. Until then you can still say yes or no."),
		),
		"not-leading": (
			_("That is fine. You no longer lead this."),
			_("You do not need a reason, and it changes nothing else."),
		),
		"left": (
			_("That is fine. You are no longer taking part in this."),
			_("We still pay what we owe you. If you change your mind, get in touch with us."),
		),
		"paused": (
			_("You are taking a break now."),
			_("Nobody will ask you why. You can come back whenever you like."),
		),
		"gone": (
			_("You have left. Thank you for everything."),
			_("We still pay what we owe you. If you change your mind, you can come back whenever you like."),
		),
		"back": (
			_("Welcome back."),
			_("You can apply again for anything you like."),
		),
		"password": (
			_("Your new password is saved."),
			_("You are signed in here, and signed out everywhere else."),
		),
	}
	return said.get(what)


def still_here(visit):
	"""Nothing to see: with this request the session goes on (public/js/portal/timeout.js asks for it)."""
	return Response(status=204)


def show(visit):
	mine = reads.mine(visit.participant, themself=not visit.acting)
	offered, applied = [], []
	for row in mine:
		if row.kind == reads.APPLICATION:
			is_open = row.status == "Offered" and not words.is_past(row.reply_by)
			(offered if is_open else applied).append(row)
	places = [row for row in mine if row.kind == reads.PLACE]
	feedback = (
		[]
		if visit.acting and not visit.acting.may_places
		else reads.feedback_for(visit.participant, not visit.acting)
	)
	return page(
		visit,
		"my.html",
		_("My page"),
		done=done(visit.asked("done")),
		standing=visit.standing,
		reviews=[row for row in mine if row.kind == reads.REVIEW],
		invitations=[row for row in mine if row.kind == reads.INVITATION],
		choosing=[row for row in mine if row.kind == reads.CHOOSES],
		leading=[row for row in mine if row.kind == reads.LEADS],
		panels=[row for row in mine if row.kind == reads.PANEL],
		offers=offered,
		applications=applied,
		living=[row for row in places if row.status in LIVING],
		past=[row for row in places if row.status not in LIVING],
		owed=[row for row in feedback if row.status == OWED],
		told=[row for row in feedback if row.status != OWED],
		sessions=reads.coming_sessions(visit.participant),
		payments=reads.payments(visit.participant, size=3) if visit.with_money and not visit.acting else [],
	)
