"""Candidates' data goes on its day, from everywhere, and is looked for again (domain 1.7)."""

import frappe
from frappe.utils import add_days, today

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.doctype.recruitment_panel.test_recruitment_panel import PanelTestCase
from involvement_app.involvement_app.panels import removal
from involvement_app.tests import factories


class TestRemoval(PanelTestCase):
	def decided(self):
		panel, chair = self.chaired_by_staff()
		factories.all_scores(panel, words="C-1 was late, AB again")
		self.decide(panel, chair)
		frappe.db.set_value(panel.doctype, panel.name, "feedback_words", "C-1 starts in May, said AB.")
		frappe.get_doc(
			doctype="File",
			file_name="cv.txt",
			content=b"AB",
			is_private=1,
			attached_to_doctype=panels.PANEL,
			attached_to_name=panel.name,
		).insert(ignore_permissions=True)  # a factory
		panel.add_comment("Comment", "C-1 is the best")
		panel.add_tag("AB to ring")
		for doctype, name in ((panels.PANEL, panel.name), (panels.SCORE, self.scores(panel)[0])):
			frappe.get_doc(doctype="Version", ref_doctype=doctype, docname=name, data="C-1 AB").db_insert()
			frappe.get_doc(
				doctype="Deleted Document", deleted_doctype=doctype, deleted_name=name, data="C-1"
			).db_insert()
		return panel

	def scores(self, panel) -> list[str]:
		return frappe.get_all(panels.SCORE, {"panel": panel.name}, pluck="name")

	def test_it_is_gone_from_columns_versions_comments_files_and_deleted_documents(self):
		panel = self.decided()
		names, marks = self.scores(panel), ["C-1", "C-2", "AB"]
		about = [(panels.PANEL, [panel.name]), (panels.SCORE, names)]
		found = removal.left(panel.name, about, marks)
		for where in (
			"Panel Score",
			"Panel Score Line",
			"Recruitment Panel Candidate",
			"Version (Panel Score)",
			"Version (Recruitment Panel)",
			"Deleted Document (Panel Score)",
			"Comment (Recruitment Panel)",
			"File (Recruitment Panel)",
			"Recruitment Panel: feedback_words",
			"Recruitment Panel: _comments",
			"Recruitment Panel: _user_tags",
			"Tag Link (Recruitment Panel)",
		):
			self.assertIn(where, found)
		url = frappe.db.get_value("File", {"attached_to_name": panel.name}, "file_url")
		frappe.db.set_value(panel.doctype, panel.name, "remove_candidates_on", today())
		removal.remove_due()
		self.assertEqual(removal.left(panel.name, about, marks), [])
		self.assertTrue(self.stored(panel, "candidates_removed_on"))
		self.assertFalse(frappe.db.exists("File", {"file_url": url}))
		self.assertFalse(any(self.stored(panel, ["_comments", "_user_tags"])))
		self.assertEqual(
			self.stored(panel, "feedback_words"), "[a candidate] starts in May, said [a candidate]."
		)
		self.assertEqual(self.stored(panel, ["status", "lived_experience_members"]), ("Decided", 2))

	def test_a_reference_is_found_however_it_is_written_and_no_word_is_taken_for_initials(self):
		self.assertTrue(removal.mentions("We liked c-1 best", ["C-1", "IS"]))
		self.assertTrue(removal.mentions("IS was calm", ["C-1", "IS"]))
		self.assertFalse(removal.mentions("It is late, and c-12 is another", ["C-1", "IS"]))

	def test_nothing_goes_before_its_day_and_a_panel_called_off_has_one_too(self):
		panel = self.decided()
		self.assertEqual(str(self.stored(panel, "remove_candidates_on")), add_days(today(), 183))
		removal.remove_due()
		self.assertTrue(self.scores(panel))
		other = self.step(factories.recruitment_panel(), "Call off", called_off_because="No money")
		self.assertTrue(other.remove_candidates_on)

	def test_what_is_still_found_counts_as_not_removed(self):
		panel = self.decided()
		frappe.db.set_value(panel.doctype, panel.name, "remove_candidates_on", today())
		scrub, removal._scrub = removal._scrub, lambda *args: None  # a removal that forgets something
		try:
			removal.remove_due()
		finally:
			removal._scrub = scrub
		self.assertFalse(self.stored(panel, "candidates_removed_on"))
		self.assertTrue(self.scores(panel), "all or nothing")
