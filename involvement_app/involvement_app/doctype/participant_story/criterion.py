"""Coordinators, managers and communications officers, of the people of their units."""

from involvement_app.involvement_app.doctype.media_consent.criterion import of_people_spoken_for
from involvement_app.permissions import child_conditions, pair


def criterion(user, roles, story):
	return of_people_spoken_for(user, roles, story.participant)


conditions, has_permission = pair("Participant Story", criterion)
use_conditions = child_conditions("Participant Story Use", "Participant Story", criterion)
