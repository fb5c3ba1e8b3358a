"""Where its payment leads a claim, and what the person is told."""

import frappe

from involvement_app import lifecycle, messages
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_payments import advances, receipts
from involvement_app.involvement_payments.claims import CLAIM, HERE, PAYMENT, contents, miles, payments
from involvement_app.money import money, pounds

# where a payment's step and its claim's are called differently
AS_THE_CLAIM_SAYS = {"Void in its batch": "Not paid"}


def moved_with(claim, trail):
	"""`trail` names a batch: the claims whose payments it moved just now."""
	payment = frappe.qb.DocType(PAYMENT)
	return claim.payment.isin(
		frappe.qb.from_(payment).select(payment.name).where(payment.claim == claim.name)
	)


def follow_one(payment) -> None:
	"""A payment that took a step of its own, as a document: its claim takes the one that leads to the same."""
	before = payment.get_doc_before_save()
	if not payment.claim or not before or before.status == payment.status:
		return
	to = "Cancelled" if payment.status == "Void" else payment.status
	steps = [step for step in lifecycle.of(CLAIM).between(before.status, to) if step.many]
	if steps:
		follow([payment.name], steps[0].action, (PAYMENT, payment.name), payment.paid_on)


def follow(moved: list[str], action: str, trail: tuple[str, str], paid_on=None) -> None:
	"""The claims of these payments take the step of the same name, once the payments have: all at once. Asked wherever
	payments move; those of another kind are nobody's claim. One query where there are none."""
	rows = frappe.get_all(  # bounded: of payments that the caller moved
		CLAIM, {"payment": ["in", moved]}, ["name", "participant", "to_pay"]
	)
	if not rows:
		return
	action = AS_THE_CLAIM_SAYS.get(action, action)
	values = {"paid_on": paid_on} if action == "Mark paid" else {}
	if action in ("Release", "Pay again", "Mark failed"):
		values = {"paid_on": None}
	with lifecycle.as_job():
		lifecycle.move_many(CLAIM, [row.name for row in rows], action, trail, values)
	if action == "Not paid":
		names = [row.name for row in rows]
		advances.take_up_again(names)
		payments.withdraw_what_else(names, trail)
		miles.settle_miles(receipts.give_all_free(names), trail)


def _words(doc, spent: bool) -> dict:
	"""`spent`: what they spent is named, where nothing is paid."""
	own = contents.of_their_own(doc)
	covered = own - money(doc.to_pay) if doc.advance_payment else 0
	return {
		"amount": pounds(own if spent else doc.to_pay),
		"spent": pounds(own),
		"covered": pounds(covered) if covered else "",
		"to_come": pounds(doc.to_pay) if money(doc.to_pay) > 0 else "",
		"more": "",
		"beside": "",
		"taken_off": "",
		"note": doc.note or "",
		"paid_on": frappe.utils.format_date(doc.paid_on, "d MMMM yyyy") if doc.paid_on else "",
		"link": frappe.utils.get_url(HERE),
	}


def tell(template: str, spent: bool = False):
	def effect(doc, move) -> None:
		if move.by == "job":
			return
		messages.send(template, (PARTICIPANT, doc.participant), _words(doc, spent), about=doc)

	return effect


def tell_more(payment) -> None:
	"""A further payment of a claim, approved on its own (`miles`)."""
	more = pounds(payment.amount)
	words = {"amount": more, "more": more, "spent": "", "covered": "", "to_come": "", "note": ""}
	words["link"] = frappe.utils.get_url(HERE)
	messages.send("Involvement expenses approved", (PARTICIPANT, payment.participant), words, about=payment)
