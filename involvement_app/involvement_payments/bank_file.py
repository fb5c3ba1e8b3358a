"""The file of a batch: written once by the layout that was in use when it was locked, kept, and proven by its hash
before it is handed out (domain 4.6, hand-over; 5.2, a crash between file and state).

File, hash and state are one transaction. Where a process dies in it, the batch is Authorised still and its file, if
it came that far, stands on the disk without a row: the next export finds it, and writes it anew. A further file of
the same batch needs a reason, is counted, says in its name and inside that it is a copy, and whoever authorised the
batch is told.

Each payee stands in one row, with the sum of their lines.
"""

import contextlib
import csv
import io
import os
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import cint, cstr, getdate, today

from involvement_app import lifecycle, messages
from involvement_app.involvement_payments import (
	bacs,
	bank_details,
	batches,
	csv_file,
	file_totals,
	layouts,
	payroll,
	transfers,
)
from involvement_app.involvement_payments.bank_details import BANK
from involvement_app.money import money, plain, pounds, total
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import FINANCE_OFFICER
from involvement_app.working_days import banks_work

BATCH, LAYOUT = "Involvement Payment Batch", "Bank File Layout"
CSV, STANDARD_18 = "CSV", "Bacs Standard 18"
# exactly one column of a layout holds one of each
NEEDED = (
	("Account name",),
	("Sort code", "Sort code with dashes"),
	("Account number",),
	("Amount",),
)
DELIMITERS = {"Comma": ",", "Semicolon": ";", "Tab": "\t"}
DATES = {
	"DD/MM/YYYY": "%d/%m/%Y",
	"YYYY-MM-DD": "%Y-%m-%d",
	"DDMMYYYY": "%d%m%Y",
	"YYYYMMDD": "%Y%m%d",
	"DD/MM/YY": "%d/%m/%y",
}
ENCODINGS = {
	"UTF-8": "utf-8",
	"UTF-8 with mark": "utf-8-sig",
	"Windows-1252": "cp1252",
	"A to Z only": "ascii",
	"Capitals of Bacs": "ascii",
}
OUR_ACCOUNT = ("Our account", "Our account with a dash")
# what a row before or after the payments may say in braces
IN_LINES = ("today", "day", "number", "count", "total", "account")
SHORTEST_REASON = 10
TEMPLATE = "Involvement batch exported again"


class NothingToWrite(frappe.ValidationError):
	"""A payee whose sum is not above nothing."""


@dataclass(frozen=True)
class Row:
	"""One payee of the file."""

	participant: str
	account: bank_details.Account
	amount: Decimal
	reference: str


def is_bacs(batch) -> bool:
	layout = batch.file_layout
	return bool(layout) and frappe.get_cached_value(LAYOUT, layout, "format") == STANDARD_18


# Writing


def write(batch, copy: int = 1) -> tuple[str, bytes]:
	"""(name of the file, its bytes), read back. Accounts are read here, which the access log says once for the batch. Raises
	NothingToWrite, NoAccount."""
	suffix = f"-copy-{copy}" if copy > 1 else ""
	name = re.sub(r"[^A-Za-z0-9-]", "-", batch.name) + suffix
	remark = _("COPY {0}").format(copy) if copy > 1 else ""
	if transfers.through_payroll(batch):
		return f"{name}-payroll.csv", _read_back(batch, payroll.render(batch, remark))
	if not batch.file_layout or not in_the_file(batch):
		return f"{name}.csv", _read_back(batch, plain_list(batch, remark))
	layout = frappe.get_doc(LAYOUT, batch.file_layout)
	rows = _rows(batch)
	if layout.format == CSV:
		content = by_columns(layout, rows, batch, remark, copy)
		return f"{name}.{layout.extension or 'csv'}", _read_back(batch, content, rows)
	return f"{name}.txt", _read_back(batch, standard_18(layout, rows, batch, copy, remark), rows)


def in_the_file(batch) -> list:
	"""The transfers that the file of a batch holds. Where no layout writes it, all but what is paid by hand."""
	if batch.file_layout:
		return [each for each in transfers.of(batch) if each.way == BANK]
	return [each for each in transfers.of(batch) if each.way not in bank_details.WAYS[1:]]


