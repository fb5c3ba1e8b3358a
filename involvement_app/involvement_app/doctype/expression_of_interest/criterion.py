"""Coordinators and managers; who is limited to some units sees the enquiries of those alone, also not one that
has no unit yet: it may be anybody's."""

from involvement_app.permissions import EVERYTHING, NOTHING, pair, units
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, enquiry):
	if not roles & {COORDINATOR, MANAGER}:
		return NOTHING
	return enquiry.unit.isin(units.permitted(user)) if units.is_limited(user) else EVERYTHING


conditions, has_permission = pair("Expression of Interest", criterion)
