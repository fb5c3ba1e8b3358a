"""What the forms of a panel ask for: the bar, the results once they are open, and the acts of whoever sits on it."""

import frappe
from frappe import _
from frappe.utils import cstr

from involvement_app import arguments
from involvement_app.involvement_app import panels
from involvement_app.involvement_app.panels import decisions, members, results, scores
from involvement_app.lifecycle import retry_on_deadlock


def _opened(name: str):
	"""Raises PermissionError."""
	panel = frappe.get_doc(panels.PANEL, cstr(name))
	panel.check_permission("read")
	return panel


@frappe.whitelist(methods=["GET"])
def standing(panel: str) -> dict:
	"""{bar, opened, results, role, aside, scored, candidates, outcomes, tells}: for the forms of a panel and of a score. `results` are empty until the scores are open, and for who
	is neither of HR nor a member. Raises PermissionError."""
	doc = _opened(panel)
	row = members.of_user(doc)
	given = []
	if doc.opened_on:
		# the reader's own rights: who may not read scores gets none
		given = _scores(doc.name)
	return {
		"bar": scores.bar(doc),
		"opened": bool(doc.opened_on),
		"results": results.of(doc.candidates, given) if given else [],
		"role": row.role if row else None,
		"aside": members.aside(row) if row else [],
		"scored": [score.candidate for score in scores.own_of(doc)] if row else [],
		"candidates": [
			{"reference": each.reference, "initials": each.initials} for each in scores.candidates(doc)
		],
		"outcomes": list(decisions.OUTCOMES),
		"tells": members.may_tell(doc),
	}


def record(panel) -> list:
	"""The results of a panel that has decided, with what the reader may read of its scores."""
	return results.of(panel.candidates, _scores(panel.name)) if panel.decided_on else []


def _scores(panel: str) -> list:
	if not frappe.has_permission(panels.SCORE, "read"):
		return []
	fields = ["member_name", "kind", "candidate", "answer", "appointable", "words", "total"]
	return frappe.get_list(panels.SCORE, {"panel": panel}, fields, limit=0, order_by="creation asc")


@frappe.whitelist(methods=["POST"])
@retry_on_deadlock
def take_places(panel: str) -> None:
	"""Who holds a place on the opportunity and is not on the panel yet. Raises PermissionError."""
	doc = _opened(panel)
	members.take_places(doc)
	doc.save()


@frappe.whitelist(methods=["POST"])
@retry_on_deadlock
def declare(panel: str, known: str | list) -> None:
	"""The reader's own seat: the references of whom they know. Raises PermissionError, TransitionError."""
	members.declare(_opened(panel).name, arguments.names(known, _("Candidates")))


@frappe.whitelist(methods=["POST"])
@retry_on_deadlock
def ask(panel: str, question: str) -> None:
	"""The reader's own question. Raises PermissionError, TransitionError."""
	members.write_question(_opened(panel).name, question)


@frappe.whitelist(methods=["POST"])
@retry_on_deadlock
def close(panel: str, reason: str) -> None:
	"""The chair's word. Raises PermissionError, TransitionError."""
	scores.close(_opened(panel).name, reason)


@frappe.whitelist(methods=["POST"])
@retry_on_deadlock
def decide(panel: str, outcomes: str | dict, reasons: str | dict) -> None:
	"""The chair's word, both by reference. Raises PermissionError, TransitionError."""
	chosen = arguments.values(outcomes, _("Outcome"))
	why = arguments.values(reasons, _("Reason"))
	decisions.decide(_opened(panel).name, {key: (value, why.get(key) or "") for key, value in chosen.items()})


@frappe.whitelist(methods=["POST"])
@retry_on_deadlock
def write_down(
	panel: str, participant: str, candidate: str, told_how: str, said: str | dict, marks: str | dict
) -> None:
	"""What a member with lived experience said or wrote on paper: `said` (answer, appointable, words) and `marks`
	(criterion → score). Raises PermissionError, ValidationError."""
	if told_how not in ("Phone", "In person", "Post", "E-mail"):
		frappe.throw(
			_("How the person told us: please choose, so that this is never shown as their own act.")
		)
	values = {**arguments.values(said, _("Answer")), "scores": arguments.values(marks, _("Scores"))}
	scores.put(_opened(panel).name, cstr(candidate), values, cstr(participant), told_how)


@frappe.whitelist(methods=["POST"])
@retry_on_deadlock
def tell(panel: str, answers: str | dict, with_name: int) -> None:
	"""How it was for the reader, who sat on it as a colleague: with their name or without, once (`how_it_was`). Raises
	PermissionError, ValidationError."""
	given = arguments.values(answers, _("How it was"))
	members.tell_how_it_was(_opened(panel), given, bool(with_name))


@frappe.whitelist(methods=["GET"])
def sheet(panel: str) -> list[dict]:
	"""[{criterion, weight, words}] of the panel: for a score's form. Raises PermissionError."""
	return [
		{
			"criterion": row.criterion,
			"weight": row.weight,
			"words": [row.get(f"words_{mark}") for mark in range(panels.MOST_SCORE + 1)],
		}
		for row in _opened(panel).criteria
	]
