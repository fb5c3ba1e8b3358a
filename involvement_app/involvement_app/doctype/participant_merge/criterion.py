"""Whoever may see the person who stayed on the register."""

from involvement_app.involvement_app.doctype.involvement_participant.criterion import of_people_seen
from involvement_app.permissions import NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, merge):
	return of_people_seen(user, roles, merge.kept) if roles & {COORDINATOR, MANAGER} else NOTHING


conditions, has_permission = pair("Participant Merge", criterion)
