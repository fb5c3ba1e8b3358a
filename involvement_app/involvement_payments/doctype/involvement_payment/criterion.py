"""Finance, managers and coordinators see payments (within their units: Frappe's User Permissions);
a budget holder those of the units they hold the budget of, or are named for in an Approval Limit."""

import frappe

from involvement_app.involvement_payments import approval_limits
from involvement_app.involvement_payments.without_money import pair
from involvement_app.permissions import EVERYTHING, NOTHING
from involvement_app.setup.roles import (
	BUDGET_HOLDER,
	COORDINATOR,
	FINANCE_AUTHORISER,
	FINANCE_OFFICER,
	MANAGER,
)


def criterion(user, roles, payment):
	if roles & {FINANCE_OFFICER, FINANCE_AUTHORISER, MANAGER, COORDINATOR}:
		return EVERYTHING
	if BUDGET_HOLDER not in roles:
		return NOTHING
	unit = frappe.qb.DocType("Involvement Unit")
	held = frappe.qb.from_(unit).select(unit.name).where(unit.budget_holder == user)
	return payment.unit.isin(held) | payment.unit.isin(approval_limits.units_of(user))


conditions, has_permission = pair("Involvement Payment", criterion)
