"""Doctype × state × where to × who × by which path (architecture law 1).

After every attempt the stored row is looked at, not only the exception: some paths swallow it. The row may be where
it was, or where the declaration lets this person take it; nothing else. dev/deep: everybody tries everything on every
path. dev/test, pairwise: every illegal transition on every family of paths, by Administrator, for whom only the
declaration is in the way, the paths of a family taking turns; every declared transition on every path, by one person
after another."""

import itertools
from collections import Counter

import frappe
from frappe.query_builder.functions import Count

from involvement_app import lifecycle
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import DEEP, IntegrationTestCase
from involvement_app.tests.lifecycle import expected, ground
from involvement_app.tests.lifecycle.in_process import become, one_request, undone
from involvement_app.tests.lifecycle.paths import ACTION, BARE, PATHS, STATE, Case

# for whom no right is missing: only the declaration stands in the way
STRONGEST = "administrator"
# a batch moves its payments together: no path names the batch
THROUGH_A_BATCH = {("Involvement Payment", "Release")}
# paths on which every step of a role must be open to somebody
BY_NAME = ("apply", "form_button", "workflow_menu", "workflow_in_bulk", "workflow_link_in_a_mail")
LEFT_BEHIND = ("Involvement Message", "Involvement Session", "Involvement Payment", "Comment")
# every desk role in one person
EVERYTHING = "everything"
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
		self.turn = itertools.cycle(self.people)
		self.actions = list(dict.fromkeys(step.action for step in self.life.transitions))
		self.illegal = expected.illegal(self.life, self.targets)
		self.question = self._question()
		self.faults: list[str] = []
		self.tried: Counter = Counter()
		self.round: Counter = Counter()
		self.visited: set[tuple] = set()
		self.moved: set[tuple] = set()

	def run(self) -> None:
		for source in self.states:
			with undone():
				become("Administrator")
				self.here.put(source)
				before = self.look()
				self.as_stored = frappe.get_doc(self.here.doctype, self.here.name).as_json()
				for identity, path, aim in sorted(self.plan(source), key=lambda each: each[0]):
					self.attempt(path, source, before, aim, identity)
		become("Administrator")

	def plan(self, source: str) -> list[tuple]:
		"""(identity, path, where to) of every attempt."""
		attempts = []
		for kind, aims in self.aims(source).items():
			paths = [path for path in PATHS if path.kind == kind]
			for aim in aims:
				for path in self.in_turn(kind, paths) if self.nobody_may(kind, source, aim) else paths:
					attempts += [(identity, path, aim) for identity in self.who(path, source, aim)]
		return attempts

	def aims(self, source: str) -> dict[str, list[str]]:
		return {
			STATE: [target for target in self.targets if target != source],
			ACTION: [*self.actions, ground.NONSENSE],
			BARE: [""],
		}

	def in_turn(self, kind: str, paths: list) -> list:
		"""One path of each family, the next one each time."""
		if DEEP:
			return paths
		families = {}
		for path in paths:
			families.setdefault(path.family, []).append(path)
		self.round[kind] += 1
		return [members[self.round[kind] % len(members)] for members in families.values()]

	def nobody_may(self, kind: str, source: str, aim: str) -> bool:
		if kind == STATE:
			return (source, aim) in self.illegal
		return kind == ACTION and aim not in {step.action for step in self.life.leaving(source)}

	def who(self, path, source: str, aim: str) -> list[str]:
		if DEEP:
			return list(self.people)
		if self.nobody_may(path.kind, source, aim):
			return [STRONGEST]
		if path.family == "portal" and self.here.person:
			return ["the person", next(self.turn)]
		return [next(self.turn), *([EVERYTHING] if path.name in BY_NAME else [])]

	def attempt(self, path, source: str, before: tuple, aim: str, identity: str) -> None:
		user = self.people[identity]
		with undone():
			with one_request(user):
				path.attempt(self.case(path, user, aim, before))
			self.tried[path.kind] += 1
			self.visited.add((path, source, aim))
			self.judge(path, source, before, aim, identity)

	def case(self, path, user: str, aim: str, before: tuple) -> Case:
		state = self.life.by_name.get(aim)
		return Case(
			self.here.doctype,
			self.here.name,
			user,
			self.tools,
			self.as_stored,
			state=aim if path.kind == STATE else "",
			docstatus=state.docstatus if state else before[1],
			action=aim if path.kind == ACTION else "",
		)

	def judge(self, path, source: str, before: tuple, aim: str, identity: str) -> None:
		user, after = self.people[identity], self.look()
		where = f"{self.here.doctype}, {source} → {aim or '?'} by {identity}, {path}"
		if after[:2] == before[:2]:
			if after != before and path.name != "portal_choice":
				self.faults.append(f"{where}: refused, yet something was written")
			return
		ends = expected.allowed_ends(self.life, self.here, source, user, self.roles[user], path.job)
		if after[:2] in ends:
			self.moved.update((path.name, action) for action in ends[after[:2]])
		else:
			self.faults.append(f"{where}: is {after[:2]} now")

	def look(self) -> tuple:
		"""(status, docstatus, and how many rows there are of what steps leave behind), past every cache."""
		return self.question.run()[0]

	def _question(self):
		table = frappe.qb.DocType(self.here.doctype)
		left_behind = (
			frappe.qb.from_(frappe.qb.DocType(doctype)).select(Count("*")) for doctype in LEFT_BEHIND
		)
		return (
			frappe.qb.from_(table)
			.select(table.status, table.docstatus, *left_behind)
			.where(table.name == self.here.name)
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
		"""Every illegal transition on every family of paths (dev/deep: on every path), and every path."""
		paths = [path for path in PATHS if path.kind == STATE]
		visited = {(path if DEEP else path.family, source, aim) for path, source, aim in walk.visited}
		wanted = {(path if DEEP else path.family, *pair) for path in paths for pair in walk.illegal}
		self.assertEqual(wanted - visited, set())
		self.assertEqual({path for path, _source, _aim in walk.visited}, set(PATHS))

	def everything_declared_is_possible(self, walk: Walk) -> None:
		"""A gate that refuses everybody everything would pass otherwise."""
		for step in walk.life.transitions:
			if (walk.life.doctype, step.action) in THROUGH_A_BATCH:
				continue
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
