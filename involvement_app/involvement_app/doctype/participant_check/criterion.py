"""Managers, of the people they may see. Coordinators, leads and care staff learn nothing of it."""

from involvement_app.involvement_app.doctype.involvement_participant.criterion import of_people_seen
from involvement_app.permissions import NOTHING, pair
from involvement_app.setup.roles import MANAGER


def criterion(user, roles, check):
	return of_people_seen(user, roles, check.participant) if MANAGER in roles else NOTHING


conditions, has_permission = pair("Participant Check", criterion)
