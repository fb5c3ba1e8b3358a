"""How people come onto the register: each from one CRM Contact, nobody twice (domain 4.0 point 9, 4.2).

Two records are *the same person* when they share an e-mail address and the first name, or a phone number or
a list reference and the whole name. They *look alike* when they share an e-mail address or a phone number
under another name (a couple, a supporter, a drop-in centre's telephone), or the name while the locality is
the same or not known: then a person decides. The database has the last word: one participant per Contact.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import reduce

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Coalesce
from pypika import CustomFunction
from pypika.terms import Term

from involvement_app import arguments, lifecycle
from involvement_app.involvement_app import phones
from involvement_app.involvement_privacy import consent
from involvement_app.permissions import units

NEW, KNOWN, ALIKE = "New", "Known", "Alike"
EMAIL, PHONE, NAME, REFERENCE = "E-mail", "Phone", "Name", "Reference"
SIMILAR = "Similar name"
HOW_SIMILAR = 0.8
MOST_SIMILAR = 200
# what somebody in the CRM may be kept in, where it is installed (domain 5.6, no. 8)
CRM = ("Contact", "Customer", "CRM Lead")
MOST_AT_ONCE = 200
Replace = CustomFunction("REPLACE", ["text", "what", "by"])
Soundex = CustomFunction("SOUNDEX", ["text"])


@dataclass(frozen=True)
class Person:
	"""Somebody to be added, or somebody who is known. `key` is the caller's own; `names` every way the name
	is written, the whole name first; `phones` in E.164. `listed`: stands in the caller's own list."""

	key: str
	names: tuple[str, ...]
	emails: tuple[str, ...] = ()
	phones: tuple[str, ...] = ()
	locality: str | None = None
	reference: str | None = None
	contact: str | None = None
	participant: str | None = None
	status: str | None = None
	listed: bool = False


@dataclass(frozen=True)
class Finding:
	"""`verdict` on one person; `other` is who they are or look like, by `signs`; `contact` the CRM record to
	link, None when one has to be made."""

	verdict: str
	contact: str | None = None
	other: Person | None = None
	signs: tuple[str, ...] = ()


# --- who is who ---------------------------------------------------------------------------------


def compare(people: list[Person]) -> list[Finding]:
	"""A finding for each of `people`, against the register, the CRM and those before them in the list.
	The number of queries does not depend on how many they are."""
	if not people:
		return []
	crowd = _Crowd(_known(people))
	findings = []
	for person in people:
		findings.append(_judge(person, crowd.sharing(person)))
		crowd.add(person)
	return findings


def _judge(person: Person, shared: list[tuple[Person, tuple[str, ...]]]) -> Finding:
	there = [(other, signs) for other, signs in shared if other.participant or other.listed]
	in_crm = [(other, signs) for other, signs in shared if not (other.participant or other.listed)]
	namesakes = [other for other, signs in in_crm if _same(person, other, signs)]
	contact = person.contact or (namesakes[0].contact if namesakes else None)
	for other, signs in there:
		if _same(person, other, signs):
			return Finding(KNOWN, contact, other, signs)
	if doubtful := there or _doubtful_in_crm(person, in_crm, namesakes):
		return Finding(ALIKE, contact, *doubtful[0])
	return Finding(NEW, contact)


def _doubtful_in_crm(person: Person, in_crm: list, namesakes: list[Person]) -> list:
	"""Whom the CRM has twice, or has under this e-mail address and another name."""
	if person.contact or len(namesakes) == 1:
		return []
	return [(other, signs) for other, signs in in_crm if EMAIL in signs]


def _same(person: Person, other: Person, signs: tuple[str, ...]) -> bool:
	if person.contact:
		return person.contact == other.contact
	if EMAIL in signs and _first_names(person) & _first_names(other):
		return True
	return bool({PHONE, REFERENCE} & set(signs)) and bool(_names(person) & _names(other))


def name_key(text: str) -> str:
	"""A name to compare by: letters only, without case, accents and order of spaces."""
	plain = unicodedata.normalize("NFKD", text.casefold())
	return " ".join(re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c))))


def _names(person: Person) -> set[str]:
	return {key for name in person.names if (key := name_key(name))}


def _first_names(person: Person) -> set[str]:
	return {name.split()[0] for name in _names(person)}


