"""What is due, more or less, when miles that were approved are worth something else (`mileage`)."""

from collections import defaultdict
from decimal import Decimal

import frappe
from frappe import _

from involvement_app import lifecycle
from involvement_app.involvement_app import participants
from involvement_app.involvement_payments import corrections, mileage, payees
from involvement_app.involvement_payments.accrual import the_service
from involvement_app.involvement_payments.claims import CLAIM, KIND, LINE, PAYMENT, contents, payments, people
from involvement_app.involvement_payments.states import ADVANCE, ON_ITS_WAY, RECEIVED
from involvement_app.money import money, pounds, total

PENNIES = money("0.02")  # what rounding alone can come to; nobody is asked for it


def miles_no_longer_count(doc) -> None:
	"""Once the claim is Cancelled: what was driven after it is worth something else (`mileage.again`)."""
	settle_miles(doc.flags.miles_freed or (), (CLAIM, doc.name))


def settle_miles(keys, trail: tuple[str, str]) -> None:
	"""Miles of these `keys` no longer count, or others come before them (`opening_totals`): the lines of the same person and
	tax year are worked out anew. What a claim is worth more then is a further payment, what all are worth less is a correction:
	each for the budget holder to approve as every other, so that nobody's yes is moved to another amount."""
	for participant in sorted({key.split("|")[0] for key in keys}):  # one by one: mostly one person
		person = people.lock_person(participant)[0]
		kept = person.merged_into or participant
		of_them = {key for key in keys if key.startswith(f"{participant}|")}
		changed = mileage.again(participants.records_of(kept), of_them)
		if changed:
			worth_more = defaultdict(Decimal)
			for row in changed:
				worth_more[row.parent] += row.amount - row.was
			_settle(worth_more, trail)


def _settle(worth_more: dict[str, Decimal], trail: tuple[str, str]) -> None:
	"""`worth_more`: approved claims, in the order of approval, and what their lines are worth more now, or less. What one is
	worth less is taken off what others are worth more."""
	less = -total(more for more in worth_more.values() if more < 0)
	# one by one: the few claims of one person in a year that change
	for name, more in worth_more.items():
		doc = frappe.get_doc(CLAIM, name, for_update=True)
		doc.set("lines", _lines_now(name))  # a claim's rows come from an older snapshot than itself
		contents.add_up(doc)
		values = {"total": doc.total, "to_pay": doc.to_pay}
		# bounded: what the lines of the one person add up to
		frappe.db.set_value(CLAIM, name, values, update_modified=False)
		set_off = min(less, max(more, money(0)))
		less -= set_off
		if more > set_off:
			_pay_further(doc, more - set_off, trail)
	if less > PENNIES:
		_propose_less(doc, list(worth_more), less)


def _propose_less(last, names: list[str], amount) -> None:
	"""Of the payments of these claims, no more than is left of each; what was received first."""
	left = amount
	# one by one: mostly one payment carries it
	for name in _paid_of(names):
		payment = frappe.get_doc(PAYMENT, name, for_update=True)
		there = corrections.taken_back(name)
		part = min(left, corrections.left_of(payment, there))
		if part <= 0:
			continue
		words = _("Your miles of this tax year were counted anew, because others of them changed.")
		corrections.by_itself(payment, part, words, set((payment.edited_by or "").split()), there)
		left -= part
		if not left:
			return
	last.add_comment(
		"Info",
		_("{0} less is due for the miles of this tax year, and no payment is left to take it off.").format(
			pounds(left)
		),
	)


def _paid_of(names: list[str]) -> list[str]:
	"""Payments of these claims, also the advances that they settled; locked."""
	payment = frappe.qb.DocType(PAYMENT)
	rows = (
		frappe.qb.from_(payment)
		.select(payment.name, payment.status)
		.where(payment.claim.isin(names) & payment.kind.isin((KIND, ADVANCE)))
		.where(payment.status.isin(("Approved", *ON_ITS_WAY)))
		.orderby(payment.name)
		.for_update()
		.run(as_dict=True)
	)
	return [row.name for row in sorted(rows, key=lambda row: row.status not in RECEIVED)]


def _lines_now(name: str) -> list[frappe._dict]:
	line = frappe.qb.DocType(LINE)
	query = frappe.qb.from_(line).select(line.amount, line.paid_by, line.spent_on).where(line.parent == name)
	return query.for_update().run(as_dict=True)


def _payments_there(name: str) -> int:
	payment = frappe.qb.DocType(PAYMENT)
	query = frappe.qb.from_(payment).select(payment.name)
	return len(query.where((payment.claim == name) & (payment.kind == KIND)).for_update().run())


def _pay_further(doc, amount, trail: tuple[str, str]) -> None:
	person = payees.named([people.who(doc)])[doc.participant]
	payment = payments.payment_of(doc, person, amount, revision=_payments_there(doc.name))
	with lifecycle.server_side(), the_service():
		payment.insert(ignore_permissions=True)  # bounded: the difference that the rates come to
		payment.add_comment(
			"Info", _("The miles of {0} were counted anew, so these are worth more.").format(trail[1])
		)
