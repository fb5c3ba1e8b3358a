"""Only as far as the person agreed (Accessible Information Standard: shared): their named contact; with a yes to it
coordinators and managers of the people they may see; and with a yes to that who leads what they have a place in."""

import frappe

from involvement_app.involvement_app.doctype.involvement_participant.criterion import of_people_seen
from involvement_app.permissions import NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER, OWNER

NAMED, TEAM, LEADS = "My named contact", "The involvement team", "Whoever runs what I take part in"


def criterion(user, roles, requirement):
	seen = of_people_seen(user, roles, requirement.participant)
	if roles & {COORDINATOR, MANAGER}:
		agreed = requirement.share_with.isin((TEAM, LEADS))
	elif OWNER in roles:
		agreed = requirement.share_with == LEADS
	else:
		return NOTHING
	# whoever entered it for the person knows it already
	return seen & (agreed | _is_named_contact(user, requirement) | (requirement.owner == user))


def _is_named_contact(user, requirement):
	participant = frappe.qb.DocType("Involvement Participant").as_("of_need")
	return requirement.participant.isin(
		frappe.qb.from_(participant).select(participant.name).where(participant.named_contact == user)
	)


conditions, has_permission = pair("Access Requirement", criterion)
