"""Nobody lists or opens a plan: `sensitive.py` says who may read one, and every reading is written down."""

from involvement_app.permissions import NOTHING, pair


def criterion(user, roles, plan):
	return NOTHING


conditions, has_permission = pair("Wellbeing Support Plan", criterion)
