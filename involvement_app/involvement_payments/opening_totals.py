"""What people were paid in a tax year before this system was used (issue 7; domain 4.6, statement): without it the first
year's statement would say too little. What came shortly before, with its day, still counts to limits of a week or month. Only what a second person approved counts."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder.functions import Sum
from frappe.utils import now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import paid_before
from involvement_app.involvement_app.concerned import concerned_in
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_payments import payees, without_money
from involvement_app.money import money

OPENING = "Payment Opening Total"


class Before(NamedTuple):
	"""`person`: what a payee is named by (`payees.FIELDS`), which a letter needs beside it."""

	time: Decimal
	expenses: Decimal
	person: frappe._dict


def not_the_payee(doc, move) -> None:
	if concerned_in(move.user, doc.participant):
		frappe.throw(
			_("This is about your own payments, so somebody else decides on it."), lifecycle.StepNotPermitted
		)


def stamp_approval(doc, move) -> None:
	doc.approved_by, doc.approved_on = move.user, now_datetime()


def of(participant: str, year_start: date) -> Before:
	"""One person's, for the tax year that begins on that day. Bounded to them; who asks says why they may. One query."""
	person, row = frappe.qb.DocType(PARTICIPANT), frappe.qb.DocType(OPENING)
	found = (
		frappe.qb.from_(person)
		.left_join(row)
		.on((row.participant == person.name) & (row.year_start == year_start) & (row.status == "Approved"))
		.select(*(person[field] for field in payees.FIELDS))
		.select(Sum(row.amount_time).as_("time"), Sum(row.amount_expenses).as_("expenses"))
		.where(person.name == participant)
		.groupby(*(person[field] for field in payees.FIELDS))
		.run(as_dict=True)
	)
	known = found[0] if found else frappe._dict()
	return Before(money(known.time), money(known.expenses), known)


def recently(participant: str) -> list[paid_before.Came]:
	"""What of it limits still count (hook involvement_paid_before). Bounded to one person, under whichever record."""
	person = frappe.qb.DocType(PARTICIPANT)
	own = (person.name == participant) | (person.merged_into == participant)
	return [paid_before.Came(money(row.amount), row.pay_on, row.hours or 0) for row in _recent(own)]


def recent_of(participants: set[str]) -> list[frappe._dict]:
	"""The same of people who have a limit of their own: {participant, amount, pay_on, hours}. Bounded to them."""
	return _recent(frappe.qb.DocType(PARTICIPANT).name.isin(sorted(participants)))


def _recent(people) -> list[frappe._dict]:
	person, row = frappe.qb.DocType(PARTICIPANT), frappe.qb.DocType(OPENING)
	return (
		frappe.qb.from_(row)
		.join(person)
		.on(person.name == row.participant)
		.select(
			row.participant,
			row.recent_amount.as_("amount"),
			row.recent_on.as_("pay_on"),
			row.recent_hours.as_("hours"),
		)
		.where(people & (row.status == "Approved") & row.recent_on.isnotnull())
		.run(as_dict=True)
	)


def readable_recent(first, last) -> list[frappe._dict]:
	"""The same that the session's user may read, of these days: {name, participant, amount, hours, on}."""
	if not frappe.has_permission(OPENING, "read"):
		return []
	rows = frappe.get_list(
		OPENING,
		filters=[["status", "=", "Approved"], ["recent_on", ">=", first], ["recent_on", "<=", last]],
		fields=["name", "participant", "recent_amount", "recent_hours", "recent_on"],
		limit=0,
	)
	return [
		frappe._dict(
			name=row.name,
			participant=row.participant,
			amount=row.recent_amount,
			hours=row.recent_hours,
			on=row.recent_on,
			session_on=row.recent_on,
			engagement=row.name,
		)
		for row in rows
	]


def readable(year_start: date) -> list[frappe._dict]:
	"""[{participant, amount_time, amount_expenses}] that the session's user may read: finance and managers."""
	if without_money.is_so() or not frappe.has_permission(OPENING, "read"):
		return []
	return frappe.get_list(
		OPENING,
		filters={"year_start": year_start, "status": "Approved"},
		fields=["participant", "amount_time", "amount_expenses"],
		limit=0,
	)
