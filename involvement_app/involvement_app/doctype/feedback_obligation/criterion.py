"""Coordinators and managers: of their units, and of the people they may see. Whoever leads the opportunity, or is to
tell people. Nobody of finance."""

from involvement_app.involvement_app import opportunities
from involvement_app.involvement_app.doctype.involvement_participant.criterion import of_people_seen
from involvement_app.permissions import EVERYTHING, NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER, OWNER


def criterion(user, roles, obligation):
	if not roles & {COORDINATOR, MANAGER, OWNER}:
		return NOTHING
	seen = of_people_seen(user, roles, obligation.participant)
	everybody = obligation.participant.isnull() | (obligation.participant == "")
	of_theirs = EVERYTHING if seen is EVERYTHING else everybody if seen is NOTHING else everybody | seen
	if roles & {COORDINATOR, MANAGER}:
		return of_theirs
	owed = obligation.opportunity.isin(opportunities.led_by(user)) | (obligation.feedback_owner == user)
	return owed if of_theirs is EVERYTHING else owed & of_theirs


conditions, has_permission = pair("Feedback Obligation", criterion)
