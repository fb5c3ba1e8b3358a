"""To send → Asked → whatever the person says, or nothing (rows 0.13, 0.14). A no, and a time that has passed, are one
stored state, *Not going ahead*, without a reason and without a word on the timeline (law 8)."""

from pypika.terms import Criterion

from involvement_app.involvement_app.places import told_by_the_person
from involvement_app.involvement_app.supporters import speaks_as_participant
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.permissions import EVERYTHING
from involvement_app.setup.roles import COORDINATOR, MANAGER

STAFF = (COORDINATOR, MANAGER)
SEND, KNOW_MORE, NO, TAKE_UP, LAPSE = (
	"Send",
	"I would like to know more",
	"No thank you",
	"Take up",
	"Time is over",
)


def any_row(table, trail) -> Criterion:
	"""The state is the whole guard."""
	return EVERYTHING


LIFECYCLE = Lifecycle(
	doctype="Involvement Invitation",
	states=(
		State("To send", colour="Blue"),
		State("Asked", colour="Orange"),
		State("Would like to know more", colour="Yellow"),
		State("Taken up", colour="Green"),
		State("Not going ahead"),
	),
	relations={"participant": speaks_as_participant},
	transitions=(
		Transition(SEND, ("To send",), "Asked", job=True, many=any_row),
		Transition(
			KNOW_MORE,
			("Asked",),
			"Would like to know more",
			roles=STAFF,
			relations=("participant",),
			asks="recorded_how",
		),
		Transition(
			NO,
			("Asked", "Would like to know more"),
			"Not going ahead",
			roles=STAFF,
			relations=("participant",),
			asks="recorded_how",
			warns="They are not asked about this again. Nothing is counted against the person.",
		),
		# whoever applies after all has taken it up, also after a no
		Transition(
			TAKE_UP,
			("To send", "Asked", "Would like to know more", "Not going ahead"),
			"Taken up",
			job=True,
			many=any_row,
		),
		Transition(
			LAPSE, ("To send", "Asked", "Would like to know more"), "Not going ahead", job=True, many=any_row
		),
	),
	guards={
		"Would like to know more": (told_by_the_person,),
		"Not going ahead": (told_by_the_person,),
	},
)
