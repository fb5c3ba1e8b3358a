"""What somebody was paid, for whoever asks them for it: a tax year, a month as their benefit counts it (domain 1.3 no. 4, 4.6).

Money for time counts on the day it came. What went to a charity never came, and expenses that were paid back are no
income: both stand apart."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe.query_builder.functions import Coalesce
from frappe.utils import getdate

from involvement_app.involvement_payments import opening_totals
from involvement_app.involvement_payments.accrual import CHARITY, KIND, PAYMENT, RECEIVED
from involvement_app.money import money, total
from involvement_app.periods import Period, assessment_period, tax_year

CAME = (*RECEIVED, "Repaid")
COMING = ("Checked", "Returned", "Approved", "Scheduled", "Failed at bank")
MOST = 500


@dataclass(frozen=True)
class Statement:
	"""Rows are {amount, session_on, on, kind, claim, charity, payment_route, coming}. `before`: what the year had seen
	before this system was used."""

	period: Period
	rows: list
	before: opening_totals.Before

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
	def through_payroll(self) -> bool:
		return any(row.payment_route == "PAYE" for row in self.rows)

	def total(self, rows) -> Decimal:
		return total(row.amount for row in rows)

	def months(self, start_day: int) -> list[tuple[Period, Decimal]]:
		"""Months that begin on `start_day` in which money came, and how much for time."""
		found = {}
		for row in self.paid:
			month = assessment_period(row.on, start_day)
			found[month] = found.get(month, money(0)) + money(row.amount)
		return sorted(found.items())


def of_tax_year(participant: str, day: date | str) -> Statement:
	"""One person's, for the tax year that `day` lies in. Bounded to them; who asks says why they may. Three queries:
	time is theirs by its place, expenses by their claim, under whichever record it was; and what was before."""
	period = tax_year(day)
	rows = [
		*_rows(participant, period, "Involvement Engagement", "engagement"),
		*_rows(participant, period, "Involvement Expense Claim", "claim"),
	]
	rows.sort(key=lambda row: (row.session_on, row.name))
	return Statement(period, rows, opening_totals.of(participant, period.start))


def _rows(participant: str, period: Period, theirs: str, by: str) -> list[frappe._dict]:
	payment, their = frappe.qb.DocType(PAYMENT), frappe.qb.DocType(theirs)
	on = Coalesce(payment.paid_on, payment.pay_on, payment.not_before, payment.due_on)
	rows = (
		frappe.qb.from_(payment)
		.join(their)
		.on(their.name == payment[by])
		.select(
			payment.name,
			payment.amount,
			payment.session_on,
			payment.kind,
			payment.claim,
			payment.charity,
			payment.payment_choice,
			payment.payment_route,
			payment.status,
			on.as_("on"),
		)
		.where((their.participant == participant) & (payment.withdrawn == 0))
		.where((Coalesce(payment.claim, "") == "") if by == "engagement" else (payment.claim != ""))
		.where(payment.status.isin((*CAME, *COMING)))
		.where((on >= period.start) & (on <= period.end))
		.orderby(payment.session_on)
		.orderby(payment.name)
		.limit(MOST)
		.run(as_dict=True)
	)
	for row in rows:
		row.coming = row.status not in CAME
		row.on = getdate(row.on)
		row.charity = row.charity if row.payment_choice == CHARITY else None
	return rows
