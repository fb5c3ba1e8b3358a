"""What people said about being quoted or shown, and what hangs on it: coordinators, managers and communications
officers, of the people of their units."""

from involvement_app.involvement_app.doctype.involvement_participant.criterion import of_people_seen
from involvement_app.permissions import NOTHING, pair
from involvement_app.setup.roles import COMMUNICATIONS, COORDINATOR, MANAGER


def of_people_spoken_for(user, roles, link):
	"""Criterion for rows that lead by `link` to a participant. Communications officers see no register; of this they
	see as much as a coordinator of the same units."""
	if not roles & {COORDINATOR, MANAGER, COMMUNICATIONS}:
		return NOTHING
	return of_people_seen(user, {COORDINATOR}, link)


def criterion(user, roles, consent):
	return of_people_spoken_for(user, roles, consent.participant)


conditions, has_permission = pair("Media Consent", criterion)
