"""Panels that choose staff: who sits on them reads what there is to read, writes questions, says whom they know, scores,
and, as the chair, closes and decides (domain 1.6, 4.4, 4.8; rows 3.11 and 4.8)."""

import frappe
from frappe import _

from involvement_app import lifecycle
from involvement_app.involvement_app import panels as rules
from involvement_app.involvement_app.panels import criteria, decisions, members, results, scores
from involvement_app.portal import panel_reads as reads
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Missing, Problem, Refused

MOST_WORDS = 2000
MOST_QUESTION = 500
NEXT = {
	"Convened": ("Start interviews", _("Start the interviews")),
	"Interviewing": ("Start scoring", _("Ask everybody for their scores")),
}


def index(visit):
	return page(visit, "panels.html", _("My panels"), panels=reads.mine(visit.participant))


def show(visit, name):
	panel = _seat(visit, name)
	seats, those = reads.members(name), reads.candidates(name)
	readable, bar = reads.scores(panel, seats, those)
	own = {row.candidate: row for row in readable if row.participant == visit.participant}
	return page(
		visit,
		"panel.html",
		panel.post,
		panel=panel,
		seats=seats,
		candidates=those,
		aside=members.aside(panel),
		own=own,
		bar=bar,
		results=results.of(those, readable) if panel.opened_on else [],
		against_me=[
			row
			for row in those
			if row.outcome in rules.AS_IF_APPOINTABLE
			and row.reference in own
			and own[row.reference].appointable == rules.NOT_APPOINTABLE
		],
		next_step=NEXT.get(panel.status) if panel.role == rules.CHAIR else None,
		votes=panel.role != rules.SHADOW,
		done=DONE.get(visit.asked("done")),
		sent=visit.asked("of") if visit.asked("done") == "scored" else "",
	)


DONE = {
	"scored": _("Thank you. Your score is kept. Only you can read it for now."),
	"asked": _("Thank you. The others can read your question."),
	"agreed": _("Thank you. You said yes to it. The others can read it."),
	"declared": _("Thank you. We have written it down."),
	"closed": _("Scoring is closed. The scores are open now."),
	"decided": _("The decision is written down."),
	"step": _("Done."),
}


def _seat(visit, name):
	panel = visit.found(reads.seat, name)
	panel.reader = visit.participant
	return panel


@lifecycle.retry_on_deadlock
def step(visit, name):
	"""The chair goes on."""
	panel = _seat(visit, name)
	if panel.role != rules.CHAIR or panel.status not in NEXT:
		raise Missing
	_take(lambda: lifecycle.apply(scores.locked(name), NEXT[panel.status][0]))
	return see_other(f"/take-part/my/panels/{name}", done="step")


def _take(act) -> None:
	"""What the rules say against it is said on the page."""
	try:
		act()
	except frappe.PermissionError:
		raise
	except frappe.ValidationError as problem:
		frappe.clear_messages()
		raise Refused(Problem(str(problem))) from problem


# --- questions ----------------------------------------------------------------------------------------


def questions_page(visit, name):
	panel = _seat(visit, name)
	return page(
		visit,
		"panel_questions.html",
		_("Questions for the candidates"),
		panel=panel,
		questions=reads.questions(name),
		may_write=panel.status in rules.BEFORE_SCORING,
		most=MOST_QUESTION,
	)


@lifecycle.retry_on_deadlock
def ask(visit, name):
	panel = _seat(visit, name)
	words = visit.typed("question", MOST_QUESTION, _("Your question"))
	if not words:
		raise Refused(Problem(_("Write your question"), "question"))
	if panel.status not in rules.BEFORE_SCORING:
		raise Missing
	_take(lambda: members.write_question(name, words))
	return see_other(f"/take-part/my/panels/{name}", done="asked")


# --- what is scored -----------------------------------------------------------------------------------


def criteria_page(visit, name):
	panel = _seat(visit, name)
	return page(
		visit,
		"panel_criteria.html",
		_("What is scored"),
		panel=panel,
		criteria=reads.criteria(name),
		open_now=panel.status in rules.BEFORE_SCORING,
		marks=range(rules.MOST_SCORE + 1),
	)


def criterion_page(visit, name, criterion):
	panel, row = _owned(visit, name, criterion)
	return page(
		visit,
		"panel_criterion.html",
		_("Your part of what is scored"),
		panel=panel,
		criterion=row,
		marks=range(rules.MOST_SCORE + 1),
		most=criteria.MOST_WORDS,
	)


def _owned(visit, name, criterion):
	"""What the reader owns, while it can change."""
	panel = _seat(visit, name)
	row = next((row for row in reads.criteria(name) if row.name == criterion), None)
	if not row or row.participant != visit.participant or panel.status not in rules.BEFORE_SCORING:
		raise Missing
	return panel, row


@lifecycle.retry_on_deadlock
def agree(visit, name, criterion):
	_owned(visit, name, criterion)
	said = {"criterion": visit.typed("criterion", criteria.MOST_WORDS, _("What is scored"))}
	for mark, field in enumerate(criteria.WORDS):
		said[field] = visit.typed(field, criteria.MOST_WORDS, _("{0} means").format(mark))
	missing = {"criterion": _("Write what is scored")} | {
		field: _("Write what {0} means").format(mark) for mark, field in enumerate(criteria.WORDS)
	}
	problems = [Problem(words, field) for field, words in missing.items() if not said[field]]
	if problems:
		raise Refused(*problems)
	_take(lambda: criteria.agree(name, criterion, said))
	return see_other(f"/take-part/my/panels/{name}", done="agreed")


