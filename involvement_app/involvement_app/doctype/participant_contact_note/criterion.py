"""Coordinators and managers, of the people they may see; and the person's named contact."""

from involvement_app.involvement_app.doctype.involvement_participant.criterion import of_people_supported
from involvement_app.permissions import pair


def criterion(user, roles, note):
	return of_people_supported(user, roles, note.participant)


conditions, has_permission = pair("Participant Contact Note", criterion)
