"""Coordinators and managers, of their units; a course that names no unit is for all of them."""

from involvement_app.permissions import EVERYTHING, NOTHING, child_conditions, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, course):
	return EVERYTHING if roles & {COORDINATOR, MANAGER} else NOTHING


conditions, has_permission = pair("Training Course", criterion)
need_conditions = child_conditions("Training Course Need", "Training Course", criterion)
facilitator_conditions = child_conditions("Training Course Facilitator", "Training Course", criterion)
