"""Coordinators and managers: of their units, and of the people they may see. Whoever leads the opportunity, or is to
tell people. Nobody of finance."""

from involvement_app.involvement_app import opportunities
from involvement_app.involvement_app.doctype.involvement_participant.criterion import of_people_seen
from involvement_app.permissions import EVERYTHING, NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER, OWNER


def criterion(user, roles, obligation):
	if roles & {COORDINATOR, MANAGER}:
		seen = of_people_seen(user, roles, obligation.participant)
		if seen is EVERYTHING:
			return EVERYTHING
		return obligation.participant.isnull() | (obligation.participant == "") | seen
	if OWNER not in roles:
		return NOTHING
	return obligation.opportunity.isin(opportunities.led_by(user)) | (obligation.feedback_owner == user)


conditions, has_permission = pair("Feedback Obligation", criterion)
