"""The outbox: coordinators and managers see what waits for participants and for who asked to join, and why, of the
units they are limited to if they are limited. What goes to a user account is that user's alone: it may carry a link
that signs in. What is between us and the person (`private` templates) is nobody's, unless it waits for somebody who
passes it on."""

import frappe

from involvement_app.messages import templates
from involvement_app.messages.channels import passed_on_by_hand
from involvement_app.permissions import NOTHING, pair, units
from involvement_app.setup.roles import COORDINATOR, MANAGER

PARTICIPANT = "Involvement Participant"
ENQUIRY = "Expression of Interest"


def criterion(user, roles, message):
	if not roles & {COORDINATOR, MANAGER}:
		return NOTHING
	return _of_their_people(user, message) & (
		message.template.notin(templates.private() or [""])
		| message.channel.isin(passed_on_by_hand())
		| message.address.isnull()
	)


def _of_their_people(user, message):
	if not units.is_limited(user):
		return message.recipient_doctype.isin((PARTICIPANT, ENQUIRY))
	unit = frappe.qb.DocType(frappe.get_meta(PARTICIPANT).get_field("units").options)
	enquiry = frappe.qb.DocType(ENQUIRY)
	people = (
		frappe.qb.from_(unit)
		.select(unit.parent)
		.where((unit.parenttype == PARTICIPANT) & unit.unit.isin(units.permitted(user)))
	)
	enquiries = frappe.qb.from_(enquiry).select(enquiry.name).where(enquiry.unit.isin(units.permitted(user)))
	return ((message.recipient_doctype == PARTICIPANT) & message.recipient.isin(people)) | (
		(message.recipient_doctype == ENQUIRY) & message.recipient.isin(enquiries)
	)


conditions, has_permission = pair("Involvement Message", criterion)
