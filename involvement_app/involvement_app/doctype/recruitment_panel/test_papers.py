"""On paper, in figures, and on “To do today” (rows 3.11 and 4.8; domain 5.5)."""

import frappe
from frappe.utils import add_days, today

from involvement_app.involvement_app import panels, to_do
from involvement_app.involvement_app.doctype.panel_score.test_attacks import printed_by_the_desk
from involvement_app.involvement_app.doctype.recruitment_panel.test_recruitment_panel import PanelTestCase
from involvement_app.involvement_app.panels import desk, members, scores
from involvement_app.involvement_app.report.recruitment_with_lived_experience import (
	recruitment_with_lived_experience as report,
)
from involvement_app.setup import roles
from involvement_app.tests import factories

MARKUP = "<b>bold</b>"


class TestPapers(PanelTestCase):
	def printed(self, panel, print_format: str, user: str) -> str:
		with self.as_user(user):
			return printed_by_the_desk(panel.doctype, panel.name, print_format)

	def test_pack_and_score_sheet_are_for_who_reads_the_panel(self):
		panel = factories.recruitment_panel("Scoring", about=None, post=MARKUP)
		for print_format, words in (("Panel pack", "What would you do"), ("Paper score sheet", "Is on time")):
			with self.subTest(print_format):
				html = self.printed(panel, print_format, factories.staff(roles.PANEL_MEMBER))
				self.assertIn(words, html)
				self.assertIn("C-1", html)
				self.assertNotIn(MARKUP, html)
				with self.assertRaises(frappe.PermissionError):
					self.printed(panel, print_format, factories.another(roles.PANEL_MEMBER))

	def test_the_decision_record_says_what_each_scored_once_it_is_decided(self):
		panel, chair = self.chaired_by_staff()
		factories.all_scores(panel, marks=(1, 2))
		self.assertIn("Nothing is decided yet", self.printed(panel, "Decision record", chair))
		self.decide(panel, chair, C_1=("Appointed", MARKUP))
		html = self.printed(panel, "Decision record", chair)
		self.assertIn("1.67", html)
		self.assertNotIn("1.66", html)  # nor is it printed to the ninth place
		self.assertNotIn(MARKUP, html)


class TestFigures(PanelTestCase):
	def run_as(self, user: str, **filters):
		with self.as_user(user):
			_columns, rows, _note, chart = report.execute(filters)
			return rows, chart

	def test_shares_by_quarter_and_unit_of_what_the_reader_may_see(self):
		"""Row 3.11: in how many recruitments people with lived experience had a part is measured."""
		person = factories.participant(used_services=1, portal=True)
		ours = factories.decided_panel(people=(person, None))
		theirs, chair = self.chaired_by_staff()
		factories.panel_score(theirs, self.lived(theirs)[0], appointable="Not appointable")
		for who, reference in sorted(scores.expected(theirs) - set(scores.given(theirs.name))):
			factories.panel_score(theirs, who, reference)
		self.decide(theirs, chair, C_1=("Appointed", "A longer trial"))
		hr = factories.staff(roles.HR_OFFICER)
		rows = {row["group"]: row for row in self.run_as(hr, by="Unit")[0]}
		self.assertEqual(
			[rows[ours.unit][key] for key in ("panels", "with", "chaired", "against")], [1, 100, 100, 0]
		)
		self.assertEqual([rows[theirs.unit][key] for key in ("chaired", "against")], [0, 100])
		quarters, chart = self.run_as(hr)
		self.assertEqual(len(chart["data"]["datasets"]), 3)
		self.assertGreaterEqual(quarters[-1]["panels"], 2)
		limited = factories.another(roles.COORDINATOR)
		factories.limit(limited, ours.unit)
		self.assertEqual({row["group"] for row in self.run_as(limited, by="Unit")[0]}, {ours.unit})
		with self.assertRaises(frappe.PermissionError):
			self.run_as(factories.staff(roles.FINANCE_OFFICER))


class TestToDo(PanelTestCase):
	def waiting(self, user: str) -> set[tuple[str, str]]:
		with self.as_user(user):
			return {(row["kind"], row["name"]) for row in to_do.rows()["rows"]}

	def test_what_waits_for_hr(self):
		hr = factories.staff(roles.HR_OFFICER)
		planned = factories.recruitment_panel()
		scoring, chair = self.chaired_by_staff()
		found = self.waiting(hr)
		self.assertLessEqual({("convene", planned.name), ("scores", scoring.name)}, found)
		self.assertNotIn(("convene", planned.name), self.waiting(factories.staff(roles.COORDINATOR)))
		factories.all_scores(scoring)
		self.assertNotIn(("scores", scoring.name), self.waiting(hr))
		self.decide(scoring, chair)
		self.assertIn(("decided", scoring.name), self.waiting(hr))
		frappe.db.set_value(panels.PANEL, scoring.name, "remove_candidates_on", add_days(today(), -1))
		self.assertIn(("candidates", scoring.name), self.waiting(hr))


class TestResults(PanelTestCase):
	def test_far_apart_or_of_two_minds_is_marked(self):
		panel = factories.recruitment_panel("Scoring")
		voters = [members.key_of(row) for row in members.voters(panel)]
		for n, who in enumerate(voters):
			factories.panel_score(panel, who, "C-1", marks=(3 * (n % 2),) * 2)
			factories.panel_score(panel, who, "C-2")

		with self.as_user(factories.staff(roles.PANEL_MEMBER)):
			one, two = desk.standing(panel.name)["results"]
		self.assertEqual((one.mean, one.spread, one.disagree), (1, 3, True))
		self.assertEqual((two.mean, two.spread, two.disagree), (2, 0, False))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertEqual(desk.standing(panel.name)["results"], [])
