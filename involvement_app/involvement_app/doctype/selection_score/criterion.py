"""As applications: coordinators and managers, within their units."""

from involvement_app.permissions import EVERYTHING, NOTHING, child_conditions, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, score):
	return EVERYTHING if roles & {COORDINATOR, MANAGER} else NOTHING


conditions, has_permission = pair("Selection Score", criterion)
line_conditions = child_conditions("Selection Score Line", "Selection Score", criterion)
