"""Coordinators and managers: of the people they may see, and of staff."""

from involvement_app.involvement_app.doctype.involvement_participant.criterion import of_people_seen
from involvement_app.permissions import EVERYTHING, NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, record):
	if not roles & {COORDINATOR, MANAGER}:
		return NOTHING
	seen = of_people_seen(user, roles, record.participant)
	return seen if seen is EVERYTHING else seen | record.participant.isnull() | (record.participant == "")


conditions, has_permission = pair("Training Record", criterion)
