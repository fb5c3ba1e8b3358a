"""Draft → Submitted → Approved → Active, and the person's at any moment: no, pause, end (domain 4.4; law 8)."""

from involvement_app.involvement_app import ambassadors
from involvement_app.involvement_app.participants import is_participant
from involvement_app.involvement_app.young_people import guardian_has_agreed
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.lifecycle.guards import not_own_work, nothing_else_changes, required
from involvement_app.setup.roles import COORDINATOR, MANAGER

STAFF = (COORDINATOR, MANAGER)

LIFECYCLE = Lifecycle(
	doctype="Ambassador Role",
	workflow="Ambassador Role",
	states=(
		State("Draft", pending=True),
		State("Submitted", pending=True, colour="Orange"),
		State("Approved", colour="Blue"),
		State("Active", colour="Green"),
		State("Paused", colour="Yellow"),
		State("Ended"),
		State("Not going ahead"),
	),
	relations={"participant": is_participant},
	transitions=(
		Transition("Submit for approval", ("Draft",), "Submitted", roles=STAFF, said="asked for approval"),
		Transition(
			"Take back", ("Submitted", "Approved"), "Draft", roles=STAFF, said="took this back to work on it"
		),
		Transition("Approve", ("Submitted",), "Approved", roles=(MANAGER,), said="approved this"),
		Transition(
			"Accept", ("Approved",), "Active", roles=STAFF, relations=("participant",), asks="recorded_how"
		),
		Transition(
			"No thank you",
			("Draft", "Submitted", "Approved"),
			"Not going ahead",
			roles=STAFF,
			relations=("participant",),
			asks="recorded_how",
		),
		Transition("Close", ("Draft", "Submitted", "Approved"), "Not going ahead", job=True),
		Transition(
			"Pause", ("Active",), "Paused", roles=STAFF, relations=("participant",), asks="recorded_how"
		),
		Transition(
			"Resume", ("Paused",), "Active", roles=STAFF, relations=("participant",), asks="recorded_how"
		),
		Transition(
			"End",
			("Active", "Paused"),
			"Ended",
			roles=STAFF,
			relations=("participant",),
			job=True,
			asks="recorded_how",
			warns="What they said yes to and is still ahead does not go ahead.",
		),
	),
	guards={
		"Submitted": (required("purpose", "will_talk", "wont_talk", "support_person"),),
		"Approved": (not_own_work("submitted_by"), ambassadors.not_their_own, nothing_else_changes),
		"Active": (guardian_has_agreed, ambassadors.told_by_them),
		"Paused": (ambassadors.told_by_them,),
		"Ended": (ambassadors.told_by_them,),
		"Not going ahead": (ambassadors.told_by_them,),
	},
	effects={
		"Submitted": (ambassadors.remember_submitter,),
		"Approved": (ambassadors.remember_approver, ambassadors.tell("Involvement role to answer")),
		"Active": (ambassadors.note_who_told, ambassadors.note_the_yes),
		"Paused": (ambassadors.note_who_told,),
		"Ended": (ambassadors.note_who_told, ambassadors.end_what_is_ahead),
		"Not going ahead": (ambassadors.note_who_told,),
	},
)
