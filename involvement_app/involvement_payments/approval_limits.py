"""Up to what amount somebody decides alone (domain 4.6, 4.12). One home: payments and batches ask here.

Of the rows of a role that reach a unit, those that name the person count, and else those for everybody; without any there
is no limit. Whoever a row with a unit names decides in that unit on what is beyond its budget holder's own limit,
and on what that one may not decide: their own money, what they led, wrote or checked."""

from decimal import Decimal

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import get_fullname

from involvement_app.lifecycle import StepNotPermitted
from involvement_app.money import money, pounds

LIMIT = "Approval Limit"
MOST_NAMED = 5


def within_their_limit(user: str, role: str, amount, unit: str | None = None) -> None:
	"""Refuses what is beyond the limit of `user`, saying who may. Raises StepNotPermitted. One query."""
	rows = _rows(role, unit)
	limit = _limit(rows, user)
	if limit is None or money(amount) <= limit:
		return
	may = sorted(get_fullname(row.user) for row in rows if row.user and money(row.up_to) >= money(amount))
	who = (
		_("{0} may.").format(", ".join(may[:MOST_NAMED]))
		if may
		else _("Nobody's limit goes so far yet: a manager can add an Approval Limit.")
	)
	frappe.throw(
		_("{0} is more than the {1} that you decide on alone. {2}").format(
			pounds(amount), pounds(limit), who
		),
		StepNotPermitted,
	)


def stands_in(user: str, role: str, holder: str | None, amount, unit: str, may_not) -> bool:
	"""Whether `user` is named for `unit`, and `amount` is beyond what its own `holder` decides on, or is nothing that they
	may decide on: `may_not`(holder), asked of whoever is named. One query, and its own."""
	rows = _rows(role, unit)
	limit = _limit(rows, holder)
	if not any(row.user == user and row.unit for row in rows):
		return False
	return (limit is not None and money(amount) > limit) or bool(holder and may_not(holder))


def who_decides(doc) -> str:
	return _(
		"Only the budget holder of {0} decides on {1}; where they may not, whoever an Approval Limit names for that unit."
	).format(doc.unit, doc.name)


def how_many():
	"""Sub-select of how many rows there are: most sites have none, and need not ask further."""
	limit = frappe.qb.DocType(LIMIT)
	return frappe.qb.from_(limit).select(Count("*"))


def _limit(rows, user: str | None) -> Decimal | None:
	mine = [row for row in rows if row.user == user] or [row for row in rows if not row.user]
	return max((money(row.up_to) for row in mine), default=None)


def _rows(role: str, unit: str | None) -> list[frappe._dict]:
	"""The rows of `role` that reach `unit`; without one, those for everywhere."""
	limit = frappe.qb.DocType(LIMIT)
	top, here = (frappe.qb.DocType("Involvement Unit").as_(name) for name in ("top", "here"))
	everywhere = limit.unit.isnull() | (limit.unit == "")
	return (
		frappe.qb.from_(limit)
		.left_join(top)
		.on(top.name == limit.unit)
		.left_join(here)
		.on(here.name == (unit or ""))
		.select(limit.user, limit.unit, limit.up_to)
		.where(limit.role == role)
		.where(everywhere | ((top.lft <= here.lft) & (here.rgt <= top.rgt)))
		.run(as_dict=True)
	)


def units_of(user: str):
	"""Sub-select of the units in which `user` is named, with those under them."""
	limit = frappe.qb.DocType(LIMIT)
	top, below = (frappe.qb.DocType("Involvement Unit").as_(name) for name in ("top", "below"))
	return (
		frappe.qb.from_(limit)
		.join(top)
		.on(top.name == limit.unit)
		.join(below)
		.on((below.lft >= top.lft) & (below.rgt <= top.rgt))
		.select(below.name)
		.where(limit.user == user)
	)
