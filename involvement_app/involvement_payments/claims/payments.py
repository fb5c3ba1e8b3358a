"""The one payment a claim makes, and what becomes of it when the claim is cancelled."""

import frappe
from frappe import _
from frappe.utils import getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_payments import advances, corrections, payees
from involvement_app.involvement_payments.claims import CLAIM, KIND, PAYMENT, cash, contents, dates, people
from involvement_app.involvement_payments.states import CHANGEABLE, CORRECTION
from involvement_app.money import money
from involvement_app.permissions import NOTHING


def make_payment(doc, move) -> None:
	"""Effect of Approved: the one payment, in the same transaction. Nothing to pay, no payment."""
	if move.by == "job" or doc.payment:
		return
	advances.settle(doc, contents.of_their_own(doc))
	if money(doc.to_pay) <= 0:
		return
	payment = payment_of(doc, payees.named([people.who(doc)])[doc.participant], doc.to_pay)
	payment.payment_route = cash.route(doc.pay_by)
	with lifecycle.server_side(), lifecycle.as_job():
		payment.insert(ignore_permissions=True)  # bounded: the budget holder's step Approve on this claim
		lifecycle.move_many(
			PAYMENT,
			[payment.name],
			"Approve the claim",
			(CLAIM, doc.name),
			{"approved_by": doc.approved_by, "approved_on": doc.approved_on},
		)
	doc.payment = payment.name


def payment_of(doc, person, amount, revision: int = 0):
	"""Of the claim `doc`, not written yet. `person`: as `payees.named` answers."""
	hands = {doc.owner, doc.checked_by, doc.recorded_by, *(doc.edited_by or "").split()}
	spent_on = min(getdate(line.spent_on) for line in doc.lines)
	payment = frappe.get_doc(
		{
			"doctype": PAYMENT,
			"kind": KIND,
			"claim": doc.name,
			"revision": revision,
			"participant": doc.participant,
			"payee_name": person.payee_name,
			"engagement": doc.engagement,
			"session": doc.session,
			"session_on": spent_on,
			"shown_on": None if doc.visit else spent_on,
			"unit": doc.unit,
			"amount": float(amount),
			"payment_route": "Gross",
			"due_on": dates.promised_for(today())
			if revision
			else doc.due_on or dates.promised_for(doc.claimed_on),
			"edited_by": "\n".join(sorted(hands - {person.user, "Administrator", None, ""})),
		}
	)
	payment.flags.ignore_links = True  # each is the claim's own
	return payment


def not_without_its_claim(doc, move) -> None:
	"""Guard of a payment made Void: one of expenses goes with its claim, so that neither is left behind."""
	if doc.claim and not doc.corrects and move.by != "job" and move.source == "Approved":
		frappe.throw(
			_("Cancel the expense claim {0} instead: its payment goes with it.").format(doc.claim),
			lifecycle.TransitionError,
		)


def of_this_claim(payment, trail):
	"""`trail` names the claim that moves its payment: no claim moves another's."""
	return (payment.kind == KIND) & (payment.claim == trail[1]) if trail[0] == CLAIM else NOTHING


def nothing_of_it_stands(doc, move) -> None:
	"""Guard of a claim that is cancelled by hand: of what it made, or what was taken back of that, nothing stays behind."""
	if move.by == "job":
		return
	payment = frappe.qb.DocType(PAYMENT)
	there = (
		frappe.qb.from_(payment)
		.select(payment.name, payment.status)
		.where((payment.claim == doc.name) & payment.kind.isin((KIND, CORRECTION)))
		.where(payment.status.notin((*corrections.DROPPED, *CHANGEABLE)))
		.for_update()
		.run(as_dict=True)
	)
	if there:
		frappe.throw(
			_(
				"{0} cannot be cancelled now: {1} came of it and is {2}. Pay it as it is, and take back then what was too much: “Paid too much”."
			).format(doc.name, there[0].name, _(there[0].status)),
			lifecycle.TransitionError,
		)


def withdraw_payment(doc) -> None:
	"""Once the claim is Cancelled: its payment with it, which is in no batch."""
	advances.take_up_again([doc.name])
	_withdraw([doc.name], (CLAIM, doc.name), doc.note, {})


def withdraw_what_else(claims: list[str], trail: tuple[str, str]) -> None:
	"""Once a batch has cancelled these claims: what else of them is on its way, and in no batch."""
	_withdraw(claims, trail, None, {"batch": ["is", "not set"]})


def _withdraw(claims: list[str], trail: tuple[str, str], note: str | None, filters: dict) -> None:
	names = frappe.get_all(  # of claims that are cancelled now
		PAYMENT,
		{
			"claim": ["in", claims],
			"kind": ["in", (KIND, CORRECTION)],
			"status": ["in", CHANGEABLE],
			**filters,
		},
		pluck="name",
	)
	if names:
		with lifecycle.as_job():
			lifecycle.move_many(PAYMENT, names, "Withdraw", trail, {"withdrawn": 1, "note": note})
