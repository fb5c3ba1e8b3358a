"""Candidates' data goes on its day, from everywhere, and is looked for again (domain 1.7)."""

import unittest

import frappe
from frappe.utils import add_days, getdate, today

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.doctype.recruitment_panel.test_recruitment_panel import PanelTestCase
from involvement_app.involvement_app.panels import beside, removal
from involvement_app.patches.v1_0 import panel_dates
from involvement_app.pdf import pdf_of
from involvement_app.setup import roles
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


class TestBeside(PanelTestCase):
	"""Messages about it, and papers of its opportunity and its dates."""

	def due(self, panel) -> None:
		frappe.db.set_value(panel.doctype, panel.name, "remove_candidates_on", today())
		removal.remove_due()

	def message(self, about, **values) -> str:
		row = frappe.get_doc(
			doctype="Involvement Message",
			recipient_doctype="Involvement Participant",
			recipient=factories.participant().name,
			channel="Email",
			template="Involvement message",
			status="Sent",
			reference_doctype=about.doctype,
			reference_name=about.name,
			subject="A message for you",
			**values,
		)
		row.set_new_name()
		row.db_insert()
		return row.name

	def words(self, name: str) -> tuple:
		return frappe.db.get_value("Involvement Message", name, ["subject", "body", "short_text"])

	def paper(self, doc, name: str, content=b"Come at ten") -> str:
		file = frappe.get_doc(
			doctype="File",
			file_name=f"{frappe.generate_hash(length=6)} {name}",
			content=content,
			is_private=1,
			attached_to_doctype=doc.doctype,
			attached_to_name=doc.name,
		)
		return file.insert(ignore_permissions=True).name  # a factory

	def unreadable(self, doc, name: str) -> str:
		"""Neither text nor PDF, and not the same twice: Frappe keeps like contents once."""
		return self.paper(doc, name, bytes(range(255, 0, -1)) + name.encode())

	def there(self, *names: str) -> list[bool]:
		return [bool(frappe.db.exists("File", name)) for name in names]

	def session_of(self, panel):
		return frappe.get_doc("Involvement Session", {"opportunity": panel.opportunity})

	def test_messages_lose_what_they_say_of_candidates(self):
		panel, chair = self.chaired_by_staff()
		who = self.lived(panel)[0]
		for each, reference in [(who, "C-1"), *[(row, "C-1") for row in (self.lived(panel)[1], chair)]]:
			said = "Not appointable" if each == who else "Appointable"
			factories.panel_score(panel, each, reference, appointable=said)
			factories.panel_score(panel, each, "C-2")
		self.decide(panel, chair, C_1=("Appointed", "AB was calm all day"))
		self.step(panel, "Tell the members", feedback_words="C-1 starts in May")
		date, about = self.session_of(panel), frappe.get_doc(panels.OPPORTUNITY, panel.opportunity)
		names = [
			self.message(date, body="<p>c-1 comes at ten</p>"),
			self.message(about, body="<p>Welcome</p>", short_text="c-2 is here"),
			self.message(date, body="<p>It begins at ten, AB says</p>"),
			self.message(factories.opportunity("Published"), body="<p>C-1 is a room there</p>"),
		]
		told = {"reference_doctype": panel.doctype, "reference_name": panel.name}
		mail = frappe.get_doc(doctype="Email Queue", message="C-1 starts in May", status="Sent")
		mail.db_insert()
		row = frappe.get_all("Involvement Message", {**told, "body": ["like", "%AB was calm%"]}, pluck="name")
		frappe.db.set_value("Involvement Message", row[0], "email_queue", mail.name)
		count = frappe.db.count("Involvement Message", told)
		marks = ["C-1", "C-2", "AB"]
		self.assertEqual(beside.left(panel, marks), ["Involvement Message"])
		self.due(panel)
		self.assertTrue(self.stored(panel, "candidates_removed_on"))
		self.assertEqual(beside.left(panel, marks), [])
		self.assertEqual(frappe.db.count("Involvement Message", told), count, "that they were told stays")
		of_panel = frappe.get_all("Involvement Message", told, ["subject", "body", "short_text"])
		self.assertFalse([each for each in of_panel if any(each.values())])
		self.assertEqual([self.words(name)[1] for name in names[:2]], [None, None])
		self.assertIn("begins at ten", self.words(names[2])[1])
		self.assertIn("C-1 is a room", self.words(names[3])[1])
		self.assertFalse(frappe.db.get_value("Email Queue", mail.name, "message"))

	def test_papers_that_name_a_candidate_go_and_with_the_last_panel_those_that_nobody_can_read(self):
		panel = factories.recruitment_panel("Scoring")
		about = frappe.get_doc(panels.OPPORTUNITY, panel.opportunity)
		people = [frappe.get_doc("Involvement Participant", name) for name in self.lived(panel)]
		other = factories.recruitment_panel(people=people, about=about)
		self.edit(other, lambda doc: [doc.candidates[n].update({"reference": f"D-{n}"}) for n in range(2)])
		bare = factories.recruitment_panel(people=people, about=about)
		self.edit(bare, lambda doc: doc.set("candidates", []))
		date = self.session_of(panel)
		frappe.db.set_value(date.doctype, date.name, "ends_on", add_days(today(), -1))
		to_come = frappe.copy_doc(date)
		to_come.update({"starts_on": add_days(today(), 5), "ends_on": add_days(today(), 6)})
		to_come.set_new_name()
		to_come.db_insert()  # test set-up
		named = self.unreadable(date, "C-1_letter.bin")
		written = self.paper(about, "notes.txt", b"We saw c-1 in the morning")
		plan, job = (
			self.unreadable(date, "plan.bin"),
			self.paper(about, "job.txt", b"HR wants AB to come"),
		)
		easy, next_time = (
			self.unreadable(about, "easy.bin"),
			self.unreadable(to_come, "next.bin"),
		)
		url = frappe.db.get_value("File", plan, "file_url")
		about.db_set("easy_read", frappe.db.get_value("File", easy, "file_url"))  # test set-up
		with self.as_user(about.lead):
			date.append("papers", {"title": "The day", "format": "Standard", "file": url})
		date.papers[-1].db_insert()
		frappe.get_doc(doctype="Version", ref_doctype=date.doctype, docname=date.name, data=url).db_insert()
		self.due(panel)
		self.assertTrue(self.stored(panel, "candidates_removed_on"))
		everything = (named, written, plan, job, easy, next_time)
		self.assertEqual(self.there(*everything), [False, False, True, True, True, True])
		self.due(other)
		self.assertEqual(self.stored(other), "Called off")
		self.assertEqual(self.stored(bare), "Planned", "it has nobody yet, and no day")
		self.assertTrue(self.there(plan)[0], "that one is under way")
		frappe.db.set_value(panels.PANEL, bare.name, "status", "Called off")
		removal.remove(bare.name)
		self.assertEqual(self.there(*everything), [False, False, False, True, True, True])
		self.assertFalse(frappe.db.get_value("Involvement Session Paper", {"parent": date.name}, "file"))
		self.assertFalse(frappe.db.exists("Version", {"docname": date.name, "data": ["like", f"%{url}%"]}))
		about_form = {"reference_name": ["in", [date.name, about.name]], "content": ["like", "%C-1%"]}
		self.assertEqual(frappe.get_all("Comment", about_form, pluck="content"), [])

	def test_initials_that_are_a_word_take_no_word_away(self):
		panel = factories.recruitment_panel(post="HR officer")
		self.edit(panel, lambda doc: doc.candidates[0].update({"initials": "HR"}))
		said = self.message(self.session_of(panel), body="<p>HR comes at ten</p>")
		self.due(panel)
		self.assertTrue(self.stored(panel, "candidates_removed_on"))
		self.assertEqual(self.stored(panel, "post"), "HR officer")
		self.assertIn("HR comes", self.words(said)[1])

	def test_a_pdf_is_read(self):
		panel = factories.recruitment_panel()
		content = pdf_of("<p>The letter of C-1</p>")
		if not content:
			raise unittest.SkipTest("nothing here makes PDFs")
		name = self.paper(self.session_of(panel), "a.pdf", content)
		file = frappe.get_doc("File", name)
		self.assertTrue(beside._tells_of_one(file, ["C-1"]))
		self.assertFalse(beside._tells_of_one(file, ["C-7"]))

	def test_while_a_paper_is_there_nothing_counts_as_removed(self):
		panel = factories.recruitment_panel()
		name = self.paper(self.session_of(panel), "plan.txt", b"C-1 comes at ten")
		self.assertIn("File (Involvement Session)", beside.left(panel, ["C-1"]))
		go, beside.remove = beside.remove, lambda *args: None  # a removal that forgets them
		try:
			self.due(panel)
		finally:
			beside.remove = go
		self.assertFalse(self.stored(panel, "candidates_removed_on"))
		self.assertEqual((self.stored(panel), self.there(name)), ("Planned", [True]))

	def test_a_panel_that_never_decides_has_a_day_and_ends_on_it(self):
		panel = factories.recruitment_panel(interviews_on=add_days(today(), 20))
		self.assertEqual(str(self.stored(panel, "remove_candidates_on")), add_days(today(), 203))
		self.edit(panel, lambda doc: doc.update({"interviews_on": None}))
		self.assertEqual(str(self.stored(panel, "remove_candidates_on")), add_days(today(), 183))
		with self.hr():
			forged = frappe.get_doc(panel.doctype, panel.name)
			forged.remove_candidates_on = add_days(today(), 3000)
			forged.save()
		self.assertEqual(str(self.stored(panel, "remove_candidates_on")), add_days(today(), 183))
		for status in ("Planned", "Convened", "Interviewing", "Scoring"):
			with self.subTest(status):
				panel, _chair = self.chaired_by_staff(status)
				if status == "Scoring":
					factories.panel_score(panel, self.lived(panel)[0])
				self.due(panel)
				self.assertEqual(self.stored(panel), "Called off")
				self.assertTrue(self.stored(panel, "candidates_removed_on"))
				self.assertIn("Nothing was decided", self.stored(panel, "called_off_because"))
				self.assertFalse(frappe.db.exists(panels.CANDIDATE, {"parent": panel.name}))
				self.assertFalse(frappe.db.exists(panels.SCORE, {"panel": panel.name}))

	def test_nobody_ends_it_so_but_the_job(self):
		panel = factories.recruitment_panel()
		for user in (factories.staff(roles.HR_OFFICER), factories.staff(roles.MANAGER), "Administrator"):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.step(panel, "End", by=user, called_off_because="Now")

	def test_without_candidates_there_is_nothing_to_remove(self):
		panel = factories.recruitment_panel()
		self.edit(panel, lambda doc: doc.set("candidates", []))
		self.assertIsNone(self.stored(panel, "remove_candidates_on"))

	def test_panels_from_before_get_their_day(self):
		panel, decided = factories.recruitment_panel("Scoring"), factories.recruitment_panel()
		frappe.db.set_value(panel.doctype, panel.name, "remove_candidates_on", None)
		over = {"remove_candidates_on": None, "status": "Closed"}
		frappe.db.set_value(panel.doctype, decided.name, over)
		panel_dates.execute()
		self.assertEqual(getdate(self.stored(panel, "remove_candidates_on")), getdate(add_days(today(), 183)))
		self.assertIsNone(self.stored(decided, "remove_candidates_on"))
