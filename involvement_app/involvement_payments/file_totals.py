"""What a file for the bank comes to, read from its own bytes (domain 5.2: exported total == sum(lines)).

How it was written is kept with the batch: a layout may be mended afterwards, the file is what it was."""

import contextlib
import csv
import io
import json
from decimal import Decimal, InvalidOperation

import frappe
from frappe.utils import cint

from involvement_app.involvement_payments import bacs, csv_file, payroll
from involvement_app.money import money, total

LAYOUT = "Bank File Layout"
PLAIN_LIST = f'"{csv_file.COLUMNS[0]}","{csv_file.COLUMNS[1]}"'.encode()


class NotReadable(ValueError):
	"""The bytes are not what they were written as."""


def how_written(batch) -> str:
	"""As JSON: what `of` needs to find the amounts again."""
	if batch.route == "Payroll":
		return json.dumps({"payroll": 1})
	if not batch.file_layout:
		return "{}"
	layout = frappe.get_doc(LAYOUT, batch.file_layout)
	if layout.format != "CSV":
		return json.dumps({"bacs": 1})
	from involvement_app.involvement_payments.bank_file import DELIMITERS, ENCODINGS, lines, spread

	holds = [column.holds for column in spread(layout)]
	return json.dumps(
		{
			"delimiter": DELIMITERS[layout.delimiter],
			"encoding": ENCODINGS[layout.encoding],
			"headings": len(lines(layout.first_lines)) + cint(layout.with_header),
			"after": len(lines(layout.last_lines)),
			"amount": holds.index("Amount"),
			"sort_code": next(at for at, each in enumerate(holds) if each.startswith("Sort code")),
			"account_number": holds.index("Account number"),
			"pence": int(layout.amount_format != "Pounds"),
		}
	)


def of(batch, content: bytes) -> Decimal:
	"""Raises NotReadable."""
	how = json.loads(batch.file_written or how_written(batch))
	with _readable():
		if how.get("payroll"):
			return payroll.total_of(content)
		# also where a layout would write it, and nobody is paid by it
		if not how or content.startswith(PLAIN_LIST):
			return _of_the_plain_list(content)
		if how.get("bacs"):
			return bacs.total(content)
		return money(sum((_amount(row, **how) for row in _payments(content, **how)), Decimal(0)))


def credits(batch, content: bytes) -> list[tuple[str, str, Decimal]]:
	"""(sort code, account number, amount) of each row that a layout wrote. Raises NotReadable."""
	how = json.loads(batch.file_written)
	with _readable():
		if how.get("bacs"):
			return bacs.credits(content)
		return [
			(row[how["sort_code"]].replace("-", ""), row[how["account_number"]], money(_amount(row, **how)))
			for row in _payments(content, **how)
		]


@contextlib.contextmanager
def _readable():
	try:
		yield
	except (UnicodeDecodeError, InvalidOperation, IndexError, ValueError) as problem:
		raise NotReadable(str(problem)) from problem


def _of_the_plain_list(content: bytes) -> Decimal:
	header, *rows, _last = _rows(content, "utf-8", ",")
	amount = header.index(csv_file.COLUMNS[4])
	return total(Decimal(row[amount]) for row in rows)


def _payments(content: bytes, delimiter: str, encoding: str, headings: int, after: int = 0, **_how) -> list:
	"""`headings`: rows before the payments; `after`: rows after them, of which earlier files had none."""
	rows = _rows(content, encoding, delimiter)[headings:]
	return rows[: len(rows) - after]


def _amount(row: list[str], amount: int, pence: int, **_how) -> Decimal:
	return Decimal(row[amount]) / 100 if pence else Decimal(row[amount])


def _rows(content: bytes, encoding: str, delimiter: str) -> list[list[str]]:
	return list(csv.reader(io.StringIO(content.decode(encoding), newline=""), delimiter=delimiter))
