"""Interested → Active ⇄ Paused → Left (domain 4.12). Pausing and leaving need nobody's leave (row 0.14). Merged: an
old record of somebody who is on the register as another (merging.py)."""

from involvement_app.involvement_app.consents import forget_access_requirements, forget_wellbeing_plan
from involvement_app.involvement_app.departures import (
	note_who_moved,
	nothing_is_left_behind,
	stories_are_settled,
)
from involvement_app.involvement_app.participants import is_participant
from involvement_app.involvement_app.young_people import guardian_has_agreed
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.setup.roles import COORDINATOR, MANAGER

STAFF = (COORDINATOR, MANAGER)
_DEPARTURES = "involvement_app.involvement_app.departures"
HOW = "moved_how"


def forget_plan(doc, move) -> None:
	"""A wellbeing plan is for taking part: it goes when somebody leaves (domain 1.7)."""
	forget_wellbeing_plan(doc.name)


def forget_needs(doc, move) -> None:
	"""As a plan: what somebody needs to take part is kept while they do."""
	forget_access_requirements(doc.name)


def moved(doc, move) -> None:
	if move.source != "Interested" or move.to != "Active":
		note_who_moved(doc, move)


LIFECYCLE = Lifecycle(
	doctype="Involvement Participant",
	states=(
		State("Interested", colour="Blue"),
		State("Active", colour="Green"),
		State("Paused", colour="Orange"),
		State("Left"),
		State("Merged"),
	),
	initial=("Active",),
	relations={"participant": is_participant},
	guards={
		"Active": (guardian_has_agreed,),
		"Paused": (nothing_is_left_behind,),
		"Left": (nothing_is_left_behind, stories_are_settled),
		"Merged": (nothing_is_left_behind,),
	},
	effects={
		"Active": (moved,),
		"Paused": (moved,),
		"Left": (moved, forget_plan, forget_needs),
	},
	services={
		"Pause": f"{_DEPARTURES}.pause_from_form",
		"Resume": f"{_DEPARTURES}.come_back_from_form",
		"Leave": f"{_DEPARTURES}.leave_from_form",
		"Come back": f"{_DEPARTURES}.come_back_from_form",
	},
	transitions=(
		Transition("Welcome", ("Interested",), "Active", roles=STAFF, job=True, said="welcomed this person"),
		Transition(
			"Pause",
			("Active",),
			"Paused",
			roles=STAFF,
			relations=("participant",),
			asks=HOW,
			warns="A break begins now. Their places and offers are free for others; what is owed to them stays.",
		),
		Transition(
			"Resume", ("Paused",), "Active", roles=STAFF, relations=("participant",), job=True, asks=HOW
		),
		Transition(
			"Leave",
			("Interested", "Active", "Paused"),
			"Left",
			roles=STAFF,
			relations=("participant",),
			asks=HOW,
			warns="The person leaves the register. Their places are free for others; what is owed to them stays.",
		),
		Transition("Come back", ("Left",), "Active", roles=STAFF, relations=("participant",), asks=HOW),
		# taken by `young_people.step_back` alone
		Transition("Wait for a guardian", ("Active",), "Interested", job=True),
		# taken by `merging.merge` alone, once everything that belongs to the person has gone along
		Transition("Merge", ("Interested", "Active", "Paused", "Left"), "Merged", job=True),
	),
)
