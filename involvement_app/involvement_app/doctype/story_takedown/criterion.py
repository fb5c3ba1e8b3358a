"""Coordinators, managers and communications officers, of the people of their units."""

from involvement_app.involvement_app.doctype.media_consent.criterion import of_people_spoken_for
from involvement_app.permissions import pair


def criterion(user, roles, takedown):
	return of_people_spoken_for(user, roles, takedown.participant)


conditions, has_permission = pair("Story Takedown", criterion)
