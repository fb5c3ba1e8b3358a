"""What the bank says became of an exported batch (domain 4.12, payment: Failed at bank).

A CSV file with a row for each payment: its reference, its amount and how it went. Everything is listed first and nothing
happens; then what was paid is paid and what came back is Failed at bank. A row that fits no payment, and a payment that has
no row, are listed and stay as they are. The same file a second time changes nothing.

Names of columns and words of outcomes differ from bank to bank: the usual ones are known, others are said with the file."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import frappe
from frappe import _
from frappe.utils import cstr

from involvement_app import arguments, lifecycle
from involvement_app.involvement_app.concerned import among
from involvement_app.involvement_app.doctype.participant_import import columns as headers
from involvement_app.involvement_app.doctype.participant_import import csv_file as sheets
from involvement_app.involvement_payments import batches, pay_day, reversals, transfers, ways
from involvement_app.involvement_payments.batches import PAYMENT
from involvement_app.involvement_payments.states import RECEIVED
from involvement_app.involvement_payments.transfers import SENT_BACK
from involvement_app.money import money, pounds

COLUMNS = {
	"reference": (
		"Reference",
		"Payment reference",
		"Beneficiary reference",
		"Payee reference",
		"Ref",
		"Payment",
	),
	"amount": ("Amount", "Value", "Payment amount", "Amount GBP", "Credit amount"),
	"outcome": ("Outcome", "Status", "Result", "Payment status", "State"),
}
REASON = ("Reason", "Return reason", "Reason description", "Details", "Message", "Narrative")
PAID = {
	"paid",
	"accepted",
	"settled",
	"success",
	"successful",
	"complete",
	"completed",
	"processed",
	"credited",
}
FAILED = {"failed", "returned", "rejected", "unpaid", "unapplied", "recalled", "refused", "bounced"}
MOST_ROWS = 5000  # as many as a batch has lines


class CannotRead(frappe.ValidationError):
	"""The file as a whole is of no use; the message names the row or column."""


@dataclass
class Answer:
	"""Payments by name: `paid`, `failed` (with the bank's words), `known` (said before). `unknown`: sentences that name the
	row. `missing`: payments of the batch that wait and have no row."""

	paid: list[str] = field(default_factory=list)
	failed: dict[str, str] = field(default_factory=dict)
	known: list[str] = field(default_factory=list)
	unknown: list[str] = field(default_factory=list)
	missing: list[str] = field(default_factory=list)


@frappe.whitelist(methods=["POST"])
def preview(batch: str, content: str, columns: str | dict | None = None) -> dict:
	"""What the file would do, and nothing done: {paid, failed, known, unknown, missing}. `content`: the file in base64.
	`columns`: {reference, amount, outcome} → the name of its column, where it has another. Raises PermissionError,
	CannotRead, CannotTakeBack."""
	return _said(_read(reversals.locked(batch, ("Exported", "Confirmed")), content, columns))


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def take_in(batch: str, content: str, columns: str | dict | None = None) -> dict:
	"""The same, carried out. A batch with nothing left to wait for is confirmed."""
	doc = reversals.locked(batch, ("Exported", "Confirmed"))
	answer = _read(doc, content, columns)
	batches.unchanged_since_locked(doc, None)
	if answer.paid:
		whole = {
			each
			for line in transfers.of(doc)
			if line.payment in answer.paid
			for each in transfers.payments_of(line)
		}
		batches.mark_paid(doc, whole)
	if answer.failed:
		reversals.mark_failed(doc, answer.failed)
	if doc.status == "Exported" and not answer.missing:
		lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Confirm")
	return _said(answer)


def _said(answer: Answer) -> dict:
	return {
		"paid": answer.paid,
		"failed": [{"payment": name, "reason": why} for name, why in answer.failed.items()],
		"known": answer.known,
		"unknown": answer.unknown,
		"missing": answer.missing,
	}


def _read(batch, content: str, columns) -> Answer:
	rows = _rows(arguments.file(content, CannotRead), arguments.values(columns, _("Columns")))
	payment = frappe.qb.DocType(PAYMENT)
	query = frappe.qb.from_(payment).select(payment.name, payment.status).where(payment.batch == batch.name)
	own = among(frappe.session.user, {line.participant for line in batch.lines})
	answer = compare(batch, dict(query.for_update().run()), rows, own)
	if answer.paid:
		pay_day.has_come(batch)
	return answer


def compare(
	batch, statuses: dict[str, str], rows: list[dict], own: frozenset[str] | set[str] = frozenset()
) -> Answer:
	"""`rows`: {line, reference, amount, outcome, reason} as text. `statuses`: of the payments that are in the batch. `own`: the
	people in whom the reader is concerned: of their money somebody else says that it came back."""
	lines = {_key(line.reference): line for line in transfers.of(batch)}
	lines |= {_key(line.payment): line for line in transfers.of(batch)}
	back = transfers.reversed_lines(batch, SENT_BACK)
	answer, seen = Answer(), {}
	disagree = _told_both(rows, lines)
	for row in rows:
		line = lines.get(_key(row["reference"]))
		problem = _problem(row, line, seen, disagree) or _by_hand(batch, row, line)
		failed = _word(row["outcome"]) in FAILED
		if not problem and failed and line.participant in own:
			problem = _(
				"Row {0}: {1} is your own payment, or of somebody you act for, so a colleague says that it came back."
			).format(row["line"], line.payment)
		if problem:
			answer.unknown.append(problem)
			continue
		seen[line.payment] = row["line"]
		if line.payment in back or (not failed and statuses.get(line.payment) in RECEIVED):
			answer.known.append(line.payment)
		elif failed:
			answer.failed[line.payment] = row["reason"] or _("The bank gave no reason.")
		else:
			answer.paid.append(line.payment)
	waiting = [
		line.payment
		for line in transfers.of(batch)
		if line.payment not in back and statuses.get(line.payment) == "Scheduled"
	]
	answer.missing = [name for name in waiting if name not in {*answer.paid, *answer.failed}]
	return answer


def _told_both(rows: list[dict], lines: dict) -> set[str]:
	"""Payments that one row calls paid and another sent back: nobody is told either."""
	said: dict[str, set[bool]] = {}
	for row in rows:
		line, word = lines.get(_key(row["reference"])), _word(row["outcome"])
		if line and word in PAID | FAILED and _amount(row["amount"]) == money(line.amount):
			said.setdefault(line.payment, set()).add(word in FAILED)
	return {payment for payment, outcomes in said.items() if len(outcomes) > 1}


def _problem(row, line, seen, disagree) -> str | None:
	number, reference = row["line"], row["reference"][:40]
	if not line:
		return _("Row {0}: no payment of this batch has the reference “{1}”.").format(number, reference)
	if line.payment in disagree:
		return _("Row {0}: of {1} the file says both that it was paid and that it came back.").format(
			number, line.payment
		)
	if line.payment in seen:
		return _("Row {0}: {1} stands in row {2} already.").format(number, line.payment, seen[line.payment])
	if _amount(row["amount"]) != money(line.amount):
		return _("Row {0}: {1} is {2} in the batch, and “{3}” in the file.").format(
			number, line.payment, pounds(line.amount), row["amount"][:20]
		)
	if _word(row["outcome"]) not in PAID | FAILED:
		return _("Row {0}: “{1}” says neither paid nor sent back.").format(number, row["outcome"][:40])
	return None


def _by_hand(batch, row, line) -> str | None:
	"""Who pays it by hand proves it: the bank's word about an account is none about a cheque."""
	if not ways.by_hand(batch, line):
		return None
	return _("Row {0}: {1} is paid by hand, not by the bank's file: write down its proof instead.").format(
		row["line"], line.payment
	)


def _key(reference: str) -> str:
	return " ".join(cstr(reference).upper().split())


def _amount(text: str) -> Decimal | None:
	try:
		amount = Decimal(text.replace("£", "").replace(",", "").strip())
	except InvalidOperation:
		return None
	return amount if amount.is_finite() else None


def _word(outcome: str) -> str:
	return outcome.strip().casefold().rstrip(".")


# The file


def _refuse(words: str) -> None:
	frappe.throw(frappe.utils.escape_html(words), CannotRead)


def _rows(content: bytes, named: dict) -> list[dict]:
	known = {
		name: (*((cstr(named[name]),) if named.get(name) else ()), *usual) for name, usual in COLUMNS.items()
	}
	try:
		table, _separator, _encoding = sheets.table(content, {**known, "reason": REASON})
	except sheets.Unreadable as problem:
		_refuse(cstr(problem))
	if len(table) < 2:
		_refuse(_("The file has no rows. It needs a first line with column names."))
	if len(table) - 1 > MOST_ROWS:  # the first line names the columns
		_refuse(_("The file has {0} rows. Is it the right file?").format(len(table) - 1))
	places = _places(table[0][1], known)
	return [
		{"line": number, **{name: _cell(cells, place) for name, place in places.items()}}
		for number, cells in table[1:]
		if any(cells)
	]


def _places(header: list[str], known: dict) -> dict[str, int | None]:
	keys = [headers.key(name) for name in header]
	places = {}
	for name, spellings in {**known, "reason": REASON}.items():
		at = next((keys.index(key) for key in map(headers.key, spellings) if key in keys), None)
		if at is None and name != "reason":
			_refuse(
				_(
					"There is no column for {0}. The first line of the file has: {1}. Say which column it is."
				).format(_(COLUMNS[name][0]), ", ".join(filter(None, header))[:300] or _("nothing"))
			)
		places[name] = at
	return places


def _cell(cells: list[str], place: int | None) -> str:
	return cells[place] if place is not None and place < len(cells) else ""
