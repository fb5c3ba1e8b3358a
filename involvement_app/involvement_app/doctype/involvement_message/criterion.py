"""The outbox: coordinators and managers see what waits and why."""

from involvement_app.permissions import EVERYTHING, NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, message):
	return EVERYTHING if roles & {COORDINATOR, MANAGER} else NOTHING


conditions, has_permission = pair("Involvement Message", criterion)
