"""A break, leaving and coming back, by the person, in the portal."""

import frappe

from involvement_app.tests.portal.visitor import TwoPeople

MY_PAGE = "/take-part/my"


class TestDepartures(TwoPeople):
	def setUp(self):
		super().setUp()
		self.visitor = self.signed_in()

	def tearDown(self):
		frappe.db.set_value("Involvement Participant", self.me.name, "status", "Active")
		self.refresh()
		super().tearDown()

	def standing(self) -> str:
		return self.value("Involvement Participant", self.me.name)

	def press_come_back(self):
		token = self.visitor.get(MY_PAGE).fields()["csrf_token"]
		return self.visitor.post(f"{MY_PAGE}/come-back", {"csrf_token": token})

	def test_a_break_is_two_presses_and_undone_by_one(self):
		"""Row 0.14: no reason is asked; the page says what goes to others and what stays."""
		place = self.new_place()
		title = self.value("Involvement Engagement", place, "opportunity")
		title = frappe.db.get_value("Involvement Opportunity", title, "title")
		page = self.visitor.get(f"{MY_PAGE}/break")
		self.assertIn(title, page.text())
		self.assertEqual([each.tag for each in page.all("textarea")], [])
		self.assertEqual(self.visitor.submit(f"{MY_PAGE}/break", days="14").goes_to, f"{MY_PAGE}?done=paused")
		self.assertEqual(self.standing(), "Paused")
		self.assertEqual(self.value("Involvement Engagement", place), "Ended early")
		self.assertIn("You are taking a break", self.visitor.get(MY_PAGE).text())
		self.assertEqual(self.visitor.get(f"{MY_PAGE}/break").status, 303)
		self.assertEqual(self.press_come_back().goes_to, f"{MY_PAGE}?done=back")
		self.assertEqual(self.standing(), "Active")

	def test_leaving_is_two_presses_and_can_be_undone(self):
		"""Row 0.14: whoever has left still sees what is owed to them, and comes back with one press."""
		self.assertEqual(self.visitor.submit(f"{MY_PAGE}/leave").goes_to, f"{MY_PAGE}?done=gone")
		self.assertEqual(self.standing(), "Left")
		self.assertEqual(self.visitor.get(f"{MY_PAGE}/payments").status, 200)
		self.assertEqual(self.visitor.submit(f"{MY_PAGE}/preferences").status, 303)
		self.press_come_back()
		self.assertEqual(self.standing(), "Active")

	def test_sending_it_twice_is_sending_it_once(self):
		told = {"recipient": self.me.name, "template": "Involvement goodbye"}
		before = frappe.db.count("Involvement Message", told)
		token = self.visitor.get(f"{MY_PAGE}/leave").fields()["csrf_token"]
		for _each in range(2):
			self.assertEqual(self.visitor.post(f"{MY_PAGE}/leave", {"csrf_token": token}).status, 303)
		self.refresh()
		self.assertEqual(frappe.db.count("Involvement Message", told), before + 1)

	def test_a_form_that_is_not_ours_changes_nothing(self):
		for path in ("break", "leave", "come-back"):
			self.assertEqual(self.visitor.post(f"{MY_PAGE}/{path}", {}).status, 403)
		self.assertEqual(self.standing(), "Active")
