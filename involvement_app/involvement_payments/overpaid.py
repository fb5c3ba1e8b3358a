"""What was paid beyond what it is worth, once a session is recorded otherwise (domain 4.6: corrections by reversing line)."""

from decimal import Decimal

import frappe
from frappe.utils import add_months, today
from pypika.terms import ExistsCriterion

from involvement_app.involvement_app import sessions
from involvement_app.involvement_app.holding import WAS_THERE
from involvement_app.involvement_payments import settlement, settlement_rows
from involvement_app.involvement_payments.states import (
	CORRECTION,
	KIND,
	ON_ITS_WAY,
	PAYMENT,
	RECEIVED,
	TAKES_BACK,
)
from involvement_app.money import money, total

LOOKED_BACK_MONTHS = 18
MOST_CHANGED = 500


def explained(engagement: str, session: str, back: Decimal) -> Decimal:
	"""Of what is on its way or paid, what it is worth beyond the session as it stands recorded now, as far as taking `back`
	says so: whoever gives back all that they got beyond it has been paid for what it is worth, also where they had asked
	for less."""
	terms = settlement_rows.locked({engagement})[engagement]
	rows = settlement_rows.payments([engagement])
	return explained_by(terms, settlement_rows.attended([engagement]), rows, session, back)


def explained_by(terms, attended, rows, session: str, back: Decimal) -> Decimal:
	"""The same of rows that were read: figures only."""
	payments, corrections = settlement.parted(terms, rows)
	one = settlement.as_one(terms, session)
	worth = settlement.worth_of(terms, attended)[one]
	beyond = max(settlement.settled_by(terms, payments, corrections)[one] - worth, money(0))
	theirs = [row for row in (*payments, *corrections) if settlement.as_one(terms, row.session) == one]
	got = total(
		row.amount for row in theirs if row.status in (TAKES_BACK if row.kind == CORRECTION else ON_ITS_WAY)
	)
	return beyond if 0 < got - worth <= back else min(beyond, back)


def listed() -> list[str]:
	"""Names of payments with which a session has been paid beyond what it is worth as it stands recorded now, and
	nobody has agreed a correction of it: the newest of each session. For a list; what its reader may see, they are shown.
	Four questions at the most, and nothing is locked: whoever corrects it looks again behind a lock."""
	engagements = _changed_since_paid()
	if not engagements:
		return []
	terms = {row.name: row for row in settlement_rows.terms_of(engagements).run(as_dict=True)}
	attended = settlement_rows.by_engagement(settlement_rows.paid_for(engagements).run(as_dict=True))
	payments = settlement_rows.by_engagement(settlement_rows.made_for(engagements).run(as_dict=True))
	return [name for each in sorted(terms) for name in _beyond(terms[each], attended[each], payments[each])]


def _beyond(terms, attended, rows) -> list[str]:
	payments, corrections = settlement.parted(terms, rows)
	received = [row for row in payments if row.status in RECEIVED]
	worth = settlement.worth_of(terms, attended)
	newest_of = {
		settlement.as_one(terms, session): newest
		for session, newest in settlement.latest_of(received).items()
	}
	found = []
	for one, newest in newest_of.items():
		paid = total(row.amount for row in received if settlement.as_one(terms, row.session) == one)
		# also one that is only asked for, was paid back, or that somebody let them keep: it was looked at
		back = total(
			row.amount
			for row in corrections
			if settlement.as_one(terms, row.session) == one and row.status not in ("Rejected", "Void")
		)
		if paid + back > worth[one]:
			found.append(newest.name)
	return found


def _changed_since_paid() -> list[str]:
	"""Places of which a session, paid in the last months, was recorded otherwise since, or was paid more than once."""
	payment, attendance, session = (
		frappe.qb.DocType(name) for name in (PAYMENT, "Involvement Session Attendance", "Involvement Session")
	)
	other = frappe.qb.DocType(PAYMENT).as_("other_payment")
	again = (
		frappe.qb.from_(other)
		.select(other.name)
		.where((other.engagement == payment.engagement) & (other.session == payment.session))
		.where((other.kind == KIND) & other.status.isin(RECEIVED) & (other.name != payment.name))
	)
	there = attendance.attendance.isin(WAS_THERE) & (session.status == "Held")
	called_off = (session.status == "Cancelled") & (session.cancelled_payment == sessions.PAID)
	as_paid = (attendance.hours == payment.hours) & (
		attendance.preparation_hours == payment.preparation_hours
	)
	unchanged = (
		frappe.qb.from_(attendance)
		.join(session)
		.on(session.name == attendance.parent)
		.select(attendance.name)
		.where((attendance.parent == payment.session) & (attendance.engagement == payment.engagement))
		.where((there | called_off) & as_paid)
	)
	return (
		frappe.qb.from_(payment)
		.select(payment.engagement)
		.distinct()
		.where((payment.kind == KIND) & payment.status.isin(RECEIVED))
		.where(payment.session_on >= add_months(today(), -LOOKED_BACK_MONTHS))
		.where(ExistsCriterion(unchanged).negate() | ExistsCriterion(again))
		.limit(MOST_CHANGED)
		.run(pluck=True)
	)
