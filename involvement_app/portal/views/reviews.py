"""A plan that somebody is asked about before it goes on: they read what people will read, and say yes, what they would
change, or no thank you (domain 4.3, 4.8; rows 0.14 and 2.2)."""

from frappe import _

from involvement_app import lifecycle
from involvement_app.involvement_app import reviewers
from involvement_app.portal import reads
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.views import files
from involvement_app.portal.visit import Missing, Problem, Refused

MOST_WORDS = 2000
READ = ("Asked", "Yes", "Changes wanted")
ANSWERS = {"yes": "Yes", "changes": "Ask for changes"}


def show(visit, name):
	review = visit.found(reads.review, name)
	opportunity = reads.reviewed(review, visit.participant)
	open_now = review.status == "Asked" and opportunity.status == "Submitted"
	return page(
		visit,
		"review.html",
		_("What do you think of this plan?"),
		review=review,
		opportunity=opportunity,
		dates=reads.planned_dates(opportunity.name),
		easy_read_at=f"/take-part/my/reviews/{name}/easy-read",
		open_now=open_now,
		# what is on this page: an answer to it is no answer to another
		version=(opportunity.written_version or reviewers.version_of(opportunity.name)) if open_now else "",
		most=MOST_WORDS,
	)


def easy_read(visit, name):
	review = visit.found(reads.review, name)
	file = reads.easy_read(reads.reviewed(review, visit.participant)) if review.status in READ else None
	if not file:
		raise Missing
	return files.download(file, "easy-read")


@lifecycle.retry_on_deadlock
def answer(visit, name):
	visit.found(reads.review, name)
	answer = visit.typed("answer")
	words = visit.typed("words", MOST_WORDS, _("What you would change"))
	if answer not in ANSWERS:
		raise Refused(Problem(_("Choose yes, or ask for changes"), "answer"))
	if answer == "changes" and not words:
		raise Refused(Problem(_("Tell us what you would change"), "words"))
	try:
		reviewers.answer(name, ANSWERS[answer], words, visit.typed("version"))
	except reviewers.ChangedMeanwhile:
		raise Refused(
			Problem(_("Somebody has just changed this plan. Please read it again, and then answer."))
		)
	return see_other("/take-part/my", done="reviewed")


def no_page(visit, name):
	review = visit.found(reads.review, name)
	if review.status not in ("Named", "Asked"):
		return see_other(f"/take-part/my/reviews/{name}")
	return page(
		visit,
		"stop.html",
		_("Say no thank you?"),
		title_of=reads.reviewed(review, visit.participant).title,
		afterwards=_("We ask somebody else."),
		button=_("No thank you"),
		back=f"/take-part/my/reviews/{name}",
		back_words=_("Go back, I have not decided"),
	)


@lifecycle.retry_on_deadlock
def say_no(visit, name):
	review = visit.found(reads.review, name)
	if review.status in ("Named", "Asked"):
		reviewers.step_aside(name)
	return see_other("/take-part/my", done="not-reviewing")
