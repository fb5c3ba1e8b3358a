"""What one needs to take part: written by the person, shared as they say, taken away with one button (row 0.15)."""

from frappe import _

from involvement_app.involvement_app import access, consents
from involvement_app.involvement_app.doctype.access_requirement.criterion import LEADS, NAMED, TEAM
from involvement_app.portal import reads, yes_first
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Problem, Refused

HERE = "/take-part/my/access"
MOST = 2000


def done(what: str) -> str | None:
	return {
		"saved": _("It is saved. You can change it at any time."),
		"gone": _("It is gone. We no longer keep it."),
		"right": _("Thank you. We will ask you again in a year."),
		"answered": _("Thank you for telling us."),
	}.get(what)


def show(visit):
	return page(
		visit,
		"access.html",
		_("What makes it easier for you"),
		person=reads.person(visit.participant),
		needs=reads.access_requirements(visit.participant),
		statement=yes_first.statement(visit, consents.ACCESS),
		done=done(visit.asked("done")),
		shared=_shared,
	)


def _shared(need) -> str:
	if need.share_with == NAMED:
		return _("Only {0} sees this.").format(need.named_contact or _("your named contact"))
	if need.share_with == LEADS:
		return _("Our team sees this, and whoever runs what you take part in.")
	return _("Our team sees this.")


def save(visit):
	"""The words of one's own, or “all of it is still right”."""
	if visit.typed("right", 4) == "yes":
		access.still_right(visit.participant)
		return see_other(HERE, done="right")
	words = visit.typed("access_note", MOST, _("What makes it easier"))
	yes_first.take(visit, consents.ACCESS)
	access.write_note(visit.participant, words)
	return see_other(HERE, done="saved")


def new(visit):
	return _form(visit, {}, _("Add something you need"))


def add(visit):
	return _write(visit, None)


def one(visit, name):
	return _form(visit, visit.found(reads.access_requirement, name), _("Change what you need"))


def change(visit, name):
	visit.found(reads.access_requirement, name)
	return _write(visit, name)


def remove(visit, name):
	visit.found(reads.access_requirement, name)
	access.take_away(visit.participant, name)
	return see_other(HERE, done="gone")


def _form(visit, need: dict, title: str):
	contact = need["named_contact"] if need else reads.named_contact(visit.participant)
	return page(
		visit,
		"access_need.html",
		title,
		need=need,
		kinds=[(row, _(row)) for row in reads.kinds_of_needs()],
		shares=_shares(contact),
		statement=yes_first.statement(visit, consents.ACCESS),
	)


def _shares(contact: str | None) -> list[tuple[str, str]]:
	offered = [
		(TEAM, _("Your team, so that they can plan for it")),
		(LEADS, _("Your team, and whoever runs what you take part in")),
	]
	return [(NAMED, _("Only {0}").format(contact)), *offered] if contact else offered


def _write(visit, name: str | None):
	contact = reads.named_contact(visit.participant)
	need, share = visit.typed("need", 140), visit.typed("share_with", 60)
	detail = visit.typed("detail", MOST, _("What you wrote"))
	problems = []
	if need not in reads.kinds_of_needs():
		problems.append(Problem(_("Choose what you need"), "need"))
	if share not in [value for value, _text in _shares(contact)]:
		problems.append(Problem(_("Choose who may see it"), "share_with"))
	if problems:
		raise Refused(*problems)
	yes_first.take(visit, consents.ACCESS)
	access.write(visit.participant, name, {"need": need, "detail": detail, "share_with": share})
	return see_other(HERE, done="saved")


def met_page(visit, name):
	engagement = visit.found(reads.engagement, name)
	return page(
		visit,
		"access_met.html",
		_("Did you have what you needed?"),
		engagement=engagement,
		sessions=access.to_answer(visit.participant, name),
		answers=[("Yes", _("Yes")), ("Partly", _("Partly")), ("No", _("No"))],
		done=done(visit.asked("done")),
	)


def answer(visit, name):
	visit.found(reads.engagement, name)
	met, row = visit.typed("met", 10), visit.typed("session", 140)
	words = visit.typed("words", MOST, _("What you wrote"))
	if met not in access.MET:
		raise Refused(Problem(_("Choose yes, partly or no"), f"met-{row}"))
	access.answer(visit.participant, row, met, words)
	return see_other(f"/take-part/my/places/{name}/access", done="answered")
