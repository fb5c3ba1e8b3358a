"""What a lifecycle is made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import frappe
from pypika import Table
from pypika.terms import Criterion


@dataclass(frozen=True)
class State:
	"""`docstatus` 0 draft, 1 submitted, 2 cancelled. `pending`: on its way to somebody else's approval, so
	whoever edits it meanwhile, or where it can come back from, is remembered in `edited_by` and cannot approve it. `colour`: of its indicator."""

	name: str
	docstatus: int = 0
	pending: bool = False
	colour: str = "Gray"


@dataclass(frozen=True)
class Transition:
	"""One step. Who may take it: a desk role, a relation to the document (named in
	`Lifecycle.relations`), or a job (`with lifecycle.as_job(): …`).

	`asks`: the field whose words the form asks for with the step. `warns`: what the form asks before it.
	`said`: what the timeline says somebody did when they took it by their role; without it the timeline is
	silent. `many`: the step may be taken for many rows at once (`move_many`); answers its guard as a query."""

	action: str
	sources: tuple[str, ...]
	to: str
	roles: tuple[str, ...] = ()
	relations: tuple[str, ...] = ()
	job: bool = False
	asks: str = ""
	warns: str = ""
	said: str = ""
	many: Callable[[Table, tuple[str, str]], Criterion] | None = None


@dataclass(frozen=True)
class Move:
	"""A transition that is happening: `by` is "role", "relation" or "job"."""

	transition: Transition
	source: str
	by: str
	user: str

	@property
	def to(self) -> str:
		return self.transition.to


Guard = Callable[["frappe.model.document.Document", Move], None]
Relation = Callable[["frappe.model.document.Document", str], bool]


@dataclass(frozen=True)
class Lifecycle:
	"""`guards[state]` run before a document enters that state and throw to refuse; `effects[state]`
	run after them and may set read-only fields. `workflow` names the Frappe Workflow that install
	makes from this declaration; without it the form gets its buttons from here. `services[action]` is
	the dotted path of a function(doc) for a step that does more than write this document. `initial`:
	further states in which a new document may start."""

	doctype: str
	states: tuple[State, ...]
	transitions: tuple[Transition, ...]
	guards: dict[str, tuple[Guard, ...]] = field(default_factory=dict)
	effects: dict[str, tuple[Guard, ...]] = field(default_factory=dict)
	relations: dict[str, Relation] = field(default_factory=dict)
	workflow: str | None = None
	services: dict[str, str] = field(default_factory=dict)
	initial: tuple[str, ...] = ()

	@cached_property
	def by_name(self) -> dict[str, State]:
		return {state.name: state for state in self.states}

	@cached_property
	def before_approval(self) -> set[str]:
		"""The states that are pending, and those from which a document can come back to one that is."""
		found = {state.name for state in self.states if state.pending}
		while more := {source for t in self.transitions if t.to in found for source in t.sources} - found:
			found |= more
		return found

	@property
	def first(self) -> str:
		return self.states[0].name

	def between(self, source: str, to: str) -> list[Transition]:
		return [t for t in self.transitions if source in t.sources and t.to == to]

	def leaving(self, source: str) -> list[Transition]:
		return [t for t in self.transitions if source in t.sources]


def of(doctype: str) -> Lifecycle:
	"""The declaration of `doctype`; KeyError when it has none."""
	paths = frappe.get_hooks("involvement_lifecycles")
	return frappe.get_attr(paths[doctype][-1])


def all_lifecycles() -> list[Lifecycle]:
	return [of(doctype) for doctype in frappe.get_hooks("involvement_lifecycles")]