def plain_list(batch, remark: str = "") -> bytes:
	"""Names and sums, for whoever types them in at the bank; what is paid by hand is not in it."""
	return csv_file.render(in_the_file(batch), getdate(batch.payment_on).isoformat(), remark)


def _rows(batch) -> list[Row]:
	found = in_the_file(batch)
	if nothing := [each for each in found if money(each.amount) <= 0]:
		frappe.throw(
			_("Row {0}: what {1} gets is not above nothing. Take these payments out.").format(
				nothing[0].idx, nothing[0].participant
			),
			NothingToWrite,
		)
	accounts = bank_details.accounts({each.participant for each in found}, (BATCH, batch.name))
	return [
		Row(each.participant, accounts[each.participant], money(each.amount), each.reference)
		for each in found
	]


def by_columns(layout, rows: list[Row], batch, remark: str = "", copy: int = 1) -> bytes:
	"""Every cell is as the layout says, and none begins a formula or breaks out of its row."""
	stream = io.StringIO(newline="")
	quoting = csv.QUOTE_ALL if layout.quoting == "Around everything" else csv.QUOTE_MINIMAL
	writer = csv.writer(
		stream, delimiter=DELIMITERS[layout.delimiter], quoting=quoting, lineterminator="\r\n"
	)
	columns = spread(layout)
	values = _values(layout, rows, batch, copy)
	stream.writelines(_filled(line, values) for line in lines(layout.first_lines))
	if layout.with_header:
		headings = [csv_file.neutral(column.heading or column.holds) for column in columns]
		if remark:
			headings[-1] = f"{headings[-1]} ({remark})"
		writer.writerow(headings)
	for row in rows:
		writer.writerow(_cell(layout, column, row, batch) for column in columns)
	stream.writelines(_filled(line, values) for line in lines(layout.last_lines))
	return stream.getvalue().encode(ENCODINGS[layout.encoding], errors="replace")


def spread(layout) -> list:
	"""Its columns, each as often as it stands there."""
	return [column for column in layout.columns for _time in range(cint(column.times) or 1)]


def lines(text: str | None) -> list[str]:
	return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _filled(line: str, values: dict[str, str]) -> str:
	return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], line) + "\r\n"


def _values(layout, rows: list[Row], batch, copy: int) -> dict[str, str]:
	written_on = getdate(batch.exported_on or today())
	return {
		"today": written_on.strftime(DATES[layout.date_format]),
		"day": getdate(batch.payment_on).strftime(DATES[layout.date_format]),
		"number": str(serial(batch.name, copy)),
		"count": str(len(rows)),
		"total": _amount(layout, total(row.amount for row in rows)),
		"account": _our_account(layout, "-"),
	}


def _cell(layout, column, row: Row, batch) -> str:
	words = _words(layout, column, row, batch)
	if layout.encoding == "A to Z only":
		words = bacs.a_to_z(words)
	elif layout.encoding == "Capitals of Bacs":
		words = bacs.capitals(words).lstrip("-")  # no apostrophe in this alphabet to put before a formula
	words = " ".join(re.sub(r"[\x00-\x1f\x7f]+", " ", words).split())
	if column.holds == "Account name":
		_refuse_nobody(words, ENCODINGS[layout.encoding], row)
	return csv_file.neutral(words[: cint(column.most)] if cint(column.most) else words)


def _refuse_nobody(name: str, encoding: str, row: Row) -> None:
	"""A name that the letters of a file cannot write at all would be a payment to nobody."""
	if not re.search(r"\w", name.encode(encoding, errors="ignore").decode(encoding)):
		frappe.throw(
			_("The name on the account of {0} cannot be written with the letters of this layout.").format(
				row.participant
			),
			NothingToWrite,
		)


def _words(layout, column, row: Row, batch) -> str:
	account = row.account
	return {
		"Account name": lambda: account.account_name,
		"Sort code": lambda: account.sort_code,
		"Sort code with dashes": lambda: re.sub(r"(..)(..)(..)", r"\1-\2-\3", account.sort_code),
		"Account number": lambda: account.account_number,
		"Amount": lambda: _amount(layout, row.amount),
		"Reference": lambda: row.reference,
		"Payment day": lambda: getdate(batch.payment_on).strftime(DATES[layout.date_format]),
		"Participant code": lambda: row.participant,
		"Batch": lambda: batch.name,
		"Our account": lambda: _our_account(layout, ""),
		"Our account with a dash": lambda: _our_account(layout, "-"),
		"Fixed words": lambda: column.fixed_words or "",
		"Nothing": lambda: "",
	}[column.holds]()


