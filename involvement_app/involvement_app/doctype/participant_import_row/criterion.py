"""Rows hold what the cells said about people: read through their import alone, never on their own."""

from involvement_app.permissions import NOTHING, pair


def criterion(user, roles, row):
	return NOTHING


conditions, has_permission = pair("Participant Import Row", criterion)
