"""Coordinators and managers, of the people they may see."""

from involvement_app.involvement_app.doctype.involvement_participant.criterion import of_people_seen
from involvement_app.permissions import NOTHING, child_conditions, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, preference):
	if not roles & {COORDINATOR, MANAGER}:
		return NOTHING
	return of_people_seen(user, roles, preference.participant)


conditions, has_permission = pair("Involvement Preference", criterion)
type_conditions = child_conditions("Involvement Preference Type", "Involvement Preference", criterion)
level_conditions = child_conditions("Involvement Preference Level", "Involvement Preference", criterion)
