"""Who goes where: the visits of one identity.

Asking everything everywhere would be 200,000 requests, most of them at a gate that has answered already. Whole
(`dev/deep`) means every *gate* once:

- **A surface that decides for each row** (`every`): each document, of those that entitlement.py calls by the same
  name one.
- **A surface that asks for the row it is given** before anything else (prints, mails, tags, files …): of each doctype
  one document that the identity may read and one that it may not, chosen anew for each identity and surface.
- **A doctype on which the identity reads no row** is closed before any row or field is looked at: one of each kind
  (with a criterion, master, single, child table), chosen anew for each identity and surface.
- **Fields** of a higher level are asked for in every way; of those of the lowest level, for which the row alone
  decides, as many as there are ways, three at least, chosen anew for each identity, surface and doctype. As filters,
  one of them is asked in every way at every surface, each other field in one.

In the small run (`dev/test`) each surface is visited once by each identity, with a target that rotates, those first
that the identity may not see."""

import itertools
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import frappe

from involvement_app.tests.canaries import crawl
from involvement_app.tests.canaries.crawl import SURFACES, Ask, Surface
from involvement_app.tests.canaries.doctypes import main_doctypes, our_doctypes, parents_of, singles
from involvement_app.tests.canaries.entitlement import Entitlement, readers
from involvement_app.tests.canaries.planting import Canary, plantable

# asks of one visit in the small run
MOST_ASKS = 2
FEWEST_FIELDS = 3


@dataclass
class Visit:
	surface: Surface
	asks: list[Ask]
	canary: Canary | None = None  # of an oracle, whose asks come in pairs


