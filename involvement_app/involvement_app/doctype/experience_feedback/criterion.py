"""Nobody: read together, on the form of its opportunity, once there are enough of them (`how_it_was.said`)."""

from involvement_app.permissions import NOTHING, pair


def criterion(user, roles, feedback):
	return NOTHING


conditions, has_permission = pair("Experience Feedback", criterion)
