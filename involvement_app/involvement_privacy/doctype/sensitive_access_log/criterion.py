"""Who read what: for the data protection officer, whom it does not exempt from being in it."""

from involvement_app.permissions import EVERYTHING, NOTHING, pair
from involvement_app.setup.roles import DATA_PROTECTION


def criterion(user, roles, entry):
	return EVERYTHING if DATA_PROTECTION in roles else NOTHING


conditions, has_permission = pair("Sensitive Access Log", criterion)
