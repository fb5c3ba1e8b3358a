"""What goes along when two records of one person become one, table by table (hook `involvement_merge`).

Every doctype that is declared under `involvement_personal_data` and leads to a participant goes along as it is, by
one UPDATE, unless a room says otherwise in its `DECLARATIONS`. Of what a person has once (a unique link), the kept
record's own row counts and the other's stays where it is. `modified` grows by a microsecond: a form that is open
somewhere cannot write the old record back, and nothing looks as if it had happened today.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import frappe
from frappe.query_builder import Case, Interval
from frappe.query_builder.functions import Concat, Count, Sum
from pypika.terms import Criterion

from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_privacy import personal_data
from involvement_app.permissions import EVERYTHING


@dataclass(frozen=True)
class Moves:
	"""`only(table)`: the rows that go along, the others stay; `sets(table, kept, old)`: columns written with it."""

	only: Callable[[Any], Criterion] | None = None
	sets: Callable[[Any, str, str], dict] | None = None


@dataclass(frozen=True)
class Stays:
	"""Rows that stay with the old record, and why."""

	why: str


@dataclass(frozen=True)
class Column:
	"""A field that leads to a participant. `kind`: of a Dynamic Link, the field that says to which doctype."""

	doctype: str
	fieldname: str
	kind: str | None
	once: bool

	def of(self, table, *participants: str) -> Criterion:
		rule = table[self.fieldname].isin(participants)
		return rule & (table[self.kind] == PARTICIPANT) if self.kind else rule


@dataclass(frozen=True)
class Line:
	"""How many rows of a doctype lead to the kept record, how many to the other, and how many of those go along."""

	doctype: str
	kept: int
	old: int
	moves: int


def _only_one_lives(table, kept: str, old: str) -> dict:
	"""The key of a living application; none where both had one that has run its course."""
	own = frappe.qb.DocType("Involvement Application").as_("own")
	taken = frappe.qb.from_(own).select(own.opportunity)
	taken = taken.where((own.participant == kept) & own.live_key.isnotnull())
	# MariaDB updates no table that it reads in the same statement, unless that is read first
	names = taken.run(pluck=True) or [""]
	lives = table.live_key.isnotnull() & table.opportunity.notin(names)
	return {"live_key": Concat(table.opportunity, "|", Case().when(lives, kept))}


DECLARATIONS = {
	"Involvement Application": Moves(sets=_only_one_lives),
	"Participant Merge": Stays("what happened then"),
	"Consent Record": Stays("written once; how things stood is carried over as an entry of its own"),
	"Sensitive Access Log": Stays("written once"),
}


def declared() -> dict[str, Moves | Stays]:
	found = {}
	for path in frappe.get_hooks("involvement_merge"):
		found.update(frappe.get_attr(path))
	return found


def columns() -> Iterator[Column]:
	"""Where our tables lead to a participant."""
	for doctype, declaration in personal_data.declarations().items():
		if isinstance(declaration, personal_data.PersonalData):
			yield from _columns(doctype)


def _columns(doctype: str) -> Iterator[Column]:
	for df in frappe.get_meta(doctype).fields:
		if df.fieldtype == "Link" and df.options == PARTICIPANT:
			yield Column(doctype, df.fieldname, None, bool(df.unique))
		elif df.fieldtype == "Dynamic Link":
			yield Column(doctype, df.fieldname, df.options, bool(df.unique))


def moving() -> Iterator[tuple[Column, Moves]]:
	rules = declared()
	for column in columns():
		rule = rules.get(column.doctype, Moves())
		if isinstance(rule, Moves):
			yield column, rule


def count(kept: str, old: str) -> list[Line]:
	"""What `move` would do. One query a column."""
	rules = declared()
	# one by one: each is a table of its own
	return [_count(column, rules.get(column.doctype, Moves()), kept, old) for column in columns()]


def _count(column: Column, rule: Moves | Stays, kept: str, old: str) -> Line:
	table = frappe.qb.DocType(column.doctype)
	stays = isinstance(rule, Stays)
	goes = table.name.isnull() if stays else rule.only(table) if rule.only else table.name.isnotnull()
	rows = (
		frappe.qb.from_(table)
		.select(table[column.fieldname], Count("*"), Sum(Case().when(goes, 1).else_(0)))
		.where(column.of(table, kept, old))
		.groupby(table[column.fieldname])
		.run()
	)
	found = {name: (int(rows_), int(goes_)) for name, rows_, goes_ in rows}
	(of_kept, _none), (of_old, moves) = found.get(kept, (0, 0)), found.get(old, (0, 0))
	return Line(column.doctype, of_kept, of_old, 0 if column.once and of_kept else moves)


def move(kept: str, old: str, preferred_name: str) -> dict[str, list[str]]:
	"""Let everything of `old` that moves lead to `kept`; answers {doctype: names of the rows}. Three queries a column
	at most, however many rows; the caller holds the locks."""
	moved: dict[str, list[str]] = {}
	for column, rule in moving():
		# one by one: each is a table of its own
		if names := _move(column, rule, kept, old, preferred_name):
			moved.setdefault(column.doctype, []).extend(names)
	return moved


def _move(column: Column, rule: Moves, kept: str, old: str, preferred_name: str) -> list[str]:
	table = frappe.qb.DocType(column.doctype)
	names = _rows(column, rule, table, kept, old)
	if not names:
		return []
	query = _touched(table).set(table[column.fieldname], kept)
	for df in frappe.get_meta(column.doctype).fields:
		if df.fetch_from == f"{column.fieldname}.preferred_name":
			query = query.set(table[df.fieldname], preferred_name)
	for fieldname, term in (rule.sets(table, kept, old) if rule.sets else {}).items():
		query = query.set(table[fieldname], term)
	# bounded to the rows that were read under their locks
	query.where(table.name.isin(names)).run()
	if frappe.get_meta(column.doctype).istable:
		_touch_parents(table, names)
	frappe.clear_document_cache(column.doctype)
	return names


def _rows(column: Column, rule: Moves, table, kept: str, old: str) -> list[str]:
	rows = (
		frappe.qb.from_(table)
		.select(table.name, table[column.fieldname])
		.where(column.of(table, *((kept, old) if column.once else (old,))))
		.where(rule.only(table) if rule.only else EVERYTHING)
		.orderby(table.name)
		.for_update()
		.run()
	)
	if column.once and any(whose == kept for _name, whose in rows):
		return []
	return [str(name) for name, _whose in rows]


def _touched(table):
	# bounded by the caller, which adds the rows
	return frappe.qb.update(table).set(table.modified, table.modified + Interval(microseconds=1))


def _touch_parents(table, names: list[str]) -> None:
	rows = frappe.qb.from_(table).select(table.parenttype, table.parent).distinct()
	parents: dict[str, list[str]] = {}
	for doctype, name in rows.where(table.name.isin(names)).run():
		parents.setdefault(doctype, []).append(name)
	# one by one: nearly always one doctype
	for doctype, of_it in parents.items():
		above = frappe.qb.DocType(doctype)
		# bounded to the documents whose rows were moved
		_touched(above).where(above.name.isin(of_it)).run()
		frappe.clear_document_cache(doctype)
