"""Who is offered a place where people are chosen by criteria (domain 4.3, 4.5; rows 0.11 and 4.2).

An application, never a person, is scored against the essential criteria that were published with the opportunity:
by each selector alone, every selector's score with the same weight. Nobody is offered a place before every application
that waits is scored by every selector, from the level Engagement up by one with lived experience too; then the places
go by score. Who knows an applicant says so and does not score: they count as asked. A score is about an application
that waits: it goes when the person says no, and when the opportunity is over. No equality data is asked here.
"""

from collections import defaultdict

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce
from frappe.utils import cint, cstr, flt

from involvement_app.lifecycle import TransitionError

SCORE = "Selection Score"
SELECTOR = "Opportunity Selector"
APPLICATION = "Involvement Application"
OPPORTUNITY = "Involvement Opportunity"
CRITERIA, EVERYONE = "Criteria", "Everyone"
LIVED_EXPERIENCE, STAFF = "Lived experience", "Staff"
WAITS = ("Applied", "Waiting list")
ASKS = (*WAITS, "Offered", "Accepted")
WITH_LIVED_EXPERIENCE = 5  # the rung from which somebody with lived experience chooses too (domain 1.1)
MOST_SCORE = 3
OVER = ("Awaiting feedback", "Completed", "Cancelled")


class NotTheirTurn(frappe.ValidationError):
	"""Somebody else comes first, or the choosing is not done."""


def criteria(opportunity: str) -> list[str]:
	"""The essential ones, in their order."""
	# rows of this opportunity only, about nobody
	return frappe.get_all(
		"Involvement Opportunity Criterion",
		{"parent": opportunity, "parenttype": OPPORTUNITY, "essential": 1},
		pluck="criterion",
		order_by="idx",
	)


def asked_to_choose(opportunity: str) -> list[str]:
	"""The participants who were asked to, and have not said no."""
	# rows of this opportunity only, for its own steps
	return frappe.get_all(SELECTOR, {"opportunity": opportunity, "status": "Asked"}, pluck="participant")


def _stepped_aside(opportunity: str):
	"""Sub-select of the participants who were asked to choose, and choose no longer."""
	selector, again = frappe.qb.DocType(SELECTOR), frappe.qb.DocType(SELECTOR).as_("again")
	asked = frappe.qb.from_(again).select(again.participant)
	asked = asked.where((again.opportunity == opportunity) & (again.status == "Asked"))
	return (
		frappe.qb.from_(selector)
		.select(selector.participant)
		.where((selector.opportunity == opportunity) & (selector.status == "Not choosing"))
		.where(selector.participant.notin(asked))
	)


def has_asked(opportunity: str, participant: str) -> bool:
	"""Whether they applied themself, so that others choose."""
	asked = {"opportunity": opportunity, "participant": participant, "status": ["in", ASKS]}
	return bool(frappe.db.exists(APPLICATION, asked))


def scored(opportunity: str, lock: bool = True) -> dict[str, frappe._dict]:
	"""application → {selectors, lived, mean, created} of those that wait, as it is now. What somebody scored who chooses no
	longer does not count. One query."""
	application, score = frappe.qb.DocType(APPLICATION), frappe.qb.DocType(SCORE)
	waiting = application.status.isin(WAITS)
	chooses = Coalesce(score.selector, "").notin(_stepped_aside(opportunity))
	query = (
		frappe.qb.from_(application)
		.left_join(score)
		.on((score.application == application.name) & chooses)
		.select(
			application.name,
			application.creation,
			application.participant,
			score.selector_kind,
			score.selector,
			score.selector_user,
			score.knows_them,
			score.total,
		)
		.where((application.opportunity == opportunity) & waiting)
		.orderby(application.creation)
	)
	rows = (query.for_update() if lock else query).run(as_dict=True)
	found: dict[str, frappe._dict] = {}
	totals = defaultdict(list)
	for row in rows:
		one = found.setdefault(
			row.name,
			frappe._dict(
				participant=row.participant, selectors=set(), lived=0, mean=None, created=row.creation
			),
		)
		if not row.selector_kind:
			continue
		one.selectors.add(row.selector or row.selector_user)
		one.lived += row.selector_kind == LIVED_EXPERIENCE
		if not cint(row.knows_them):
			totals[row.name].append(flt(row.total))
	for name, values in totals.items():
		found[name].mean = sum(values) / len(values)
	return found


