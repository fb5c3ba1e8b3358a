"""Payments that are due, late, or late twice (domain 1.3 no. 5, 4.10), and claims of expenses of which there is no payment yet.

Two days before the promised day whoever holds it is told, or the managers where nobody does; when the day has gone by, the
managers; each once, and noted only where somebody was told. Two late payments in one month, as the person's own benefit counts months, can cost them money: managers
are told of that apart, and it stands on their list until both are paid."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Count
from frappe.utils import add_days, format_date, get_url_to_form, get_url_to_list, getdate, today

from involvement_app import messages
from involvement_app.involvement_app import concerned
from involvement_app.involvement_app.preferences import PREFERENCE
from involvement_app.involvement_app.to_do import Kind
from involvement_app.involvement_payments import claims, without_money
from involvement_app.involvement_payments.states import CORRECTION, PAYMENT, RECEIVED, WAITING
from involvement_app.periods import assessment_period
from involvement_app.permissions import units
from involvement_app.permissions.holders import holders
from involvement_app.setup.roles import BUDGET_HOLDER, COORDINATOR, FINANCE_OFFICER, MANAGER

DAYS_BEFORE = 2
DAYS_LOOKED_BACK = 62  # two assessment months
MOST = 1000
NAMED = 20


def promised_by(payment) -> date | None:
	"""The day by which its person was told that `payment` comes: what was promised, or what their own limit asks where that
	is later. It may be over."""
	return max((getdate(day) for day in (payment.due_on, payment.not_before) if day), default=None)


@dataclass(frozen=True)
class Promised:
	"""A kind of document that people wait for. `held`: (role, states in which it waits for them) …; a budget holder's is the
	unit's own."""

	doctype: str
	waiting: tuple[str, ...]
	due: str
	late: str
	held: tuple


PAYMENTS = Promised(
	PAYMENT,
	WAITING,
	"Involvement payments due (staff)",
	"Involvement payments late (staff)",
	(
		(BUDGET_HOLDER, ("Checked",)),
		(COORDINATOR, ("Returned",)),
		(FINANCE_OFFICER, ("Approved", "Scheduled", "Failed at bank")),
	),
)
CLAIMS = Promised(
	claims.CLAIM,
	claims.OPEN,
	"Involvement expenses due (staff)",
	"Involvement expenses late (staff)",
	((BUDGET_HOLDER, ("Checked",)), (COORDINATOR, ("Submitted", "Returned"))),
)


def waits(table, promised: Promised = PAYMENTS):
	"""A criterion: somebody waits for this row, and not by their own wish."""
	waiting = table.status.isin(promised.waiting) & table.due_on.isnotnull()
	if promised is CLAIMS:
		return waiting
	by_their_wish = table.not_before.isnotnull() & (table.not_before > today())
	return waiting & (table.withdrawn == 0) & (table.kind != CORRECTION) & by_their_wish.negate()


def overdue(promised: Promised = PAYMENTS) -> int:
	"""How many are later than was promised."""
	table = frappe.qb.DocType(promised.doctype)
	query = frappe.qb.from_(table).select(Count("*")).where(waits(table, promised))
	return query.where(table.due_on < today()).run()[0][0]


def kinds() -> tuple[Kind, ...]:
	"""What waits for a manager (hook involvement_to_do)."""
	if without_money.is_so():
		return ()
	late = (
		("status", "in", WAITING),
		("kind", "!=", CORRECTION),
		# Frappe counts an empty day as long past; what waits by the person's own wish is not late
		("not_before", "<=", today()),
	)
	return (
		Kind(
			"late-twice",
			"Two late payments in one month: talk with the person",
			PAYMENT,
			(*late, ("late_twice_on", "is", "set")),
			"due_on",
			person="participant",
			only=MANAGER,
		),
		Kind(
			"late",
			"Payment later than was promised",
			PAYMENT,
			(*late, ("due_on", "is", "set"), ("due_on", "<", today()), ("late_twice_on", "is", "not set")),
			"due_on",
			person="participant",
			detail="status",
			only=MANAGER,
		),
		Kind(
			"late-expenses",
			"Expenses later than was promised: nobody has decided",
			claims.CLAIM,
			(("status", "in", claims.OPEN), ("due_on", "is", "set"), ("due_on", "<", today())),
			"due_on",
			person="participant",
			detail="status",
			only=MANAGER,
		),
	)


def labels() -> list[str]:
	"""Every label, so that the translation tools find it."""
	return [
		_("Two late payments in one month: talk with the person"),
		_("Payment later than was promised"),
		_("Expenses later than was promised: nobody has decided"),
	]


def remind() -> None:
	"""Daily: who holds what is due within two days is told once, and managers once when it is late."""
	if without_money.is_so():
		return
	for promised in (PAYMENTS, CLAIMS):  # one by one: two kinds
		_remind(promised)


def _remind(promised: Promised) -> None:
	rows = _waiting(promised)
	due = [row for row in rows if not row.reminded_on]
	late = [row for row in rows if row.due_on < getdate(today()) and not row.escalated_on]
	held = _held(due, promised.held)
	for user, theirs in held.items():  # one by one: the few people who decide or pay
		messages.send(promised.due, ("User", user), _waits(theirs, promised))
	told = {row.name for theirs in held.values() for row in theirs}
	unheld = [row for row in due if row.name not in told]
	told |= _tell_managers(promised.due, unheld, **_waits(unheld, promised))
	_note(promised.doctype, told, "reminded_on")
	told = _tell_managers(
		promised.late,
		late,
		link=get_url_to_list(promised.doctype) + "?escalated_on=%5B%22is%22%2C%22set%22%5D",
	)
	_note(promised.doctype, told, "escalated_on")


