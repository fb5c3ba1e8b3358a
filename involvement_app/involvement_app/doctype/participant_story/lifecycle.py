"""Draft → Agreed by the person → Approved by communications → In use → Expired or Withdrawn (domain 4.12; row 1.5).

The step Agreed is the person's; staff write down a signature on paper, and nothing else (`agreed_by_whom`)."""

from involvement_app.involvement_app import stories
from involvement_app.involvement_app.participants import is_participant
from involvement_app.involvement_app.places import told_by_the_person
from involvement_app.involvement_app.young_people import guardian_has_agreed
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.lifecycle.guards import nothing_else_changes
from involvement_app.setup.roles import COMMUNICATIONS, COORDINATOR, MANAGER

STAFF = (COORDINATOR, MANAGER)
WRITERS = (COORDINATOR, MANAGER, COMMUNICATIONS)


def told_us(doc, move) -> None:
	if move.transition.action == "Withdraw" and move.by != "job":
		told_by_the_person(doc, move)


LIFECYCLE = Lifecycle(
	doctype="Participant Story",
	workflow="Participant Story",
	states=(
		State("Draft"),
		State("With the person", colour="Orange"),
		State("Agreed", colour="Blue"),
		State("Approved", colour="Cyan"),
		State("In use", colour="Green"),
		State("Expired"),
		State("Withdrawn"),
	),
	relations={"participant": is_participant},
	transitions=(
		Transition(
			"Ask the person",
			("Draft",),
			"With the person",
			roles=WRITERS,
			said="asked the person to read the words",
		),
		Transition("Agree to the words", ("Draft", "With the person"), "Agreed", relations=("participant",)),
		Transition(
			"They signed on paper",
			("Draft", "With the person"),
			"Agreed",
			roles=STAFF,
			said="wrote down that the person signed the words",
		),
		Transition(
			"Back to a draft",
			("With the person", "Agreed", "Approved", "Expired"),
			"Draft",
			roles=WRITERS,
			relations=("participant",),
			said="took this back to a draft; the person agrees again",
		),
		Transition("Approve", ("Agreed",), "Approved", roles=(COMMUNICATIONS,), said="approved this"),
		Transition(
			"Put into use", ("Approved",), "In use", roles=(COMMUNICATIONS,), said="put this into use"
		),
		Transition(
			"Take out of use", ("In use",), "Approved", roles=(COMMUNICATIONS,), said="took this out of use"
		),
		Transition("Expire", ("In use",), "Expired", job=True),
		Transition("Consent ended", ("In use",), "Withdrawn", job=True),
		Transition(
			"Withdraw",
			("Draft", "With the person", "Agreed", "Approved", "In use", "Expired"),
			"Withdrawn",
			roles=STAFF,
			relations=("participant",),
			job=True,
			asks="recorded_how",
			warns="Nothing of it is used any more, and what is out comes down.",
		),
	),
	guards={
		"With the person": (stories.words_are_there,),
		"Agreed": (stories.words_are_there, guardian_has_agreed, stories.agreed_by_whom),
		"Approved": (nothing_else_changes, stories.words_are_agreed, stories.not_by_the_same),
		"In use": (stories.words_are_agreed, stories.has_a_use),
		"Withdrawn": (told_us,),
	},
	effects={
		"Draft": (stories.forget_agreement,),
		"With the person": (stories.tell_the_person("Involvement words to read"),),
		"Agreed": (stories.note_agreement,),
		"Approved": (stories.remember_approver, stories.end_all),
		"In use": (stories.tell_the_person("Involvement words in use"),),
		"Expired": (stories.end_all,),
		"Withdrawn": (stories.end_all,),
	},
)
