"""Asked → Not choosing: whoever chooses with us says no at any moment without a reason (domain 4.3; row 0.14). Whether all
is scored follows from the scores."""

from involvement_app.involvement_app.places import told_by_the_person
from involvement_app.involvement_app.supporters import speaks_as_participant
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.setup.roles import COORDINATOR, MANAGER

STAFF = (COORDINATOR, MANAGER)


def told_us(doc, move) -> None:
	if move.transition.action != "Take back the request":
		told_by_the_person(doc, move)


LIFECYCLE = Lifecycle(
	doctype="Opportunity Selector",
	states=(State("Asked", colour="Orange"), State("Not choosing")),
	relations={"participant": speaks_as_participant},
	transitions=(
		Transition(
			"No thank you", ("Asked",), "Not choosing", job=True, roles=STAFF, relations=("participant",)
		),
		Transition("Take back the request", ("Asked",), "Not choosing", roles=STAFF),
	),
	guards={"Not choosing": (told_us,)},
)
