"""Files that other people of the organisation want (domain 4.6, hand-over): the journal of a batch for a ledger that is
fed by hand, and what payroll pays. Neutral words, codes as text, the same columns in the same order for ever."""

import csv
import io
from collections import defaultdict

import frappe
from frappe import _
from frappe.utils import cstr, getdate

from involvement_app.involvement_payments import ledger, payees
from involvement_app.involvement_payments.csv_file import neutral
from involvement_app.money import plain, total
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import FINANCE_OFFICER

BATCH, PAYMENT = "Involvement Payment Batch", "Involvement Payment"
JOURNAL = ("Date", "Batch", "Account", "Cost centre", "Project", "Debit", "Credit", "Words")
PAYROLL = ("Payee", "Code", "From", "To", "Payments", "Gross", "Given to")


@frappe.whitelist(methods=["GET"])
def journal(batch: str) -> None:
	"""For whoever may read the batch, once its file is written. Raises PermissionError, ValidationError."""
	doc = frappe.get_doc(BATCH, cstr(batch))
	doc.check_permission("read")
	if doc.status not in ("Exported", "Confirmed"):
		frappe.throw(_("{0} is {1}: a journal is made of what was exported.").format(doc.name, _(doc.status)))
	_hand_out(f"{doc.name}-journal.csv", journal_of(doc))


def journal_of(batch) -> bytes:
	words = frappe.get_cached_doc("Involvement Settings").payment_reference or ""
	day = getdate(batch.payment_on).isoformat()
	rows = [
		(
			day,
			batch.name,
			line.account,
			line.cost_centre,
			line.project,
			plain(line.debit),
			plain(line.credit),
			f"{words} {batch.name}".strip(),
		)
		for line in ledger.lines(batch)
	]
	return _csv(JOURNAL, rows)


@frappe.whitelist(methods=["GET"])
def payroll(first: str, last: str) -> None:
	"""What is approved, paid through payroll, and of a session from `first` to `last`: a row for each person. For the
	finance officer, of the payments they may read. Raises PermissionError."""
	if FINANCE_OFFICER not in roles_of(frappe.session.user):
		raise frappe.PermissionError
	begins, ends = getdate(cstr(first)), getdate(cstr(last))
	if begins > ends:
		frappe.throw(_("The first day is after the last."))
	_hand_out(f"payroll-{begins}-{ends}.csv", payroll_of(begins, ends))


def payroll_of(first, last) -> bytes:
	"""What somebody gives to a charity is their pay too: it stands in a row of its own, under their name."""
	payments = frappe.get_list(
		PAYMENT,
		filters={
			"status": "Approved",
			"payment_route": "PAYE",
			"session_on": ["between", [first, last]],
		},
		fields=["participant", "payee_name", "amount", "charity"],
		order_by="participant asc, session_on asc",
		limit=0,
	)
	givers = {payment.participant for payment in payments if payment.charity}
	named = payees.of(givers) if givers else {}
	people = defaultdict(list)
	for payment in payments:
		name = named[payment.participant].payee_name if payment.charity else payment.payee_name
		people[payment.participant, name, payment.charity or ""].append(payment.amount)
	rows = [
		(name, code, first.isoformat(), last.isoformat(), len(amounts), plain(total(amounts)), charity)
		for (code, name, charity), amounts in people.items()
	]
	everything = total(payment.amount for payment in payments)
	rows.append(("Total", "", first.isoformat(), last.isoformat(), len(payments), plain(everything), ""))
	return _csv(PAYROLL, rows)


def _csv(columns: tuple, rows: list[tuple]) -> bytes:
	text = io.StringIO(newline="")
	writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
	writer.writerow(columns)
	for row in rows:
		writer.writerow(neutral(cell) for cell in row)
	return text.getvalue().encode("utf-8")


def _hand_out(name: str, content: bytes) -> None:
	frappe.response.filename = name
	frappe.response.filecontent = content
	frappe.response.type = "download"
