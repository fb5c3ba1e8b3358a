"""Interested → Active ⇄ Paused → Left (domain 4.12). Pausing and leaving need nobody's leave (row 0.14)."""

from involvement_app.involvement_app.consents import forget_wellbeing_plan
from involvement_app.involvement_app.participants import is_participant
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.setup.roles import COORDINATOR, MANAGER

STAFF = (COORDINATOR, MANAGER)


def forget_plan(doc, move) -> None:
	"""A wellbeing plan is for taking part: it goes when somebody leaves (domain 1.7)."""
	forget_wellbeing_plan(doc.name)


LIFECYCLE = Lifecycle(
	doctype="Involvement Participant",
	states=(State("Interested"), State("Active"), State("Paused"), State("Left")),
	initial=("Active",),
	relations={"participant": is_participant},
	effects={"Left": (forget_plan,)},
	transitions=(
		Transition("Welcome", ("Interested",), "Active", roles=STAFF, job=True),
		Transition("Pause", ("Active",), "Paused", roles=STAFF, relations=("participant",)),
		Transition("Resume", ("Paused",), "Active", roles=STAFF, relations=("participant",)),
		Transition(
			"Leave", ("Interested", "Active", "Paused"), "Left", roles=STAFF, relations=("participant",)
		),
		Transition("Come back", ("Left",), "Active", roles=STAFF),
	),
)
