"""Sign-in links are nobody's to read: the portal alone, which holds the link itself, finds its row."""

from involvement_app.permissions import NOTHING, pair


def criterion(user, roles, token):
	return NOTHING


conditions, has_permission = pair("Portal Token", criterion)
