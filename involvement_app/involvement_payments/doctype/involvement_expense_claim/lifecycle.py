"""Submitted → Checked → Approved → Scheduled → Paid → Reconciled (domain 4.12, claim). A coordinator says that it happened, the
budget holder of the unit that it is paid; neither on their own money, nor both in one person where duties are strict.
From Approved on its payment leads, and the claim follows."""

from involvement_app.involvement_app.supporters import speaks_as_participant
from involvement_app.involvement_payments import advances, receipts, shared_receipts
from involvement_app.involvement_payments.claims import cash, following, payments, people, steps
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.lifecycle.guards import not_own_work, nothing_else_changes, required
from involvement_app.permissions import separation
from involvement_app.setup.roles import BUDGET_HOLDER, COORDINATOR, FINANCE_OFFICER, MANAGER

CHECKS = (COORDINATOR, MANAGER)
TOLD_NOW = "The person is told now, with your reason. Go on?"

LIFECYCLE = Lifecycle(
	doctype="Involvement Expense Claim",
	states=(
		State("Submitted", pending=True, colour="Blue"),
		State("Checked", pending=True, colour="Blue"),
		State("Returned", pending=True, colour="Yellow"),
		State("Rejected", colour="Red"),
		State("Approved", 1, colour="Green"),
		State("Scheduled", 1, colour="Purple"),
		State("Paid", 1, colour="Green"),
		State("Reconciled", 1, colour="Green"),
		State("Failed at bank", 1, colour="Red"),
		State("Cancelled", 2),
	),
	relations={"participant": speaks_as_participant},
	transitions=(
		Transition("Check", ("Submitted",), "Checked", roles=CHECKS, said="checked that this happened"),
		Transition("Approve", ("Checked",), "Approved", roles=(BUDGET_HOLDER,), said="approved this"),
		Transition(
			"Return",
			("Submitted",),
			"Returned",
			roles=CHECKS,
			asks="note",
			said="returned this with a question",
		),
		Transition(
			"Return",
			("Checked",),
			"Returned",
			roles=(BUDGET_HOLDER,),
			asks="note",
			said="returned this with a question",
		),
		Transition(
			"Reject",
			("Submitted", "Returned"),
			"Rejected",
			roles=CHECKS,
			asks="note",
			warns=TOLD_NOW,
			said="rejected this",
		),
		Transition(
			"Reject",
			("Checked",),
			"Rejected",
			roles=(BUDGET_HOLDER,),
			asks="note",
			warns=TOLD_NOW,
			said="rejected this",
		),
		Transition(
			"Send again",
			("Returned",),
			"Submitted",
			roles=CHECKS,
			relations=("participant",),
			said="sent this again",
		),
		Transition(
			"Cancel claim",
			("Approved",),
			"Cancelled",
			roles=(BUDGET_HOLDER, FINANCE_OFFICER),
			asks="note",
			warns="This cannot be undone. Go on?",
			said="cancelled this",
		),
		Transition(
			"Record cash",
			("Approved",),
			"Paid",
			roles=(COORDINATOR, FINANCE_OFFICER),
			said="recorded that this was paid in cash",
		),
		# what follows its payment: all of a batch at once
		Transition("Schedule", ("Approved",), "Scheduled", job=True, many=following.moved_with),
		Transition("Release", ("Scheduled",), "Approved", job=True, many=following.moved_with),
		Transition("Mark paid", ("Scheduled",), "Paid", job=True, many=following.moved_with),
		Transition(
			"Mark failed",
			("Scheduled", "Paid", "Reconciled"),
			"Failed at bank",
			job=True,
			many=following.moved_with,
		),
		Transition("Pay again", ("Failed at bank",), "Approved", job=True, many=following.moved_with),
		Transition("Reconcile", ("Paid",), "Reconciled", job=True, many=following.moved_with),
		Transition(
			"Not paid",
			("Approved", "Scheduled", "Failed at bank"),
			"Cancelled",
			job=True,
			many=following.moved_with,
		),
	),
	guards={
		"Checked": (
			people.not_the_payee,
			required("unit"),
			steps.stands_up,
			shared_receipts.not_in_two_claims,
			separation.strictly("who agreed beforehand and checker of a claim", steps.agreed_by_another),
		),
		"Approved": (
			nothing_else_changes,
			steps.of_their_own_unit,
			people.not_the_payee,
			separation.strictly("checker and approver of a claim", steps.not_the_checker),
			not_own_work(),
			shared_receipts.not_in_two_claims,
			steps.fixed,
			steps.within_their_limit,
		),
		"Returned": (people.not_the_payee, steps.of_their_own_unit_if_checked, required("note")),
		"Rejected": (people.not_the_payee, steps.of_their_own_unit_if_checked, required("note")),
		"Cancelled": (
			people.not_the_payee,
			steps.of_their_own_unit_or_finance,
			required("note"),
			advances.not_once_it_came_back,
			payments.nothing_of_it_stands,
		),
		"Paid": (people.not_the_payee, cash.cash_with_slip),
	},
	effects={
		"Submitted": (steps.stamp_submitted,),
		"Checked": (steps.stamp_checked,),
		"Approved": (payments.make_payment, following.tell("Involvement expenses approved")),
		"Returned": (following.tell("Involvement expenses returned", spent=True),),
		"Rejected": (receipts.give_free, following.tell("Involvement expenses rejected", spent=True)),
		"Cancelled": (receipts.give_free, following.tell("Involvement expenses rejected", spent=True)),
		"Paid": (cash.stamp_cash, following.tell("Involvement expenses paid")),
	},
	workflow="Involvement Expense Claim",
)
