"""No path to Decided round a member with lived experience: random panels, whoever tries, by every path that writes a
state or names the step (row 4.8; domain 5.2). What is allowed is said here a second time, from the description alone."""

from collections import Counter
from functools import partial

import frappe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from involvement_app.involvement_app.panels import results
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import DEEP, IntegrationTestCase
from involvement_app.tests.lifecycle import ground
from involvement_app.tests.lifecycle.paths import ACTION, PATHS, STATE
from involvement_app.tests.lifecycle.test_paths import EVERYTHING, STRONGEST, Walk

EXAMPLES = 1500 if DEEP else 120
ANSWERS = (None, "Scored", "Not appointable", "Chose not to score")
LIVED, COLLEAGUES, REFERENCES = 3, 1, ("C-1", "C-2")
TRIED = [path for path in PATHS if path.kind in (STATE, ACTION)]

answer = st.sampled_from(ANSWERS)
# mostly complete, so that a good share may be decided
mostly = st.sampled_from((*ANSWERS[1:], *ANSWERS[1:], None))
worlds = st.fixed_dictionaries(
	{
		"shadows": st.frozensets(st.integers(0, LIVED - 1), max_size=LIVED),
		"aside": st.frozensets(st.integers(0, LIVED - 1), max_size=1),
		"answers": st.lists(mostly, min_size=LIVED * 2, max_size=LIVED * 2),
		"opened": st.sampled_from((True, True, True, False)),
		"outcomes": st.tuples(
			*[st.sampled_from(("Appointed", "Reserve", "Not appointed", "Withdrew", ""))] * 2
		),
		"reasons": st.tuples(st.booleans(), st.booleans()),
		"who": st.sampled_from((EVERYTHING, EVERYTHING, STRONGEST, "hr", "a member")),
		"path": st.sampled_from(TRIED),
	}
)


def may_be_decided(world: dict) -> bool:
	"""The description, in the words of the test."""
	voters = [n for n in range(LIVED) if n not in world["shadows"]]
	if world["who"] != EVERYTHING or not world["opened"] or not voters:
		return False
	for c, outcome in enumerate(world["outcomes"]):
		if outcome == "Withdrew":
			continue
		if not outcome:
			return False
		given = {n: world["answers"][2 * n + c] for n in voters if not (n in world["aside"] and c == 0)}
		if not given or None in given.values():
			return False
		against = "Not appointable" in given.values() and outcome in ("Appointed", "Reserve")
		if against and not world["reasons"][c]:
			return False
	return True


class TestNoWayRound(IntegrationTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.everything = factories.user(*sorted(roles.DESK_ROLES))
		people = {
			EVERYTHING: cls.everything,
			STRONGEST: "Administrator",
			"hr": factories.staff(roles.HR_OFFICER),
		}
		person = factories.participant(used_services=1, portal=True)
		cls.panel = factories.recruitment_panel("Scoring", (person, None, None), [cls.everything])
		people["a member"] = person.user
		cls.lived = [row for row in cls.panel.members if row.participant]
		for row in cls.panel.members:
			cls.write(row, role="Chair" if row.staff else "Member")
		cls.write(cls.panel, feedback_words="Thank you", called_off_because="The post is gone")
		cls.walk = Walk(ground.Ground(cls.panel.doctype, cls.panel.name, people, partial(cls.arrange)))
		cls.tried = Counter()

	@classmethod
	def tearDownClass(cls):
		print(f"\nrandom panels: {dict(cls.tried)}", end="")
		super().tearDownClass()

	@staticmethod
	def write(doc, **values) -> None:
		frappe.db.set_value(doc.doctype, doc.name, values, update_modified=False)

	@classmethod
	def arrange(cls, state: str) -> None:
		"""Straight in the database: how a panel came to be so is other tests' matter."""
		world = cls.world
		opened = "2026-01-02 10:00:00" if world["opened"] else None
		cls.write(cls.panel, status=state, opened_on=opened)
		for n, row in enumerate(cls.lived):
			role = "Shadow" if n in world["shadows"] else "Member"
			cls.write(row, role=role, stands_aside_for="C-1" if n in world["aside"] else None)
			for c, reference in enumerate(REFERENCES):
				cls.score(row, reference, world["answers"][2 * n + c])
		for c, row in enumerate(cls.panel.candidates):
			cls.write(row, outcome=world["outcomes"][c], reason="Because" if world["reasons"][c] else None)
		frappe.clear_document_cache(cls.panel.doctype, cls.panel.name)

	@classmethod
	def score(cls, row, reference: str, said: str | None) -> None:
		if not said:
			return
		frappe.get_doc(
			doctype="Panel Score",
			name=frappe.generate_hash(),
			panel=cls.panel.name,
			participant=row.participant,
			candidate=reference,
			answer=said if said.startswith("Chose") else "Scored",
			appointable=None
			if said.startswith("Chose")
			else "Not appointable"
			if said.startswith("Not")
			else "Appointable",
			own_key=frappe.generate_hash(),
		).db_insert()

	@settings(
		max_examples=EXAMPLES,
		deadline=None,
		derandomize=not DEEP,
		database=None,
		suppress_health_check=list(HealthCheck),
	)
	@given(worlds)
	def test_decided_only_where_everybody_with_lived_experience_has_spoken(self, world):
		"""Row 4.8: no path reaches a decision without them."""
		type(self).world = world
		aim = "Decided" if world["path"].kind == STATE else "Decide"
		with self.walk.at("Scoring") as before:
			after, _said = self.walk.attempt(world["path"], before, aim, world["who"])
		may = may_be_decided(world)
		self.tried[
			("decided" if after[0] == "Decided" else "refused", "allowed" if may else "not allowed")
		] += 1
		self.assertIn(after[0], ("Scoring", "Decided"))
		if after[0] == "Decided":
			self.assertTrue(may, world)
		elif may and world["path"].name in ("save", "apply", "form_button"):
			self.fail(f"refused what is allowed: {_said} {world}")

	@given(
		st.lists(
			st.tuples(st.floats(0, 3), st.sampled_from(("Lived experience", "Staff", "HR"))),
			min_size=1,
			max_size=9,
		)
	)
	def test_every_vote_weighs_the_same(self, votes):
		"""Row 4.8: whoever scores, the mean is the plain mean."""
		candidate = frappe._dict(reference="C-1")
		given_scores = [
			frappe._dict(candidate="C-1", answer="Scored", total=total, kind=kind, appointable="Appointable")
			for total, kind in votes
		]
		(row,) = results.of([candidate], given_scores)
		self.assertAlmostEqual(row.mean, sum(total for total, _kind in votes) / len(votes), delta=0.006)
