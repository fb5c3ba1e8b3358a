"""What a batch still pays: its lines without those taken back, and the transfers that they make (domain 4.6, corrections by
reversing line)."""

from collections import defaultdict

import frappe
from frappe import _

from involvement_app.involvement_payments import payees
from involvement_app.money import money, pounds, total

PAYROLL = "Payroll"
TAKEN_OUT = "Taken out"
SENT_BACK = "Sent back by the bank"


class NotReady(frappe.ValidationError):
	"""A line's payment is not approved, or is in another batch."""


def through_payroll(batch) -> bool:
	return batch.route == PAYROLL


def standing(batch) -> list:
	"""The lines that are paid out, what is taken back from somebody among them: what every ledger entry is made of. What the
	bank sent back was in them."""
	out = reversed_lines(batch, TAKEN_OUT)
	return [line for line in batch.lines if line.payment not in out]


def of(batch) -> list:
	"""A line for each transfer to the bank: what every file is made of. Where something is taken back from a payee, and
	where the file is written by a bank's layout, all that is theirs in the batch is one transfer, under its first number."""
	left = [line for line in standing(batch) if not line.handed_over_on]
	netted, theirs, found = set(), defaultdict(list), []
	for line in left:
		theirs[payees.of_line(line)].append(line)
		if batch.file_layout or through_payroll(batch) or money(line.amount) < 0:
			netted.add(payees.of_line(line))
	for line in left:
		payee = payees.of_line(line)
		if payee not in netted:
			found.append(line)
		elif line is theirs[payee][0]:
			found.append(_one_transfer(theirs[payee]))
	return found


def _one_transfer(lines) -> frappe._dict:
	first = next((line for line in lines if money(line.amount) > 0), lines[0])
	return frappe._dict(
		payment=first.payment,
		participant=first.participant,
		payee_name=first.payee_name,
		reference=first.reference,
		amount=float(total(line.amount for line in lines)),
		way=first.way,
		idx=first.idx,
		payments=[line.payment for line in lines],
	)


def payments_of(line) -> list[str]:
	"""Of a transfer: the payments that go with it."""
	return line.get("payments") or [line.payment]


def refuse_nothing_left(lines) -> None:
	"""No transfer of nothing, or less: what is taken back waits for a payment that it can be taken off. Raises NotReady."""
	sums = {}
	for line in lines:
		if not line.handed_over_on:
			sums.setdefault(payees.of_line(line), []).append(line.amount)
	problems = [
		_(
			"Row {0}: {1} takes back {2}, and nothing is left of what {3} gets here. Take this row out."
		).format(line.idx, line.payment, pounds(abs(line.amount)), line.participant)
		for line in lines
		if not line.handed_over_on and money(line.amount) < 0 and total(sums[payees.of_line(line)]) <= 0
	]
	if problems:
		frappe.throw("<br>".join(problems), NotReady)


def not_reversed(batch) -> list:
	"""The lines whose payments go on with the batch."""
	back = reversed_lines(batch)
	return [line for line in batch.lines if line.payment not in back]


def reversed_lines(batch, *kinds: str) -> set[str]:
	"""Payments that were taken back, by one of `kinds` or by any. Lines stay as they were locked."""
	return {row.payment for row in batch.reversals if not kinds or row.kind in kinds}
