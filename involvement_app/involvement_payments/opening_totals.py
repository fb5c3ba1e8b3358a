"""What people were paid in a tax year before this system was used (issue 7; domain 4.6, statement): without it the first
year's statement would say too little. What came shortly before, each with its day, still counts to limits of a week or month;
miles driven before come before all that is claimed here. Only what a second person approved counts; a mistake is withdrawn
and written anew."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder import CustomFunction
from frappe.query_builder.functions import Count, Sum
from frappe.utils import now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import paid_before
from involvement_app.involvement_app.concerned import concerned_in
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_payments import payees, without_money
from involvement_app.money import money

OPENING, RECENT = "Payment Opening Total", "Payment Opening Payment"
# field → what `mileage.MODES` calls it
MILES = {"miles_car": "Car or van", "miles_motorcycle": "Motorcycle", "miles_bicycle": "Bicycle"}
FIELD_OF = {mode: fieldname for fieldname, mode in MILES.items()}


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


def recently(participants: set[str]) -> list[tuple[str, paid_before.Came]]:
	"""What of it limits still count (hook involvement_paid_before). Bounded to these people, under whichever record."""
	person = frappe.qb.DocType(PARTICIPANT)
	names = sorted(participants) or [""]
	rows = _recent(person.name.isin(names) | person.merged_into.isin(names))
	return [
		(
			row.merged_into if row.merged_into in participants else row.participant,
			paid_before.Came(money(row.amount), row.pay_on, row.hours or 0),
		)
		for row in rows
	]


def recent_of(participants: set[str]) -> list[frappe._dict]:
	"""The same of people who have a limit of their own: {participant, amount, pay_on, hours}. Bounded to them."""
	return _recent(frappe.qb.DocType(PARTICIPANT).name.isin(sorted(participants)))


def _recent(people) -> list[frappe._dict]:
	person, opening, row = map(frappe.qb.DocType, (PARTICIPANT, OPENING, RECENT))
	return (
		frappe.qb.from_(row)
		.join(opening)
		.on(opening.name == row.parent)
		.join(person)
		.on(person.name == opening.participant)
		.select(opening.participant, person.merged_into, row.amount, row.came_on.as_("pay_on"), row.hours)
		.where(people & (opening.status == "Approved"))
		.run(as_dict=True)
	)


def readable_recent(first, last) -> list[frappe._dict]:
	"""The same that the session's user may read, of these days: {name, participant, amount, hours, on}."""
	if not frappe.has_permission(OPENING, "read"):
		return []
	rows = frappe.get_all(  # bounded: of these days; shown with what they belong to, as far as that is read
		RECENT, {"came_on": ["between", (first, last)]}, ["name", "parent", "amount", "hours", "came_on"]
	)
	filters = {"status": "Approved", "name": ["in", sorted({row.parent for row in rows}) or [""]]}
	seen = dict(
		frappe.get_list(OPENING, filters=filters, fields=["name", "participant"], limit=0, as_list=True)
	)
	return [
		frappe._dict(
			name=row.name,
			participant=seen[row.parent],
			amount=row.amount,
			hours=row.hours,
			on=row.came_on,
			session_on=row.came_on,
			engagement=row.name,
		)
		for row in rows
		if row.parent in seen
	]


_greatest = CustomFunction("GREATEST", ["one", "other"])


def with_miles(query, person, line, year: int):
	"""`query` over `person` and their lines `line`, with what each of them had driven in that tax year before this system was
	used: a column for each of MILES. Answers the query, and by what its sums over lines are to be divided: two records that
	were merged may have an opening total each, beside each of which every line stands."""
	row = frappe.qb.DocType(OPENING)
	query = query.left_join(row).on(
		(row.participant == person.name) & (row.year_start == date(year, 4, 6)) & (row.status == "Approved")
	)
	lines, openings = (_greatest(Count(table.name).distinct(), 1) for table in (line, row))
	return query.select(*((Sum(row[field]) / lines).as_(field) for field in MILES)), openings


def miles(records: set[str], groups: set[tuple[int, str]]) -> dict[tuple[int, str], Decimal]:
	"""(year, mode) → the same under whichever of these `records`. The caller holds the lock on the person's row, behind which
	they are read as they are now. One query."""
	years = {date(year, 4, 6) for year, _mode in groups}
	row = frappe.qb.DocType(OPENING)
	query = (
		frappe.qb.from_(row)
		.select(row.year_start, *(Sum(row[field]).as_(field) for field in MILES))
		.where(row.participant.isin(sorted(records)) & row.year_start.isin(sorted(years)))
		.where(row.status == "Approved")
		.groupby(row.year_start)
	)
	found = query.for_update().run(as_dict=True)
	there = {(each.year_start.year, mode): each[field] for each in found for field, mode in MILES.items()}
	return {group: Decimal(str(there[group])) for group in groups if there.get(group)}


def settle_miles(doc) -> None:
	"""They begin or cease to count: what was approved after them is worth something else."""
	from involvement_app.involvement_payments import mileage
	from involvement_app.involvement_payments.claims import miles as of_claims

	modes = [mode for field, mode in MILES.items() if doc.get(field)]
	if modes:
		keys = {mileage.key(doc.participant, doc.year_start, mode) for mode in modes}
		of_claims.settle_miles(keys, (OPENING, doc.name))


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
