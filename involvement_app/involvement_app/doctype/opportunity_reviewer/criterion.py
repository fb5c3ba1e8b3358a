"""Coordinators and managers, within their units: a lead reads what was said, without names (reviewers.py)."""

from involvement_app.permissions import EVERYTHING, NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, reviewer):
	return EVERYTHING if roles & {COORDINATOR, MANAGER} else NOTHING


conditions, has_permission = pair("Opportunity Reviewer", criterion)
