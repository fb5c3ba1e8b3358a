"""What a paid role counts as: a decision of the organisation, for a type of opportunity and from a day (domain 1.4,
4.1, 4.5 G9). The way a payment takes follows from it. A place keeps the decision under which it was taken."""

import frappe
from frappe.utils import getdate, today

from involvement_app.involvement_app import rates
from involvement_app.money import money
from involvement_app.permissions.holders import holders
from involvement_app.setup.roles import HR_OFFICER

DETERMINATION = "Role Status Determination"
EXPENSES = "Expenses only"
GROSS = "Gross"
ELSEWHERE = ("PAYE", "Invoice")  # in the books of others
ROUTES = {EXPENSES: "", "Ad hoc, gross": GROSS, "PAYE": "PAYE", "Invoice": "Invoice"}
FIELDS = ("name", "title", "unit", "outcome", "valid_from", "valid_to")


def is_hr_s() -> bool:
	"""Whether somebody on this site holds the role of HR, and so decides. One query."""
	return any(
		user not in ("Administrator", "Guest") for user in holders(HR_OFFICER).limit(2).run(pluck=True)
	)


def current(opportunity_type: str, unit: str | None, days) -> list[frappe._dict | None]:
	"""The decision that counts on each of `days` for a role of that type in that unit: the one for the narrowest unit.
	One query."""
	rows = _of_type(opportunity_type, unit)
	return [next((row for row in rows if rates.holds_on(row, getdate(day))), None) for day in days]


def _of_type(opportunity_type: str, unit: str | None) -> list[frappe._dict]:
	"""Those for `unit`, or one above it, or everywhere: the narrowest first, and then the newest."""
	row = frappe.qb.DocType(DETERMINATION)
	top = frappe.qb.DocType("Involvement Unit").as_("top")
	here = frappe.qb.DocType("Involvement Unit").as_("here")
	everywhere = row.unit.isnull() | (row.unit == "")
	return (
		frappe.qb.from_(row)
		.left_join(top)
		.on(top.name == row.unit)
		.left_join(here)
		.on(here.name == unit)
		.select(*(row[fieldname] for fieldname in FIELDS))
		.where(row.opportunity_type == opportunity_type)
		.where(everywhere | ((top.lft <= here.lft) & (here.rgt <= top.rgt)))
		.orderby(top.lft, order=frappe.qb.desc)
		.orderby(row.valid_from, order=frappe.qb.desc)
		.run(as_dict=True)
	)


def pays(opportunity) -> bool:
	"""Whether money may be offered for such a role today. One query."""
	(row,) = current(opportunity.opportunity_type, opportunity.unit, [today()])
	return not row or row.outcome != EXPENSES


def of_a_place(opportunity, offered) -> dict:
	"""What an engagement keeps on the day it is taken, `offered` pounds: {role_determination, payment_route}. What was
	offered before such decisions were kept here, or under one that has ended, goes on as it was promised: under the last
	that paid, and else gross. One query where money was offered."""
	if not money(offered):
		return {"role_determination": None, "payment_route": ""}
	rows = [
		row for row in _of_type(opportunity.opportunity_type, opportunity.unit) if row.outcome != EXPENSES
	]
	now = getdate(today())
	row = next((row for row in rows if rates.holds_on(row, now)), None)
	row = row or next((row for row in rows if getdate(row.valid_from) <= now), None)
	return {
		"role_determination": row and row.name,
		"payment_route": ROUTES[row.outcome] if row else GROSS,
	}
