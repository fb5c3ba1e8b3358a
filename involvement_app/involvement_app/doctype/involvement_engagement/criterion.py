"""Coordinators and managers; and the lead of the opportunity, who may read."""

import frappe

from involvement_app.permissions import EVERYTHING, NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER, OWNER


def criterion(user, roles, engagement):
	if roles & {COORDINATOR, MANAGER}:
		return EVERYTHING
	if OWNER not in roles:
		return NOTHING
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	led = frappe.qb.from_(opportunity).select(opportunity.name).where(opportunity.lead == user)
	return engagement.opportunity.isin(led)


conditions, has_permission = pair("Involvement Engagement", criterion)
