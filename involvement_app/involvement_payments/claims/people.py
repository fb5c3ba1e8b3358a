"""Who a claim is about, and who is too near to decide on it."""

import frappe
from frappe import _
from frappe.query_builder.functions import GroupConcat

from involvement_app import lifecycle
from involvement_app.involvement_app import concerned
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_payments import approval_limits, payees


def who(doc) -> frappe._dict:
	"""Of the claim's person: what a payee is named by, {earlier} records, how many {limits} there are, and whether the session's
	user is concerned in them: {theirs}. One query for all guards of a step."""
	if not doc.flags.concerned:
		doc.flags.concerned = _person(doc.participant).run(as_dict=True)[0]
	return doc.flags.concerned


def _person(participant: str):
	person, old = frappe.qb.DocType(PARTICIPANT), frappe.qb.DocType(PARTICIPANT).as_("old")
	return (
		frappe.qb.from_(person)
		.select(
			*(person[field] for field in payees.FIELDS),
			concerned.is_bound(frappe.session.user, person).as_("theirs"),
			frappe.qb.from_(old)
			.select(GroupConcat(old.name))
			.where(old.merged_into == person.name)
			.as_("earlier"),
			approval_limits.how_many().as_("limits"),
		)
		.where(person.name == participant)
	)


def lock_person(participant: str | None) -> list:
	"""Before the claim's own row (law 5): what miles are worth depends on the others of the same person. Answers as `who`."""
	return _person(participant).for_update().run(as_dict=True) if participant else []


def not_the_payee(doc, move) -> None:
	"""Whoever is paid back decides nothing about it, and hands themself no cash; nor does who acts for them."""
	if move.by != "job" and who(doc).theirs:
		frappe.throw(
			_("These are your own expenses, or of somebody you act for, so somebody else decides on them."),
			lifecycle.StepNotPermitted,
		)