def _waits(rows: list, promised: Promised) -> dict:
	last = max((row.due_on for row in rows), default=None)
	return {
		"count": len(rows),
		"by": last and format_date(last, "d MMMM yyyy"),
		"link": get_url_to_list(promised.doctype),
	}


def look_for_two() -> None:
	"""Daily: two late payments in one month of the person's own, once. Both are noted: each stands on the list until it is
	paid."""
	if without_money.is_so():
		return
	groups = defaultdict(list)
	rows = _late()
	days = _month_days({row.participant for row in rows})
	for row in rows:
		month = assessment_period(row.due_on, days.get(row.participant) or 1)
		groups[(row.participant, month)].append(row)
	for theirs in groups.values():  # one by one: few people
		if len(theirs) < 2 or any(row.late_twice_on for row in theirs):
			continue
		both = theirs[:2]
		link = get_url_to_form(PAYMENT, both[1].name)
		if _tell_managers("Involvement payments late twice (staff)", both, link=link):
			_note(PAYMENT, {row.name for row in both}, "late_twice_on")


def _waiting(promised: Promised) -> list[frappe._dict]:
	row, unit = frappe.qb.DocType(promised.doctype), frappe.qb.DocType("Involvement Unit")
	return (
		frappe.qb.from_(row)
		.left_join(unit)
		.on(unit.name == row.unit)
		.select(
			row.name,
			row.status,
			row.participant,
			row.unit,
			row.due_on,
			row.reminded_on,
			row.escalated_on,
			unit.budget_holder,
		)
		.where(waits(row, promised) & (row.due_on <= add_days(today(), DAYS_BEFORE)))
		.where(row.reminded_on.isnull() | (row.escalated_on.isnull() & (row.due_on < today())))
		.orderby(row.due_on)
		.orderby(row.name)
		.limit(MOST)
		.run(as_dict=True)
	)


def _late() -> list[frappe._dict]:
	"""Late ones of the last two months, paid since or not, by the day they were promised for."""
	payment = frappe.qb.DocType(PAYMENT)
	came = Coalesce(payment.paid_on, today())
	return (
		frappe.qb.from_(payment)
		.select(payment.name, payment.participant, payment.unit, payment.due_on, payment.late_twice_on)
		.where(payment.status.isin((*WAITING, *RECEIVED)) & (payment.withdrawn == 0))
		.where((payment.kind != CORRECTION) & (payment.due_on >= add_days(today(), -DAYS_LOOKED_BACK)))
		# also one that waited by the person's own wish, once that day has gone by too
		.where((came > payment.due_on) & (payment.not_before.isnull() | (came > payment.not_before)))
		.orderby(payment.participant)
		.orderby(payment.due_on)
		.orderby(payment.name)
		.limit(MOST)
		.run(as_dict=True)
	)


def _month_days(participants: set[str]) -> dict[str, int]:
	rows = (
		frappe.get_all(  # by a job; who is told learns that two fell into one month, not which day it begins
			PREFERENCE,
			{"participant": ["in", sorted(participants) or [""]]},
			["participant", "cap_month_day"],
		)
	)
	return {row.participant: row.cap_month_day for row in rows}


def _held(due: list, by: tuple) -> dict[str, list]:
	"""User → what waits for them: a budget holder's decision, a coordinator's answer, finance. `by`: see `Promised`."""
	held = defaultdict(list)
	for role, statuses in by:
		theirs = [row for row in due if row.status in statuses]
		if not theirs:
			continue
		for user in holders(role).run(pluck=True):  # one by one: the few who hold it
			find = _of_their_units_budget if role == BUDGET_HOLDER else _in_their_units
			if seen := find(user, theirs):
				held[user] += seen
	return held


def _of_their_units_budget(user: str, rows: list) -> list:
	"""What waits for this budget holder, and is not about themself."""
	theirs = [row for row in rows if row.budget_holder == user]
	own = concerned.among(user, {row.participant for row in theirs})
	return [row for row in theirs if row.participant not in own]


def _tell_managers(template: str, rows: list, **context) -> set[str]:
	"""Names of the rows of which a manager was told."""
	told = set()
	if not rows:
		return told
	# one by one: the few managers of an organisation; each hears of their own units
	for manager in holders(MANAGER).run(pluck=True):
		if theirs := _in_their_units(manager, rows):
			names = ", ".join(row.name for row in theirs[:NAMED])
			messages.send(template, ("User", manager), {**context, "count": len(theirs), "names": names})
			told |= {row.name for row in theirs}
	return told


def _in_their_units(user: str, rows: list) -> list:
	if not units.is_limited(user):
		return rows
	own = set(units.permitted(user).run(pluck=True))
	return [row for row in rows if not row.unit or row.unit in own]


def _note(doctype: str, names: set[str], fieldname: str) -> None:
	if names:
		# bounded to the rows just spoken of
		frappe.db.set_value(
			doctype, {"name": ["in", sorted(names)]}, fieldname, today(), update_modified=False
		)
