"""What one said yes or no to. Saying no is one button, as saying yes is (domain 1.7, 4.2)."""

from frappe import _

from involvement_app.involvement_app.consents import MEDIA
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_privacy import consent
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Problem, Refused

# what the two buttons send
YES, NO = "yes", "no"


def show(visit):
	person = _person(visit)
	found = [
		{"statement": row, "now": now, "holds": bool(now) and now.holds} for row, now in consent.asked(person)
	]
	return page(
		visit,
		"consents.html",
		_("What you said yes or no to"),
		asked=[each for each in found if each["statement"].kind == consent.CONSENT],
		notices=[each for each in found if each["statement"].kind == consent.NOTICE],
		history=consent.history(person),
		saved=visit.asked("done") == "saved",
		yes=YES,
		no=NO,
	)


def answer(visit):
	purpose, said = visit.typed("purpose", 140), visit.typed("answer", 10)
	found = {row.purpose: now for row, now in consent.asked(_person(visit)) if row.kind == consent.CONSENT}
	if purpose not in found or said not in (YES, NO):
		raise Refused(Problem(_("Choose one of the buttons below.")))
	if purpose == MEDIA and said == YES:
		return see_other("/take-part/my/media")  # a yes says where, how they are named and until when
	_write_down(_person(visit), purpose, said, found[purpose])
	return see_other("/take-part/my/consents", done="saved")


def _write_down(person: consent.Person, purpose: str, said: str, now: consent.State | None) -> None:
	how = consent.How(consent.PORTAL)
	if now and now.holds == (said == YES):
		return  # the button was pressed twice
	if said == YES:
		consent.give(person, purpose, how)
	elif now:
		consent.withdraw(person, purpose, how)
	else:
		consent.record(person, {purpose: consent.REFUSED}, how)


def _person(visit) -> consent.Person:
	"""From the session, never from the request."""
	return PARTICIPANT, visit.participant
