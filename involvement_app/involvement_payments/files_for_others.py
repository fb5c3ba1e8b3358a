"""The journal of a batch for a ledger that is fed by hand (domain 4.6, hand-over): neutral words, codes as text, the same
columns in the same order for ever. What is paid through payroll is in payroll's own."""

import csv
import io

import frappe
from frappe import _
from frappe.utils import cstr, getdate

from involvement_app.involvement_payments import ledger, transfers
from involvement_app.involvement_payments.csv_file import neutral
from involvement_app.money import plain

BATCH = "Involvement Payment Batch"
JOURNAL = ("Date", "Batch", "Account", "Cost centre", "Project", "Debit", "Credit", "Words")


@frappe.whitelist(methods=["GET"])
def journal(batch: str) -> None:
	"""For whoever may read the batch, once its file is written. Raises PermissionError, ValidationError."""
	doc = frappe.get_doc(BATCH, cstr(batch))
	doc.check_permission("read")
	if doc.status not in ("Exported", "Confirmed"):
		frappe.throw(_("{0} is {1}: a journal is made of what was exported.").format(doc.name, _(doc.status)))
	if transfers.through_payroll(doc):
		frappe.throw(
			_("{0} is paid through payroll, whose own journal stands in the ledger.").format(doc.name)
		)
	if not ledger.lines(doc):
		frappe.throw(
			_("As much came back as went out with {0}, on each account: there is nothing to post.").format(
				doc.name
			)
		)
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
