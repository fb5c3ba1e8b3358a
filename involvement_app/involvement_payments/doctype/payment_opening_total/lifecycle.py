"""Draft → Approved → Withdrawn (issue 7, opening totals). Somebody else in finance approves; from then on it counts as it stands, and a
mistake is withdrawn and written anew."""

from involvement_app.involvement_payments import opening_totals
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.lifecycle.guards import not_own_work, nothing_else_changes, required
from involvement_app.setup.roles import FINANCE_AUTHORISER, FINANCE_OFFICER

FINANCE = (FINANCE_OFFICER, FINANCE_AUTHORISER)

LIFECYCLE = Lifecycle(
	doctype="Payment Opening Total",
	states=(
		State("Draft", pending=True, colour="Yellow"),
		State("Approved", colour="Green"),
		State("Withdrawn"),
	),
	transitions=(
		Transition("Approve", ("Draft",), "Approved", roles=FINANCE, said="approved this"),
		Transition(
			"Withdraw",
			("Draft", "Approved"),
			"Withdrawn",
			roles=FINANCE,
			asks="note",
			warns="It no longer counts, and the person no longer sees it. Go on?",
			said="withdrew this",
		),
	),
	guards={
		"Approved": (not_own_work(), opening_totals.not_the_payee, nothing_else_changes),
		"Withdrawn": (required("note"), opening_totals.not_the_payee),
	},
	effects={"Approved": (opening_totals.stamp_approval,)},
)
