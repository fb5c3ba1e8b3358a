"""A panel in the portal: who sits on it reads, asks, says whom they know, scores and decides; nobody else sees it."""

import frappe
from frappe.utils import now_datetime, today

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.panels import scores
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.budgets.counting import counted
from involvement_app.tests.portal.visitor import TwoPeople

PANELS = "/take-part/my/panels"


class TestPanelPages(TwoPeople):
	def panel(self, status: str = "Scoring", mine: str = "Chair"):
		"""One on which `me` sits as `mine`, and `other` does not."""
		third = factories.participant(used_services=1)
		people = (
			(self.me, third) if mine == "Chair" else (third, factories.participant(used_services=1), self.me)
		)
		doc = factories.recruitment_panel("Planned", people=people)
		if mine == "Shadow":
			with self.as_user(factories.staff(roles.HR_OFFICER)):
				next(row for row in doc.members if row.participant == self.me.name).role = "Shadow"
				doc.save()
		for action in factories.PANEL_STEPS[
			: ("Planned", "Convened", "Interviewing", "Scoring").index(status)
		]:
			with self.as_user(factories.staff(roles.HR_OFFICER)):
				doc = factories.lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), action)
		self.refresh()
		self.at = f"{PANELS}/{doc.name}"
		return doc

	def test_the_chair_goes_all_the_way_in_the_portal(self):
		"""Row 3.11: somebody with lived experience takes the chair, without a desk."""
		doc = self.panel("Convened")
		visitor = self.signed_in()
		self.assertIn(self.at, visitor.get("/take-part/my").html)
		self.assertIn(doc.post, visitor.get(PANELS).text())
		visitor.submit(f"{self.at}/questions", question="Why do you want to work with us?")
		self.assertEqual(
			self.value("Recruitment Panel Question", {"parent": doc.name, "idx": 2}, "participant"),
			self.me.name,
		)
		wrong = visitor.post(
			f"{self.at}/interests", visitor.get(f"{self.at}/interests").fields() | {"none": ""}
		)
		self.assertEqual(wrong.status, 422)
		visitor.submit(f"{self.at}/interests", none="yes")
		for status in ("Interviewing", "Scoring"):
			visitor.submit(self.at)
			self.assertEqual(self.value(panels.PANEL, doc.name), status)
		for reference in ("C-1", "C-2"):
			missed = visitor.post(
				f"{self.at}/score/{reference}",
				visitor.get(f"{self.at}/score/{reference}").fields() | {"answer": "score", "score-1": "3"},
			)
			self.assertEqual(missed.status, 422)
			self.assertIn("Is on time", missed.text())
			done = visitor.submit(
				f"{self.at}/score/{reference}",
				**{"answer": "score", "score-1": "3", "score-2": "1", "appointable": "no", "words": "Kind"},
			)
			self.assertEqual(done.goes_to, f"{self.at}?done=scored&of={reference}")
		self.assertIn("2 of 6 scores are in", visitor.get(self.at).text())
		self.assertEqual(visitor.get(f"{self.at}/decide").status, 404)
		self.refresh()
		doc.reload()
		for who, reference in sorted(scores.expected(doc) - set(scores.given(doc.name))):
			factories.panel_score(doc, who, reference, words="Much too quick")
		self.refresh()
		page = visitor.get(f"{self.at}/decide")
		self.assertIn("Much too quick", page.text())
		chosen = {"outcome-1": "Appointed", "outcome-2": "Not appointed"}
		refused = visitor.post(f"{self.at}/decide", page.fields() | chosen)
		self.assertEqual(refused.status, 422)
		self.assertIn("Write the reason", refused.text())
		visitor.submit(f"{self.at}/decide", **chosen, **{"reason-1": "The others saw a year of good work"})
		self.assertEqual(self.value(panels.PANEL, doc.name), "Decided")
		self.assertIn("a year of good work", visitor.get(self.at).text())

	def test_whom_i_know_i_say_before_it_is_convened(self):
		doc = self.panel("Planned")
		seat = {"parent": doc.name, "participant": self.me.name}
		frappe.db.set_value("Recruitment Panel Member", seat, "interests_declared_on", None)
		self.refresh()
		visitor = self.signed_in()
		self.assertIn(self.at, visitor.get("/take-part/my").html)
		self.assertIn("Say whether you know a candidate", visitor.get(self.at).text())
		visitor.submit(f"{self.at}/interests", none="yes")
		self.refresh()
		self.assertTrue(frappe.db.get_value("Recruitment Panel Member", seat, "interests_declared_on"))

	def test_a_reason_goes_against_a_member_only_where_it_does(self):
		doc = self.panel()
		for who, reference in sorted(scores.expected(doc)):
			said = "Not appointable" if (who, reference) == (self.me.name, "C-1") else "Appointable"
			factories.panel_score(doc, who, reference, appointable=said)
		self.refresh()
		visitor = self.signed_in()
		visitor.submit(
			f"{self.at}/decide",
			**{"outcome-1": "Appointed", "reason-1": "A year of good work"},
			**{"outcome-2": "Not appointed", "reason-2": "Too far away"},
		)
		text = visitor.get(self.at).text()
		self.assertLess(
			text.index("You said that C-1 could not do the job"), text.index("A year of good work")
		)
		self.assertEqual(text.count("A year of good work"), 1)
		self.assertNotIn("You said that C-2", text)
		self.assertNotIn("went against the view", text)
		self.assertLess(text.index("The reason for this decision"), text.index("Too far away"))
		another = next(row for row in doc.members if row.participant and row.participant != self.me.name)
		frappe.db.set_value("Recruitment Panel Member", another.name, "participant", self.other.name)
		frappe.db.set_value(
			"Panel Score", {"participant": another.participant}, "participant", self.other.name
		)
		self.refresh()
		text = self.signed_in(self.other).get(self.at).text()
		self.assertNotIn("You said that", text)
		self.assertEqual(text.count("went against the view of a member"), 1)
		self.assertLess(text.index("went against the view"), text.index("A year of good work"))

	def test_the_picture_shows_each_score_and_the_mean_and_no_markup_of_a_name(self):
		"""Domain 4.4: results are a picture, too, with the same in its name for who does not see it."""
		doc = self.panel()
		markup = '"><script>alert(1)</script><i>'
		for number, (who, reference) in enumerate(sorted(scores.expected(doc))):
			score = factories.panel_score(doc, who, reference, marks=(number % 4, number % 4))
			frappe.db.set_value("Panel Score", score.name, "member_name", markup)
		self.refresh()
		page = self.signed_in().get(self.at)
		pictures = [each for each in page.tree.iter() if each.get("class") == "portal-picture"]
		self.assertEqual(len(pictures), 2)
		given = frappe.get_all("Panel Score", {"panel": doc.name}, ["candidate", "total"])
		for picture, reference in zip(pictures, ("C-1", "C-2"), strict=True):
			self.assertEqual(picture.get("role"), "img")
			self.assertTrue(picture.get("aria-label").startswith(f"Scores for {reference}, from 0 to 3"))
			self.assertEqual(picture.get("aria-label").count(markup), 3)
			drawn = [each for each in picture.iter() if str(each.tag).endswith("circle")]
			totals = sorted(row.total for row in given if row.candidate == reference)
			self.assertEqual(sorted((float(each.get("cx")) - 10) / 100 for each in drawn), totals)
			red = [each for each in picture.iter() if each.get("stroke") == "#d4351c"]
			self.assertAlmostEqual((float(red[0].get("x1")) - 10) / 100, sum(totals) / len(totals), places=2)
			inside = {str(each.tag).rpartition("}")[2] for each in picture.iter()}
			self.assertEqual(inside, {"svg", "line", "text", "circle"})
		self.assertNotIn("<script>alert", page.html)

	def test_nobody_reads_a_score_of_others_before_all_are_in(self):
		doc = self.panel()
		factories.panel_score(doc, factories.staff(roles.PANEL_MEMBER), words="Secret words", marks=(3, 3))
		self.refresh()
		visitor = self.signed_in()
		for path in (self.at, f"{self.at}/score/C-1", f"{self.at}/questions", PANELS):
			self.assertNotIn("Secret words", visitor.get(path).html)
		self.assertIn("1 of 6 scores are in", visitor.get(self.at).text())
		refused = visitor.submit(f"{self.at}/close", reason="Two are ill")
		self.assertEqual(refused.goes_to, f"{self.at}?done=closed")
		self.assertIn("Secret words", visitor.get(self.at).html)

	def test_pages_tell_nobody_whose_score_is_there(self):
		"""Row 4.8: whoever has scored, others read the same words, at the same number of statements."""
		doc = self.panel()
		visitor = self.signed_in()
		found = {}
		for who, reference in sorted(scores.expected(doc)):
			if who == self.me.name:
				continue
			score = factories.panel_score(doc, who, reference, words="Secret words")
			self.refresh()
			for path in (self.at, f"{self.at}/score/C-1", f"{self.at}/questions", PANELS, "/take-part/my"):
				for _warming in range(2):
					page = visitor.get(path)
				with counted() as statements:
					page = visitor.get(path)
				found.setdefault(path, set()).add((page.text(), len(statements)))
			frappe.db.delete("Panel Score Line", {"parent": score.name})
			frappe.db.delete("Panel Score", {"name": score.name})
			self.refresh()
		for path, answers in found.items():
			with self.subTest(path):
				self.assertEqual(len(answers), 1, answers)
		self.assertTrue(any("1 of 6 scores are in" in text for text, _count in found[self.at]))

	def test_a_shadow_watches_and_does_not_vote(self):
		"""Row 4.8: a shadow learns, and never votes."""
		self.panel(mine="Shadow")
		visitor = self.signed_in()
		self.assertIn("watch and to learn", visitor.get(self.at).text())
		for page in ("score/C-1", "close", "decide"):
			self.assertEqual(visitor.get(f"{self.at}/{page}").status, 404)
		self.assertEqual(visitor.post(self.at, visitor.get("/take-part/my/messages").fields()).status, 404)

	def test_whom_i_know_i_do_not_score(self):
		doc = self.panel("Convened")
		visitor = self.signed_in()
		visitor.submit(f"{self.at}/interests", knows="C-1", none="")
		self.refresh()
		seat = {"parent": doc.name, "participant": self.me.name}
		self.assertEqual(frappe.db.get_value("Recruitment Panel Member", seat, "stands_aside_for"), "C-1")
		visitor.submit(self.at)
		visitor.submit(self.at)
		self.assertIn("you do not score", visitor.get(f"{self.at}/score/C-1").text())
		refused = visitor.post(
			f"{self.at}/score/C-1",
			visitor.get("/take-part/my/messages").fields() | {"answer": "not"},
		)
		self.assertEqual(refused.status, 422)

	def test_what_is_scored_is_read_before_and_said_yes_to_by_whoever_owns_it(self):
		"""Row 3.11: members with lived experience own what is scored, in their own words."""
		doc = self.panel("Convened")
		at = f"{self.at}/criteria/{doc.criteria[0].name}"
		for row in doc.criteria:
			frappe.db.set_value(row.doctype, row.name, {"agreed_on": None, "told_how": None})
		self.refresh()
		visitor = self.signed_in()
		self.assertIn("Please say yes to yours", visitor.get(self.at).text())
		text = visitor.get(f"{self.at}/criteria").text()
		for words in ("Is on time (counts 2 times)", "Very well", "This one is yours"):
			self.assertIn(words, text)
		page = visitor.get(at)
		wrong = visitor.post(at, page.fields() | {"words_2": " ", "criterion": "x" * 141})
		self.assertEqual(wrong.status, 422)
		wrong = visitor.post(at, page.fields() | {"words_2": " "})
		self.assertIn("Write what 2 means", wrong.text())
		twice = visitor.post(at, page.fields() | {"criterion": "Is on time"})
		self.assertEqual(twice.status, 422)
		self.assertIn("this is there already", twice.text())
		visitor.submit(at, criterion="Hears you out", words_3="Every time")
		self.assertIn("Please say yes", visitor.get(self.at).text())
		visitor.submit(f"{self.at}/criteria/{doc.criteria[1].name}")
		self.assertNotIn("Please say yes", visitor.get(self.at).text())
		self.refresh()
		doc.reload()
		self.assertEqual(
			(doc.criteria[0].criterion, doc.criteria[0].words_3), ("Hears you out", "Every time")
		)
		self.assertEqual([str(row.agreed_on) for row in doc.criteria], [today()] * 2)
		self.assertFalse(any(row.told_how or row.recorded_by for row in doc.criteria))
		text = visitor.get(f"{self.at}/criteria").text()
		self.assertIn("You said yes to it", text)
		for _each in range(2):
			visitor.submit(self.at)  # interviews, scores
		self.assertEqual(visitor.get(at).status, 404)
		self.assertEqual(visitor.post(at, page.fields()).status, 404)
		self.assertIn("Hears you out", visitor.get(f"{self.at}/criteria").text())

	def test_what_somebody_else_owns_is_read_and_not_changed(self):
		doc = self.panel("Convened", mine="Shadow")
		visitor = self.signed_in()
		text = visitor.get(f"{self.at}/criteria").text()
		self.assertIn("stands for it, and said yes", text)
		self.assertNotIn("This one is yours", text)
		at = f"{self.at}/criteria/{doc.criteria[0].name}"
		self.assertEqual(visitor.get(at).status, 404)
		token = visitor.get("/take-part/my/messages").fields()
		self.assertEqual(visitor.post(at, token | {"criterion": "Mine"}).status, 404)
		self.assertEqual(visitor.get(f"{self.at}/criteria/none").status, 404)

	def test_it_is_nobody_elses(self):
		self.panel()
		stranger = self.signed_in(self.other)
		for page in ("", "/questions", "/criteria", "/interests", "/score/C-1", "/close", "/decide"):
			self.assertEqual(stranger.get(f"{self.at}{page}").status, 404, page)
		self.assertNotIn(self.at, stranger.get(PANELS).html)

	def test_how_it_was_is_said_on_the_page_of_the_place_with_a_name_or_without(self):
		doc = self.panel()
		place = frappe.db.get_value(
			"Involvement Engagement", {"opportunity": doc.opportunity, "participant": self.me.name}
		)
		there = f"/take-part/my/places/{place}/how-it-was"
		self.refresh()
		visitor = self.signed_in()
		self.assertIn("nothing to tell yet", visitor.get(there).text())
		self.assertNotIn(there, visitor.get(self.at).html)
		over = {"status": "Fed back", "feedback_words": "She starts in May", "fed_back_on": now_datetime()}
		frappe.db.set_value(doc.doctype, doc.name, over)
		self.refresh()
		page = visitor.get(self.at)
		self.assertIn("She starts in May", page.text())
		self.assertIn(there, page.html)
		visitor.submit(there, what_to_change="The room was cold", with_name="without")
		self.refresh()
		(row,) = frappe.get_all("Experience Feedback", {"opportunity": doc.opportunity}, ["*"])
		self.assertEqual((row.what_to_change, row.participant), ("The room was cold", None))
		self.assertIn("You have told us", visitor.get(there).text())
