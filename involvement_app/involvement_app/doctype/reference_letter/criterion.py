"""Coordinators and managers, of the people they may see."""

from involvement_app.involvement_app.doctype.involvement_participant.criterion import of_people_seen
from involvement_app.permissions import NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, letter):
	return of_people_seen(user, roles, letter.participant) if roles & {COORDINATOR, MANAGER} else NOTHING


conditions, has_permission = pair("Reference Letter", criterion)
