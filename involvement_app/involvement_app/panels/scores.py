"""Scores of a panel: one for each member who votes and each candidate, read by nobody else until all are in.

A score stays its member's alone, in lists, reports, prints, counts and searches (the criterion of Panel Score), it has
no versions and no word on a socket, and writing it touches nothing that others read: not even the day on which the
panel was last changed. The last one opens them all; so does the chair, with a reason. From then on nothing changes,
except that who had said nothing may still say that they choose not to score."""

import frappe
from frappe import _
from frappe.utils import cint, cstr, now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import panels
from involvement_app.involvement_app.panels import members
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import HR_OFFICER


def key(panel: str, who: str, reference: str) -> str:
	return f"{panel}|{who}|{reference}"


def candidates(panel) -> list:
	"""Those who have not withdrawn."""
	return [row for row in panel.candidates if row.outcome != panels.WITHDREW]


def expected(panel) -> set[tuple[str, str]]:
	"""{(who, reference)} of every score that is asked for."""
	return {
		(members.key_of(row), candidate.reference)
		for row in members.voters(panel)
		for candidate in candidates(panel)
		if candidate.reference not in members.aside(row)
	}


def given(panel: str) -> dict[tuple[str, str], frappe._dict]:
	"""{(who, reference): score} as it is now, past the snapshot. One query."""
	score = frappe.qb.DocType(panels.SCORE)
	rows = (
		frappe.qb.from_(score)
		.select(score.name, score.participant, score.staff, score.candidate)
		.select(score.answer, score.appointable, score.total)
		.where(score.panel == panel)
		.for_update()
		.run(as_dict=True)
	)
	return {(row.participant or row.staff, row.candidate): row for row in rows}


def bar(panel) -> dict:
	"""{in, of}: how many scores there are, and never whose."""
	asked = expected(panel)
	score = frappe.qb.DocType(panels.SCORE)
	rows = (
		frappe.qb.from_(score)
		.select(score.participant, score.staff, score.candidate)
		.where(score.panel == panel.name)
		.run()
	)
	return {"in": len(asked & {(row[0] or row[1], row[2]) for row in rows}), "of": len(asked)}


def open_if_all_are_in(panel) -> None:
	"""`panel`: its row is locked."""
	asked = expected(panel)
	if panel.status == panels.SCORING and not panel.opened_on and asked and asked <= set(given(panel.name)):
		_open(panel.name, {})


def _open(name: str, values: dict) -> None:
	# bounded to this panel, whose row is locked: its last score is in, or its chair says so
	frappe.db.set_value(panels.PANEL, name, {"opened_on": now_datetime(), **values})


def locked(name: str):
	"""The panel, its row locked first."""
	return frappe.get_doc(panels.PANEL, name, for_update=True)


def close(name: str, reason: str) -> None:
	"""The session's own chair closes scoring early. Raises StepNotPermitted, TransitionError."""
	panel = locked(name)
	if not members.is_chair(panel, frappe.session.user):
		frappe.throw(_("The chair closes scoring."), StepNotPermitted)
	if panel.status != panels.SCORING or panel.opened_on:
		frappe.throw(_("Scoring is not going on."), TransitionError)
	if not cstr(reason).strip():
		frappe.throw(_("Why scoring is closed early: please write it. The members read it."))
	_open(panel.name, {"close_reason": cstr(reason).strip()[:500]})


def put(name: str, reference: str, values: dict, participant: str | None = None, told_how: str | None = None):
	"""The session's own member scores one candidate; with `participant`, what a member with lived experience told staff
	or wrote on paper. `values`: answer, appointable, words, scores ({criterion: score}). Raises PermissionError for who
	is no member, ValidationError naming the field."""
	panel = locked(name)
	row = _row_of(panel, participant) if participant else members.of_user(panel)
	if not row:
		raise frappe.PermissionError
	own_key = key(panel.name, members.key_of(row), reference)
	there = frappe.db.get_value(panels.SCORE, {"own_key": own_key}, for_update=True)
	doc = frappe.get_doc(panels.SCORE, there) if there else frappe.new_doc(panels.SCORE)
	if participant and there and not doc.told_how:
		frappe.throw(_("They have written this score themselves."), frappe.PermissionError)
	doc.update({"panel": panel.name, "candidate": reference})
	doc.update({field: values.get(field) for field in ("answer", "appointable", "words")})
	marks = values.get("scores") or {}
	doc.set(
		"scores",
		[{"criterion": each.criterion, "score": marks.get(each.criterion)} for each in panel.criteria],
	)
	with lifecycle.server_side():
		doc.participant, doc.staff = row.participant, row.staff
		doc.told_how = told_how if participant else None
		doc.recorded_by = frappe.session.user if participant else None
		doc.flags.ignore_permissions = (
			True  # bounded to the session's own seat, or to HR writing down what a member said
		)
		doc.save()
	return doc