class Planner:
	def __init__(self, world, entitlement: Entitlement):
		self.world = world
		self.entitlement = entitlement
		self.doctypes = our_doctypes()
		self.main = main_doctypes()
		self.masters = set(frappe.get_hooks("involvement_masters"))
		self.labels = defaultdict(set)
		for (doctype, _name), label in world.label.items():
			self.labels[doctype].add(label)
		self.oracles = [surface for surface in SURFACES if surface.scope == "field"]

	def whole(self, identity: str, only=None, doctypes=None) -> list[Visit]:
		"""`only` these surfaces, `doctypes` only these, and then all of them."""
		made = (self._visits(identity, surface, doctypes) for surface in self._surfaces(only))
		visits = [visit for visit in itertools.chain.from_iterable(made) if visit.asks]
		self._dice(identity).shuffle(visits)  # what is slow does not come all at once
		return visits

	def sample(self, identity: str, only=None) -> list[Visit]:
		made = (self._first(identity, surface) for surface in self._surfaces(only))
		return [visit for visit in made if visit]

	@staticmethod
	def _surfaces(only) -> list[Surface]:
		return [surface for surface in SURFACES if not only or surface.name in only]

	# --- what stands open --------------------------------------------------------------------------

	def reads_some(self, identity: str, doctype: str) -> bool:
		"""Whether they may read some row of it: then the row or the level decides, not the doctype."""
		of = [doctype] if doctype in self.main else parents_of(doctype)
		return any(identity in readers(each, label) for each in of for label in self.labels[each])

	def reads(self, identity: str, document: tuple[str, str]) -> bool:
		return identity in readers(document[0], self.world.label[document])

	def _kind(self, doctype: str) -> str:
		if doctype in singles():
			return "single"
		if doctype not in self.main:
			return "child"
		return "master" if doctype in self.masters else "row"

	@staticmethod
	def _high(doctype: str) -> set[str]:
		return {df.fieldname for df in frappe.get_meta(doctype).get_high_permlevel_fields()}

	@staticmethod
	def _dice(*of: str) -> random.Random:
		return random.Random("/".join(("canaries", *of)))

	# --- targets -----------------------------------------------------------------------------------

	def _visits(self, identity: str, surface: Surface, doctypes=None) -> Iterator[Visit]:
		if surface.scope == "field":
			yield from self._oracle(identity, surface, doctypes)
			return
		for target in self._targets(identity, surface, doctypes):
			yield self._visit(identity, surface, target)

	def _targets(self, identity: str, surface: Surface, doctypes) -> list[tuple]:
		dice = self._dice(identity, surface.name)
		if surface.scope in ("world", "log"):
			return self._all(surface)
		every = surface.every or bool(doctypes)
		chosen = {}
		for target, document in self._mixed(surface, dice):
			doctype = document[0]
			if doctypes and doctype not in doctypes:
				continue
			may = surface.scope != "doctype" and self.reads(identity, document)
			if surface.scope == "denied" and may:
				continue
			if self.reads_some(identity, doctype) or every:
				row = self.world.label.get(document) if every else None
				chosen.setdefault((doctype, may, row), target)
			else:
				chosen.setdefault(self._kind(doctype), target)
		return list(chosen.values())

	def _mixed(self, surface: Surface, dice: random.Random) -> list[tuple]:
		"""[(target, the document it is or hangs on; of a doctype, the doctype)]"""
		if surface.scope == "doctype":
			found = [((doctype,), (doctype, "")) for doctype in self.doctypes]
		elif surface.scope == "file":
			found = [(file, self.world.attached[file]) for file in self.world.files]
		else:
			found = [(document, document) for document in self.world.documents]
		return dice.sample(found, len(found))

	@staticmethod
	def _all(surface: Surface) -> list[tuple]:
		if surface.scope == "world":
			return [()]
		return [(doctype,) for doctype in crawl.LOGS if frappe.db.table_exists(doctype)]

	# --- what is asked there -----------------------------------------------------------------------

	def _visit(self, identity: str, surface: Surface, target: tuple) -> Visit:
		given = {"world": self.world, "user": self.world.user(identity)}
		wanted = surface.asks.__code__.co_varnames[: surface.asks.__code__.co_argcount]
		asks = list(surface.asks(*target, **{name: given[name] for name in given if name in wanted}))
		if not any(ask.of for ask in asks):
			return Visit(surface, asks)
		dice = self._dice(identity, surface.name, *target)
		if len(target) > 1:
			open_ = self.reads(identity, target)
		else:
			open_ = self.reads_some(identity, target[0])
		return Visit(surface, self._taking_turns(asks, target[0], open_, dice))

	def _taking_turns(self, asks: list[Ask], doctype: str, open_: bool, dice: random.Random) -> list[Ask]:
		high, telling = self._high(doctype), {df.fieldname for df in plantable(doctype)}
		kept = [ask for ask in asks if not ask.of]
		fields: dict[str, list[Ask]] = defaultdict(list)
		for ask in asks:
			if ask.of:
				fields[ask.of].append(ask)
		plain = [each for name, each in fields.items() if name.rpartition(".")[2] not in high]
		hidden = [each for name, each in fields.items() if name.rpartition(".")[2] in high]
		kept += itertools.chain.from_iterable(hidden if open_ else hidden[:1])
		ways = len(next(iter(fields.values())))
		turns = max(ways, FEWEST_FIELDS) if open_ else ways
		# those first that hold a canary
		plain = sorted(dice.sample(plain, len(plain)), key=lambda each: each[0].of not in telling)
		chosen = plain[:turns]
		return kept + [chosen[turn % len(chosen)][turn % ways] for turn in range(turns) if chosen]

	# --- is there a row with this? -----------------------------------------------------------------

	def _oracle(self, identity: str, surface: Surface, doctypes=None) -> Iterator[Visit]:
		turn = self.oracles.index(surface)
		dice = self._dice(identity, surface.name)
		closed = set()
		for doctype, canaries in self._denied(identity, dice).items():
			if doctypes and doctype not in doctypes:
				continue
			high = [canary for canary in canaries if canary.permlevel]
			plain = [canary for canary in canaries if not canary.permlevel]
			if doctypes or self.reads_some(identity, doctype):
				for canary in (*high, *plain[:1]):
					yield self._asked(identity, surface, canary)
				for number, canary in enumerate(plain[1:]):
					if number % len(self.oracles) == turn:
						yield self._asked(identity, surface, canary, way=number // len(self.oracles))
			elif self._kind(doctype) not in closed:
				closed.add(self._kind(doctype))
				yield self._asked(identity, surface, canaries[0])

	def _denied(self, identity: str, dice: random.Random) -> dict[str, list[Canary]]:
		"""{doctype: for each of its fields a canary that the identity may not see}"""
		chosen = {}
		canaries = list(self.world.canaries)
		for canary in dice.sample(canaries, len(canaries)):
			if not canary.token.startswith("qz") or canary.doctype not in self.doctypes:
				continue
			if not self.entitlement.may_see(identity, canary, "filter"):
				chosen.setdefault((canary.doctype, canary.fieldname), canary)
		of_doctype = defaultdict(list)
		for (doctype, _fieldname), canary in chosen.items():
			of_doctype[doctype].append(canary)
		return of_doctype

	def _asked(self, identity: str, surface: Surface, canary: Canary, way: int | None = None) -> Visit:
		user = {"user": self.world.user(identity)} if "user" in surface.asks.__code__.co_varnames else {}
		about = (canary.doctype, canary.about[0], canary.fieldname)
		pairs = list(
			zip(
				surface.asks(*about, canary.token, **user),
				surface.asks(*about, self.world.canaries.unused(), **user),
				strict=True,
			)
		)
		if way is not None:
			pairs = [pairs[way % len(pairs)]]
		return Visit(surface, [ask for pair in pairs for ask in pair], canary)

	# --- the small run -----------------------------------------------------------------------------

	def _first(self, identity: str, surface: Surface) -> Visit | None:
		"""The first visit that has anything to ask, cut to a sample of its asks."""
		dice = self._dice(identity, surface.name, "sample")
		for visit in self._sampled(identity, surface, dice):
			if visit.asks:
				step = 2 if visit.canary else 1  # an oracle's asks stay in pairs
				pairs = [visit.asks[n : n + step] for n in range(0, len(visit.asks), step)]
				if len(pairs) > MOST_ASKS:
					pairs = dice.sample(pairs, MOST_ASKS)
				return Visit(surface, [ask for pair in pairs for ask in pair], visit.canary)
		return None

	def _sampled(self, identity: str, surface: Surface, dice: random.Random) -> Iterator[Visit]:
		if surface.scope == "field":
			denied = self._denied(identity, dice)
			# a doctype of which they may read some row comes first
			for doctype in sorted(denied, key=lambda each: not self.reads_some(identity, each)):
				yield self._asked(identity, surface, dice.choice(denied[doctype]))
		elif surface.scope in ("world", "log"):
			targets = self._all(surface)
			yield from (self._visit(identity, surface, each) for each in dice.sample(targets, len(targets)))
		else:
			mixed = self._mixed(surface, dice)
			if surface.scope != "doctype":
				mixed.sort(key=lambda each: self.reads(identity, each[1]))
			for target, document in mixed:
				if surface.scope != "denied" or not self.reads(identity, document):
					yield self._visit(identity, surface, target)
