"""Nobody: the person reads and writes their goals in the portal (`involvement_app/goals.py`)."""

from involvement_app.permissions import NOTHING, pair


def criterion(user, roles, goal):
	return NOTHING


conditions, has_permission = pair("Personal Goal", criterion)
