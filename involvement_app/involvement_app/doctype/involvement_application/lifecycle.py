"""Applied → Offered → Accepted, and No at any moment (domain 4.3, 4.12; rows 0.13, 0.14).

Declined, withdrawn and lapsed are one stored state, Not going ahead, without version tracking and without a word
on the timeline (law 8)."""

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from involvement_app import messages
from involvement_app.involvement_app import clashes, opportunities, selection, training
from involvement_app.involvement_app.places import places_are_locked, told_by_the_person
from involvement_app.involvement_app.supporters import speaks_as_participant
from involvement_app.involvement_app.young_people import guardian_has_agreed
from involvement_app.lifecycle import Lifecycle, State, Transition, TransitionError
from involvement_app.lifecycle.guards import required
from involvement_app.setup.roles import COORDINATOR, MANAGER

STAFF = (COORDINATOR, MANAGER)
PLACES = "involvement_app.involvement_app.places"


def reply_is_in_time(doc, move) -> None:
	if get_datetime(doc.reply_by) < now_datetime():
		frappe.throw(
			_("This offer was open until {0}. Please ask us: we may be able to offer it again.").format(
				frappe.utils.format_datetime(doc.reply_by, "d MMMM yyyy, HH:mm")
			),
			TransitionError,
		)


def reply_by_is_ahead(doc, move) -> None:
	if get_datetime(doc.reply_by) <= now_datetime():
		frappe.throw(_("Reply by: choose a time that is still to come."), TransitionError)


def has_limited_places(doc, move) -> None:
	"""What people hear of with a kind no is read by the same query."""
	most = 0 if move.to == "Waiting list" else 3
	doc.flags.looked_up = opportunities.this_and_others_open(doc.opportunity, doc.participant, most)
	selection.refuse_where_everybody_takes_part(doc.flags.looked_up[0].selection_mode)


def say_it_kindly(doc, move) -> None:
	this, others = doc.flags.looked_up or opportunities.this_and_others_open(doc.opportunity, doc.participant)
	messages.send(
		"Involvement not this time",
		("Involvement Participant", doc.participant),
		{
			"title": this.title,
			"words": doc.kind_words,
			**opportunities.said_of_others(others),
			"link": frappe.utils.get_url("/take-part/opportunities"),
		},
		about=doc,
	)


def forget_the_offer(doc, move) -> None:
	doc.offered_on = doc.reply_by = None


def free_the_key(doc, move) -> None:
	doc.live_key = None


LIFECYCLE = Lifecycle(
	doctype="Involvement Application",
	states=(
		State("Applied", colour="Blue"),
		State("Waiting list", colour="Yellow"),
		State("Offered", colour="Orange"),
		State("Accepted", colour="Green"),
		State("Not selected"),
		State("Not going ahead"),
	),
	relations={"participant": speaks_as_participant},
	transitions=(
		Transition(
			"Offer a place",
			("Applied", "Waiting list"),
			"Offered",
			roles=STAFF,
			job=True,
			said="offered a place",
		),
		Transition("Accept", ("Offered",), "Accepted", roles=STAFF, relations=("participant",)),
		Transition(
			"No thank you",
			("Applied", "Waiting list", "Offered"),
			"Not going ahead",
			roles=STAFF,
			relations=("participant",),
			job=True,
			warns="This closes the application. Nothing is counted against the person.",
		),
		Transition(
			"Put on the waiting list",
			("Applied", "Offered"),
			"Waiting list",
			roles=STAFF,
			job=True,
			said="put this on the waiting list",
		),
		Transition(
			"Not this time",
			("Applied", "Waiting list"),
			"Not selected",
			roles=STAFF,
			warns="The person is told now, with your words. Go on?",
			said="said “not this time”, with kind words",
		),
		Transition("Close", ("Applied", "Waiting list", "Offered", "Accepted"), "Not going ahead", job=True),
	),
	guards={
		"Offered": (places_are_locked, reply_by_is_ahead, training.comes_first, guardian_has_agreed),
		"Accepted": (places_are_locked, reply_is_in_time, told_by_the_person, guardian_has_agreed),
		"Not going ahead": (told_by_the_person,),
		"Not selected": (required("kind_words"), has_limited_places),
		"Waiting list": (has_limited_places,),
	},
	effects={
		"Accepted": (clashes.note_who_allowed_it,),
		"Waiting list": (forget_the_offer,),
		"Not selected": (say_it_kindly, free_the_key),
		"Not going ahead": (free_the_key, selection.forget),
	},
	services={
		"Offer a place": f"{PLACES}.offer_from_form",
		"Accept": f"{PLACES}.accept_from_form",
		"No thank you": f"{PLACES}.decline_from_form",
	},
)
