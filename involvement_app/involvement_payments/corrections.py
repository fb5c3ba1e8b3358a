"""What somebody was paid too much, agreed with them and taken back (domain 4.6: corrections by reversing line only).

What was paid stays as it is. A payment of the kind Correction, with an amount below nothing, names what it corrects. It is
approved like every other, and then taken off what the person gets next, paid back by them, or written off. Never more is
taken back than was paid: the payment's row is locked, and a unique key counts its corrections."""

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Sum
from frappe.utils import add_months, cint, cstr, getdate, nowdate

from involvement_app import lifecycle
from involvement_app.involvement_app.role_status import GROSS
from involvement_app.involvement_payments import accrual, overpaid, payees, states
from involvement_app.involvement_payments.claims import CASH
from involvement_app.involvement_payments.states import ADVANCE, CORRECTION, PAYMENT, RECEIVED
from involvement_app.money import money, pounds, split, total
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import COORDINATOR, FINANCE_OFFICER, MANAGER

HOW = ("Phone", "In person", "Post", "E-mail", "Supporter")
MOST_PARTS = 12
DROPPED = ("Rejected", "Void")
# of somebody's money: one that came back to us with its transfer was not
TAKEN = ("Scheduled", "Repaid", *RECEIVED)
COPIED = (
	"participant",
	"payee_name",
	"engagement",
	"claim",
	"session",
	"session_on",
	"shown_on",
	"unit",
	"rate_rule",
	"rate_basis",
	"role_determination",
	"payment_route",
	"payment_choice",
	"charity",
)


class CannotCorrect(frappe.ValidationError):
	"""It was not paid, or not so much, or nobody has talked with the person."""


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def propose(
	payment: str, amount: str | float, reason: str, agreed_how: str, parts: str | int = 1
) -> list[str]:
	"""`amount` of what was paid is taken back, as the person agreed, in `parts` a month apart. Answers the names of the
	corrections, which the budget holder approves. Raises PermissionError, CannotCorrect."""
	doc = frappe.get_doc(PAYMENT, cstr(payment))
	doc.check_permission("read")
	_check_who(doc)
	# locks the place first, as whoever settles it does
	explained = money(0)
	if doc.kind == states.KIND:
		explained = overpaid.explained(doc.engagement, doc.session, max(money(amount), money(0)))
	doc = frappe.get_doc(PAYMENT, doc.name, for_update=True)
	words, back, shares = _checked(doc, amount, reason, agreed_how, parts)
	there = taken_back(doc.name)
	left = left_of(doc, there)
	if doc.kind == ADVANCE:
		_all_of_it(doc, back, left)
	if back > left:
		frappe.throw(
			_("Amount: at most {0} of {1} can be taken back.").format(pounds(left), doc.name), CannotCorrect
		)
	names = []
	with lifecycle.server_side():
		worths = split(explained, shares)
		for number, share in enumerate(
			shares
		):  # one by one: each is a document with a lifecycle, at most twelve
			not_before = day_of_part(nowdate(), number) if number else None
			values = {
				"offered_amount": -float(worths[number]),
				"not_before": not_before,
				"revision": len(there) + number,
			}
			names.append(_make(doc, share, {**values, "correction_reason": words, "agreed_how": agreed_how}))
	if doc.kind == states.KIND:
		accrual.settle({doc.engagement}, (PAYMENT, doc.name))
	return names


def day_of_part(agreed_on, number: int):
	"""From when part `number`, counted from 0, is taken off."""
	return getdate(add_months(getdate(agreed_on), number))


def is_day_of_a_part(day, agreed_on) -> bool:
	"""Whether something that was agreed on `agreed_on` waits for `day` as a part of it does."""
	return getdate(day) in {day_of_part(agreed_on, number) for number in range(1, MOST_PARTS)}


def _check_who(doc) -> None:
	user = frappe.session.user
	if not roles_of(user) & {COORDINATOR, MANAGER, FINANCE_OFFICER}:
		raise frappe.PermissionError
	payees.refuse_own({doc.participant})


def _checked(doc, amount, reason, agreed_how, parts) -> tuple:
	words, back, count = cstr(reason).strip()[:500], money(amount), cint(parts)
	if doc.kind == CORRECTION or doc.status not in RECEIVED:
		frappe.throw(
			_("{0} was not paid, so nothing of it can be taken back.").format(doc.name), CannotCorrect
		)
	if not words:
		frappe.throw(_("Reason: please say what was too much. The person reads it."), CannotCorrect)
	if agreed_how not in HOW:
		frappe.throw(_("Talk with the person first, and say how they agreed."), CannotCorrect)
	if back <= 0:
		frappe.throw(_("Amount: please say how much was too much."), CannotCorrect)
	if not 1 <= count <= MOST_PARTS:
		frappe.throw(_("Parts: from 1 to {0}.").format(MOST_PARTS), CannotCorrect)
	shares = split(back, [1] * count)
	if min(shares) <= 0:
		frappe.throw(_("Parts: that many parts are less than a penny each."), CannotCorrect)
	return words, back, shares


