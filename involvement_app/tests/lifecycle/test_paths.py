"""Doctype × state × where to × who × by which path (architecture law 1).

After every attempt the stored row is looked at, not only the exception: some paths swallow it. The row may be where
it was, or where the declaration lets this person take it; nothing else. In dev/test every illegal transition is
tried on every path by somebody who holds every desk role, and every other identity has its turn at each path; in
dev/deep everybody tries everything."""

import itertools
from collections import Counter

import frappe

from involvement_app import lifecycle
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import DEEP, IntegrationTestCase
from involvement_app.tests.lifecycle import expected, ground
from involvement_app.tests.lifecycle.in_process import become, one_request, undone
from involvement_app.tests.lifecycle.paths import ACTION, BARE, PATHS, STATE, Case

STRONGEST = "everything"
# steps that only the service behind the button takes: places are counted under a lock
THROUGH_PLACES = {
	("Involvement Application", "Offer a place"),
	("Involvement Application", "Accept"),
	("Involvement Engagement", "Stop taking part"),
}


class Walk:
	"""All attempts on one doctype's document, and what came of them."""

	def __init__(self, here: ground.Ground):
		self.here = here
		self.life = lifecycle.of(here.doctype)
		self.tools = ground.tools(here.doctype)
		self.states = [state.name for state in self.life.states]
		self.targets = [*self.states, ground.NONSENSE]
		self.people = dict(here.people)
		if here.person:
			self.people["the person"] = here.person
		self.roles = {user: expected.held(user) for user in self.people.values()}
		self.turn = itertools.cycle([name for name in self.people if name != STRONGEST])
		self.actions = list(dict.fromkeys(step.action for step in self.life.transitions))
		self.illegal = expected.illegal(self.life, self.targets)
		self.faults: list[str] = []
		self.tried: Counter = Counter()
		self.visited: set[tuple] = set()
		self.moved: set[tuple] = set()

	def run(self) -> None:
		for source in self.states:
			with undone():
				become("Administrator")
				self.here.put(source)
				stood = self.stored()
				for identity, path, aim in sorted(self.plan(source), key=lambda each: each[0]):
					self.attempt(path, source, stood, aim, identity)
		become("Administrator")

	def plan(self, source: str) -> list[tuple]:
		return [
			(identity, path, aim)
			for path in PATHS
			for aim in self.aims(path, source)
			for identity in self.who(path, source, aim)
		]

	def aims(self, path, source: str) -> list[str]:
		if path.kind == STATE:
			return [target for target in self.targets if target != source]
		if path.kind == ACTION:
			return [*self.actions, ground.NONSENSE]
		return [""]

	def who(self, path, source: str, aim: str) -> list[str]:
		if DEEP:
			return list(self.people)
		if self.nobody_may(path, source, aim):
			return [STRONGEST]
		return [STRONGEST, next(self.turn)]

	def nobody_may(self, path, source: str, aim: str) -> bool:
		if path.kind == STATE:
			return (source, aim) in self.illegal
		return path.kind == ACTION and aim not in {step.action for step in self.life.leaving(source)}

	def attempt(self, path, source: str, stood: tuple, aim: str, identity: str) -> None:
		user = self.people[identity]
		state = self.life.by_name.get(aim)
		docstatus = state.docstatus if state else stood[1]
		case = Case(
			self.here.doctype,
			self.here.name,
			user,
			self.tools,
			state=aim if path.kind == STATE else "",
			docstatus=docstatus,
			action=aim if path.kind == ACTION else "",
		)
		with undone():
			before = self.around()
			with one_request(user):
				path.attempt(case)
			after = self.stored()
			self.tried[path.kind] += 1
			self.visited.add((path.name, source, aim))
			where = f"{self.here.doctype}, {source} → {aim or '?'} by {identity}, {path}"
			if after == stood:
				if self.around() != before:
					self.faults.append(f"{where}: refused, yet something was written")
				return
			ends = expected.allowed_ends(self.life, self.here, source, user, self.roles[user], path.job)
			if after in ends:
				self.moved.update((path.name, action) for action in ends[after])
			else:
				self.faults.append(f"{where}: is {after} now")

	def stored(self) -> tuple[str, int]:
		return frappe.db.get_value(self.here.doctype, self.here.name, ["status", "docstatus"])

	def around(self) -> list:
		"""How many rows there are of what steps leave behind."""
		return frappe.db.sql(
			"""select (select count(*) from `tabInvolvement Message`), (select count(*) from `tabInvolvement Session`),
			(select count(*) from `tabInvolvement Payment`), (select count(*) from `tabComment`)"""
		)


class TestPaths(IntegrationTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.everything = factories.user(*sorted(roles.DESK_ROLES))

	def walk(self, doctype: str) -> Walk:
		people = ground.identities(self.everything)
		walk = Walk(ground.GROUNDS[doctype](people))
		walk.run()
		print(f"\n{doctype}: {sum(walk.tried.values())} attempts {dict(walk.tried)}", end="")
		self.assertEqual(walk.faults[:20], [], f"{len(walk.faults)} faults")
		self.everything_was_visited(walk)
		self.everything_declared_is_possible(walk)
		return walk

	def everything_was_visited(self, walk: Walk) -> None:
		"""Every illegal transition was tried on every path that can name a state."""
		for path in PATHS:
			if path.kind == STATE:
				missed = {pair for pair in walk.illegal if (path.name, *pair) not in walk.visited}
				self.assertFalse(missed, f"{path} never tried {missed}")

	def everything_declared_is_possible(self, walk: Walk) -> None:
		"""A gate that refuses everybody everything would pass otherwise."""
		for step in walk.life.transitions:
			ways = {path for path, action in walk.moved if action == step.action}
			with self.subTest(step=step.action):
				self.assertTrue(ways, "nobody could take this step by any path")
				if step.roles and (walk.life.doctype, step.action) not in THROUGH_PLACES:
					self.assertLessEqual({"apply", "form_button"}, ways)
				if walk.life.workflow and step.roles:
					self.assertLessEqual(
						{"workflow_menu", "workflow_in_bulk", "workflow_link_in_a_mail"}, ways
					)

	def test_participant(self):
		self.walk("Involvement Participant")

	def test_opportunity(self):
		self.walk("Involvement Opportunity")

	def test_application(self):
		self.walk("Involvement Application")

	def test_engagement(self):
		self.walk("Involvement Engagement")

	def test_session(self):
		self.walk("Involvement Session")

	def test_payment(self):
		self.walk("Involvement Payment")

	def test_batch(self):
		self.walk("Involvement Payment Batch")

	def test_no_lifecycle_is_left_out(self):
		self.assertEqual(set(ground.GROUNDS), {life.doctype for life in lifecycle.all_lifecycles()})

	def test_every_kind_of_path_is_there(self):
		self.assertEqual({path.kind for path in PATHS}, {STATE, ACTION, BARE})
