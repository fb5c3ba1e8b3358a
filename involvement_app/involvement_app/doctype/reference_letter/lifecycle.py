"""Asked for → Ready, or answered kindly (row 0.7). The person may take it back at any time."""

from involvement_app.involvement_app.letters_of_reference import (
	note_who_took_it_back,
	sign,
	tear_up,
	tell,
)
from involvement_app.involvement_app.participants import is_participant
from involvement_app.involvement_app.places import told_by_the_person
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.lifecycle.guards import required
from involvement_app.setup.roles import COORDINATOR, MANAGER

STAFF = (COORDINATOR, MANAGER)

LIFECYCLE = Lifecycle(
	doctype="Reference Letter",
	states=(
		State("Asked for", colour="Orange"),
		State("Ready", colour="Green"),
		State("Not written"),
		State("Taken back"),
	),
	relations={"participant": is_participant},
	transitions=(
		Transition("Make it ready", ("Asked for",), "Ready", roles=STAFF, said="signed the letter"),
		Transition(
			"We cannot write it",
			("Asked for",),
			"Not written",
			roles=STAFF,
			asks="kind_words",
			warns="The person is told now, with your words.",
		),
		Transition("Write it again", ("Ready", "Not written"), "Asked for", roles=STAFF),
		Transition(
			"Take back",
			("Asked for", "Ready"),
			"Taken back",
			roles=STAFF,
			relations=("participant",),
			asks="recorded_how",
			warns="The person no longer needs it: nobody writes it, and it can no longer be fetched.",
		),
	),
	guards={
		"Ready": (required("letter"),),
		"Not written": (required("kind_words"),),
		"Taken back": (told_by_the_person,),
	},
	effects={
		"Asked for": (tear_up,),
		"Ready": (sign, tell("Involvement letter ready")),
		"Not written": (tell("Involvement letter not written"),),
		"Taken back": (tear_up, note_who_took_it_back),
	},
)