def _all_of_it(doc, back, left) -> None:
	"""Some of an advance was spent: a claim says so, and takes back the rest by itself."""
	from involvement_app.involvement_payments import advances

	if back != left:
		frappe.throw(_("Write a claim of what was spent: the rest is taken back then."), CannotCorrect)
	advances.not_spent(doc)


def taken_back(payment: str) -> list[frappe._dict]:
	table = frappe.qb.DocType(PAYMENT)
	query = frappe.qb.from_(table).select(table.name, table.amount, table.status)
	return query.where(table.corrects == payment).for_update().run(as_dict=True)


def nothing_was_taken_of_it(doc, move=None) -> None:
	"""Guard of whatever makes a payment void: nothing of it was taken off something else meanwhile, or paid back, or accounted
	for; the person would be short of it."""
	taken = total(-row.amount for row in taken_back(doc.name) if row.status in TAKEN)
	# an advance of which nothing was spent is settled by a correction, which ends with it
	if taken or (doc.settled_on and doc.claim):
		words = (
			_(
				"Void: {0} of {1} was taken off another payment, or accounted for, already. Choose “Pay again”: then everything adds up."
			)
			if move and move.source == "Failed at bank"
			else _(
				"Void: {0} of {1} was taken off another payment, or accounted for, already. Pay it: then everything adds up."
			)
		)
		frappe.throw(words.format(pounds(taken or doc.amount), doc.name), lifecycle.TransitionError)


def was_taken_of(doc) -> bool:
	"""Something of it was taken off another payment, or paid back."""
	return any(row.status in TAKEN for row in taken_back(doc.name))


def end_with_it(doc, move=None) -> None:
	"""Effect of Void: what was to be taken back of a payment that never came is not. What came back with its transfer neither."""
	there = taken_back(doc.name)
	for row in there:  # one by one: few, each with a message of its own
		if row.status in ("Approved", "Failed at bank"):
			correction = frappe.get_doc(PAYMENT, row.name, for_update=True)
			correction.flags.with_its_payment = True
			with lifecycle.as_job():
				lifecycle.apply(correction, "Withdraw", note=doc.note)
	# of these nobody was told anything yet
	asked_for = [row.name for row in there if row.status in ("Checked", "Returned")]
	if asked_for:
		with lifecycle.as_job():
			lifecycle.move_many(PAYMENT, asked_for, "Withdraw", (PAYMENT, doc.name), {"note": doc.note})


def left_of(doc, there: list):
	"""What `there`, its corrections, have not taken back of it."""
	return money(doc.amount) - total(-row.amount for row in there if row.status not in DROPPED)


def by_itself(doc, amount, words: str, hands: set[str], there: list) -> str:
	"""A correction that follows from something else, for the budget holder to approve. `doc`: the payment, read for update;
	`there`: its corrections; `hands`: who may not approve it."""
	with lifecycle.server_side(), accrual.the_service():
		return _make(
			doc,
			amount,
			{
				"correction_reason": words,
				"edited_by": "\n".join(sorted(hands - {None, "", "Administrator"})),
				"revision": len(there),
			},
		)


def left_now(payment):
	"""A term of a query: what the corrections of `payment`, a table, have not taken back of it."""
	back = frappe.qb.DocType(PAYMENT).as_("taken_back")
	taken = (
		frappe.qb.from_(back)
		.select(Sum(back.amount))
		.where((back.corrects == payment.name) & back.status.notin(DROPPED))
	)
	return payment.amount + Coalesce(taken, 0)


def _make(doc, share, values: dict) -> str:
	correction = frappe.get_doc(
		{
			"doctype": PAYMENT,
			"kind": CORRECTION,
			"corrects": doc.name,
			"amount": -float(share),
			"edited_by": frappe.session.user,
			**values,
			**{fieldname: doc.get(fieldname) for fieldname in COPIED},
			# what was given in cash is taken off what comes by the bank
			"payment_route": GROSS if doc.payment_route == CASH else doc.payment_route,
		}
	)
	correction.flags.ignore_links = True  # every link stands in the locked payment
	# bounded: whoever may read the payment and holds one of the roles above; it is approved by somebody else
	return correction.insert(ignore_permissions=True).name
