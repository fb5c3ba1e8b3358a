"""Who is bound up with a person, and so decides nothing about their money (domain 4.6, 4.12: the payee is never a checker,
approver or authoriser).

That is the person themself: by the login of their record, of one that was merged into it or that it was merged into, and
by the CRM's record of any of these: a Contact whose user or e-mail address is the login, a Customer or CRM Lead with such
a Contact, or with that address itself. And it is whoever acts for them today (`supporters`). Every guard asks here, so that none knows less than another. Administrator decides on nobody's money, and a
job is nobody."""

from collections import defaultdict
from datetime import date

import frappe
from frappe.query_builder.functions import Coalesce, Count
from frappe.utils import getdate, today
from pypika.terms import ExistsCriterion, ValueWrapper

from involvement_app.involvement_app.participants import PARTICIPANT

NOBODY = ("Guest", "Administrator")
# what other records of the CRM call an e-mail address
ADDRESSES = {"Customer": "email_id", "CRM Lead": "email"}


def concerned_in(user: str, participant: str) -> bool:
	"""One query."""
	return participant in among(user, {participant})


def among(user: str, participants, acting: bool = True) -> set[str]:
	"""Those of `participants` in whom `user` is concerned, `acting` for them too. One query, however many there are."""
	if user in NOBODY or not participants:
		return set()
	person = frappe.qb.DocType(PARTICIPANT).as_("person")
	own = _records_of(user, acting).select(_root(frappe.qb.DocType(PARTICIPANT).as_("record")))
	query = frappe.qb.from_(person).select(person.name).where(person.name.isin(sorted(participants)))
	return set(query.where(_root(person).isin(own)).run(pluck=True))


def were(decided: list[tuple[str, str, date]]) -> set[tuple[str, str, date]]:
	"""Of (user, participant, the day they decided), those in whom the user was concerned: as whoever acted for them on that
	day, which is written down; by login and CRM record as they stand today. One question for each user, and one more."""
	people, days = defaultdict(set), defaultdict(list)
	for user, participant, _day in decided:
		people[user].add(participant)
	# one by one: the few who decide
	themselves = {user: among(user, theirs, acting=False) for user, theirs in people.items()}
	for row in _acted_for(people):
		for user in {row.user, row.email}:
			days[user, row.participant].append((getdate(row.creation), row.until, row.ended_on))

	def acted(user: str, participant: str, day: date) -> bool:
		return any(
			first <= day <= (min(until, getdate(ended)) if ended else until)
			for first, until, ended in days[user, participant]
		)

	return {one for one in decided if one[1] in themselves[one[0]] or acted(*one)}


def _acted_for(people: dict[str, set]) -> list:
	"""Of the users and participants in `people`: who was given whom, and when. A given person is so by all their records."""
	person, record, supporter = (
		frappe.qb.DocType(doctype).as_(alias)
		for doctype, alias in (
			(PARTICIPANT, "person"),
			(PARTICIPANT, "record"),
			("Participant Supporter", "acts"),
		)
	)
	users = sorted(set(people) - set(NOBODY)) or [""]
	everybody = sorted(set().union(*people.values())) or [""]
	return (
		frappe.qb.from_(person)
		.join(record)
		.on(_root(record) == _root(person))
		.join(supporter)
		.on(supporter.participant == record.name)
		.select(
			person.name.as_("participant"),
			supporter.user,
			supporter.email,
			supporter.creation,
			supporter.until,
			supporter.ended_on,
		)
		.where(person.name.isin(everybody) & (supporter.user.isin(users) | supporter.email.isin(users)))
		.run(as_dict=True)
	)


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


def _records_of(user: str, acting: bool = True):
	record = frappe.qb.DocType(PARTICIPANT).as_("record")
	theirs = (record.user == user) | _crm_says(user, record)
	return frappe.qb.from_(record).where(theirs | record.name.isin(_acts_for(user)) if acting else theirs)


def _acts_for(user: str):
	supporter = frappe.qb.DocType("Participant Supporter").as_("acts")
	return (
		frappe.qb.from_(supporter)
		.select(supporter.participant)
		.where((supporter.user == user) | (supporter.email == user))
		.where(supporter.ended_on.isnull() & (supporter.until >= today()))
	)


def _crm_says(user: str, record):
	link = frappe.qb.DocType("Dynamic Link").as_("leads_to")
	through = (
		frappe.qb.from_(link)
		.select(link.name)
		.where((link.link_doctype == record.person_doctype) & (link.link_name == record.person))
		.where((link.parenttype == "Contact") & link.parent.isin(_contacts_of(user)))
	)
	theirs = (record.person_doctype == "Contact") & record.person.isin(_contacts_of(user))
	theirs = theirs | ((record.person_doctype != "Contact") & ExistsCriterion(through))
	for doctype, address in ADDRESSES.items():
		if frappe.db.table_exists(doctype):
			crm = frappe.qb.DocType(doctype).as_(frappe.scrub(doctype))
			named = frappe.qb.from_(crm).select(crm.name).where(crm[address] == user)
			theirs = theirs | ((record.person_doctype == doctype) & record.person.isin(named))
	return theirs


def _contacts_of(user: str):
	contact, address = (frappe.qb.DocType(name) for name in ("Contact", "Contact Email"))
	reached_at = (
		frappe.qb.from_(address)
		.select(address.parent)
		.where((address.parenttype == "Contact") & (address.email_id == user))
	)
	return (
		frappe.qb.from_(contact)
		.select(contact.name)
		.where((contact.user == user) | (contact.email_id == user) | contact.name.isin(reached_at))
	)
