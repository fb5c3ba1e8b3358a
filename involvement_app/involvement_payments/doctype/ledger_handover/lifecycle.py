"""Waiting → Handed over, or Not accepted after the last try; an officer has it tried again (domain 4.6, webhook)."""

from involvement_app.involvement_payments import webhook
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.setup.roles import FINANCE_OFFICER

LIFECYCLE = Lifecycle(
	doctype="Ledger Handover",
	states=(
		State("Waiting", colour="Orange"),
		State("Handed over", colour="Green"),
		State("Not accepted", colour="Red"),
	),
	transitions=(
		Transition("Accepted", ("Waiting",), "Handed over", job=True),
		Transition("Give up", ("Waiting",), "Not accepted", job=True),
		Transition(
			"Try again", ("Not accepted",), "Waiting", roles=(FINANCE_OFFICER,), said="had it tried again"
		),
	),
	effects={"Waiting": (webhook.begin_anew,), "Handed over": (webhook.stamp,)},
)
