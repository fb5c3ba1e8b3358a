"""Pending → Verified → Active → Superseded (domain 4.12, bank detail). A second person verifies, a change waits for its
cooling-off time, and the person takes theirs away at once (law 8)."""

from involvement_app.involvement_app.participants import is_participant
from involvement_app.involvement_payments import bank_details
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.lifecycle.guards import not_own_work, nothing_else_changes
from involvement_app.setup.roles import FINANCE_AUTHORISER, FINANCE_OFFICER

FINANCE = (FINANCE_OFFICER, FINANCE_AUTHORISER)

LIFECYCLE = Lifecycle(
	doctype="Participant Bank Detail",
	states=(
		State("Pending", pending=True, colour="Orange"),
		State("Verified", colour="Blue"),
		State("Active", colour="Green"),
		State("Superseded"),
		State("Taken away"),
	),
	relations={"participant": is_participant},
	transitions=(
		Transition("Verify", ("Pending",), "Verified", roles=FINANCE, said="verified this"),
		Transition("Use from now on", ("Verified",), "Active", job=True),
		Transition("Supersede", ("Pending", "Verified", "Active"), "Superseded", job=True),
		Transition(
			"Set aside",
			("Pending", "Verified"),
			"Taken away",
			roles=FINANCE,
			asks="note",
			warns="It is not used, and what was entered is deleted. Go on?",
			said="set this aside",
		),
		Transition(
			"Take away", ("Pending", "Verified", "Active"), "Taken away", job=True, relations=("participant",)
		),
	),
	guards={
		"Verified": (not_own_work("recorded_by"), bank_details.not_the_payee, nothing_else_changes),
		"Taken away": (bank_details.with_a_reason,),
	},
	effects={
		"Verified": (bank_details.stamp_verified,),
		"Active": (bank_details.begin,),
		"Superseded": (bank_details.forget_account,),
		"Taken away": (bank_details.forget_account, bank_details.tell_taken_away),
	},
)
