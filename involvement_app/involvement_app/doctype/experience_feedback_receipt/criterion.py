"""Nobody."""

from involvement_app.permissions import NOTHING, pair


def criterion(user, roles, receipt):
	return NOTHING


conditions, has_permission = pair("Experience Feedback Receipt", criterion)
