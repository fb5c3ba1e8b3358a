"""What is due, more or less, when miles that were approved are worth something else (`mileage`)."""

from collections import defaultdict

import frappe
from frappe import _

from involvement_app import lifecycle
from involvement_app.involvement_app import participants
from involvement_app.involvement_payments import mileage, payees
from involvement_app.involvement_payments.accrual import the_service
from involvement_app.involvement_payments.claims import CLAIM, KIND, LINE, PAYMENT, contents, payments, people
from involvement_app.money import money, pounds, total


def miles_no_longer_count(doc) -> None:
	"""Once the claim is Cancelled: what was driven after it is worth something else (`mileage.again`)."""
	settle_miles(doc.flags.miles_freed or (), (CLAIM, doc.name))


def settle_miles(keys, trail: tuple[str, str]) -> None:
	"""Miles of these `keys` no longer count: later lines of the same person and tax year are worked out anew. What a claim
	is worth more then is a further payment, for the budget holder to approve as every other: nobody's yes is moved to
	another amount. Where it is less, and more than the pennies of rounding, finance is told to talk with the person."""
	for participant in sorted({key.split("|")[0] for key in keys}):  # one by one: mostly one person
		person = people.lock_person(participant)[0]
		kept = person.merged_into or participant
		of_them = {key for key in keys if key.startswith(f"{participant}|")}
		changed = mileage.again(participants.records_of(kept), of_them)
		if changed:
			worth_more = defaultdict(list)
			for row in changed:
				worth_more[row.parent].append(row.amount - row.was)
			_settle(worth_more, trail)


def _settle(worth_more: dict[str, list], trail: tuple[str, str]) -> None:
	"""`worth_more`: approved claims, in the order of approval, and what their lines are worth more now."""
	left = money(0)
	# one by one: the few claims after the threshold of one person in a year
	for name, more in worth_more.items():
		doc = frappe.get_doc(CLAIM, name, for_update=True)
		doc.set("lines", _lines_now(name))  # a claim's rows come from an older snapshot than itself
		contents.add_up(doc)
		values = {"total": doc.total, "to_pay": doc.to_pay}
		# bounded: what the lines of the one person add up to
		frappe.db.set_value(CLAIM, name, values, update_modified=False)
		left += total(more)
		if left > 0:
			_pay_further(doc, left, trail)
			left = money(0)
	if left < 0:
		doc.add_comment(
			"Info",
			_("{0} less is due for these miles since {1} was cancelled: propose a correction.").format(
				pounds(-left), trail[1]
			),
		)


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
			"Info", _("The miles of {0} no longer count, so these are worth more.").format(trail[1])
		)
