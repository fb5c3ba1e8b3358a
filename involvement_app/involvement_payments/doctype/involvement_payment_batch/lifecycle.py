"""Draft → Locked → Authorised → Exported → Confirmed; Void before export only (domain 4.12, payment batch).
Who makes a batch never releases it."""

from involvement_app.involvement_payments import bank_file, batches, layouts, pay_day, ways
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.lifecycle.guards import not_own_work
from involvement_app.permissions import separation
from involvement_app.setup.roles import FINANCE_AUTHORISER, FINANCE_OFFICER

LIFECYCLE = Lifecycle(
	doctype="Involvement Payment Batch",
	states=(
		State("Draft", pending=True),
		State("Locked", 1, colour="Orange"),
		State("Authorised", 1, colour="Blue"),
		State("Exported", 1, colour="Purple"),
		State("Confirmed", 1, colour="Green"),
		State("Void", 2, colour="Red"),
	),
	transitions=(
		Transition("Lock", ("Draft",), "Locked", roles=(FINANCE_OFFICER,), said="locked this batch"),
		Transition(
			"Authorise", ("Locked",), "Authorised", roles=(FINANCE_AUTHORISER,), said="authorised this batch"
		),
		Transition("Export", ("Authorised",), "Exported", roles=(FINANCE_OFFICER,), said="exported the file"),
		Transition(
			"Confirm",
			("Exported",),
			"Confirmed",
			roles=(FINANCE_OFFICER,),
			said="confirmed that this was paid",
		),
		Transition(
			"Void",
			("Locked", "Authorised"),
			"Void",
			roles=(FINANCE_OFFICER, FINANCE_AUTHORISER),
			said="made this void",
		),
		# a line was taken out of what somebody had authorised: they look at it again
		Transition("Authorise anew", ("Authorised",), "Locked", job=True),
	),
	guards={
		"Locked": (batches.lock_lines, pay_day.is_to_come),
		"Authorised": (
			not_own_work("locked_by"),
			separation.strictly("approver and authoriser of a payment", batches.authorised_by_another),
			batches.not_a_payee,
			batches.within_their_limit,
			ways.changes_were_seen,
			batches.unchanged_since_locked,
			layouts.as_locked,
		),
		"Exported": (
			pay_day.is_to_come,
			batches.unchanged_since_locked,
			ways.accounts_as_locked,
			layouts.as_locked,
		),
		"Confirmed": (pay_day.has_come, batches.unchanged_since_locked, ways.proven),
		"Void": (ways.none_handed_over,),
	},
	effects={
		"Locked": (batches.stamp_lock,),
		"Authorised": (batches.stamp_authorised,),
		"Exported": (batches.stamp_export, bank_file.export),
	},
	workflow="Involvement Payment Batch",
)
