"""Questions one asks, our answers, and what we wrote down about a talk and share (rows 1.9, 3.14)."""

from frappe import _

from involvement_app.involvement_app import questions
from involvement_app.portal import reads
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Problem, Refused

HERE = questions.PAGE
MOST = 2000


def done(what: str) -> tuple[str, str] | None:
	return {
		"sent": (_("We have your question."), _("You can take it back until we have answered.")),
		"gone": (_("It is gone."), _("We no longer keep it.")),
	}.get(what)


def begins(about: str) -> str:
	"""The first words of a question, for who comes from another page. The address names one, never its own words."""
	return {
		"history": _("What you wrote about what I did before: "),
		"how": _("How it was for me: "),
		"check": _("What you wrote about a check: "),
	}.get(about, "")


def show(visit):
	notes = reads.shared_notes(visit.participant)
	return page(
		visit,
		"messages.html",
		_("Messages"),
		questions=reads.questions(visit.participant),
		written=[note for note in notes if note.sent_on],
		notes=[note for note in notes if not note.sent_on],
		named_contact=reads.named_contact(visit.participant),
		begins=begins(visit.asked("about")),
		done=done(visit.asked("done")),
	)


def ask(visit):
	words = visit.typed("question", MOST, _("Your question"))
	if not words:
		raise Refused(Problem(_("Write your question"), "question"))
	try:
		questions.ask(visit.participant, words)
	except questions.TooMany:
		raise Refused(
			Problem(_("We still have many questions of yours. Please wait for our answers."), "question")
		)
	return see_other(HERE, done="sent")


def take_back(visit, name):
	visit.found(reads.open_question, name)
	questions.take_back(visit.participant, name)
	return see_other(HERE, done="gone")