class _Crowd:
	"""People, found by what they share with somebody."""

	def __init__(self, people: Iterable[Person]):
		self.people: list[Person] = []
		self.by: dict[tuple[str, str], list[int]] = defaultdict(list)
		for person in people:
			self.add(person)

	def add(self, person: Person) -> None:
		for sign in _marks(person):
			self.by[sign].append(len(self.people))
		self.people.append(person)

	def sharing(self, person: Person) -> list[tuple[Person, tuple[str, ...]]]:
		"""Those who share something with `person`, the register first, with what they share."""
		found: dict[int, list[str]] = defaultdict(list)
		for mark in _marks(person):
			for position in self.by.get(mark, ()):
				if mark[0] not in found[position]:
					found[position].append(mark[0])
		pairs = [(self.people[position], tuple(signs)) for position, signs in found.items()]
		telling = [(o, tuple(s for s in signs if _counts(s, person, o))) for o, signs in pairs]
		return sorted((pair for pair in telling if pair[1]), key=lambda pair: not pair[0].participant)


def _marks(person: Person) -> list[tuple[str, str]]:
	marks = [("Contact", person.contact)] if person.contact else []
	marks += [(EMAIL, email.casefold()) for email in person.emails]
	marks += [(PHONE, phone) for phone in person.phones]
	marks += [(REFERENCE, person.reference.casefold())] if person.reference else []
	return marks + [(NAME, name) for name in _names(person)]


def _counts(sign: str, person: Person, other: Person) -> bool:
	if sign == NAME:
		places = {person.locality, other.locality} - {None, ""}
		return len(places) < 2 and bool(other.participant or other.listed)
	if sign == REFERENCE:  # lists of different origin number their people alike
		return bool(_names(person) & _names(other))
	return True


def alike(person: Person) -> list[tuple[Person, tuple[str, ...]]]:
	"""For staff to look at: everybody in the register or the CRM who shares something with `person`, and those on the
	register whose name is written much like theirs; each with what they share, the register first. The number of
	queries does not depend on how many they are."""
	found = _Crowd(_known([person])).sharing(person)
	there = {other.key for other, _signs in found}
	return found + [(other, (SIMILAR,)) for other in _named_alike(person) if other.key not in there]


def _named_alike(person: Person) -> list[Person]:
	wanted = name_key(person.names[0]).split()
	people = _as_people(_rows(set(_sounding_like(person.names[0])), []), {}, {})
	return [
		other
		for other in people
		if any(_how_alike(wanted, name.split()) >= HOW_SIMILAR for name in _names(other))
	]


def _how_alike(one: list[str], other: list[str]) -> float:
	"""From 0 to 1: how well each word of the longer name fits the best of the other, in any order."""
	longer, shorter = sorted((one, other), key=len, reverse=True)
	if not shorter:
		return 0
	best = [max(SequenceMatcher(None, word, each).ratio() for each in shorter) for word in longer]
	return sum(best) / len(best)


# --- look-ups -----------------------------------------------------------------------------------


def _sounding_like(name: str) -> list[str]:
	"""Contacts of participants whose name sounds like `name`, or shares a word with it."""
	participant, contact = frappe.qb.DocType("Involvement Participant"), frappe.qb.DocType("Contact")
	rule = (Soundex(contact.full_name) == Soundex(name)) | (participant.preferred_name == name)
	for word in [word for word in re.findall(r"\w+", name) if len(word) > 2][:4]:
		rule = rule | contact.full_name.like(f"%{word}%")
	return (
		frappe.qb.from_(participant)
		.join(contact)
		.on((contact.name == participant.person) & (participant.person_doctype == "Contact"))
		.select(contact.name)
		.where(rule)
		.orderby(contact.full_name)
		.limit(MOST_SIMILAR)
		.run(pluck=True)
	)


def _known(people: list[Person]) -> list[Person]:
	"""Everybody in the register or the CRM who shares something with one of `people`: four queries."""
	emails = _by_email({email for person in people for email in person.emails})
	numbers = _by_phone({phone for person in people for phone in person.phones})
	wanted = {*emails, *numbers, *(person.contact for person in people if person.contact)}
	return _as_people(_rows(wanted, _on_register(people)), emails, numbers)


