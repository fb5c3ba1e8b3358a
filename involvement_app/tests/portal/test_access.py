"""What one needs to take part: written, shared as one says, taken away, and asked about after a session."""

import frappe

from involvement_app.involvement_app import consents
from involvement_app.involvement_app.doctype.access_requirement.criterion import LEADS, NAMED, TEAM
from involvement_app.involvement_privacy import consent
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import TwoPeople

PAGE = "/take-part/my/access"
REQUIREMENT = "Access Requirement"


class TestAccess(TwoPeople):
	@classmethod
	def arrange(cls):
		super().arrange()
		running = cls.opportunity()
		cls.mine, cls.theirs = (
			frappe._dict(
				place=factories.engagement(running, person).name,
				need=factories.access_requirement(person).name,
			)
			for person in (cls.me, cls.other)
		)
		factories.held_session(running)

	def setUp(self):
		super().setUp()
		self.visitor = self.signed_in()

	def add(self, page: str = f"{PAGE}/new", **fields):
		values = {"need": "Large print", "share_with": TEAM, "detail": "18 point", "agree": "yes", **fields}
		token = self.visitor.get(page).fields()["csrf_token"]
		return self.visitor.post(page, {"csrf_token": token, **values})

	def mine_now(self) -> list:
		self.refresh()
		fields = ["name", "need", "detail", "share_with", "recorded_by", "owner"]
		return frappe.get_all(REQUIREMENT, {"participant": self.me.name}, fields, order_by="creation desc")

	def test_a_need_is_written_by_the_person_after_their_yes(self):
		"""Row 0.15: identified and recorded, in the person's own words, once they have said yes to it."""
		page = self.add(agree="")
		self.assertEqual(page.status, 422)
		self.assertIn("Tick the box if we may keep this", page.text())
		self.assertEqual(page.fields()["detail"], "18 point")
		self.assertEqual(self.add().goes_to, f"{PAGE}?done=saved")
		newest = self.mine_now()[0]
		self.assertEqual((newest.need, newest.detail, newest.recorded_by), ("Large print", "18 point", None))
		person = (self.me.doctype, self.me.name)
		self.assertEqual(consent.state(person, consents.ACCESS).method, "Portal")
		self.assertNotIn("you may keep this", self.visitor.get(f"{PAGE}/new").text())
		self.assertIn("18 point", self.visitor.get(PAGE).text())
		self.change_and_take_away(newest.name)

	def change_and_take_away(self, name: str):
		page = f"{PAGE}/{name}"
		self.assertEqual(self.add(page, detail="20 point", share_with=LEADS).status, 303)
		changed = next(row for row in self.mine_now() if row.name == name)
		self.assertEqual((changed.detail, changed.share_with), ("20 point", LEADS))
		token = self.visitor.get(page).fields()["csrf_token"]
		self.assertEqual(
			self.visitor.post(f"{page}/remove", {"csrf_token": token}).goes_to, f"{PAGE}?done=gone"
		)
		self.assertNotIn(name, [row.name for row in self.mine_now()])
		self.assertFalse(frappe.db.exists("Deleted Document", {"deleted_name": name}))

	def test_what_is_missing_is_named_and_what_was_typed_kept(self):
		page = self.add(need="", share_with="Everybody", detail="My words")
		self.assertEqual(page.status, 422)
		self.assertIn("Choose what you need", page.text())
		self.assertIn("Choose who may see it", page.text())
		self.assertEqual(page.fields()["detail"], "My words")
		self.assertEqual(self.add(share_with=NAMED).status, 422)  # there is nobody of that name

	def test_nobody_reaches_somebody_elses(self):
		before = frappe.get_value(REQUIREMENT, self.theirs.need, "detail")
		token = self.visitor.get(f"{PAGE}/new").fields()["csrf_token"]
		for path in (f"{PAGE}/{self.theirs.need}", f"{PAGE}/{self.theirs.need}/remove"):
			self.assertEqual(self.visitor.post(path, {"csrf_token": token, "need": "Breaks"}).status, 404)
		self.assertEqual(self.visitor.get(f"{PAGE}/{self.theirs.need}").status, 404)
		self.assertEqual(self.value(REQUIREMENT, self.theirs.need, "detail"), before)

	def test_ones_own_words_are_kept_too(self):
		"""Row 0.15: the note that was there before is still the person's, to read and to change."""
		page = self.visitor.submit(PAGE, access_note="Short breaks and tea", agree="yes")
		self.assertEqual(page.status, 303)
		self.assertEqual(
			self.value("Involvement Participant", self.me.name, "access_note"), "Short breaks and tea"
		)

	def test_after_a_while_one_press_says_it_is_still_right(self):
		"""Row 0.15: reviewed, with one press."""
		self.assertNotIn("It is all still right", self.visitor.get(PAGE).text())
		frappe.db.set_value(
			REQUIREMENT, self.mine.need, {"review_on": "2026-01-01", "review_asked_on": "2026-01-01"}
		)
		self.refresh()
		self.assertIn("It is all still right", self.visitor.get(PAGE).text())
		token = self.visitor.get(PAGE).fields()["csrf_token"]
		self.assertEqual(
			self.visitor.post(PAGE, {"csrf_token": token, "right": "yes"}).goes_to, f"{PAGE}?done=right"
		)
		self.assertIsNone(self.value(REQUIREMENT, self.mine.need, "review_asked_on"))

	def test_whether_it_was_there_is_asked_after_a_session(self):
		"""Row 0.15: “was it met?”, answered by the person, seen by whoever ran the session."""
		page = f"/take-part/my/places/{self.mine.place}/access"
		self.assertIn(
			"had what you needed", self.visitor.get(f"/take-part/my/places/{self.mine.place}").text()
		)
		row = self.visitor.get(page).fields()["session"]
		token = self.visitor.get(page).fields()["csrf_token"]
		sent = {"csrf_token": token, "session": row, "words": "The print was small"}
		self.assertEqual(self.visitor.post(page, {**sent, "met": "perhaps"}).status, 422)
		self.assertEqual(self.visitor.post(page, {**sent, "met": "Partly"}).goes_to, f"{page}?done=answered")
		answered = self.value(
			"Involvement Session Attendance", row, ["access_met", "access_words", "access_told_how"]
		)
		self.assertEqual(answered, ("Partly", "The print was small", None))
		theirs = frappe.get_value("Involvement Session Attendance", {"engagement": self.theirs.place})
		self.assertEqual(self.visitor.post(page, {**sent, "session": theirs, "met": "No"}).status, 404)
		self.assertFalse(self.value("Involvement Session Attendance", theirs, "access_met"))

	def test_kinds_of_needs_are_for_managers_to_change(self):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			new = frappe.get_doc(doctype="Access Need Type", need_name="A new kind", category="Other")
			self.assertRaises(frappe.PermissionError, new.insert)
