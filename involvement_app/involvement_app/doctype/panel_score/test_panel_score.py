"""A score is its member's alone until all are in (row 4.8)."""

import frappe
import frappe.client

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.doctype.recruitment_panel.test_recruitment_panel import PanelTestCase
from involvement_app.involvement_app.panels import scores
from involvement_app.lifecycle import StepNotPermitted
from involvement_app.setup import roles
from involvement_app.tests import factories

SCORE = "Panel Score"


class TestPanelScore(PanelTestCase):
	def made_once(self):
		super().made_once()
		self.one, self.two = factories.staff(roles.PANEL_MEMBER), factories.another(roles.PANEL_MEMBER)
		self.panel = factories.recruitment_panel("Scoring", colleagues=[self.one, self.two])

	def sees(self, user: str, name: str) -> bool:
		with self.as_user(user):
			may = frappe.has_permission(SCORE, "read", name)
			try:
				listed = name in frappe.get_list(SCORE, pluck="name", limit=0)
				lines = frappe.client.get_list(
					"Panel Score Line", filters={"parent": name}, parent=SCORE, limit_page_length=0
				)
			except frappe.PermissionError:
				listed, lines = False, []
		self.assertEqual((may, bool(lines)), (listed, listed))
		return may

	def test_nobody_else_reads_it_until_all_are_in(self):
		"""Row 4.8: scores are hidden until everybody has scored."""
		score = factories.panel_score(self.panel, self.one)
		everybody = (
			factories.staff(roles.HR_OFFICER),
			self.two,
			factories.staff(roles.COORDINATOR),
			factories.staff(roles.MANAGER),
			*factories.others(),
		)
		self.assertTrue(self.sees(self.one, score.name))
		for user in everybody:
			self.assertFalse(self.sees(user, score.name), user)
		modified = self.stored(self.panel, "modified")
		for who, reference in sorted(scores.expected(self.panel) - {(self.one, "C-1")})[:-1]:
			factories.panel_score(self.panel, who, reference)
		self.assertEqual(
			self.stored(self.panel, "modified"), modified
		)  # nothing that others read tells of a score
		self.assertFalse(self.sees(self.two, score.name))
		factories.panel_score(
			self.panel, *sorted(scores.expected(self.panel) - set(scores.given(self.panel.name)))[0]
		)
		for user in everybody[:2]:
			self.assertTrue(self.sees(user, score.name), user)
		for user in everybody[2:]:
			self.assertFalse(self.sees(user, score.name), user)
		with self.as_user(self.one), self.assertRaisesRegex(frappe.ValidationError, "scores are open"):
			read = frappe.get_doc(SCORE, score.name)
			read.words = "Better"
			read.save()

	def test_a_member_limited_to_another_unit_lists_no_line(self):
		score = factories.panel_score(self.panel, self.one)
		factories.limit(self.one, factories.unit())
		self.assertFalse(self.sees(self.one, score.name))

	def test_the_bar_says_how_many_and_never_whose(self):
		factories.panel_score(self.panel, self.one)
		self.assertEqual(scores.bar(self.panel), {"in": 1, "of": 8})

	def test_who_wrote_one_tells_no_socket(self):
		said = []
		publish = frappe.publish_realtime
		frappe.publish_realtime = lambda *args, **kwargs: said.append((args, kwargs))
		try:
			factories.panel_score(self.panel, self.one)
		finally:
			frappe.publish_realtime = publish
		self.assertFalse([each for each in said if SCORE in str(each) or self.one in str(each)])

	def test_no_version_is_kept(self):
		score = factories.panel_score(self.panel, self.one)
		self.assertFalse(frappe.get_meta(SCORE).track_changes)
		self.assertFalse(frappe.db.exists("Version", {"docname": score.name}))

	def test_once_for_a_member_and_a_candidate_in_the_database(self):
		first = factories.panel_score(self.panel, self.one, marks=(0, 1))
		self.assertEqual(factories.panel_score(self.panel, self.one, marks=(3, 3)).name, first.name)
		copy = frappe.copy_doc(first)
		copy.own_key = first.own_key
		with self.as_user(self.one), self.assertRaisesRegex(frappe.ValidationError, "scored C-1 already"):
			copy.insert()
		copy.name = frappe.generate_hash()
		self.assertRaises(frappe.UniqueValidationError, copy.db_insert)

	def test_the_weighted_mean_is_of_criteria_and_never_of_members(self):
		self.assertEqual(factories.panel_score(self.panel, self.one, marks=(0, 3)).total, 2)

	def test_what_is_out_of_range_is_named(self):
		for values, words in (
			({"marks": (2, 4)}, r"row 2 \(Is on time\): choose 0, 1, 2 or 3. It says 4"),
			({"marks": (-1, 2)}, r"row 1 \(Listens\)"),
			({"marks": ("", 2)}, "It says nothing"),
			({"appointable": ""}, "Could this person do the job"),
			({"reference": "C-9"}, "Candidate: choose one of C-1, C-2"),
		):
			with self.subTest(words), self.assertRaisesRegex(frappe.ValidationError, words):
				factories.panel_score(self.panel, self.one, **values)

	def test_a_relative_stands_aside_and_a_shadow_does_not_vote(self):
		for change, words in (
			({"stands_aside_for": "C-1"}, "Candidate: .* stand aside"),
			({"role": "Shadow"}, "does not vote"),
		):
			frappe.db.set_value("Recruitment Panel Member", self.panel.members[2].name, change)  # test set-up
			with self.subTest(words), self.assertRaisesRegex(frappe.ValidationError, words):
				factories.panel_score(self.panel, self.one)

	def test_nobody_scores_for_somebody_else(self):
		score = factories.panel_score(self.panel, self.one)
		with self.as_user(self.two), self.assertRaises(frappe.PermissionError):
			read = frappe.get_doc(SCORE, score.name)
			read.words = "Terrible"
			read.save()
		for user in (
			factories.another(roles.PANEL_MEMBER),
			factories.staff(roles.COORDINATOR),
			"Administrator",
		):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				scores.put(self.panel.name, "C-1", {"answer": "Scored"})
		forged = {
			"doctype": SCORE,
			"panel": self.panel.name,
			"candidate": "C-2",
			"answer": "Chose not to score",
		}
		with self.as_user(self.two):
			made = frappe.get_doc(
				{**forged, "participant": self.lived(self.panel)[0], "staff": self.one}
			).insert()
		self.assertEqual((made.participant, made.staff), (None, self.two))

	def test_who_votes_does_not_write_down_what_others_think(self):
		hr = factories.another(roles.HR_OFFICER)
		panel = factories.recruitment_panel("Scoring", colleagues=[hr])
		with self.as_user(hr), self.assertRaisesRegex(frappe.PermissionError, "another HR officer"):
			scores.put(
				panel.name, "C-1", {"answer": "Scored"}, participant=self.lived(panel)[0], told_how="Phone"
			)
		made = factories.panel_score(panel, self.lived(panel)[0])
		self.assertEqual((made.told_how, made.recorded_by), ("In person", factories.staff(roles.HR_OFFICER)))
		self.assertFalse(self.sees(factories.staff(roles.HR_OFFICER), made.name))

	def test_hr_changes_what_it_wrote_down_and_never_what_a_member_wrote(self):
		person = factories.participant(used_services=1, portal=True)
		panel = factories.recruitment_panel("Scoring", people=(person, None))
		values = {
			"answer": "Scored",
			"appointable": "Not appointable",
			"words": "Mine",
			"scores": {row.criterion: "1" for row in panel.criteria},
		}
		told = factories.panel_score(panel, person.name, "C-1")
		self.assertEqual(factories.panel_score(panel, person.name, "C-1", marks=(3, 3)).name, told.name)
		with self.as_user(person.user):
			own = scores.put(panel.name, "C-2", values)
		with self.assertRaisesRegex(frappe.PermissionError, "written this score themselves"):
			factories.panel_score(panel, person.name, "C-2")
		self.assertEqual(
			frappe.db.get_value(SCORE, own.name, ["words", "appointable", "told_how"]),
			("Mine", "Not appointable", None),
		)

	def test_the_chair_closes_with_a_reason_and_nobody_else_does(self):
		with self.as_user(self.one), self.assertRaises(StepNotPermitted):
			scores.close(self.panel.name, "I am in a hurry")
		user = factories.another(factories.PORTAL)
		frappe.db.set_value("Involvement Participant", self.panel.members[0].participant, "user", user)
		with self.as_user(user):
			with self.assertRaisesRegex(frappe.ValidationError, "Why scoring is closed early"):
				scores.close(self.panel.name, " ")
			scores.close(self.panel.name, "Two are ill")
		self.assertTrue(self.stored(self.panel, "opened_on"))

	def test_it_is_not_deleted_one_by_one(self):
		score = factories.panel_score(self.panel, self.one)
		self.assertRaises(frappe.ValidationError, frappe.delete_doc, SCORE, score.name)
		self.assertTrue(frappe.db.exists(panels.SCORE, score.name))
