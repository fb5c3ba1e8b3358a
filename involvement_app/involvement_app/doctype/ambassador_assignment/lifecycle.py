"""Proposed → Offered → Accepted → Briefed → Done → Debriefed → Outcome recorded, none of it left out; stopping at any
moment, also on the day (domain 4.4, 4.12). Their yes is the yes to the place. Who would rather not talk about it
afterwards says so: that is an answer, written down as theirs, and not a step left out."""

from involvement_app.involvement_app import ambassadors
from involvement_app.involvement_app.participants import is_participant
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.lifecycle.guards import required
from involvement_app.setup.roles import COMMUNICATIONS, COORDINATOR, MANAGER

STAFF = (COORDINATOR, MANAGER)
TEAM = (COORDINATOR, MANAGER, COMMUNICATIONS)

LIFECYCLE = Lifecycle(
	doctype="Ambassador Assignment",
	states=(
		State("Proposed"),
		State("Offered", colour="Orange"),
		State("Accepted", colour="Blue"),
		State("Briefed", colour="Cyan"),
		State("Done", colour="Purple"),
		State("Debriefed", colour="Yellow"),
		State("Outcome recorded", colour="Green"),
		State("Not going ahead"),
	),
	relations={"participant": is_participant},
	transitions=(
		Transition("Offer", ("Proposed",), "Offered", roles=STAFF, said="offered this"),
		Transition("Accept", ("Offered",), "Accepted", job=True),
		Transition(
			"We talked it through", ("Accepted",), "Briefed", roles=TEAM, said="talked it through with them"
		),
		Transition("It took place", ("Briefed",), "Done", roles=TEAM, said="said that it took place"),
		Transition(
			"We talked about it", ("Done",), "Debriefed", roles=TEAM, said="talked about it afterwards"
		),
		Transition(
			"They would rather not",
			("Done",),
			"Debriefed",
			roles=TEAM,
			relations=("participant",),
			asks="recorded_how",
			said="wrote down that they would rather not talk about it",
		),
		Transition(
			"Record what came of it",
			("Debriefed",),
			"Outcome recorded",
			roles=TEAM,
			said="said what came of it",
		),
		Transition(
			"No thank you",
			("Proposed", "Offered"),
			"Not going ahead",
			roles=STAFF,
			relations=("participant",),
			asks="recorded_how",
		),
		Transition(
			"Stop",
			("Accepted", "Briefed"),
			"Not going ahead",
			roles=STAFF,
			relations=("participant",),
			asks="recorded_how",
			warns="Their place is given back at once. Nothing is counted against the person.",
		),
		Transition("Close", ("Proposed", "Offered", "Accepted", "Briefed"), "Not going ahead", job=True),
	),
	guards={
		"Offered": (
			required("audience", "brief"),
			ambassadors.has_a_day,
			ambassadors.offered_through_a_place,
		),
		"Accepted": (ambassadors.has_their_yes, ambassadors.is_covered),
		"Briefed": (
			required("briefed_on", "questions"),
			ambassadors.briefed_by_now,
			ambassadors.has_support,
			ambassadors.has_their_yes,
			ambassadors.was_covered,
		),
		"Done": (ambassadors.has_their_yes, ambassadors.has_begun, ambassadors.was_covered),
		"Debriefed": (ambassadors.talked_about_or_would_rather_not, ambassadors.told_by_them),
		"Outcome recorded": (required("outcome"),),
		"Not going ahead": (ambassadors.place_is_given_back, ambassadors.told_by_them),
	},
	effects={
		"Briefed": (ambassadors.nothing_is_missing,),
		"Done": (ambassadors.nothing_is_missing,),
		"Debriefed": (ambassadors.note_would_rather_not,),
		"Not going ahead": (ambassadors.nothing_is_missing, ambassadors.note_who_told),
	},
	services={
		"Offer": "involvement_app.involvement_app.ambassadors.offer",
		"No thank you": "involvement_app.involvement_app.ambassadors.stop_from_form",
		"Stop": "involvement_app.involvement_app.ambassadors.stop_from_form",
	},
)
