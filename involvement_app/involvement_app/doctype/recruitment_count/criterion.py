"""Who reads panels reads how many recruitments there were, within their units; HR officers write it."""

from involvement_app.permissions import EVERYTHING, NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, HR_OFFICER, MANAGER


def criterion(user, roles, recruitment_count):
	return EVERYTHING if roles & {HR_OFFICER, COORDINATOR, MANAGER} else NOTHING


def change(user, roles, recruitment_count):
	return EVERYTHING if HR_OFFICER in roles else NOTHING


conditions, has_permission = pair("Recruitment Count", criterion, change)
