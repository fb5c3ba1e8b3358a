"""Where its payment leads a claim, and what the person is told."""

import frappe

from involvement_app import lifecycle, messages
from involvement_app.involvement_app.participants import PARTICIPANT, recipients
from involvement_app.involvement_payments import advances, receipts
from involvement_app.involvement_payments.claims import CLAIM, HERE, PAYMENT, miles, payments
from involvement_app.money import pounds

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
	if action == "Mark paid":  # of a transfer that came back its batch tells, once with all that was in it
		_tell_all(rows, "Involvement expenses paid", paid_on)


def _tell_all(rows, template: str, paid_on) -> None:
	people = recipients({row.participant for row in rows})
	# one by one: a row of the outbox each
	for row in rows:
		messages.send(
			template,
			(PARTICIPANT, row.participant),
			_words(row, paid_on),
			about=frappe._dict(doctype=CLAIM, name=row.name),
			known=people.get(row.participant),
		)


def _words(row, paid_on=None) -> dict:
	return {
		"amount": pounds(row.to_pay),
		"note": row.get("note") or "",
		"paid_on": frappe.utils.format_date(paid_on, "d MMMM yyyy") if paid_on else "",
		"link": frappe.utils.get_url(HERE),
	}


def tell(template: str):
	def effect(doc, move) -> None:
		if move.by == "job":
			return
		messages.send(template, (PARTICIPANT, doc.participant), _words(doc, doc.paid_on), about=doc)

	return effect
