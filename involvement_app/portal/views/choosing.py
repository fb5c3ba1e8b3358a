"""Choosing with us who takes part: somebody with lived experience reads what each application says, without names, and
scores it against what was published, leaves it out, or says no thank you (domain 4.3; rows 0.11, 0.14 and 4.2)."""

from frappe import _

from involvement_app import lifecycle
from involvement_app.involvement_app import selectors
from involvement_app.portal import reads_choosing as reads
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Missing, Problem, Refused

MARKS = ("3", "2", "1", "0")


def show(visit, name):
	request = visit.found(reads.request, name)
	rows = reads.to_score(request)
	return page(
		visit,
		"choosing.html",
		_("Choose with us"),
		request=request,
		open_rows=[row for row in rows if not row.score],
		done_rows=[row for row in rows if row.score],
		scored=visit.asked("done") == "scored",
	)


def one(visit, name, application):
	request, row = _found(visit, name, application)
	return page(
		visit,
		"choosing_one.html",
		_("Application {0}").format(row.name),
		request=request,
		row=row,
		criteria=reads.criteria_with_marks(request.opportunity, row.score),
		marks=_words(),
	)


@lifecycle.retry_on_deadlock
def score(visit, name, application):
	request, row = _found(visit, name, application)
	marks = None
	if visit.typed("left_out") != "yes":
		asked = reads.criteria_with_marks(request.opportunity, None)
		marks = [visit.typed(f"mark_{each.idx}") for each in asked]
		open_ones = [
			Problem(_("Choose an answer for: {0}").format(each.criterion), f"mark_{each.idx}")
			for each, mark in zip(asked, marks, strict=True)
			if mark not in MARKS
		]
		if open_ones:
			raise Refused(*open_ones)
	selectors.score(request.name, row.name, marks)
	return see_other(f"/take-part/my/choosing/{name}", done="scored")


def no_page(visit, name):
	request = visit.found(reads.request, name)
	if request.status != "Asked":
		return see_other(f"/take-part/my/choosing/{name}")
	return page(
		visit,
		"stop.html",
		_("Say no thank you?"),
		title_of=request.title,
		afterwards=_("We do not wait for you, and ask somebody else."),
		button=_("No thank you"),
		back=f"/take-part/my/choosing/{name}",
		back_words=_("Go back, I have not decided"),
	)


@lifecycle.retry_on_deadlock
def say_no(visit, name):
	if visit.found(reads.request, name).status == "Asked":
		selectors.step_aside(name)
	return see_other("/take-part/my", done="not-choosing")


def _found(visit, name, application):
	request = visit.found(reads.request, name)
	rows = reads.to_score(request, application)
	if not rows:
		raise Missing
	return request, rows[0]


def _words() -> list[tuple[str, str]]:
	said = {"3": _("Very well"), "2": _("Well"), "1": _("A little"), "0": _("I do not see it")}
	return [(mark, said[mark]) for mark in MARKS]