def _amount(layout, amount: Decimal) -> str:
	return plain(amount) if layout.amount_format == "Pounds" else str(int(amount * 100))


def _our_account(layout, between: str) -> str:
	return f"{layout.sort_code or ''}{between}{layout.account_number or ''}"


def standard_18(layout, rows: list[Row], batch, copy: int = 1, remark: str = "") -> bytes:
	payer = bacs.Payer(
		layout.service_user_number, layout.service_user_name, layout.sort_code, layout.account_number
	)
	credits = [
		bacs.Credit(
			row.account.account_name,
			row.account.sort_code,
			row.account.account_number,
			row.amount,
			row.reference,
		)
		for row in rows
	]
	# what is written again has the day of that; the day of the first has gone by
	written_on = getdate(today() if copy > 1 else batch.exported_on or today())
	payment_on = getdate(batch.payment_on)
	processed_on = processing_day(payment_on, written_on)
	try:
		content = bacs.write(
			payer,
			credits,
			processed_on,
			written_on,
			serial(batch.name, copy),
			layout.record_length == "106",
			remark,
		)
	except bacs.NotAFile as problem:
		frappe.throw(str(problem), NothingToWrite)
	_say_when_late(payment_on, processed_on)
	return content


def processing_day(payment_on: date, written_on: date) -> date:
	"""The working day of the banks before the money is there, which is on `payment_on` or, where that is none, before it.
	Bacs takes a file on the day before it processes it at the latest, so it is no earlier than the next after `written_on`."""
	in_time = _bank_day(_bank_day(payment_on, -1) - timedelta(days=1), -1)
	return max(in_time, _bank_day(written_on + timedelta(days=1), 1))


def there_on(payment_on: date, written_on: date) -> date:
	"""On which day a Bacs file that is written on `written_on` puts the money there."""
	return _bank_day(processing_day(payment_on, written_on) + timedelta(days=1), 1)


def _bank_day(day: date, step: int) -> date:
	"""`day`, or the nearest before or after it on which banks work."""
	while not banks_work(day):
		day += timedelta(days=step)
	return day


def _say_when_late(payment_on: date, processed_on: date) -> None:
	there_on = _bank_day(processed_on + timedelta(days=1), 1)
	if there_on > payment_on:
		frappe.msgprint(
			_(
				"By Bacs the money is there on {0}, not on {1}: send the file today, and tell people, or pay another way."
			).format(frappe.format(there_on, "Date"), frappe.format(payment_on, "Date")),
			title=_("Too late for the day of payment"),
			indicator="orange",
		)


def serial(batch: str, copy: int) -> int:
	"""Six digits that no two files of a day share: the number of the batch, and which copy it is."""
	number = cint(re.sub(r"\D", "", batch)) % 100000
	return number * 10 % 1000000 + copy % 10 or 1


# Reading back


def _read_back(batch, content: bytes, rows: list[Row] | None = None) -> bytes:
	"""`content`, once it says what the lines say, to whose account each row goes among it: a column too narrow for an amount
	is no small thing. Raises NothingToWrite."""
	written = frappe._dict(file_written=file_totals.how_written(batch))
	due, came = total(each.amount for each in in_the_file(batch)), None
	with contextlib.suppress(file_totals.NotReadable):
		came = file_totals.of(written, content)
	if came != due:
		frappe.throw(
			_(
				"The file would not come to {0}, as the lines do: is the column of the amount wide enough?"
			).format(pounds(due))
			+ f" {_way_on(batch)}",
			NothingToWrite,
		)
	if rows is None:
		return content
	meant, found = [(row.account.sort_code, row.account.account_number, row.amount) for row in rows], None
	with contextlib.suppress(file_totals.NotReadable):
		found = file_totals.credits(written, content)
	if found != meant:
		frappe.throw(
			_("The file would not pay each line to its own account: are the columns wide enough?")
			+ f" {_way_on(batch)}",
			NothingToWrite,
		)
	return content


def _way_on(batch) -> str:
	if not batch.file_layout:
		return ""
	return _(
		"Nothing was written. Have a layout that is right put in use, make this batch void, and put its payments into a new one."
	)


# Keeping


