"""Who the session's person is, and how a participant wants to hear from us (domain 4.2)."""

import frappe

from involvement_app.involvement_app import consents
from involvement_app.messages import Recipient

PARTICIPANT = "Involvement Participant"


def participant_of(user: str | None = None) -> str | None:
	"""The participant record of `user` (the session's by default), or None. One query a request."""
	user = user or frappe.session.user
	if user in ("Guest", "Administrator"):
		return None
	known = _known()
	if user not in known:
		known[user] = frappe.db.get_value("Involvement Participant", {"user": user}, "name")
	return known[user]


def _known() -> dict:
	if not hasattr(frappe.local, "involvement_participant_of"):
		frappe.local.involvement_participant_of = {}
	return frappe.local.involvement_participant_of


def forget_known() -> None:
	"""After a participant is linked to a user within the same request."""
	frappe.local.involvement_participant_of = {}


def user_of(participant: str) -> str | None:
	return frappe.db.get_value("Involvement Participant", participant, "user")


def is_participant(doc, user: str) -> bool:
	"""The relation "participant" of a lifecycle: `user` is the person `doc` is about."""
	participant = doc.name if doc.doctype == "Involvement Participant" else doc.participant
	return bool(participant) and participant == participant_of(user)


def recipient(name: str) -> Recipient:
	"""Name, channel and address of a participant, read from the CRM record that keeps them."""
	row = frappe.db.get_value(
		"Involvement Participant",
		name,
		["preferred_name", "preferred_channel", "status", "person_doctype", "person"],
		as_dict=True,
	)
	channel = row.preferred_channel or "Email"
	if channel == "Text message" and consents.texts_refused(name):
		channel = "Phone"
	fieldname = "mobile_no" if channel in ("Text message", "Phone") else "email_id"
	address = None
	if channel != "Post" and frappe.get_meta(row.person_doctype).has_field(fieldname):
		address = frappe.db.get_value(row.person_doctype, row.person, fieldname)
	return Recipient(row.preferred_name, channel, address, row.status == "Paused")
