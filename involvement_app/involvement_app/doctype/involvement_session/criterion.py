"""Coordinators and managers; and who leads the session or its opportunity."""

from involvement_app.involvement_app import opportunities
from involvement_app.permissions import EVERYTHING, NOTHING, child_conditions, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER, OWNER


def criterion(user, roles, session):
	if roles & {COORDINATOR, MANAGER}:
		return EVERYTHING
	if OWNER not in roles:
		return NOTHING
	return (session.lead == user) | session.opportunity.isin(opportunities.led_by(user))


conditions, has_permission = pair("Involvement Session", criterion)
attendance_conditions = child_conditions("Involvement Session Attendance", "Involvement Session", criterion)
paper_conditions = child_conditions("Involvement Session Paper", "Involvement Session", criterion)
task_conditions = child_conditions("Involvement Session Task", "Involvement Session", criterion)