def export(batch, move) -> None:
	"""Effect of the step Export: the bytes are made once, their hash is what the batch says from now on."""
	name, content = write(batch)
	batch.flags.bank_file = (name, content)
	batch.file_written = file_totals.how_written(batch)
	batch.file_hash, batch.export_count = csv_file.fingerprint(content), 1


def keep(batch) -> None:
	"""Once the batch is written, in the same transaction."""
	store(batch, *batch.flags.bank_file)


def store(batch, name: str, content: bytes) -> None:
	clear_leftover(name)
	frappe.get_doc(
		{
			"doctype": "File",
			"file_name": name,
			"attached_to_doctype": BATCH,
			"attached_to_name": batch.name,
			"is_private": 1,
			"content": content,
		}
	).insert(ignore_permissions=True)  # bounded: the steps Export and Export again, which only officers take


def clear_leftover(name: str) -> None:
	"""What an export left on the disk that was killed before it was kept: accounts, and nobody's."""
	path = frappe.get_site_path("private", "files", name)
	if os.path.exists(path) and not frappe.db.exists("File", {"file_url": f"/private/files/{name}"}):
		os.remove(path)
		frappe.logger("involvement").warning(f"{name}: what a broken export had left was removed")


def proven(batch) -> tuple[str, bytes]:
	"""(name, bytes) of the file that was exported last, and only if they are byte for byte what was. Raises
	BatchChanged."""
	kept = frappe.get_all(
		"File",
		# bounded to the files of one batch, which the caller may read
		{"attached_to_doctype": BATCH, "attached_to_name": batch.name, "is_private": 1},
		pluck="name",
		order_by="creation desc",
	)
	# one by one: the disk is read, nearly always once
	for name in kept:
		file = frappe.get_doc("File", name)
		content = _bytes(file)
		if content is not None and csv_file.fingerprint(content) == batch.file_hash:
			return file.file_name, content
	frappe.throw(
		_("{0}: the file is not what was exported any more. Look into what happened before paying.").format(
			batch.name
		),
		batches.BatchChanged,
	)


def _bytes(file) -> bytes | None:
	try:
		with open(file.get_full_path(), "rb") as stored:
			return stored.read()
	except OSError:
		return None


def _refuse_answered(batch) -> None:
	"""Whose payments the bank has answered about has the file: a copy would pay them again."""
	if answered := batches.answered(batch):
		frappe.throw(
			_("The bank has answered about {0} already ({1}), so it has the file of {2}.").format(
				answered[0], len(answered), batch.name
			)
		)


@frappe.whitelist(methods=["POST"])
def export_again(batch: str, reason: str) -> int:
	"""A further file of an exported batch, marked as a copy; answers how many there are now. For the finance officer,
	with a reason. Raises PermissionError, ValidationError, NoAccount."""
	from involvement_app.involvement_payments import ways

	doc = frappe.get_doc(BATCH, cstr(batch), for_update=True)
	doc.check_permission("write")
	if FINANCE_OFFICER not in roles_of(frappe.session.user):
		raise frappe.PermissionError
	reason = " ".join(cstr(reason).split())[:500]
	if len(reason) < SHORTEST_REASON:
		frappe.throw(_("Why it is written again: please say it in a sentence."))
	if doc.status != "Exported":
		frappe.throw(
			_("{0} is {1}: only an exported batch has its file written again.").format(
				doc.name, _(doc.status)
			)
		)
	batches.unchanged_since_locked(doc, None)
	ways.accounts_as_locked(doc, None)
	_refuse_answered(doc)
	layouts.as_locked(doc, None)
	copy = cint(doc.export_count) + 1
	name, content = write(doc, copy)
	with lifecycle.server_side():
		doc.file_written = file_totals.how_written(doc)
		doc.export_count, doc.export_reason = copy, reason
		doc.file_hash = csv_file.fingerprint(content)
		doc.save()
	store(doc, name, content)
	doc.add_comment(
		"Info", _("Wrote the file again ({0}): {1}").format(name, frappe.utils.escape_html(reason))
	)
	messages.send(
		TEMPLATE,
		("User", doc.authorised_by),
		{
			"batch": doc.name,
			"copy": copy,
			"reason": reason,
			"link": frappe.utils.get_url_to_form(BATCH, doc.name),
		},
		about=doc,
	)
	return copy
