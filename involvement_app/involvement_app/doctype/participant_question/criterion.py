"""Coordinators and managers, of the people they may see; and the named contact of whoever asked."""

from involvement_app.involvement_app.doctype.involvement_participant.criterion import of_people_supported
from involvement_app.permissions import pair


def criterion(user, roles, question):
	return of_people_supported(user, roles, question.participant)


conditions, has_permission = pair("Participant Question", criterion)
