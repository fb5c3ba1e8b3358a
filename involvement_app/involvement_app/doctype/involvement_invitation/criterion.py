"""Coordinators and managers, of the people they may see."""

from involvement_app.involvement_app.doctype.involvement_participant.criterion import of_people_seen
from involvement_app.permissions import NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, invitation):
	if not roles & {COORDINATOR, MANAGER}:
		return NOTHING
	return of_people_seen(user, roles, invitation.participant)


conditions, has_permission = pair("Involvement Invitation", criterion)
