"""HR officers, coordinators and managers; staff who sit on the panel see their own. HR alone changes it."""

from involvement_app.involvement_app.panels import members
from involvement_app.permissions import EVERYTHING, NOTHING, child_conditions, pair
from involvement_app.setup.roles import COORDINATOR, HR_OFFICER, MANAGER, PANEL_MEMBER


def criterion(user, roles, panel):
	if roles & {HR_OFFICER, COORDINATOR, MANAGER}:
		return EVERYTHING
	return panel.name.isin(members.panels_of(user)) if PANEL_MEMBER in roles else NOTHING


def change(user, roles, panel):
	return EVERYTHING if HR_OFFICER in roles else NOTHING


conditions, has_permission = pair("Recruitment Panel", criterion, change)
member_conditions = child_conditions("Recruitment Panel Member", "Recruitment Panel", criterion)
provision_conditions = child_conditions("Recruitment Panel Provision", "Recruitment Panel", criterion)
question_conditions = child_conditions("Recruitment Panel Question", "Recruitment Panel", criterion)
criterion_conditions = child_conditions("Recruitment Panel Criterion", "Recruitment Panel", criterion)
candidate_conditions = child_conditions("Recruitment Panel Candidate", "Recruitment Panel", criterion)
