"""Coordinators and managers, within their units."""

from involvement_app.permissions import EVERYTHING, NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, selector):
	return EVERYTHING if roles & {COORDINATOR, MANAGER} else NOTHING


conditions, has_permission = pair("Opportunity Selector", criterion)
