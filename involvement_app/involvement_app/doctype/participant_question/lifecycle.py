"""To answer → Answered or Closed. Answering tells the person in the way they chose; what was settled by talking is
written down and not sent again."""

import frappe
from frappe.utils import now_datetime

from involvement_app.involvement_app import questions
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.lifecycle.guards import required
from involvement_app.setup.roles import COORDINATOR, MANAGER, OWNER

# a lead answers those whose named contact they are: the criterion says whom
STAFF = (COORDINATOR, MANAGER, OWNER)
ANSWER = "Answer"


def note_who_answered(doc, move) -> None:
	doc.answered_by, doc.answered_on = frappe.session.user, now_datetime()


def tell(doc, move) -> None:
	if move.transition.action == ANSWER:
		questions.tell(doc)


def not_answered_yet(doc, move) -> None:
	doc.answered_by = doc.answered_on = None


LIFECYCLE = Lifecycle(
	doctype="Participant Question",
	states=(
		State("To answer", colour="Orange"),
		State("Answered", colour="Green"),
		State("Closed"),
	),
	transitions=(
		Transition(ANSWER, ("To answer",), "Answered", roles=STAFF, asks="answer", said="answered"),
		Transition(
			"No answer needed",
			("To answer",),
			"Closed",
			roles=STAFF,
			warns="They are told nothing more about this. Go on?",
		),
		Transition("Open again", ("Closed",), "To answer", roles=STAFF),
	),
	guards={"Answered": (required("answer"),)},
	effects={
		"Answered": (note_who_answered, tell),
		"Closed": (note_who_answered,),
		"To answer": (not_answered_yet,),
	},
)
