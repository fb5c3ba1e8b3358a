"""The outbox: coordinators and managers see what waits for participants and why. What goes to a user account
is that user's alone: it may carry a link that signs in."""

from involvement_app.permissions import NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, message):
	return (
		message.recipient_doctype == "Involvement Participant" if roles & {COORDINATOR, MANAGER} else NOTHING
	)


conditions, has_permission = pair("Involvement Message", criterion)
