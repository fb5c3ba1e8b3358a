"""New → Acknowledged → In conversation → Joined, Not now or Signposted (domain 4.12).

Each ending comes with a kind message. Not now needs no reason and leaves no word on the timeline (law 8). Joining
is `enquiries.join`: it needs what the person was told."""

import frappe
from frappe import _
from frappe.utils import today

from involvement_app.involvement_app import enquiries
from involvement_app.lifecycle import Lifecycle, State, Transition, TransitionError
from involvement_app.lifecycle.guards import required
from involvement_app.setup.roles import COORDINATOR, MANAGER

STAFF = (COORDINATOR, MANAGER)
OPEN = ("New", "Acknowledged", "In conversation")
PUT_OFF = ("Not now", "Signposted")
NOT_JOINED = ("New", "Acknowledged", "In conversation", "Not now", "Signposted")


def is_on_the_register(doc, move) -> None:
	if not doc.participant:
		frappe.throw(
			_("Choose “Join” on the form: it asks what they were told, and links their record."),
			TransitionError,
		)


def stop_the_clock(doc, move) -> None:
	"""Whatever we answer, they have heard from us."""
	doc.acknowledged_on = doc.acknowledged_on or today()


def conclude(doc, move) -> None:
	doc.concluded_on = today()


def open_again(doc, move) -> None:
	doc.concluded_on = None


def tell(template: str):
	def effect(doc, move) -> None:
		enquiries.tell(doc, template)

	return effect


LIFECYCLE = Lifecycle(
	doctype="Expression of Interest",
	states=(
		State("New", colour="Orange"),
		State("Acknowledged", colour="Blue"),
		State("In conversation", colour="Purple"),
		State("Joined", colour="Green"),
		State("Not now"),
		State("Signposted"),
	),
	transitions=(
		Transition("Acknowledge", ("New",), "Acknowledged", roles=STAFF, said="told them that we have this"),
		Transition("We talked", ("New", "Acknowledged"), "In conversation", roles=STAFF, asks="conversation"),
		Transition("Join", NOT_JOINED, "Joined", roles=STAFF, said="welcomed this person"),
		Transition(
			"Not now",
			OPEN,
			"Not now",
			roles=STAFF,
			warns="They are told kindly that they can come back at any time. No reason is written down. Go on?",
		),
		Transition(
			"Point to somebody else",
			OPEN,
			"Signposted",
			roles=STAFF,
			asks="signposted_to",
			said="pointed them to somebody who can help better",
		),
		Transition("They came back", PUT_OFF, "Acknowledged", roles=STAFF),
	),
	guards={
		"In conversation": (required("conversation"),),
		"Joined": (is_on_the_register,),
		"Signposted": (required("signposted_to"),),
	},
	effects={
		"Acknowledged": (stop_the_clock, open_again, tell("Involvement enquiry acknowledged")),
		"In conversation": (stop_the_clock,),
		"Joined": (stop_the_clock, conclude),
		"Not now": (stop_the_clock, conclude, tell("Involvement enquiry not now")),
		"Signposted": (stop_the_clock, conclude, tell("Involvement enquiry signposted")),
	},
)
