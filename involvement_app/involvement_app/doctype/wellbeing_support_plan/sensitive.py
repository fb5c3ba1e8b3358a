"""Who may read a plan: the person themself; their named contact, and the lead of a session they take part in, from
HOURS before that session begins until HOURS after it ends (domain 4.2)."""

import frappe
from frappe.utils import add_to_date, now_datetime

from involvement_app.involvement_app.holding import TOOK_PART
from involvement_app.involvement_app.participants import participant_of
from involvement_app.involvement_privacy.sensitive import Sensitive
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import COORDINATOR, MANAGER, OWNER

# the day before, to get ready; the day after, for what is good for them afterwards
HOURS = 24
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
	return plan.participant == participant_of(user) or is_beside(user, plan.participant)


def is_beside(user: str, participant: str) -> bool:
	"""Whether this member of staff is there for the person now: named contact or lead, around a session they take
	part in."""
	if not roles_of(user) & {OWNER, COORDINATOR, MANAGER}:
		return False
	session, place, register = (
		frappe.qb.DocType(doctype)
		for doctype in ("Involvement Session", "Involvement Engagement", "Involvement Participant")
	)
	now = now_datetime()
	found = (
		frappe.qb.from_(place)
		.join(session)
		.on(session.opportunity == place.opportunity)
		.join(register)
		.on(register.name == place.participant)
		.select(session.name)
		.where((place.participant == participant) & place.status.isin(TOOK_PART))
		.where(session.status != "Cancelled")
		.where(session.starts_on <= add_to_date(now, hours=HOURS))
		.where(session.ends_on >= add_to_date(now, hours=-HOURS))
		.where((session.lead == user) | (register.named_contact == user))
		.limit(1)
	)
	return bool(found.run())


SENSITIVE = Sensitive(FIELDS, person, may_read)
