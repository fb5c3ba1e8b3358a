"""On paper, in figures, and on “To do today” (rows 3.11 and 4.8; domain 5.5)."""

import frappe
from frappe.utils import add_days, getdate, today

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

	def of_unit(self, unit: str, **filters) -> dict:
		"""The one row of a unit, as HR reads it."""
		(row,) = self.run_as(factories.staff(roles.HR_OFFICER), by="Unit", unit=unit, **filters)[0]
		return row

	def chaired_by_a_participant(self):
		return factories.decided_panel(people=(factories.participant(used_services=1, portal=True), None))

	def test_it_is_a_share_of_all_recruitments_and_not_of_panels_alone(self):
		"""Domain 5.5: a panel here never decides without lived experience, so the share of panels would be all of them."""
		ours = self.chaired_by_a_participant()
		row = self.of_unit(ours.unit)
		self.assertEqual((row["recruitments"], row["with"], row["counted"]), (1, 100, "What is known here"))
		factories.recruitment_count(unit=ours.unit, recruitments=4)
		row = self.of_unit(ours.unit)
		self.assertEqual((row["recruitments"], row["panels"], row["counted"]), (4, 1, "Written down"))
		self.assertEqual((row["with"], row["chaired"], row["against"]), (25, 25, 0))
		_rows, chart = self.run_as(factories.staff(roles.HR_OFFICER), by="Unit", unit=ours.unit)
		self.assertEqual([each["values"] for each in chart["data"]["datasets"]], [[25], [25], [0]])
		# a quarter whose end is not asked for is no fair denominator
		self.assertEqual(
			self.of_unit(ours.unit, from_date=add_days(today(), -1), to_date=today())["recruitments"], 1
		)

	def test_a_day_that_is_over_without_them_is_a_recruitment_without_them(self):
		ours = self.chaired_by_a_participant()
		about = factories.opportunity("Published", opportunity_type=factories.PANEL_TYPE, unit=ours.unit)
		bare = factories.recruitment_panel(about=about)
		frappe.db.set_value(panels.PANEL, bare.name, "interviews_on", add_days(today(), -1))
		self.assertEqual(self.of_unit(ours.unit)["with"], 100)  # they are named, and vote once it convenes
		frappe.db.delete("Recruitment Panel Member", {"parent": bare.name, "kind": "Lived experience"})
		row = self.of_unit(ours.unit)
		self.assertEqual((row["recruitments"], row["panels"], row["with"]), (2, 1, 50))
		# still to come, or called off: nobody was recruited without them
		for values in ({"interviews_on": today()}, {"status": "Called off"}):
			frappe.db.set_value(panels.PANEL, bare.name, values)
			self.assertEqual(self.of_unit(ours.unit)["with"], 100)
		# what nobody decided, and the job ended, stays what it was
		ended = {"interviews_on": add_days(today(), -1), "ended_undecided": 1}
		frappe.db.set_value(panels.PANEL, bare.name, ended)
		self.assertEqual(self.of_unit(ours.unit)["with"], 50)

	def test_it_names_where_nobody_wrote_the_number_down(self):
		ours = self.chaired_by_a_participant()
		filters = frappe._dict(unit=ours.unit)
		with self.as_user(factories.staff(roles.HR_OFFICER)):
			note = report.execute(filters)[2]
			self.assertIn("shares of all recruitments", note)
			self.assertIn("may be too high", note)
			self.assertIn(ours.unit, note)
			factories.recruitment_count(unit=ours.unit)
			self.assertNotIn("may be too high", report.execute(filters)[2])

	def test_job_openings_without_a_panel_count_where_nobody_counted(self):
		"""Beside Frappe HR: openings name no unit of ours, and are not counted twice."""
		day, earlier = getdate("2026-08-10"), getdate("2026-05-10")
		panel = frappe._dict(unit="Hub", decided_on=day, lived_experience_members=2)
		known = report._known([panel], [], {("Hub", getdate("2026-07-01")): 3}, [day, earlier])
		self.assertEqual(
			{key: each.recruitments for key, each in known.items()},
			{("Hub", getdate("2026-07-01")): 3, ("", getdate("2026-04-01")): 1},
		)
		rows = {
			each["group"]: each for each in (report._row(unit, [one]) for (unit, _q), one in known.items())
		}
		self.assertEqual(rows["Hub"]["with"], 100 / 3)
		self.assertEqual(rows["Job openings without a panel"]["with"], 0)

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
