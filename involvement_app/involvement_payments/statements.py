"""What somebody was paid, for whoever asks them for it: a tax year, a month as their benefit counts it (domain 1.3 no. 4, 4.6).

Money for time counts on the day it came. What went to a charity never came, and expenses that were paid back are no
income: both stand apart."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import frappe
from frappe.query_builder.functions import Coalesce
from frappe.utils import cint, getdate
from pypika.terms import ValueWrapper

from involvement_app.involvement_app.participants import every_record
from involvement_app.involvement_app.preferences import PREFERENCE
from involvement_app.involvement_payments import opening_totals
from involvement_app.involvement_payments.states import CAME, CHARITY, KIND, NO_PAY, OPEN, PAYMENT, WAITING
from involvement_app.money import total
from involvement_app.periods import Period, assessment_period, tax_year

MOST = 500
A_MONTH = timedelta(days=31)


class Month(NamedTuple):
	"""What came in a month: for time, and expenses that were paid back; and each payment, in the order of the days."""

	period: Period
	time: Decimal
	expenses: Decimal
	rows: list


@dataclass(frozen=True)
class Statement:
	"""Rows are {amount, session_on, on, kind, claim, charity, payment_route, coming}. `around`: those of the year, and of
	the days before and after it that a month may begin or end on. `before`: what the year had seen before this system was
	used."""

	period: Period
	around: list
	before: opening_totals.Before

	@property
	def rows(self) -> list:
		return [row for row in self.around if self.period.start <= row.on <= self.period.end]

	@property
	def paid(self) -> list:
		return [row for row in self.rows if not row.coming and not row.claim and not row.charity]

	@property
	def given(self) -> list:
		return [row for row in self.rows if not row.coming and not row.claim and row.charity]

	@property
	def expenses(self) -> list:
		return [row for row in self.rows if not row.coming and row.claim]

	@property
	def coming(self) -> list:
		return [row for row in self.rows if row.coming and row.kind == KIND and not row.charity]

	@property
	def agreed(self) -> list:
		"""What of it somebody has said yes to: all that a letter to others may speak of."""
		return [row for row in self.coming if row.status not in OPEN]

	@property
	def through_payroll(self) -> bool:
		return any(row.payment_route == "PAYE" for row in self.rows)

	def total(self, rows) -> Decimal:
		return total(row.amount for row in rows)

	def months(self, start_day: int) -> list[Month]:
		"""Months that begin on `start_day`, reach into this year, and in which money came: each whole, so that one over the
		end of a tax year says the same in both."""
		first, last = (assessment_period(day, start_day) for day in self.period[:2])
		came = defaultdict(list)
		for row in sorted(self.around, key=lambda row: (row.on, row.name)):
			if not row.coming and not row.charity and first.start <= row.on <= last.end:
				came[assessment_period(row.on, start_day)].append(row)
		return [
			Month(
				month,
				total(row.amount for row in rows if not row.claim),
				total(row.amount for row in rows if row.claim),
				rows,
			)
			for month, rows in sorted(came.items())
		]


def month_day(participant: str) -> int:
	"""The day on which their months begin, as they said; the first where they said nothing."""
	return cint(frappe.db.get_value(PREFERENCE, {"participant": participant}, "cap_month_day")) or 1


def of_tax_year(participant: str, day: date | str) -> Statement:
	"""One person's, for the tax year that `day` lies in, and the days around it. Bounded to them; who asks says why they may. Two queries:
	time is theirs by its place, expenses by their claim, under whichever record it was; what they kept; and what was before."""
	period = tax_year(day)
	days = period.start - A_MONTH, period.end + A_MONTH
	rows = _read(
		_rows(participant, days, "Involvement Engagement", "engagement"),
		_rows(participant, days, "Involvement Expense Claim", "claim"),
		_kept(participant, days),
	)
	return Statement(period, rows, opening_totals.of(participant, period.start))


def _read(*parts) -> list[frappe._dict]:
	"""The rows of all, in one query, in the order of the sessions. What was kept is a row as pay, and one less of expenses."""
	every = parts[0].union_all(parts[1]).union_all(parts[2]).as_("every")
	rows = frappe.qb.from_(every).select("*").limit(2 * MOST).run(as_dict=True)
	found = []
	for row in rows:
		row.coming = row.status not in CAME
		row.on = getdate(row.on)
		row.charity = row.charity if row.payment_choice == CHARITY else None
		if row.kept:
			row.session_on = row.on
			found.append(frappe._dict(row, amount=-row.amount, claim=None))
		if not row.kept or row.claim:
			found.append(row)
	return sorted(found, key=lambda row: (row.session_on, row.name))


def _rows(participant: str, days: tuple[date, date], theirs: str, by: str):
	payment, their = frappe.qb.DocType(PAYMENT), frappe.qb.DocType(theirs)
	on = Coalesce(payment.paid_on, payment.pay_on, payment.not_before, payment.due_on)
	return (
		_columns(frappe.qb.from_(payment).join(their).on(their.name == payment[by]), payment, payment, on, 0)
		.where((their.participant == participant) & (payment.withdrawn == 0))
		.where((Coalesce(payment.claim, "") == "") if by == "engagement" else (payment.claim != ""))
		.where(payment.status.isin((*CAME, *WAITING)))
		.where((on >= days[0]) & (on <= days[1]))
	)


def _kept(participant: str, days: tuple[date, date]):
	"""What somebody got for expenses and did not spend, and was told that they keep: no expense any more, but theirs as pay is
	(domain 1.3, 1.4)."""
	correction, payment = frappe.qb.DocType(PAYMENT), frappe.qb.DocType(PAYMENT).as_("corrected")
	query = frappe.qb.from_(correction).join(payment).on(payment.name == correction.corrects)
	return (
		_columns(query, correction, payment, payment.paid_on, 1)
		.where(payment.participant.isin(every_record(participant)) & payment.kind.isin(NO_PAY))
		.where((correction.status == "Written off") & payment.status.isin(CAME))
		.where((payment.paid_on >= days[0]) & (payment.paid_on <= days[1]))
	)


def _columns(query, row, of, on, kept: int):
	"""`row` says how much, `of` which payment it is about."""
	return query.select(
		row.name,
		row.amount,
		of.session_on,
		of.kind,
		of.claim,
		of.charity,
		of.payment_choice,
		of.payment_route,
		of.status,
		on.as_("on"),
		ValueWrapper(kept).as_("kept"),
	)
