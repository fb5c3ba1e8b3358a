"""Whose claim it is, who wrote it down, and the session, place and unit it belongs to."""

import frappe
from frappe import _

from involvement_app.involvement_app import assisted, participants, supporters, visits
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_payments import advances
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import DESK_ROLES


def of_whom_they_may_write(doc) -> None:
	"""Staff claim for those whose record they may change, and not under an old one; as `assisted.refuse_strangers`."""
	if doc.flags.ignore_permissions:
		return
	person = frappe.get_doc(PARTICIPANT, doc.participant)
	if not frappe.has_permission(PARTICIPANT, "write", person):
		participants.refuse_strangers(doc.participant, "write")
	participants.refuse_old_record(doc.participant, known=person)


def note_who_wrote(doc) -> None:
	"""Who acts for the person is known by the row that says so, which budget holders do not read: a name leads to a
	family. Staff who wrote it down are named."""
	assisted.note_who_told(doc)
	doc.supporter = supporters.by_which(doc.participant)
	if doc.supporter and not is_staff():
		doc.recorded_by = None


def is_staff() -> bool:
	return bool(roles_of() & set(DESK_ROLES))


def place(doc) -> None:
	"""The session, place and unit fit the person and one another. The unit comes from them, or is the person's only one."""
	moved = doc.has_value_changed("unit")
	if doc.session and (moved or doc.has_value_changed("session")):
		_follow_session(doc)
	elif doc.engagement and (moved or doc.has_value_changed("engagement")):
		row = frappe.db.get_value(
			"Involvement Engagement", doc.engagement, ["participant", "unit"], as_dict=True
		)
		if not row or row.participant not in participants.records_of(doc.participant):
			frappe.throw(_("Engagement: this is not a place of {0}.").format(doc.participant))
		doc.unit = row.unit or doc.unit
	if not doc.unit:
		units = frappe.get_all(  # of the one person
			"Involvement Participant Unit", {"parent": doc.participant}, pluck="unit", limit=2
		)
		doc.unit = units[0] if len(units) == 1 else None
	if doc.is_new():
		_ask_of_person(doc)
	elif doc.has_value_changed("engagement"):
		doc.visit = int(visits.may_be_about_one(doc.engagement, doc.participant))


def _ask_of_person(doc) -> None:
	"""Whether the claim may be about a visit, and what they were given beforehand: one question."""
	person = frappe.qb.DocType(PARTICIPANT)
	found = (
		frappe.qb.from_(person)
		.select(
			visits.about_one(doc.engagement, doc.participant).as_("visit"),
			advances.open_one(doc).as_("advance"),
		)
		.where(person.name == doc.participant)
		.run(as_dict=True)[0]
	)
	doc.visit, doc.flags.open_advance = int(bool(found.visit)), found.advance


def _follow_session(doc) -> None:
	session, engagement = (
		frappe.qb.DocType(name) for name in ("Involvement Session", "Involvement Engagement")
	)
	rows = (
		frappe.qb.from_(session)
		.join(engagement)
		.on(engagement.opportunity == session.opportunity)
		.select(engagement.name, session.unit)
		.where(session.name == doc.session)
		.where(engagement.participant.isin(sorted(participants.records_of(doc.participant))))
		.limit(1)
		.run(as_dict=True)
	)
	if not rows:
		frappe.throw(_("Session: {0} has no place there.").format(doc.participant))
	doc.engagement, doc.unit = rows[0].name, rows[0].unit or doc.unit
