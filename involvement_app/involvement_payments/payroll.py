"""What payroll is given (domain 4.6: PAYE route, excluded from the bank file; payee, period, gross).

A batch that is paid through payroll: the same steps by the same people, so that no payment is handed over twice, and a
further file needs a reason and says that it is a copy. Its file is this list, a row for each person."""

import csv
import io
from decimal import Decimal

import frappe

from involvement_app.involvement_payments import batches, csv_file, payees, transfers
from involvement_app.money import plain, total

COLUMNS = ("Payee", "Code", "From", "To", "Payments", "Gross", "Given to")


def render(batch, remark: str = "") -> bytes:
	"""UTF-8, RFC 4180, always the same bytes for the same lines; the totals row says `remark` if there is one. What somebody
	gives to a charity is their pay too: it stands in a row of its own, under their name."""
	people, payments = transfers.of(batch), _payments(batch)
	givers = {payment.participant for payment in payments.values() if payment.charity}
	named = payees.of(givers) if givers else {}
	rows = []
	for each in people:
		charity = payments[each.payment].charity or ""
		name = named[each.participant].payee_name if charity else each.payee_name
		theirs = [payments[payment] for payment in transfers.payments_of(each)]
		rows.append((name, each.participant, *_days(theirs), len(theirs), plain(each.amount), charity))
	gross = plain(total(each.amount for each in people))
	rows.append(
		(f"Total ({remark})" if remark else "Total", "", *_days(payments.values()), len(payments), gross, "")
	)
	text = io.StringIO(newline="")
	writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
	writer.writerow(COLUMNS)
	for row in rows:
		writer.writerow(csv_file.neutral(cell) for cell in row)
	return text.getvalue().encode()


def _days(payments) -> tuple[str, str]:
	days = sorted(payment.session_on for payment in payments)
	return days[0].isoformat(), days[-1].isoformat()


def total_of(content: bytes) -> Decimal:
	"""What its rows add up to, read from its bytes."""
	rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
	gross = COLUMNS.index("Gross")
	return total(Decimal(row[gross]) for row in rows[1:-1])


def _payments(batch) -> dict[str, frappe._dict]:
	names = [line.payment for line in transfers.standing(batch)]
	rows = frappe.get_all(  # bounded: payments of a batch that the caller may read
		batches.PAYMENT, {"name": ["in", names]}, ["name", "participant", "charity", "session_on"]
	)
	return {row.name: row for row in rows}