def _as_people(rows: list[frappe._dict], emails: dict, numbers: dict) -> list[Person]:
	return [
		Person(
			key=row.participant or row.contact,
			names=tuple(filter(None, (row.full_name, row.preferred_name))),
			emails=tuple(emails.get(row.contact, ())),
			phones=tuple(numbers.get(row.contact, ())),
			locality=row.locality,
			reference=row.external_reference,
			contact=row.contact,
			participant=row.participant,
			status=row.status,
		)
		for row in rows
	]


def _by_email(emails: set[str]) -> dict[str, list[str]]:
	if not emails:
		return {}
	row = frappe.qb.DocType("Contact Email")
	found = (
		frappe.qb.from_(row)
		.select(row.parent, row.email_id)
		.where((row.parenttype == "Contact") & row.email_id.isin(sorted(emails)))
		.run()
	)
	return _grouped((contact, email.strip()) for contact, email in found)


def _by_phone(numbers: set[str]) -> dict[str, list[str]]:
	if not numbers:
		return {}
	row = frappe.qb.DocType("Contact Phone")
	typed = {spelling for number in numbers for spelling in phones.spellings(number)}
	found = (
		frappe.qb.from_(row)
		.select(row.parent, row.phone)
		.where((row.parenttype == "Contact") & _digits(row.phone).isin(sorted(typed)))
		.run()
	)
	home = phones.region()
	return _grouped((contact, phones.comparable(phone, home)) for contact, phone in found)


def _digits(column: Term) -> Term:
	"""The column without what people put between digits."""
	return reduce(lambda term, char: Replace(term, char, ""), "+ ()-./", column)


def _grouped(pairs: Iterable[tuple[str, str | None]]) -> dict[str, list[str]]:
	groups = defaultdict(list)
	for contact, value in pairs:
		if value:
			groups[contact].append(value)
	return groups


def _on_register(people: list[Person]) -> list[str]:
	"""Contacts of participants who have a name or a reference of one of `people`."""
	names = sorted({name for person in people for name in person.names})
	references = sorted({person.reference for person in people if person.reference})
	participant, contact = frappe.qb.DocType("Involvement Participant"), frappe.qb.DocType("Contact")
	rule = participant.preferred_name.isin(names) | contact.full_name.isin(names)
	if references:
		rule = rule | participant.external_reference.isin(references)
	return (
		frappe.qb.from_(participant)
		.join(contact)
		.on((contact.name == participant.person) & (participant.person_doctype == "Contact"))
		.select(contact.name)
		.where(rule)
		.run(pluck=True)
	)


def _rows(contacts: set[str], on_register: list[str]) -> list[frappe._dict]:
	wanted = sorted({*contacts, *on_register})
	if not wanted:
		return []
	participant, kept = (
		frappe.qb.DocType("Involvement Participant").as_(alias) for alias in ("participant", "kept")
	)
	contact = frappe.qb.DocType("Contact")
	return (
		frappe.qb.from_(contact)
		.left_join(participant)
		.on((contact.name == participant.person) & (participant.person_doctype == "Contact"))
		.left_join(kept)
		.on(kept.name == participant.merged_into)
		.select(
			contact.name.as_("contact"),
			contact.full_name,
			# an old record stands for the person's own (merging.py)
			Coalesce(kept.name, participant.name).as_("participant"),
			Coalesce(kept.preferred_name, participant.preferred_name).as_("preferred_name"),
			participant.locality,
			participant.external_reference,
			Coalesce(kept.status, participant.status).as_("status"),
		)
		.where(contact.name.isin(wanted))
		.orderby(contact.creation)
		.run(as_dict=True)
	)


# --- adding -------------------------------------------------------------------------------------


def crm_doctypes() -> list[str]:
	"""Where this site keeps people: those of `CRM` that are installed."""
	return [doctype for doctype in CRM if frappe.db.exists("DocType", doctype, cache=True)]


