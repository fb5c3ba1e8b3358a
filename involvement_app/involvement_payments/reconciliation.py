"""Whether batch, payments, file and ledger say the same, to the penny (domain 4.10 jobs, 5.2 batch).

Nightly, and as often as one likes: a confirmed batch that agrees is reconciled, and its payments with it; one that does not
says where, with both figures, until somebody has looked into it. What the bank sent back since makes it agree anew."""

from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import places
from involvement_app.involvement_payments import bank_file, batches, file_totals, transfers
from involvement_app.involvement_payments.batches import BATCH, PAYMENT
from involvement_app.involvement_payments.states import CAME
from involvement_app.involvement_payments.transfers import SENT_BACK
from involvement_app.money import money, pounds, total

# functions (batch) → what its ledger entries come to, or None where there are none
LEDGER = "involvement_ledger_totals"


def run() -> None:
	"""Daily."""
	names = frappe.get_all(  # by a job
		BATCH, {"status": "Confirmed", "reconciled_on": ["is", "not set"]}, pluck="name", order_by="name"
	)
	places.each_alone(names, reconcile, "{0} could not be reconciled")


def reconcile(name: str) -> list[str]:
	"""Answers what does not agree, a sentence each. The batch is locked; who comes second finds it done."""
	batch = frappe.get_doc(BATCH, name, for_update=True)
	if batch.status != "Confirmed" or batch.reconciled_on:
		return []
	payments = _payments(batch)
	said = differences(batch, payments)
	if said and "\n".join(said) == batch.disagreement:
		return said
	batch.disagreement = "\n".join(said) or None
	batch.reconciled_on = None if said else now_datetime()
	with lifecycle.server_side(), lifecycle.as_job():
		batch.save()
	paid = [payment.name for payment in payments if payment.status == "Paid"]
	if paid and not said:
		batches.move(batch, paid, "Reconcile", {})
	return said


def differences(batch, payments: list) -> list[str]:
	"""What does not agree with what the batch pays out, a sentence each, with the figures."""
	due = total(line.amount for line in transfers.standing(batch))
	by_file = total(line.amount for line in bank_file.in_the_file(batch))
	content, paid_by_file = _file(batch)
	figures = [
		(_("The batch says {0}, and its lines come to {1}."), money(batch.to_pay), due),
		(_("The file comes to {0}, and the lines it pays to {1}."), paid_by_file, by_file),
		(
			_("Payments made and sent back come to {0}, and the lines to {1}."),
			_paid_out(batch, payments),
			due,
		),
		*((_("The ledger says {0}, and the lines come to {1}."), figure, due) for figure in _ledger(batch)),
	]
	said = [words.format(pounds(says), pounds(lines)) for words, says, lines in figures if says != lines]
	if batches.control_hash(batch.lines) != batch.control_hash:
		said.append(_("The lines are not those that were locked."))
	if content is None:
		said.append(_("The file is not what was exported."))
	return said


def _payments(batch) -> list[frappe._dict]:
	"""Those that went with the batch, locked."""
	payment = frappe.qb.DocType(PAYMENT)
	return (
		frappe.qb.from_(payment)
		.select(payment.name, payment.amount, payment.status)
		.where((payment.batch == batch.name) & payment.status.isin(CAME))
		.orderby(payment.name)
		.for_update()
		.run(as_dict=True)
	)


def _paid_out(batch, payments) -> Decimal:
	back = transfers.reversed_lines(batch, SENT_BACK)
	sent_back = [line.amount for line in batch.lines if line.payment in back]
	return total([*(payment.amount for payment in payments), *sent_back])


def _file(batch) -> tuple[bytes | None, Decimal]:
	"""The bytes that were exported last, and what they come to: read from them, not made again. Neither where they are
	there no longer."""
	try:
		content = batches.proven_content(batch)
	except batches.BatchChanged:
		frappe.clear_last_message()
		return None, money(0)
	try:
		return content, file_totals.of(batch, content)
	except file_totals.NotReadable:
		return content, money(0)


def ledgers() -> list:
	return [frappe.get_attr(path) for path in frappe.get_hooks(LEDGER)]


def _ledger(batch) -> list[Decimal]:
	if transfers.through_payroll(batch):
		return []  # payroll has a journal of its own
	found = [function(batch) for function in ledgers()]
	return [money(figure) for figure in found if figure is not None]
