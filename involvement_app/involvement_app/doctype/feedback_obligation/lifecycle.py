"""Owed → Kept, told to everybody it is owed to; or Not possible, told with the reason (domain 4.0 no. 4). What the
last word has overtaken, or was called off before anybody took part, is Not needed."""

import frappe
from frappe.utils import now_datetime

from involvement_app.involvement_app import feedback
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.lifecycle.guards import required
from involvement_app.setup.roles import COORDINATOR, MANAGER, OWNER

STAFF = (COORDINATOR, MANAGER)
# a lead keeps what is owed for what they lead: the criterion says which
AUTHORS = (OWNER, *STAFF)


def note_who_told(doc, move) -> None:
	doc.kept_on, doc.kept_by = now_datetime(), frappe.session.user


def tell(doc, move) -> None:
	doc.told = feedback.tell(doc)


def tell_not_possible(doc, move) -> None:
	doc.told = feedback.tell_not_possible(doc)


def nothing_more_to_say(doc, move) -> None:
	feedback.overtake(doc)


def owed_again(doc, move) -> None:
	doc.kept_on = doc.kept_by = doc.reason = doc.reminded_on = doc.escalated_on = None
	doc.told = 0


LIFECYCLE = Lifecycle(
	doctype="Feedback Obligation",
	states=(
		State("Owed", colour="Orange"),
		State("Kept", colour="Green"),
		State("Not possible"),
		State("Not needed"),
	),
	transitions=(
		Transition("Tell people", ("Owed",), "Kept", roles=AUTHORS, said="told people"),
		Transition(
			"Cannot be given",
			("Owed",),
			"Not possible",
			roles=STAFF,
			asks="reason",
			said="told people why this is not possible",
		),
		Transition("No longer needed", ("Owed",), "Not needed", job=True),
		Transition("Owe it again", ("Not possible",), "Owed", roles=STAFF, said="promised this again"),
	),
	guards={
		"Kept": (feedback.says_enough, feedback.it_is_time),
		"Not possible": (required("reason"), feedback.not_by_who_owes_it),
	},
	effects={
		"Kept": (note_who_told, tell, nothing_more_to_say),
		"Not possible": (note_who_told, tell_not_possible, nothing_more_to_say),
		"Not needed": (note_who_told,),
		"Owed": (owed_again,),
	},
)
