"""Coordinators and managers, what they wrote down themselves: nobody looks at another's score before their own, and
what they come to together stands on the application (`selection.standing`)."""

from involvement_app.permissions import NOTHING, child_conditions, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, score):
	return score.selector_user == user if roles & {COORDINATOR, MANAGER} else NOTHING


conditions, has_permission = pair("Selection Score", criterion)
line_conditions = child_conditions("Selection Score Line", "Selection Score", criterion)
