"""Somebody with lived experience chooses with staff, on a page of their own (domain 4.3, from level 5; rows 0.11 and 4.2).

A coordinator names them. They hear in their own way that scores are wanted, and once more after some days; they read what
each application that waits says, without names, and score it against what was published, or leave it out. Their score
weighs the same as everybody's, and nobody is offered a place before theirs are in (`selection.choose`). Who applied does
not choose, and who is asked may say no at any moment without a reason: they are then waited for no longer.
"""

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import add_days, cstr, get_url, now_datetime, today
from pypika.terms import ExistsCriterion

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import selection
from involvement_app.involvement_app.participants import (
	PARTICIPANT,
	only_the_person,
	participant_of,
	reach_us,
)

SELECTOR = "Opportunity Selector"
OPEN = ("Published", "Closed to applications", "In progress")
REMIND_AFTER_DAYS = 3
MOST = 500


# --- what the selector does -------------------------------------------------------------------------


def score(name: str, application: str, marks: list[str] | None) -> None:
	"""The session's own person scores one application that waits: a mark for each essential criterion, in their order,
	or None for leaving it out. Raises PermissionError, ValidationError."""
	row = _own(name)
	if row.status != "Asked":
		frappe.throw(_("You do not choose here any more."))
	if frappe.db.get_value(selection.APPLICATION, application, "opportunity") != row.opportunity:
		raise frappe.PermissionError
	known = frappe.db.get_value(selection.SCORE, {"application": application, "selector": row.participant})
	doc = frappe.get_doc(selection.SCORE, known) if known else frappe.new_doc(selection.SCORE)
	criteria = selection.criteria(row.opportunity)
	lines = zip(criteria, marks or [], strict=False)
	doc.update(
		{
			"application": application,
			"selector_kind": selection.LIVED_EXPERIENCE,
			"selector": row.participant,
			"recorded_how": None,
			"knows_them": int(marks is None),
			"scores": [{"criterion": criterion, "score": mark} for criterion, mark in lines],
		}
	)
	# bounded to the session's own person, who was asked to choose here
	doc.flags.ignore_permissions = True
	doc.save()
	if not left_to_score(row.opportunity, row.participant):
		# whoever applies later is told of anew
		_note(row.name, wanted_on=None, reminded_on=None)


def step_aside(name: str) -> None:
	"""The session's own person says no thank you, without a reason."""
	lifecycle.apply(_own(name), "No thank you")


def _own(name: str):
	doc = frappe.get_doc(SELECTOR, name, for_update=True)
	only_the_person(doc.participant)
	return doc


def is_asked(opportunity: str, participant: str) -> bool:
	asked = {"opportunity": opportunity, "participant": participant, "status": "Asked"}
	return bool(frappe.db.exists(SELECTOR, asked))


def scores_for_themself(doc) -> bool:
	"""Of a Selection Score: the session's own person wrote it, and was asked to."""
	return bool(doc.selector and doc.selector == participant_of() and is_asked(doc.opportunity, doc.selector))


def left_to_score(opportunity: str, participant: str) -> int:
	"""How many applications that wait they have not scored yet."""
	application = frappe.qb.DocType(selection.APPLICATION)
	return (
		frappe.qb.from_(application)
		.select(Count(application.name))
		.where((application.opportunity == opportunity) & application.status.isin(selection.WAITS))
		.where(_scored_by(application, participant).negate())
		.run()[0][0]
	)


def _scored_by(application, participant):
	own = frappe.qb.DocType(selection.SCORE).as_("own")
	return ExistsCriterion(
		frappe.qb.from_(own)
		.select(own.name)
		.where((own.application == application.name) & (own.selector == participant))
	)


def step_back(participant: str) -> None:
	"""Who takes a break or leaves is waited for no longer; what they scored before stands."""
	# bounded to one person's own open requests
	names = frappe.get_all(SELECTOR, {"participant": participant, "status": "Asked"}, pluck="name", limit=50)
	with lifecycle.as_job():
		# one by one: the few requests of one person
		for name in names:
			lifecycle.apply(frappe.get_doc(SELECTOR, name), "No thank you")


