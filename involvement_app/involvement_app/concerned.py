"""Who is bound up with a person, and so decides nothing about their money (domain 4.6, 4.12: the payee is never a checker,
approver or authoriser).

That is the person themself: by the login of their record, of one that was merged into it or that it was merged into, and
by the CRM's Contact of any of these, whose user or e-mail address is the login. And it is whoever acts for them today
(`supporters`). Every guard asks here, so that none knows less than another. Administrator decides on nobody's money, and a
job is nobody."""

import frappe
from frappe.query_builder.functions import Coalesce, Count
from frappe.utils import today
from pypika.terms import ValueWrapper

from involvement_app.involvement_app.participants import PARTICIPANT

NOBODY = ("Guest", "Administrator")


def concerned_in(user: str, participant: str) -> bool:
	"""One query."""
	return participant in among(user, {participant})


def among(user: str, participants) -> set[str]:
	"""Those of `participants` in whom `user` is concerned. One query, however many there are."""
	if user in NOBODY or not participants:
		return set()
	person = frappe.qb.DocType(PARTICIPANT).as_("person")
	own = _records_of(user).select(_root(frappe.qb.DocType(PARTICIPANT).as_("record")))
	query = frappe.qb.from_(person).select(person.name).where(person.name.isin(sorted(participants)))
	return set(query.where(_root(person).isin(own)).run(pluck=True))


def is_bound(user: str, person):
	"""A term for a query that reads the row `person` (Involvement Participant) anyway: above 0 where `user` is concerned."""
	record = frappe.qb.DocType(PARTICIPANT).as_("record")
	root = _root(person)
	if user in NOBODY:
		return ValueWrapper(0)
	query = _records_of(user).select(Count("*"))
	return query.where((record.name == root) | (record.merged_into == root))


def _root(person):
	"""The record somebody is known by now."""
	return Coalesce(person.merged_into, person.name)


def _records_of(user: str):
	record, contact, supporter, address = (
		frappe.qb.DocType(doctype).as_(alias)
		for doctype, alias in (
			(PARTICIPANT, "record"),
			("Contact", "crm"),
			("Participant Supporter", "acts"),
			("Contact Email", "address"),
		)
	)
	acts_for = (
		frappe.qb.from_(supporter)
		.select(supporter.participant)
		.where((supporter.user == user) | (supporter.email == user))
		.where(supporter.ended_on.isnull() & (supporter.until >= today()))
	)
	reached_at = (
		frappe.qb.from_(address)
		.select(address.name)
		.where((address.parent == contact.name) & (address.parenttype == "Contact"))
		.where(address.email_id == user)
		.limit(1)
	)
	return (
		frappe.qb.from_(record)
		.left_join(contact)
		.on((contact.name == record.person) & (record.person_doctype == "Contact"))
		.where(
			(record.user == user)
			| (contact.user == user)
			| (contact.email_id == user)
			| reached_at.isnotnull()
			| record.name.isin(acts_for)
		)
	)
