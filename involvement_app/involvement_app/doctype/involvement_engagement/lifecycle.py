"""A confirmed place, to its end (domain 4.12). Stopping is the person's, at once, without a reason (row 0.14)."""

from involvement_app.involvement_app import feedback
from involvement_app.involvement_app.places import places_are_locked, told_by_the_person
from involvement_app.involvement_app.supporters import speaks_as_participant
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.setup.roles import COORDINATOR, MANAGER

STAFF = (COORDINATOR, MANAGER)


def freed_through_places(doc, move) -> None:
	if move.transition.action == "Stop taking part":
		places_are_locked(doc, move)
		told_by_the_person(doc, move)


LIFECYCLE = Lifecycle(
	doctype="Involvement Engagement",
	states=(
		State("Confirmed", colour="Blue"),
		State("Active", colour="Green"),
		State("Completed", colour="Green"),
		State("Ended early"),
	),
	relations={"participant": speaks_as_participant},
	transitions=(
		Transition("Begin", ("Confirmed",), "Active", job=True),
		Transition(
			"Complete",
			("Confirmed", "Active"),
			"Completed",
			roles=STAFF,
			job=True,
			said="completed this place",
			many=feedback.the_sessions_are_over,
		),
		Transition(
			"Stop taking part",
			("Confirmed", "Active"),
			"Ended early",
			roles=STAFF,
			relations=("participant",),
			warns="The place is free again at once. Go on?",
		),
		Transition("Called off", ("Confirmed", "Active"), "Ended early", job=True),
	),
	guards={"Ended early": (freed_through_places,)},
	effects={"Completed": (feedback.thank_for_place,)},
	services={"Stop taking part": "involvement_app.involvement_app.places.leave_from_form"},
)
