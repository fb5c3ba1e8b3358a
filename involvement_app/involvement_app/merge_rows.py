"""What goes along when two records of one person become one, table by table (hook `involvement_merge`).

Every doctype that is declared under `involvement_personal_data` and leads to a participant goes along as it is, by
one UPDATE, unless a room says otherwise in its `DECLARATIONS`. Of what a person has once (a unique link), the kept
record's own row counts and the other's stays where it is; so does what both records say of the same thing and day (a
key that names the person, `Once`). `modified` grows by a microsecond: a form that is open
somewhere cannot write the old record back, and nothing looks as if it had happened today.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe
from frappe.query_builder import Case, Interval
from frappe.query_builder.functions import Concat, Count, Max, Sum
from pypika.terms import Criterion

from involvement_app.involvement_app.doctype.past_involvement import past_involvement
from involvement_app.involvement_app.doctype.training_record import training_record
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_privacy import personal_data
from involvement_app.permissions import EVERYTHING


@dataclass(frozen=True)
class Once:
	"""`once_key` is `key(participant, *fields)` of the row: written down once for a person."""

	key: Callable[..., str]
	fields: tuple[str, ...]


@dataclass(frozen=True)
class Moves:
	"""`only(table)`: the rows that go along, the others stay; `sets(table, kept, old)`: columns written with it."""

	only: Callable[[Any], Criterion] | None = None
	sets: Callable[[Any, str, str], dict] | None = None
	once: Once | None = None


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
	"""How many rows of a doctype lead to the kept record, how many to the other, and how many of those go along.
	`once`: a person has one; `kept_on`, `old_on`: when those of each were last changed."""

	doctype: str
	kept: int
	old: int
	moves: int
	once: bool = False
	kept_on: datetime | None = None
	old_on: datetime | None = None


def _only_one_lives(table, kept: str, old: str) -> dict:
	"""The key of a living application; none where both had one that has run its course."""
	own = frappe.qb.DocType("Involvement Application").as_("own")
	taken = frappe.qb.from_(own).select(own.opportunity)
	taken = taken.where((own.participant == kept) & own.live_key.isnotnull())
	# MariaDB updates no table that it reads in the same statement, unless that is read first
	names = taken.run(pluck=True) or [""]
	lives = table.live_key.isnotnull() & table.opportunity.notin(names)
	return {"live_key": Concat(table.opportunity, "|", Case().when(lives, kept))}


def _asked_once(table, kept: str, old: str) -> dict:
	"""The key of an invitation; where both records were asked about the same thing, the other keeps its own."""
	own = frappe.qb.DocType("Involvement Invitation").as_("own")
	asked = frappe.qb.from_(own).select(own.opportunity).where(own.participant == kept)
	free = table.opportunity.notin(asked.run(pluck=True) or [""])
	return {"once_key": Case().when(free, Concat(table.opportunity, "|", kept)).else_(table.once_key)}


DECLARATIONS = {
	"Involvement Application": Moves(sets=_only_one_lives),
	"Involvement Invitation": Moves(sets=_asked_once),
	"Training Record": Moves(once=Once(training_record.once_key, ("course", "completed_on"))),
	"Past Involvement": Moves(once=Once(past_involvement.once_key, ("title", "took_part_on"))),
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
	"""What `move` would do. One query a column, three where it has a key of its own."""
	rules = declared()
	# one by one: each is a table of its own
	return [_count(column, rules.get(column.doctype, Moves()), kept, old) for column in columns()]


def _count(column: Column, rule: Moves | Stays, kept: str, old: str) -> Line:
	table = frappe.qb.DocType(column.doctype)
	rows = (
		frappe.qb.from_(table)
		.select(table[column.fieldname], Count("*"))
		.select(Sum(Case().when(_goes(column, rule, table, kept, old), 1).else_(0)), Max(table.modified))
		.where(column.of(table, kept, old))
		.groupby(table[column.fieldname])
		.run()
	)
	found = {name: (int(rows_), int(goes), last) for name, rows_, goes, last in rows}
	nothing = (0, 0, None)
	(of_kept, _none, kept_on), (of_old, moves, old_on) = found.get(kept, nothing), found.get(old, nothing)
	moves = 0 if column.once and of_kept else moves
	return Line(column.doctype, of_kept, of_old, moves, column.once, kept_on, old_on)


def _goes(column: Column, rule: Moves | Stays, table, kept: str, old: str) -> Criterion:
	if isinstance(rule, Stays):
		return table.name.isnull()
	if rule.once:
		return table.name.isin(list(_new_keys(column, rule, table, kept, old)) or [""])
	return rule.only(table) if rule.only else table.name.isnotnull()


def _new_keys(column: Column, rule: Moves, table, kept: str, old: str) -> dict[str, str]:
	"""{row: its key under `kept`} of the rows of `old`, without what `kept` has too. Two queries."""
	fields = [table[fieldname] for fieldname in rule.once.fields]
	rows = frappe.qb.from_(table).select(table.name, *fields).where(column.of(table, old)).run()
	# turned round: of two rows that say the same, one
	names = {rule.once.key(kept, *values): str(name) for name, *values in rows}
	there = frappe.qb.from_(table).select(table.once_key).where(table.once_key.isin(list(names) or [""]))
	taken = set(there.run(pluck=True))
	return {name: key for key, name in names.items() if key not in taken}


def move(kept: str, old: str, preferred_name: str) -> dict[str, list[str]]:
	"""Let everything of `old` that moves lead to `kept`; answers {doctype: names of the rows}. Five queries a column
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
	keys = _new_keys(column, rule, table, kept, old) if names and rule.once else {}
	if rule.once:
		names = [name for name in names if name in keys]
	if not names:
		return []
	query = _touched(table).set(table[column.fieldname], kept)
	for df in frappe.get_meta(column.doctype).fields:
		if df.fetch_from == f"{column.fieldname}.preferred_name":
			query = query.set(table[df.fieldname], preferred_name)
	for fieldname, term in (rule.sets(table, kept, old) if rule.sets else {}).items():
		query = query.set(table[fieldname], term)
	if keys:
		query = query.set(table.once_key, _by_row(table, keys))
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


def _by_row(table, values: dict[str, str]):
	case = Case()
	for name, value in values.items():
		case = case.when(table.name == name, value)
	return case


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
