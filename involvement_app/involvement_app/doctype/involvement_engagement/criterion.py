"""Coordinators and managers; and the lead of the opportunity, who may read."""

from involvement_app.involvement_app import opportunities
from involvement_app.permissions import EVERYTHING, NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER, OWNER


def criterion(user, roles, engagement):
	if roles & {COORDINATOR, MANAGER}:
		return EVERYTHING
	if OWNER not in roles:
		return NOTHING
	return engagement.opportunity.isin(opportunities.led_by(user))


conditions, has_permission = pair("Involvement Engagement", criterion)