def not_for_applicants(application) -> None:
	"""Of a new Application: who applies chooses no longer, and what they scored goes."""
	# bounded to the one request of this person
	asked = {"opportunity": application.opportunity, "participant": application.participant}
	name = frappe.db.get_value(SELECTOR, {**asked, "status": "Asked"})
	if not name:
		return
	with lifecycle.as_job():
		lifecycle.apply(frappe.get_doc(SELECTOR, name), "No thank you")
	selection.forget_scores_of(application.opportunity, application.participant)


# --- who is told, and when ----------------------------------------------------------------------------


def tell_if_wanted(doc) -> None:
	"""Named while applications wait: told at once. Else `remind` tells them when nobody new can apply."""
	if left_to_score(doc.opportunity, doc.participant):
		_tell("Involvement scores wanted", doc)
		_note(doc.name, wanted_on=now_datetime())


def remind() -> None:
	"""Daily: that scores are wanted, once nobody new can apply; and once more when some days have passed."""
	rows = _waited_for()
	# one by one: each is told in their own way
	for row in rows:
		_tell("Involvement scores reminder" if row.wanted_on else "Involvement scores wanted", row)
	now = now_datetime()
	_note([row.name for row in rows if row.wanted_on], reminded_on=now)
	_note([row.name for row in rows if not row.wanted_on], wanted_on=now)


def _waited_for() -> list[frappe._dict]:
	row, opportunity = frappe.qb.DocType(SELECTOR), frappe.qb.DocType(selection.OPPORTUNITY)
	application = frappe.qb.DocType(selection.APPLICATION)
	open_work = ExistsCriterion(
		frappe.qb.from_(application)
		.select(application.name)
		.where((application.opportunity == row.opportunity) & application.status.isin(selection.WAITS))
		.where(_scored_by(application, row.participant).negate())
	)
	first = row.wanted_on.isnull() & (
		(opportunity.status != "Published") | opportunity.apply_by.isnull() | (opportunity.apply_by < today())
	)
	again = row.reminded_on.isnull() & (row.wanted_on < add_days(now_datetime(), -REMIND_AFTER_DAYS))
	return (
		frappe.qb.from_(row)
		.join(opportunity)
		.on(opportunity.name == row.opportunity)
		.select(
			row.name,
			row.participant,
			row.opportunity,
			row.wanted_on,
			opportunity.title.as_("opportunity_title"),
		)
		.where((row.status == "Asked") & opportunity.status.isin(OPEN))
		.where((first | again) & open_work)
		.orderby(row.creation)
		.limit(MOST)
		.run(as_dict=True)
	)


def _tell(template: str, row) -> None:
	messages.send(
		template,
		(PARTICIPANT, row.participant),
		{
			"title": row.opportunity_title,
			"link": get_url(f"/take-part/my/choosing/{row.name}"),
			"contact": reach_us(),
		},
		owed=False,
	)


def _note(names: str | list[str], **when) -> None:
	names = [names] if isinstance(names, str) else names
	# bounded to the rows just spoken of, which only the server writes
	frappe.db.set_value(SELECTOR, {"name": ["in", names or [""]]}, when, update_modified=False)


# --- what the opportunity's form shows -----------------------------------------------------------------


@frappe.whitelist(methods=["GET"])
def how_far(opportunity: str) -> dict:
	"""{by_criteria, needed, waiting, selectors, done, may_name}: how many with lived experience were asked to choose,
	and how many of them have scored all that wait; no names and no scores. Raises PermissionError."""
	doc = frappe.get_doc(selection.OPPORTUNITY, cstr(opportunity))
	doc.check_permission("read")
	if doc.selection_mode != selection.CRITERIA:
		return {"by_criteria": False}
	found = selection.scored(doc.name, lock=False)
	asked = selection.asked_to_choose(doc.name)
	done = [one for one in asked if all(one in row.selectors for row in found.values())]
	return {
		"by_criteria": True,
		"needed": selection.needs_lived_experience(doc),
		"waiting": len(found),
		"selectors": len(asked),
		"done": len(done) if found else 0,
		"may_name": frappe.has_permission(SELECTOR, "create"),
	}
