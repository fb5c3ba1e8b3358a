"""Finance, managers and coordinators see payments (within their units: Frappe's User Permissions);
a budget holder those of the units they hold the budget of."""

import frappe

from involvement_app.permissions import EVERYTHING, NOTHING, pair
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
	return payment.unit.isin(frappe.qb.from_(unit).select(unit.name).where(unit.budget_holder == user))


conditions, has_permission = pair("Involvement Payment", criterion)
