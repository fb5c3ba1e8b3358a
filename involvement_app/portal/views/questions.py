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


def show(visit):
	return page(
		visit,
		"messages.html",
		_("Messages"),
		questions=reads.questions(visit.participant),
		notes=reads.shared_notes(visit.participant),
		named_contact=reads.named_contact(visit.participant),
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
