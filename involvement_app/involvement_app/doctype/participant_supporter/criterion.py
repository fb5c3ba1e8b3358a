"""Coordinators and managers, of the people they may see."""

from involvement_app.involvement_app.doctype.involvement_participant.criterion import of_people_seen
from involvement_app.permissions import NOTHING, child_conditions, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, supporter):
	return of_people_seen(user, roles, supporter.participant) if roles & {COORDINATOR, MANAGER} else NOTHING


conditions, has_permission = pair("Participant Supporter", criterion)
act_conditions = child_conditions("Participant Supporter Act", "Participant Supporter", criterion)
