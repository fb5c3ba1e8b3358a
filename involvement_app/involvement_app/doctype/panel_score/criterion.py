"""Who wrote it, alone, until the scores of the panel are open; then whoever may read the panel as HR or as a member."""

import frappe

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.panels import members
from involvement_app.permissions import NOTHING, child_conditions, pair
from involvement_app.setup.roles import HR_OFFICER, PANEL_MEMBER


def criterion(user, roles, score):
	if not roles & {HR_OFFICER, PANEL_MEMBER}:
		return NOTHING
	panel = frappe.qb.DocType(panels.PANEL)
	opened = frappe.qb.from_(panel).select(panel.name).where(panel.opened_on.isnotnull())
	if HR_OFFICER not in roles:
		opened = opened.where(panel.name.isin(members.panels_of(user)))
	return (score.staff == user) | score.panel.isin(opened)


def change(user, roles, score):
	return score.staff == user if roles & {HR_OFFICER, PANEL_MEMBER} else NOTHING


conditions, has_permission = pair("Panel Score", criterion, change)
line_conditions = child_conditions("Panel Score Line", "Panel Score", criterion)