def choose(application, opportunity, able: list[str]) -> None:
	"""Whether it is this one's turn, under the lock of `places`. `able`: those that could be offered a place today.
	Raises NotTheirTurn."""
	found = scored(opportunity.name)
	asked = set(asked_to_choose(opportunity.name))
	selectors = asked.union(*(row.selectors for row in found.values()))
	if not selectors:
		_refuse(_("Nobody has scored yet. Score every application that waits first, with “Selection Score”."))
	_refuse_before_the_selector(found, asked)
	_refuse_half_scored(found, selectors)
	_refuse_without_lived_experience(opportunity, found)
	mine = found[application.name].mean
	if mine is None:
		_refuse(_("Every selector knows this person. Ask one who does not to score it, so that it is fair."))
	first = [name for name in able if found[name].mean is not None and found[name].mean > mine]
	if first:
		_refuse(
			_("{0} was scored higher. Offer there first, or say “Not this time” with kind words.").format(
				", ".join(sorted(first))
			)
		)


def _refuse_before_the_selector(found: dict, asked: set) -> None:
	if any(asked - row.selectors for row in found.values()):
		_refuse(
			_(
				"Somebody with lived experience was asked to choose with you, and has not scored all of them yet. Wait for them, or take the request back under “Opportunity Selector”."
			)
		)


def _refuse_half_scored(found: dict, selectors: set) -> None:
	missing = sorted(name for name, row in found.items() if row.selectors != selectors)
	if missing:
		_refuse(
			_("Every selector scores every application that waits. Not done yet: {0}.").format(
				", ".join(missing[:20])
			)
		)


def _refuse_without_lived_experience(opportunity, found: dict) -> None:
	if needs_lived_experience(opportunity) and not all(row.lived for row in found.values()):
		_refuse(
			_(
				"From {0} up somebody with lived experience chooses too. Ask them to score every application."
			).format(_("Engagement"))
		)


def needs_lived_experience(opportunity) -> bool:
	rank = cint(frappe.get_cached_value("Participation Level", opportunity.level, "rank"))
	return rank >= WITH_LIVED_EXPERIENCE


def _refuse(words: str) -> None:
	frappe.throw(words, NotTheirTurn, title=_("Not yet"))


def in_order(opportunity: str, applications: list[str]) -> list[str]:
	"""The same, those with the higher score first."""
	found = scored(opportunity)
	return sorted(applications, key=lambda name: (-(found[name].mean or 0), found[name].created))


# --- of Involvement Application -----------------------------------------------------------------------


def refuse_where_everybody_takes_part(selection_mode: str) -> None:
	"""Where everybody takes part, nobody waits and nobody is turned away."""
	if selection_mode == EVERYONE:
		frappe.throw(_("Everybody who asks takes part in this one: offer a place."), TransitionError)


def forget(doc, move) -> None:
	"""Effect: who says no leaves no score behind."""
	_delete([doc.name])


def forget_scores_of(opportunity: str, selector: str) -> None:
	"""What a person scored here goes: they have applied themself."""
	# bounded to the scores of one person here
	names = frappe.get_all(SCORE, {"opportunity": opportunity, "selector": selector}, pluck="name")
	_delete_scores(names)


def forget_old() -> None:
	"""Daily: scores of what is over."""
	score, opportunity = frappe.qb.DocType(SCORE), frappe.qb.DocType(OPPORTUNITY)
	_delete(
		frappe.qb.from_(score)
		.join(opportunity)
		.on(opportunity.name == score.opportunity)
		.select(score.application)
		.where(opportunity.status.isin(OVER))
		.limit(1000)
		.run(pluck=True)
	)


def _delete(applications: list[str]) -> None:
	# bounded to the scores of these applications; nothing is kept of them
	_delete_scores(frappe.get_all(SCORE, {"application": ["in", applications or [""]]}, pluck="name"))


def _delete_scores(names: list[str]) -> None:
	if not names:
		return
	# bounded to the rows that were asked for
	frappe.db.delete("Selection Score Line", {"parent": ["in", names], "parenttype": SCORE})
	# as above
	frappe.db.delete(SCORE, {"name": ["in", names]})


# --- of the opportunity -------------------------------------------------------------------------------


def criteria_are_there(doc, move) -> None:
	"""Guard of Submitted: choosing by criteria needs some."""
	if doc.selection_mode == CRITERIA and not any(cint(row.essential) for row in doc.criteria):
		frappe.throw(
			_("Criteria: people are chosen by them, so write at least one that is essential."),
			TransitionError,
		)


@frappe.whitelist(methods=["GET"])
def standing(application: str) -> dict:
	"""{criteria, by_criteria, scored, lived, mean, most}: of one application, for the form. Raises PermissionError."""
	doc = frappe.get_doc(APPLICATION, cstr(application))
	doc.check_permission("read")
	names = criteria(doc.opportunity)
	row = scored(doc.opportunity).get(doc.name) if doc.status in WAITS else None
	return {
		"criteria": names,
		"by_criteria": frappe.db.get_value(OPPORTUNITY, doc.opportunity, "selection_mode") == CRITERIA,
		"scored": len(row.selectors) if row else 0,
		"lived": row.lived if row else 0,
		"mean": row.mean if row else None,
		"most": MOST_SCORE * len(names),
	}
