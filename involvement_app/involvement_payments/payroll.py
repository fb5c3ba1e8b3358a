"""What payroll is given (domain 4.6: PAYE route, excluded from the bank file; payee, period, gross).

A batch that is paid through payroll: the same steps by the same people, so that no payment is handed over twice, and a
further file needs a reason and says that it is a copy. Its file is this list, a row for each person."""

import csv
import io
from decimal import Decimal

import frappe

from involvement_app.involvement_payments import batches, csv_file
from involvement_app.money import plain, total

COLUMNS = ("Payee", "Code", "From", "To", "Payments", "Gross")


def render(batch, remark: str = "") -> bytes:
	"""UTF-8, RFC 4180, always the same bytes for the same lines; the totals row says `remark` if there is one."""
	people = batches.transfers(batch)
	first, last = _period(batch)
	rows = [
		(each.payee_name, each.participant, first, last, len(batches.payments_of(each)), plain(each.amount))
		for each in people
	]
	gross = plain(total(each.amount for each in people))
	rows.append((f"Total ({remark})" if remark else "Total", "", first, last, _lines(people), gross))
	text = io.StringIO(newline="")
	writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
	writer.writerow(COLUMNS)
	for row in rows:
		writer.writerow(csv_file.neutral(cell) for cell in row)
	return text.getvalue().encode()


def total_of(content: bytes) -> Decimal:
	"""What its rows add up to, read from its bytes."""
	rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
	gross = COLUMNS.index("Gross")
	return total(Decimal(row[gross]) for row in rows[1:-1])


def _lines(people) -> int:
	return sum(len(batches.payments_of(each)) for each in people)


def _period(batch) -> tuple[str, str]:
	"""The first and the last day that is paid for."""
	names = [line.payment for line in batches.standing(batch)]
	days = frappe.get_all(  # bounded: payments of a batch that the caller may read
		batches.PAYMENT, {"name": ["in", names]}, pluck="session_on", order_by="session_on"
	)
	return days[0].isoformat(), days[-1].isoformat()
