"""Draft → Approved → Switched off (domain 4.1): nobody approves the rate that they wrote."""

import frappe
from frappe import _
from frappe.utils import now_datetime

from involvement_app.involvement_app import rates
from involvement_app.lifecycle import Lifecycle, State, Transition, TransitionError
from involvement_app.lifecycle.guards import not_own_work, nothing_else_changes, required
from involvement_app.setup.roles import MANAGER


def none_like_it(doc, move) -> None:
	other = rates.overlapping(doc)
	if other:
		frappe.throw(
			_(
				"“{0}” is for the same people, unit and basis, and counts on some of these days. End it first with “Valid to”, or write in “For whom” how they differ."
			).format(other),
			TransitionError,
		)


def stamp_approval(doc, move) -> None:
	doc.approved_by, doc.approved_on = move.user, now_datetime()


LIFECYCLE = Lifecycle(
	doctype="Payment Rate Rule",
	states=(
		State("Draft", pending=True),
		State("Approved", colour="Green"),
		State("Switched off"),
	),
	transitions=(
		Transition("Approve", ("Draft",), "Approved", roles=(MANAGER,), said="approved this rate"),
		Transition(
			"Switch off",
			("Draft", "Approved"),
			"Switched off",
			roles=(MANAGER,),
			warns="Nothing new can be offered at this rate. What was promised stays promised. Go on?",
			said="switched this rate off",
		),
		Transition("Use it again", ("Switched off",), "Draft", roles=(MANAGER,), said="took this up again"),
	),
	# the examples that come with the app
	initial=("Switched off",),
	guards={
		"Approved": (required("source", "valid_from"), not_own_work(), nothing_else_changes, none_like_it),
	},
	effects={"Approved": (stamp_approval,)},
)
