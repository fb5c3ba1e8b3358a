"""Applications are for coordinators and managers (unit by User Permission); a lead sees who accepted, not who asked."""

from involvement_app.permissions import EVERYTHING, NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, application):
	return EVERYTHING if roles & {COORDINATOR, MANAGER} else NOTHING


conditions, has_permission = pair("Involvement Application", criterion)
