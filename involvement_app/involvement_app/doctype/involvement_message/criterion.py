"""The outbox: coordinators and managers see what waits for participants and why, of the units they are limited to
if they are limited. What goes to a user account is that user's alone: it may carry a link that signs in."""

import frappe

from involvement_app.permissions import NOTHING, pair, units
from involvement_app.setup.roles import COORDINATOR, MANAGER

PARTICIPANT = "Involvement Participant"


def criterion(user, roles, message):
	if not roles & {COORDINATOR, MANAGER}:
		return NOTHING
	theirs = message.recipient_doctype == PARTICIPANT
	if not units.is_limited(user):
		return theirs
	unit = frappe.qb.DocType(frappe.get_meta(PARTICIPANT).get_field("units").options)
	permitted = (
		frappe.qb.from_(unit)
		.select(unit.parent)
		.where((unit.parenttype == PARTICIPANT) & unit.unit.isin(units.permitted(user)))
	)
	return theirs & message.recipient.isin(permitted)


conditions, has_permission = pair("Involvement Message", criterion)