def _row_of(panel, participant: str):
	"""For whom HR writes down: never who votes here themself."""
	frappe.get_doc(panels.PANEL, panel.name).check_permission("write")
	own = members.of_user(panel)
	if HR_OFFICER not in roles_of() or (own and own.role != panels.SHADOW):
		frappe.throw(
			_("Who votes on this panel does not write down what others think. Ask another HR officer."),
			frappe.PermissionError,
		)
	return next((row for row in panel.members if row.participant == participant), None)


# --- of Panel Score -----------------------------------------------------------------------------------


def seat(score, panel):
	"""The row of the member whose score it is. Raises PermissionError for who has none, ValidationError where they do
	not score."""
	if score.participant:
		row = next((row for row in panel.members if row.participant == score.participant), None)
	else:
		row = next((row for row in panel.members if row.staff and row.staff == score.staff), None)
	if not row:
		frappe.throw(_("You are no member of this panel."), frappe.PermissionError)
	if row.role == panels.SHADOW:
		frappe.throw(_("A shadow watches and learns, and does not vote."))
	return row


def refuse_while_closed(score, panel) -> None:
	if panel.status != panels.SCORING:
		frappe.throw(_("Scores are written while the panel is scoring. It is: {0}.").format(_(panel.status)))
	late = score.is_new() and score.answer == panels.CHOSE_NOT
	if panel.opened_on and not late:
		frappe.throw(_("The scores are open, so none is changed or added any more."))


def refuse_candidate(score, panel, row) -> None:
	"""Raises ValidationError, naming the field, for who is no candidate, has withdrawn, or is known to the member."""
	there = [each.reference for each in candidates(panel)]
	if score.candidate not in there:
		frappe.throw(_("Candidate: choose one of {0}.").format(", ".join(there)))
	if score.candidate in members.aside(row):
		frappe.throw(
			_("Candidate: {0} said that they know {1}, so they stand aside and do not score.").format(
				row.member_name, score.candidate
			)
		)


def mark(score, panel) -> None:
	"""The lines as the panel's criteria stand, and their weighted mean. Raises ValidationError naming the row."""
	if score.answer == panels.CHOSE_NOT:
		score.set("scores", [])
		score.appointable = score.total = None
		return
	if score.appointable not in (panels.APPOINTABLE, panels.NOT_APPOINTABLE):
		frappe.throw(_("Could this person do the job?: please choose."))
	if [row.criterion for row in score.scores] != [row.criterion for row in panel.criteria]:
		frappe.throw(
			_("Scores: one row for each of {0}.").format("; ".join(row.criterion for row in panel.criteria))
		)
	for row, criterion in zip(score.scores, panel.criteria, strict=True):
		row.weight = cint(criterion.weight)
		if cstr(row.score) not in {str(each) for each in range(panels.MOST_SCORE + 1)}:
			frappe.throw(
				_("Scores, row {0} ({1}): choose 0, 1, 2 or 3. It says {2}.").format(
					row.idx, row.criterion, cstr(row.score) or _("nothing")
				)
			)
	weights = sum(row.weight for row in score.scores)
	score.total = sum(row.weight * cint(row.score) for row in score.scores) / weights


def own_of(panel, user: str | None = None) -> list[frappe._dict]:
	"""The session's own scores on this panel."""
	row = members.of_user(panel, user)
	if not row:
		return []
	# bounded to the reader's own seat
	return frappe.get_all(
		panels.SCORE,
		{"panel": panel.name, "participant" if row.participant else "staff": members.key_of(row)},
		["name", "candidate", "answer", "appointable", "words", "total"],
	)