def register(
	contact: str,
	preferred_name: str,
	source: str,
	unit_names: Iterable[str] = (),
	told: consent.Joining | None = None,
	**details,
) -> Document:
	"""Put the person of `contact` on the register, Active. The Contact is read, never written (law 9); `details` may
	name another `person_doctype` that it is of.
	`told`: the privacy notice they were given and what they agreed to; without it they are marked as still to
	be told.

	Needs create on Involvement Participant. Raises frappe.DuplicateEntryError or UniqueValidationError when
	they are there already."""
	doc = frappe.new_doc("Involvement Participant")
	doc.update(
		{
			"person_doctype": "Contact",
			"person": contact,
			"preferred_name": preferred_name,
			"status": "Active",
			"units": [{"unit": name} for name in unit_names],
			"source": source,
			**details,
		}
	)
	with lifecycle.server_side():
		doc.insert()
	consent.record_joining((doc.doctype, doc.name), told)
	doc.privacy_notice_due = int(not told)  # as the listener has written it
	return doc


def new_contact(first_name: str, last_name: str | None, email: str | None, numbers: list[str]) -> str:
	"""A CRM Contact with these details and nothing else; answers its name."""
	doc = frappe.new_doc("Contact")
	doc.update({"first_name": first_name, "last_name": last_name})
	if email:
		doc.append("email_ids", {"email_id": email, "is_primary": 1})
	for position, number in enumerate(numbers):
		doc.append("phone_nos", {"phone": number, "is_primary_mobile_no": int(position == 0)})
	before, frappe.flags.in_import = (
		frappe.flags.in_import,
		True,
	)  # else Contact asks gravatar.com about each address
	try:
		# who may put people on the register may make the CRM record it needs, with these fields alone
		return doc.insert(ignore_permissions=True).name
	finally:
		frappe.flags.in_import = before


# --- the action on the Contact list -------------------------------------------------------------


@frappe.whitelist(methods=["POST"])
def preview_contacts(contacts: str | list) -> list[dict]:
	"""What adding these Contacts would do: [{contact, name, email, verdict, participant, status, like, signs}].
	`participant` is named only where the reader may open it. Raises PermissionError."""
	check_may_add()
	people = _people(_names_of(contacts))
	findings = compare(people)
	readable = openable(findings)
	return [_line(person, finding, readable) for person, finding in zip(people, findings, strict=True)]


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def add_contacts(
	contacts: str | list,
	anyway: str | list | None = None,
	unit: str | None = None,
	notice_method: str | None = None,
	notice_on: str | None = None,
	told_by: str | None = None,
) -> dict:
	"""Put these Contacts on the register; one who looks like somebody only when named in `anyway`. With
	`notice_method` they have all been given the privacy notice that way, on `notice_on`, by `told_by`.
	Answers {added: [{participant, name}], known: [names], left_out: [names]}. Raises PermissionError."""
	check_may_add()
	check_unit(unit)
	told = notice_given(notice_method, notice_on, told_by=told_by)
	people = _people(_names_of(contacts))
	agreed = set(arguments.names(anyway, _("Contacts")))
	result = {"added": [], "known": [], "left_out": []}
	# one by one: each is a new document with checks of its own; a few dozen at most
	for person, finding in zip(people, compare(people), strict=True):
		if finding.verdict == KNOWN:
			result["known"].append(person.names[0])
		elif finding.verdict == ALIKE and person.contact not in agreed:
			result["left_out"].append(person.names[0])
		elif added := _add(person, unit, told):
			result["added"].append({"participant": added, "name": person.names[0]})
		else:
			result["known"].append(person.names[0])
	return result


def _add(person: Person, unit: str | None, told: consent.Joining | None) -> str | None:
	"""The new participant, or None when somebody else has just added them."""
	frappe.db.savepoint("involvement_joining")
	try:
		details = {"locality": person.locality, "preferred_channel": _channel(person)}
		units_of_person = [unit] if unit else []
		return register(
			person.contact, person.names[0], _("From the CRM"), units_of_person, told, **details
		).name
	except (frappe.DuplicateEntryError, frappe.UniqueValidationError):
		frappe.db.rollback(save_point="involvement_joining")
		frappe.clear_messages()
		return None


def _channel(person: Person) -> str:
	if person.emails:
		return "Email"
	return "Phone" if person.phones else "Post"


def notice_given(method: str | None, on: str | None = None, **how) -> consent.Joining | None:
	"""What staff say about people they add: that they were given the privacy notice, and how. Nothing is assumed:
	without a method they were not. Raises ValidationError."""
	if not method:
		return None
	if method == consent.PORTAL:
		frappe.throw(_("How: somebody you add has not been told in the portal."))
	return consent.Joining(consent.How(method, on or None, **how))


