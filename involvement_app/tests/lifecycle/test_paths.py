"""Doctype × state × where to × who × by which path (architecture law 1).

After every attempt the stored row is looked at, not only the exception: some paths swallow it. The row may be where
it was, or where the declaration lets this person take it; nothing else. dev/deep: everybody tries everything on every
path. dev/test, pairwise: every illegal transition on every path, half of the paths by Administrator, for whom only
the declaration is in the way, the others by everybody else in turn, so that every pair of transition and person and
of path and person comes up too (`everything_was_visited`); every declared transition on every path, by one person
after another.

What a path cannot name: `ACTION` paths name an action, so a state that no action leads to cannot be asked for there
(`test_what_an_action_cannot_name`); `BARE` paths name nothing and are tried once in every state by Administrator. And
a path on which nothing ever moves would prove nothing: `test_every_path_reaches_the_document`."""

import itertools
from collections import Counter
from contextlib import contextmanager

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
# a batch or a claim moves its payments: no path names it
THROUGH_A_BATCH = {
	("Involvement Payment", "Release"),
	("Involvement Payment", "Void in its batch"),
	("Involvement Payment", "Approve the claim"),
}
# paths on which every step of a role must be open to somebody
BY_NAME = ("apply", "form_button", "workflow_menu", "workflow_in_bulk", "workflow_link_in_a_mail")
LEFT_BEHIND = ("Involvement Message", "Involvement Session", "Involvement Payment", "Comment")
# every desk role in one person
EVERYTHING = "everything"
# declared steps, as (doctype, from, to, action, who): on one of them every path gets through ...
OPEN = (
	("Involvement Participant", "Interested", "Active", "Welcome", STRONGEST),
	("Involvement Payment Batch", "Draft", "Locked", "Lock", STRONGEST),
	("Involvement Payment Batch", "Authorised", "Void", "Void", STRONGEST),
	("Involvement Payment", "Approved", "Scheduled", "Schedule", STRONGEST),
	("Involvement Application", "Offered", "Accepted", "Accept", "the person"),
	("Involvement Engagement", "Confirmed", "Stopped", "Stop taking part", "the person"),
)
# ... but those the framework or the app closes for every document: in one of these words
CLOSED = {
	"move_many": ("not a step for many rows", "belongs to a job"),
	"form_method_submit": ("not whitelisted",),
	"form_method_cancel": ("not whitelisted",),
	"rest_run_submit": ("not whitelisted",),
	"rest_run_cancel": ("not whitelisted",),
	"form_discard": ("no attribute 'discard'", "cannot be discarded"),
}
# a page of the portal that writes no state
STATELESS = ("portal_choice",)
# steps that only the service behind the button takes: places are counted under a lock
THROUGH_PLACES = {
	("Involvement Application", "Offer a place"),
	("Involvement Application", "Accept"),
	("Involvement Engagement", "Stop taking part"),
	("Ambassador Assignment", "Offer"),
	("Ambassador Assignment", "No thank you"),
	("Ambassador Assignment", "Stop"),
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
		self.misnamed = expected.misnamed(self.life, [*self.actions, ground.NONSENSE])
		self.question = self._question()
		self.faults: list[str] = []
		self.tried: Counter = Counter()
		self.round: Counter = Counter()
		self.visited: set[tuple] = set()
		self.moved: set[tuple] = set()

	def run(self) -> None:
		for source in self.states:
			with self.at(source) as before:
				for identity, path, aim in sorted(self.plan(source), key=lambda each: each[0]):
					self.judge(path, source, before, aim, identity)

	@contextmanager
	def at(self, source: str):
		"""The document in state `source`: (status, docstatus, …) as `look` has it."""
		with undone():
			become("Administrator")
			self.here.put(source)
			self.as_stored = frappe.get_doc(self.here.doctype, self.here.name).as_json()
			yield self.look()
			become("Administrator")

	def plan(self, source: str) -> list[tuple]:
		"""(identity, path, where to) of every attempt."""
		attempts = []
		for kind, aims in self.aims(source).items():
			paths = [path for path in PATHS if path.kind == kind]
			for aim in aims:
				if self.nobody_may(kind, source, aim) and not DEEP:
					attempts += self.in_turn(kind, paths, aim)
				else:
					attempts += [(who, path, aim) for path in paths for who in self.who(path, source, aim)]
		return attempts

	def aims(self, source: str) -> dict[str, list[str]]:
		return {
			STATE: [target for target in self.targets if target != source],
			ACTION: [*self.actions, ground.NONSENSE],
			BARE: [""],
		}

	def in_turn(self, kind: str, paths: list, aim: str) -> list[tuple]:
		"""Every second path by the strongest, the others by one after another of the rest; the next time the other
		way round."""
		rest = [identity for identity in self.people if identity != STRONGEST]
		turn = self.round[kind]
		self.round[kind] += 1
		return [
			(rest[(turn + place) // 2 % len(rest)] if (turn + place) % 2 else STRONGEST, path, aim)
			for place, path in enumerate(paths)
		]

	def nobody_may(self, kind: str, source: str, aim: str) -> bool:
		if kind == STATE:
			return (source, aim) in self.illegal
		return kind == ACTION and (source, aim) in self.misnamed

	def who(self, path, source: str, aim: str) -> list[str]:
		if DEEP:
			return list(self.people)
		if path.family == "portal" and self.here.person:
			return ["the person", next(self.turn)]
		if path.kind == BARE:
			return [STRONGEST, next(self.turn)]
		if path.name == "apply" and self.here.person:  # for steps that are the person's alone
			return ["the person", EVERYTHING, next(self.turn)]
		proved = (path.name, aim) in self.moved and path.name != "apply"
		return [next(self.turn), *([EVERYTHING] if path.name in BY_NAME and not proved else [])]

	def attempt(self, path, before: tuple, aim: str, identity: str) -> tuple[tuple, str]:
		"""What is stored afterwards, and what was said."""
		user = self.people[identity]
		with undone():
			with one_request(user) as problems:
				path.attempt(self.case(path, user, aim, before))
			return self.look(), " ".join(map(str, problems))

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
		user = self.people[identity]
		after, _said = self.attempt(path, before, aim, identity)
		self.tried[path.kind] += 1
		self.visited.add((identity, path, source, aim))
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
		"""Every illegal transition on every path; every pair of person and written transition; and where there are
		enough transitions, every pair of person and path."""
		for kind, illegal in ((STATE, walk.illegal), (ACTION, walk.misnamed)):
			visited = [each for each in walk.visited if each[1].kind == kind and each[2:] in illegal]
			paths = {path for path in PATHS if path.kind == kind}
			self.assertEqual(len({each[1:] for each in visited}), len(paths) * len(illegal))
			if kind == STATE:
				self.pairs_were_visited(walk, illegal, {(each[0], each[2:]) for each in visited})
			if len(illegal) >= 2 * len(walk.people):
				self.pairs_were_visited(walk, paths, {each[:2] for each in visited})
		self.assertEqual({path for _who, path, *_aim in walk.visited}, set(PATHS))

	def pairs_were_visited(self, walk: Walk, whole: set, pairs: set) -> None:
		missing = set(itertools.product(walk.people, whole)) - pairs
		self.assertFalse(missing, f"{len(missing)} pairs not tried, such as {list(missing)[:3]}")

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

	def test_panel(self):
		self.walk("Recruitment Panel")

	def test_story(self):
		self.walk("Participant Story")

	def test_ambassador(self):
		self.walk("Ambassador Role")

	def test_assignment(self):
		self.walk("Ambassador Assignment")

	def test_takedown(self):
		self.walk("Story Takedown")

	def test_opening_total(self):
		self.walk("Payment Opening Total")

	def test_bank_detail(self):
		self.walk("Participant Bank Detail")

	def test_every_path_reaches_the_document(self):
		"""A path that is broken in these tests refuses everything, too."""
		unmoved = {path.name: [] for path in PATHS if path.name not in STATELESS}
		for doctype, source, target, action, who in OPEN:
			with undone():
				walk = Walk(ground.GROUNDS[doctype](ground.identities(self.everything)))
				with walk.at(source) as before:
					for path in [path for path in PATHS if path.name in unmoved]:
						aim = {STATE: target, ACTION: action, BARE: ""}[path.kind]
						after, said = walk.attempt(path, before, aim, who)
						if after[:2] != before[:2]:
							unmoved.pop(path.name)
						else:
							unmoved[path.name].append(said)
		for name, said in unmoved.items():
			with self.subTest(path=name):
				closed = CLOSED.get(name, ())
				self.assertTrue(any(words in line for words in closed for line in said), said)

	def test_what_an_action_cannot_name(self):
		"""The illegal transitions that no `ACTION` path can ask for: no action leads to such a state, from anywhere."""
		for life in lifecycle.all_lifecycles():
			states = [state.name for state in life.states]
			actions = [step.action for step in life.transitions]
			misnamed = expected.misnamed(life, actions)
			named = {
				(source, step.to)
				for step in life.transitions
				for source in states
				if (source, step.action) in misnamed
			}
			reachable = {step.to for step in life.transitions}
			for source, target in expected.illegal(life, states) - named:
				with self.subTest(doctype=life.doctype, source=source, target=target):
					self.assertNotIn(target, reachable)

	def test_no_lifecycle_is_left_out(self):
		self.assertEqual(set(ground.GROUNDS), {life.doctype for life in lifecycle.all_lifecycles()})

	def test_every_kind_of_path_is_there(self):
		self.assertEqual({path.kind for path in PATHS}, {STATE, ACTION, BARE})
