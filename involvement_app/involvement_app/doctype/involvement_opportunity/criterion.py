"""Coordinators and managers see all of their units; a lead sees their own and what is public to staff;
a budget holder sees those of the units they hold, without mystery shopping: its dates would tell of visits (`visits`); an HR officer recruitment panels. Only the former two change what they do not lead."""

import frappe

from involvement_app.involvement_app import visits
from involvement_app.permissions import EVERYTHING, NOTHING, child_conditions, pair
from involvement_app.setup.roles import BUDGET_HOLDER, COORDINATOR, HR_OFFICER, MANAGER, OWNER

PUBLISHED_AND_LATER = ("Published", "Closed to applications", "In progress", "Awaiting feedback", "Completed")


def criterion(user, roles, opportunity):
	if roles & {COORDINATOR, MANAGER}:
		return EVERYTHING
	rule = NOTHING
	if OWNER in roles:
		rule = rule | _own(user, opportunity) | opportunity.status.isin(PUBLISHED_AND_LATER)
	if BUDGET_HOLDER in roles:
		unit = frappe.qb.DocType("Involvement Unit")
		held = frappe.qb.from_(unit).select(unit.name).where(unit.budget_holder == user)
		rule = rule | (opportunity.unit.isin(held) & opportunity.opportunity_type.notin(visits.types()))
	if HR_OFFICER in roles:
		kind = frappe.qb.DocType("Involvement Type")
		choose_staff = frappe.qb.from_(kind).select(kind.name).where(kind.category == "Recruitment panel")
		rule = rule | opportunity.opportunity_type.isin(choose_staff)
	return rule


def change(user, roles, opportunity):
	if roles & {COORDINATOR, MANAGER}:
		return EVERYTHING
	return _own(user, opportunity) if OWNER in roles else NOTHING


def _own(user, opportunity):
	return (opportunity.lead == user) | (opportunity.owner == user)


conditions, has_permission = pair("Involvement Opportunity", criterion, change)
date_conditions = child_conditions("Involvement Opportunity Date", "Involvement Opportunity", criterion)
gate_conditions = child_conditions("Involvement Opportunity Gate", "Involvement Opportunity", criterion)
criterion_conditions = child_conditions(
	"Involvement Opportunity Criterion", "Involvement Opportunity", criterion
)
# who leads it with us is for whoever may change it
co_lead_conditions = child_conditions("Involvement Opportunity Co-lead", "Involvement Opportunity", change)
