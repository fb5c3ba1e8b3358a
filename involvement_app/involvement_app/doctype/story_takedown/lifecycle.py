"""To do → Done (domain 4.4: withdrawal makes a task for every use)."""

from frappe.utils import now_datetime

from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.lifecycle.guards import required
from involvement_app.setup.roles import COMMUNICATIONS, COORDINATOR, MANAGER

STAFF = (COORDINATOR, MANAGER, COMMUNICATIONS)


def note_who(doc, move) -> None:
	doc.done_by, doc.done_on = move.user, now_datetime()


def forget_who(doc, move) -> None:
	doc.done_by = doc.done_on = None


LIFECYCLE = Lifecycle(
	doctype="Story Takedown",
	states=(State("To do", colour="Orange"), State("Done", colour="Green")),
	transitions=(
		Transition(
			"It is down", ("To do",), "Done", roles=STAFF, asks="what_was_done", said="said that it is down"
		),
		Transition(
			"It is not down yet", ("Done",), "To do", roles=STAFF, said="said that it is not down yet"
		),
	),
	guards={"Done": (required("what_was_done"),)},
	effects={"Done": (note_who,), "To do": (forget_who,)},
)