def check_may_add() -> None:
	if not frappe.has_permission("Involvement Participant", "create"):
		frappe.throw(_("Only coordinators and managers put people on the register."), frappe.PermissionError)


def check_unit(unit: str | None) -> None:
	"""Somebody limited to some units adds people to one of those: elsewhere they could not see them again."""
	if not units.is_limited(frappe.session.user):
		return
	if not unit or unit not in permitted_units():
		frappe.throw(_("Unit: choose one of your units for them."), frappe.PermissionError)


def permitted_units() -> set[str]:
	return set(units.permitted(frappe.session.user).run(pluck=True))


def _names_of(contacts: str | list) -> list[str]:
	names = list(dict.fromkeys(arguments.names(contacts, _("Contacts"))))
	if not names:
		frappe.throw(_("Select the contacts first."))
	if len(names) > MOST_AT_ONCE:
		frappe.throw(
			_("Select at most {0} contacts at a time. For longer lists use Participant Import.").format(
				MOST_AT_ONCE
			)
		)
	return names


def _people(names: list[str]) -> list[Person]:
	"""The Contacts as people to compare. Raises PermissionError when the reader may not read one of them."""
	rows = frappe.get_list(
		"Contact",
		filters={"name": ["in", names]},
		fields=["name", "full_name", "first_name", "address"],
		limit=len(names),
	)
	if len(rows) < len(names):
		frappe.throw(_("You may not read all of these contacts. Nothing was added."), frappe.PermissionError)
	emails, numbers, places = _emails(names), _phones(names), _localities(rows)
	by_name = {row.name: row for row in rows}
	return [
		Person(
			key=name,
			names=(by_name[name].full_name or by_name[name].first_name or name,),
			emails=tuple(emails.get(name, ())),
			phones=tuple(numbers.get(name, ())),
			locality=places.get(by_name[name].address),
			contact=name,
			listed=True,
		)
		for name in names
	]


def _emails(contacts: list[str]) -> dict[str, list[str]]:
	filters = {"parenttype": "Contact", "parent": ["in", contacts], "email_id": ["is", "set"]}
	# children of contacts the reader may read
	return _grouped(
		frappe.get_all(
			"Contact Email", filters=filters, fields=["parent", "email_id"], as_list=True, order_by="idx"
		)
	)


def _phones(contacts: list[str]) -> dict[str, list[str]]:
	filters = {"parenttype": "Contact", "parent": ["in", contacts], "phone": ["is", "set"]}
	# children of contacts the reader may read
	found = frappe.get_all(
		"Contact Phone", filters=filters, fields=["parent", "phone"], as_list=True, order_by="idx"
	)
	home = phones.region()
	return _grouped((contact, phones.comparable(phone, home)) for contact, phone in found)


def _localities(rows: list[frappe._dict]) -> dict[str, str]:
	"""{address: locality} where the town of the address is one of our localities."""
	addresses = [row.address for row in rows if row.address]
	if not addresses:
		return {}
	address, locality = frappe.qb.DocType("Address"), frappe.qb.DocType("Involvement Locality")
	return dict(
		frappe.qb.from_(address)
		.join(locality)
		.on(locality.name == address.city)
		.select(address.name, locality.name)
		.where(address.name.isin(addresses))
		.run()
	)


def openable(findings: Iterable[Finding | None]) -> set[str]:
	"""The participants among the findings whom the session user may open; others are not named to them."""
	names = sorted({f.other.participant for f in findings if f and f.other and f.other.participant})
	if not names:
		return set()
	return set(
		frappe.get_list(
			"Involvement Participant", filters={"name": ["in", names]}, pluck="name", limit=len(names)
		)
	)


def _line(person: Person, finding: Finding, readable: set[str]) -> dict:
	other = finding.other
	may_open = other and other.participant in readable
	return {
		"contact": person.contact,
		"name": person.names[0],
		"email": person.emails[0] if person.emails else None,
		"verdict": finding.verdict,
		"participant": other.participant if may_open else None,
		"status": other.status if may_open else None,
		"like": other.names[-1] if may_open or (other and other.listed) else None,
		"signs": [_(sign) for sign in finding.signs if sign in (EMAIL, PHONE, NAME)],
	}
