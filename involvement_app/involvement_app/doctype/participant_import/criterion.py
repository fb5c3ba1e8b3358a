"""A list of people to be imported: managers, and the coordinator who brought it."""

from involvement_app.permissions import EVERYTHING, NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, run):
	if MANAGER in roles:
		return EVERYTHING
	return run.owner == user if COORDINATOR in roles else NOTHING


conditions, has_permission = pair("Participant Import", criterion)
