"""Everybody at every door: makes the visits that plans.py plans, and keeps what was seen that should not have been.

A *visit* is one identity at one surface with one target."""

import os
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import requests

from involvement_app.tests.canaries import search
from involvement_app.tests.canaries.client import Client
from involvement_app.tests.canaries.crawl import Ask, Surface
from involvement_app.tests.canaries.doctypes import our_doctypes
from involvement_app.tests.canaries.entitlement import Entitlement
from involvement_app.tests.canaries.plans import Planner, Visit
from involvement_app.tests.canaries.planting import Canary

CLIENTS_AT_ONCE = 6
PATIENCE = 90  # seconds, for what did not answer while everybody asked at once


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
class Found:
	hits: set[Hit] = field(default_factory=set)
	seen: Counter = field(default_factory=Counter)  # (identity, surface) → entitled canaries shown
	requests: int = 0
	visits: int = 0
	statuses: Counter = field(default_factory=Counter)  # (surface, status) → answers
	unanswered: list = field(default_factory=list)  # (identity, visit) that took longer than the client waits
	planned: int = 0
	started: float = field(default_factory=time.monotonic)

	def add(self, other: "Found") -> None:
		self.hits |= other.hits
		self.seen += other.seen
		self.statuses += other.statuses
		self.unanswered += other.unanswered
		self.requests += other.requests
		self.visits += other.visits

	@property
	def seconds(self) -> float:
		return time.monotonic() - self.started


class Progress:
	"""A long crawl says now and then how far it is, and what it has found, in the folder of artefacts."""

	EVERY = 250

	def __init__(self, planned: int = 0):
		self.planned = planned
		self.made = 0
		self.hits: set[Hit] = set()
		self.lock = Lock()
		self.started = time.monotonic()
		self.file = Path(os.environ["INVOLVEMENT_ARTEFACTS"], "canaries-progress.txt")

	def note(self, found: Found) -> None:
		with self.lock:
			self.made += 1
			self.hits |= found.hits
			if self.made % self.EVERY == 0:
				seconds = time.monotonic() - self.started
				head = f"{self.made} of {self.planned} visits after {seconds:.0f} s, {len(self.hits)} hits\n"
				self.file.write_text(head + by_reason(self.hits))


class Crawler:
	def __init__(self, world):
		self.world = world
		self.entitlement = Entitlement(world)
		self.planner = Planner(world, self.entitlement)
		self.clients: dict[str, Client] = {}
		self.doctypes = our_doctypes()
		self.progress = Progress()

	# --- making the visits -------------------------------------------------------------------------

	def crawl(self, identities, whole: bool = False, only=None, doctypes=None) -> Found:
		"""`whole`: every gate, or `only` these surfaces and `doctypes`; otherwise a sample."""
		plans = {
			identity: self.planner.whole(identity, only, doctypes)
			if whole
			else self.planner.sample(identity, only)
			for identity in identities
		}
		found = Found(planned=sum(map(len, plans.values())))
		self.progress = Progress(found.planned)
		longest_first = sorted(plans.items(), key=lambda item: -len(item[1]))
		with ThreadPoolExecutor(CLIENTS_AT_ONCE) as pool:
			for one in pool.map(lambda item: self._walk(*item), longest_first):
				found.add(one)
		again, found.unanswered = found.unanswered, []
		for identity, visit in again:
			self.client(identity).patience = PATIENCE
			self._make(identity, visit, found)
		return found

	def _walk(self, identity: str, visits: list[Visit]) -> Found:
		found = Found()
		client = self.client(identity)
		before = client.requests
		for visit in visits:
			self._make(identity, visit, found)
			self.progress.note(found)
		found.requests = client.requests - before
		return found

	def _make(self, identity: str, visit: Visit, found: Found) -> None:
		client = self.client(identity)
		waiting = list(visit.asks)
		try:
			if visit.canary:
				self._compare(identity, client, visit, found)
				waiting = []
			while waiting:
				answer = waiting[0].send(client)
				found.statuses[(visit.surface.name, answer.status_code)] += 1
				self._judge(identity, visit.surface, waiting.pop(0), answer, found)
			found.visits += 1
		except requests.Timeout:
			found.unanswered.append((identity, Visit(visit.surface, waiting, visit.canary)))

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
			answers = [ask.send(client) for ask in (real, control)]
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
