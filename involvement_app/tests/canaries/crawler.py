"""Everybody at every door: plans the visits, makes them, and keeps what was seen that should not have been.

A *visit* is one identity at one surface with one target; whole (`deep`) all of them are made, otherwise each surface
is visited once by each identity, with targets that rotate over the doctypes, those first that the identity may not
see."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import frappe
import requests

from involvement_app.tests.canaries import crawl, search
from involvement_app.tests.canaries.client import Client
from involvement_app.tests.canaries.crawl import SURFACES, Ask, Surface
from involvement_app.tests.canaries.doctypes import main_doctypes, our_doctypes
from involvement_app.tests.canaries.entitlement import Entitlement, readers
from involvement_app.tests.canaries.planting import Canary

# asks of one visit in the small run
MOST_ASKS = 2
CLIENTS_AT_ONCE = 6


@dataclass(frozen=True)
class Hit:
	identity: str
	surface: str
	canary: Canary
	path: str
	oracle: bool = False

	def __str__(self) -> str:
		how = "can tell by asking" if self.oracle else "is shown"
		return f"{self.identity} {how}, {self.surface} ({self.path}): {self.canary}"


@dataclass
class Visit:
	surface: Surface
	asks: list[Ask]
	canary: Canary | None = None  # of an oracle, whose asks come in pairs


@dataclass
class Found:
	hits: set[Hit] = field(default_factory=set)
	seen: Counter = field(default_factory=Counter)  # (identity, surface) → entitled canaries shown
	requests: int = 0
	visits: int = 0
	statuses: Counter = field(default_factory=Counter)  # (surface, status) → answers
	unanswered: set[str] = field(default_factory=set)  # what took longer than the client waits


class Crawler:
	def __init__(self, world):
		self.world = world
		self.entitlement = Entitlement(world)
		self.random = random.Random("canaries")
		self.clients: dict[str, Client] = {}
		self.labels = {  # {doctype: labels of its rows}, for who is denied what
			doctype: [world.label[each] for each in world.documents if each[0] == doctype]
			for doctype in main_doctypes()
		}
		self.doctypes = our_doctypes()

	# --- planning ----------------------------------------------------------------------------------

	def plan(self, identity: str, whole: bool, only=None, doctypes=None) -> list[Visit]:
		"""`only` these surfaces, `doctypes` only these."""
		visits = []
		for number, surface in enumerate(SURFACES):
			if only and surface.name not in only:
				continue
			if surface.scope == "field":
				made = self._oracles(identity, surface, doctypes)
			else:
				made = (
					Visit(surface, list(self._ask(surface, target)))
					for target in self._targets(identity, surface)
					if not doctypes or not target or target[0] in doctypes
				)
			visits += list(made) if whole else self._one(made, number)
		return visits

	def _one(self, visits: Iterator[Visit], number: int) -> list[Visit]:
		"""The first visit that has anything to ask, cut to a sample of its asks."""
		for visit in visits:
			if visit.asks:
				step = 2 if visit.canary else 1  # an oracle's asks stay in pairs
				pairs = [visit.asks[n : n + step] for n in range(0, len(visit.asks), step)]
				if len(pairs) > MOST_ASKS:
					pairs = self.random.sample(pairs, MOST_ASKS)
				return [Visit(visit.surface, [ask for pair in pairs for ask in pair], visit.canary)]
		return []

	def _targets(self, identity: str, surface: Surface) -> list[tuple]:
		world = self.world
		targets = {
			"world": [()],
			"doctype": [(doctype,) for doctype in self.doctypes],
			"document": world.documents,
			"file": world.files,
			"log": [(doctype,) for doctype in crawl.LOGS if frappe.db.table_exists(doctype)],
		}[surface.scope]
		targets = self.random.sample(targets, len(targets))
		if surface.scope == "document":
			targets.sort(key=lambda target: identity in readers(target[0], world.label[target]))
		return targets

	def _ask(self, surface: Surface, target: tuple) -> Iterator[Ask]:
		wants_world = "world" in surface.asks.__code__.co_varnames[: surface.asks.__code__.co_argcount]
		return surface.asks(*target, **({"world": self.world} if wants_world else {}))

	def _oracles(self, identity: str, surface: Surface, doctypes=None) -> Iterator[Visit]:
		"""One canary that the identity may not see for each field of each doctype."""
		denied = [
			canary
			for canary in self.world.canaries
			if canary.token.startswith("qz")
			and canary.doctype in self.doctypes
			and not self.entitlement.may_see(identity, canary, surface.name)
		]
		self.random.shuffle(denied)
		# a doctype of which they may read some row comes first: there the row or the level decides, not the door
		denied.sort(key=lambda canary: not self._reads_some(identity, canary.about[0]))
		done = set()
		for canary in denied:
			if (canary.doctype, canary.fieldname) in done or (doctypes and canary.doctype not in doctypes):
				continue
			done.add((canary.doctype, canary.fieldname))
			main = canary.about[0]
			user = {"user": self.world.user(identity)} if "user" in surface.asks.__code__.co_varnames else {}
			pairs = zip(
				surface.asks(canary.doctype, main, canary.fieldname, canary.token, **user),
				surface.asks(canary.doctype, main, canary.fieldname, self.world.canaries.unused(), **user),
				strict=True,
			)
			yield Visit(surface, [ask for pair in pairs for ask in pair], canary)

	def _reads_some(self, identity: str, doctype: str) -> bool:
		return any(identity in readers(doctype, label) for label in self.labels.get(doctype, ()))

	# --- making the visits -------------------------------------------------------------------------

	def crawl(self, identities, whole: bool = False, only=None, doctypes=None) -> Found:
		plans = {identity: self.plan(identity, whole, only, doctypes) for identity in identities}
		found = Found()
		with ThreadPoolExecutor(CLIENTS_AT_ONCE) as pool:
			for one in pool.map(lambda item: self._walk(*item), plans.items()):
				found.hits |= one.hits
				found.seen += one.seen
				found.requests += one.requests
				found.visits += one.visits
				found.unanswered |= one.unanswered
				found.statuses += one.statuses
		return found

	def _walk(self, identity: str, visits: list[Visit]) -> Found:
		found = Found(visits=len(visits))
		client = self.client(identity)
		before = client.requests
		for visit in visits:
			if visit.canary:
				self._compare(identity, client, visit, found)
				continue
			for ask in visit.asks:
				if (answer := self._send(ask, client, found)) is None:
					continue
				found.statuses[(visit.surface.name, answer.status_code)] += 1
				self._judge(identity, visit.surface, ask, answer, found)
		found.requests = client.requests - before
		return found

	@staticmethod
	def _send(ask: Ask, client: Client, found: Found):
		try:
			return ask.send(client)
		except requests.Timeout:
			found.unanswered.add(f"{client.identity.name} {ask.path}")
			return None

	def client(self, identity: str) -> Client:
		if identity not in self.clients:
			self.clients[identity] = Client(self.world.identities[identity]).sign_in()
		return self.clients[identity]

	def _judge(self, identity: str, surface: Surface, ask: Ask, answer, found: Found) -> None:
		asked_for = search.tokens(repr(ask).encode())
		for token in search.tokens(answer.content + b"\n" + str(answer.headers).encode()) - asked_for:
			canary = self.world.canaries.by_token.get(token)
			if not canary:
				continue
			if self.entitlement.may_see(identity, canary, surface.name):
				found.seen[(identity, surface.name)] += 1
			else:
				found.hits.add(Hit(identity, surface.name, canary, ask.path))

	def _compare(self, identity: str, client: Client, visit: Visit, found: Found) -> None:
		nothing = self.world.canaries.unused()
		for real, control in zip(visit.asks[::2], visit.asks[1::2], strict=True):
			answers = [self._send(ask, client, found) for ask in (real, control)]
			if None in answers:
				continue
			for answer in answers:
				found.statuses[(visit.surface.name, answer.status_code)] += 1
			self._judge(identity, visit.surface, real, answers[0], found)
			bodies = [
				answer.content.replace(token.encode(), b"").lower()
				for answer, token in zip(answers, (visit.canary.token, nothing), strict=True)
			]
			if bodies[0] != bodies[1]:
				found.hits.add(Hit(identity, visit.surface.name, visit.canary, real.path, oracle=True))


def by_reason(hits) -> str:
	"""The hits, gathered: who, where, which field."""
	gathered = defaultdict(set)
	for hit in hits:
		gathered[(hit.surface, hit.path, hit.canary.doctype, hit.canary.fieldname, hit.canary.about[0])].add(
			hit.identity
		)
	return "\n".join(
		f"{surface} | {path} | {doctype}.{fieldname} (of {about}) | {', '.join(sorted(who))}"
		for (surface, path, doctype, fieldname, about), who in sorted(gathered.items())
	)
