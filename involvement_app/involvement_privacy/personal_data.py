"""Where a person is in our tables, and what becomes of it when they are erased (domain 4.11).

Every doctype of the app is declared under the hook `involvement_personal_data`, child tables too, in one file a
module; a doctype that is missing fails the suite. The declarations say what will happen: answering a request for
access and erasing walk them and know no module. A person is (doctype, name).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import frappe
from pypika.terms import Criterion

Person = tuple[str, str]
Rows = Callable[[Person, Any], Criterion]

# what a field may hold that is somebody's, in words or by a link
TEXT = {
	"Attach",
	"Attach Image",
	"Autocomplete",
	"Code",
	"Data",
	"Dynamic Link",
	"Geolocation",
	"HTML Editor",
	"JSON",
	"Link",
	"Long Text",
	"Markdown Editor",
	"Password",
	"Phone",
	"Read Only",
	"Select",
	"Signature",
	"Small Text",
	"Text",
	"Text Editor",
}


@dataclass(frozen=True)
class PersonalData:
	"""`rows(person, table)`: the criterion of a person's rows; `of`: the doctype of such persons, where they are of
	one. Then each field of words or links, under what
	erasure does with it; numbers and dates may be named too.

	deleted: the whole row goes. blanked: emptied. renamed: a pseudonym stands there. kept: stays, because it
	leads to nobody once the person's own record is a pseudonym. held: sealed to finance until six years after
	the year it belongs to, then deleted. other: says nothing about the person.
	"""

	rows: Rows
	of: str | None = None
	deleted: tuple[str, ...] = ()
	blanked: tuple[str, ...] = ()
	renamed: tuple[str, ...] = ()
	kept: tuple[str, ...] = ()
	held: tuple[str, ...] = ()
	other: tuple[str, ...] = ()

	@property
	def personal(self) -> tuple[str, ...]:
		return self.deleted + self.blanked + self.renamed + self.kept + self.held

	@property
	def named(self) -> tuple[str, ...]:
		return self.personal + self.other


@dataclass(frozen=True)
class NotPersonal:
	"""A doctype that holds nothing about a person, and why."""

	reason: str


def declarations() -> dict[str, PersonalData | NotPersonal]:
	"""{doctype: declaration} of all modules, and of other apps that use the hook."""
	found = {}
	for path in frappe.get_hooks("involvement_personal_data"):
		found.update(frappe.get_attr(path))
	return found


def find(person: Person) -> dict[str, list[str]]:
	"""{doctype: names of the person's rows}, without the doctypes that have none; what stayed with earlier records of
	theirs (hook `involvement_same_person`) is theirs too. One query a doctype and record. The caller has asked who may
	know."""
	found: dict[str, set[str]] = {}
	for each in (person, *_earlier(person)):
		# one by one: each doctype has a table of its own
		for doctype, declaration in declarations().items():
			if _may_be_about(declaration, each) and (names := _names(doctype, declaration, each)):
				found.setdefault(doctype, set()).update(names)
	return {doctype: sorted(names) for doctype, names in found.items()}


def _earlier(person: Person) -> list[Person]:
	return [
		each for path in frappe.get_hooks("involvement_same_person") for each in frappe.get_attr(path)(person)
	]


def _may_be_about(declaration, person: Person) -> bool:
	return isinstance(declaration, PersonalData) and declaration.of in (None, person[0])


def _names(doctype: str, declaration: PersonalData, person: Person) -> list[str]:
	table = frappe.qb.DocType(doctype)
	rows = declaration.rows(person, table)
	return frappe.qb.from_(table).select(table.name).where(rows).orderby(table.name).run(pluck=True)


def faults(doctype: str, declaration: PersonalData | NotPersonal) -> list[str]:
	"""What is wrong with a declaration, in sentences."""
	meta = frappe.get_meta(doctype)
	if isinstance(declaration, NotPersonal):
		return _leads_to_somebody(meta)
	named = list(declaration.named)
	there = {df.fieldname for df in meta.fields}
	text = [df.fieldname for df in meta.fields if df.fieldtype in TEXT]
	found = [f"{doctype}.{name} is not declared" for name in text if name not in named]
	found += [f"{doctype}.{name} does not exist" for name in named if name not in there]
	found += [f"{doctype}.{name} is declared twice" for name in sorted(set(named)) if named.count(name) > 1]
	if declaration.deleted and len(declaration.personal) > len(declaration.deleted):
		found.append(f"{doctype}: a row that is deleted keeps nothing")
	if not declaration.personal:
		found.append(f"{doctype} has rows of a person and no personal field")
	return found


def _leads_to_somebody(meta) -> list[str]:
	people = set(frappe.get_hooks("involvement_people"))
	about = {name for name, each in declarations().items() if isinstance(each, PersonalData)} | people
	return [
		f"{meta.name}.{df.fieldname} leads to {df.options}, so it is about somebody"
		for df in meta.fields
		if df.fieldtype == "Link" and df.options in about
	]


def by_link(fieldname: str) -> Rows:
	"""Rows whose `fieldname` is a Link to the person's record."""

	def rows(person: Person, table) -> Criterion:
		return table[fieldname] == person[1]

	return rows


def by_dynamic_link(type_field: str, name_field: str) -> Rows:
	def rows(person: Person, table) -> Criterion:
		return (table[type_field] == person[0]) & (table[name_field] == person[1])

	return rows


def by_parent(parent: str, of_parent: Rows) -> Rows:
	"""Rows of a child table: those of the person's rows of `parent`."""

	def rows(person: Person, table) -> Criterion:
		above = frappe.qb.DocType(parent)
		names = frappe.qb.from_(above).select(above.name).where(of_parent(person, above))
		return (table.parenttype == parent) & table.parent.isin(names)

	return rows
