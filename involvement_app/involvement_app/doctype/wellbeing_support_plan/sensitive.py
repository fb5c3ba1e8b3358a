"""Who may read a plan: the person themself and their named contact. The lead of a session joins them while it is
live, when plans can be written in the portal (domain 4.2)."""

import frappe

from involvement_app.involvement_app.participants import participant_of
from involvement_app.involvement_privacy.sensitive import Sensitive
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import COORDINATOR, MANAGER, OWNER

FIELDS = (
	"what_helps",
	"what_to_look_out_for",
	"please_do",
	"please_do_not",
	"topics_to_avoid",
	"supporter",
	"supporter_contact",
	"may_contact_supporter",
	"afterwards",
	"reviewed_on",
)


def person(plan) -> tuple[str, str]:
	return "Involvement Participant", plan.participant


def may_read(user: str, plan) -> bool:
	return plan.participant == participant_of(user) or _is_named_contact(user, plan.participant)


def _is_named_contact(user: str, participant: str) -> bool:
	if not roles_of(user) & {OWNER, COORDINATOR, MANAGER}:
		return False
	return frappe.db.get_value("Involvement Participant", participant, "named_contact") == user


SENSITIVE = Sensitive(FIELDS, person, may_read)
