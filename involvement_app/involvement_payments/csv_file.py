"""The batch as a file: UTF-8, RFC 4180, the same columns in the same order for ever (domain 4.6, hand-over CSV).

The same lines always give the same bytes: `file_hash` on the batch proves which file it was."""

import csv
import hashlib
import io

from involvement_app.money import plain, total

COLUMNS = ("Payment", "Participant", "Payee name", "Reference", "Amount", "Pay on")
# what a spreadsheet may take for the beginning of a formula, full-width forms too
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def render(lines, payment_on, remark: str = "") -> bytes:
	"""Header, one row a line, and a totals row (count in the first column's neighbour, sum under Amount), which
	says `remark` if there is one."""
	text = io.StringIO(newline="")
	# every cell is quoted: a spreadsheet that splits at semicolons finds no cell to begin inside a name
	writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
	writer.writerow(COLUMNS)
	for line in lines:
		cells = (
			line.payment,
			line.participant,
			line.payee_name,
			line.reference,
			plain(line.amount),
			payment_on,
		)
		writer.writerow(neutral(cell) for cell in cells)
	writer.writerow(
		(
			f"Total ({remark})" if remark else "Total",
			len(lines),
			"",
			"",
			plain(total(line.amount for line in lines)),
			payment_on,
		)
	)
	return text.getvalue().encode("utf-8")


def neutral(value) -> str:
	"""`value` as a cell that no spreadsheet runs: an apostrophe before what may begin a formula."""
	text = "" if value is None else str(value)
	return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def fingerprint(content: bytes) -> str:
	return hashlib.sha256(content).hexdigest()