# --- whom they know -----------------------------------------------------------------------------------


def interests_page(visit, name):
	panel = _seat(visit, name)
	return page(
		visit,
		"panel_interests.html",
		_("Do you know one of them?"),
		panel=panel,
		candidates=reads.candidates(name),
		aside=members.aside(panel),
		open_now=panel.status in rules.BEFORE_SCORING,
	)


@lifecycle.retry_on_deadlock
def declare(visit, name):
	panel = _seat(visit, name)
	if panel.status not in rules.BEFORE_SCORING:
		raise Missing
	known = visit.ticked_of("knows", [row.reference for row in reads.candidates(name)])
	if not known and visit.typed("none") != "yes":
		raise Refused(Problem(_("Choose whom you know, or say that you know none of them"), "none"))
	if known and visit.typed("none") == "yes":
		raise Refused(Problem(_("Choose either whom you know, or none of them"), "none"))
	_take(lambda: members.declare(name, known))
	return see_other(f"/take-part/my/panels/{name}", done="declared")


# --- scores -------------------------------------------------------------------------------------------


def score_page(visit, name, candidate):
	panel = _votes(visit, name)
	if candidate not in {row.reference for row in reads.candidates(name)}:
		raise Missing
	rows = reads.own_score(name, visit.participant, candidate)
	return page(
		visit,
		"panel_score.html",
		_("Your score for {0}").format(candidate),
		panel=panel,
		candidate=candidate,
		criteria=reads.criteria(name),
		own=rows[0] if rows else frappe._dict(),
		marks={row.criterion: row.score for row in rows},
		open_now=panel.status == rules.SCORING and not panel.opened_on,
		late=panel.status == rules.SCORING and panel.opened_on and not rows,
		stands_aside=candidate in members.aside(panel),
		most=MOST_WORDS,
	)


def _votes(visit, name):
	panel = _seat(visit, name)
	if panel.role == rules.SHADOW:
		raise Missing
	return panel


@lifecycle.retry_on_deadlock
def score(visit, name, candidate):
	_votes(visit, name)
	scored = reads.criteria(name)
	answer = visit.typed("answer")
	words = visit.typed("words", MOST_WORDS, _("In your words"))
	marks = {row.criterion: visit.typed(f"score-{number}") for number, row in enumerate(scored, 1)}
	problems = []
	if answer not in ("score", "not"):
		problems.append(Problem(_("Choose whether you score"), "answer"))
	if answer == "score":
		problems += [
			Problem(_("Choose 0, 1, 2 or 3 for “{0}”").format(row.criterion), f"score-{number}")
			for number, row in enumerate(scored, 1)
			if marks[row.criterion] not in {str(each) for each in range(rules.MOST_SCORE + 1)}
		]
		if visit.typed("appointable") not in ("yes", "no"):
			problems.append(Problem(_("Say whether this person could do the job"), "appointable"))
	if problems:
		raise Refused(*problems)
	values = {
		"answer": rules.SCORED if answer == "score" else rules.CHOSE_NOT,
		"appointable": {"yes": rules.APPOINTABLE, "no": rules.NOT_APPOINTABLE}.get(
			visit.typed("appointable")
		),
		"words": words,
		"scores": marks,
	}
	_take(lambda: scores.put(name, candidate, values))
	return see_other(f"/take-part/my/panels/{name}", done="scored", of=candidate)


# --- the chair ----------------------------------------------------------------------------------------


def _chairs(visit, name):
	panel = _seat(visit, name)
	if panel.role != rules.CHAIR or panel.status != rules.SCORING:
		raise Missing
	return panel


def close_page(visit, name):
	return page(visit, "panel_close.html", _("Close scoring early?"), panel=_chairs(visit, name), most=500)


@lifecycle.retry_on_deadlock
def close(visit, name):
	_chairs(visit, name)
	reason = visit.typed("reason", 500, _("Why"))
	if not reason:
		raise Refused(Problem(_("Write why. The others read it."), "reason"))
	_take(lambda: scores.close(name, reason))
	return see_other(f"/take-part/my/panels/{name}", done="closed")


def decide_page(visit, name):
	panel = _chairs(visit, name)
	if not panel.opened_on:
		raise Missing
	seats, those = reads.members(name), reads.candidates(name)
	readable, _bar = reads.scores(panel, seats, those)
	against = {
		row.candidate
		for row in readable
		if row.kind == rules.LIVED_EXPERIENCE and row.appointable == rules.NOT_APPOINTABLE
	}
	return page(
		visit,
		"panel_decide.html",
		_("What did you decide together?"),
		panel=panel,
		candidates=scores.candidates(frappe._dict(candidates=those)),
		outcomes=[(each, _(each)) for each in decisions.OUTCOMES],
		against=against,
		results=results.of(those, readable),
		most=MOST_WORDS,
	)


@lifecycle.retry_on_deadlock
def decide(visit, name):
	panel = _chairs(visit, name)
	if not panel.opened_on:
		raise Missing
	chosen, problems = {}, []
	for number, row in enumerate(scores.candidates(frappe._dict(candidates=reads.candidates(name))), 1):
		outcome = visit.typed(f"outcome-{number}")
		if outcome not in decisions.OUTCOMES:
			problems.append(
				Problem(_("Choose the outcome for {0}").format(row.reference), f"outcome-{number}")
			)
		chosen[row.reference] = (outcome, visit.typed(f"reason-{number}", MOST_WORDS, _("Why")))
	if problems:
		raise Refused(*problems)
	_take(lambda: decisions.decide(name, chosen))
	return see_other(f"/take-part/my/panels/{name}", done="decided")
