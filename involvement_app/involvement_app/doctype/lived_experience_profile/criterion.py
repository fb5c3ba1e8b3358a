"""Coordinators and managers, of the people they may see; not who leads a session."""

from involvement_app.involvement_app.doctype.involvement_participant.criterion import of_people_seen
from involvement_app.permissions import NOTHING, child_conditions, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, profile):
	if not roles & {COORDINATOR, MANAGER}:
		return NOTHING
	return of_people_seen(user, roles, profile.participant)


conditions, has_permission = pair("Lived Experience Profile", criterion)
area_conditions = child_conditions("Lived Experience Profile Area", "Lived Experience Profile", criterion)
skill_conditions = child_conditions("Lived Experience Profile Skill", "Lived Experience Profile", criterion)
