"""Ambassadors and communications, as people go it: in Chromium, on a phone and at a desk."""

import unittest

import frappe
from frappe.utils import add_days, today
from frappe.utils.password import update_password

from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.chromium import CHROMIUM, PICTURES, URL, launch, picture
from involvement_app.tests.journeys.desk import PASSWORD, Desk
from involvement_app.tests.portal.visitor import TwoPeople

WIDTHS = (320, 1280)


@unittest.skipUnless(
	CHROMIUM and URL, "needs a browser and a server: CHROMIUM and INVOLVEMENT_TEST_URL are not set"
)
class TestSpeaking(TwoPeople):
	@classmethod
	def arrange(cls):
		super().arrange()
		cls.officer = factories.staff(roles.COMMUNICATIONS)
		for user in (cls.me.user, cls.officer):
			update_password(user, PASSWORD)

	@classmethod
	def put_back(cls):
		super().put_back()
		cls.forget_sign_ins(cls.officer)

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		from playwright.sync_api import sync_playwright

		cls.playwright = sync_playwright().start()
		cls.addClassCleanup(cls.playwright.stop)
		cls.browser = launch(cls.playwright)
		cls.addClassCleanup(cls.browser.close)

	def phone(self, width: int):
		context = self.browser.new_context(
			viewport={"width": width, "height": 720}, java_script_enabled=False, base_url=URL
		)
		self.addCleanup(context.close)
		page = context.new_page()
		page.goto("/take-part/sign-in")
		page.get_by_label("E-mail address").fill(self.me.user)
		page.get_by_label("Password", exact=True).fill(PASSWORD)
		page.locator("main").get_by_role("button", name="Sign in").click()
		return page

	def keep(self, page, name: str) -> None:
		width = page.viewport_size["width"]
		widest = page.evaluate("document.documentElement.scrollWidth")
		self.assertLessEqual(widest, width, f"{name} is wider than the screen")
		if PICTURES:
			picture(page, "speaking", name)

	def test_an_ambassador_stops_on_the_day(self):
		"""Row 4.6: without scripts, with one button, on a phone as at a desk."""
		for width in WIDTHS:
			with self.subTest(width=width):
				role = factories.ambassador(self.me, "Approved")
				self.refresh()
				page = self.phone(width)
				page.goto("/take-part/my")
				page.get_by_role("link", name="Speaking for us").click()
				self.keep(page, "1-role-to-answer")
				page.get_by_role("button", name="Yes, I would like to").first.click()
				doc = factories.assignment(role, "Offered", kind="Conference")
				self.refresh()
				page.goto(f"/take-part/my/ambassador/{doc.name}")
				self.keep(page, "2-what-it-is-about")
				page.get_by_role("button", name="Answer the offer").click()
				choice = page.get_by_label("the full amount", exact=False)
				if choice.count():
					choice.first.check()
				page.get_by_role("button", name="Yes, I would like to take part").click()
				self.assertEqual(self.value(doc.doctype, doc.name), "Accepted")
				frappe.db.set_value(
					"Involvement Session", {"opportunity": doc.opportunity}, "ends_on", today()
				)
				frappe.db.set_value(doc.doctype, doc.name, "takes_place_on", today())
				self.refresh()
				page.goto(f"/take-part/my/ambassador/{doc.name}")
				self.keep(page, "3-on-the-day")
				page.get_by_role("button", name="Stop, I do not do this").click()
				self.keep(page, "4-stopped")
				self.assertIn("You do not speak there", page.locator("main").inner_text())
				self.assertEqual(self.value(doc.doctype, doc.name), "Not going ahead")
				page.get_by_role("button", name="Stop doing this").first.click()
				self.assertEqual(self.value(role.doctype, role.name), "Ended")

	def test_pages_of_stories_on_a_phone_and_at_a_desk(self):
		doc = factories.story(self.me, "In use", identity="First name")
		factories.media_consent(self.me, "Website", "Local press", identity="First name", journalist=1)
		self.refresh()
		for width in WIDTHS:
			page = self.phone(width)
			for name, path in (
				("5-voices", "/take-part/voices"),
				("6-stories", "/take-part/my/stories"),
				("7-story", f"/take-part/my/stories/{doc.name}"),
				("8-media", "/take-part/my/media"),
				("9-leave", "/take-part/my/leave"),
			):
				with self.subTest(name, width=width):
					page.goto(path)
					self.keep(page, name)

	def test_a_communications_officer_approves_uses_and_takes_down(self):
		"""At a desk and on a phone, signed in once."""
		desk = Desk(self.browser, self.officer)
		self.addCleanup(desk.close)
		self.addCleanup(lambda: self.assertEqual(desk.complaints, []))
		for width in WIDTHS:
			with self.subTest(width=width):
				self.approve_use_and_take_down(desk.at(width), width)

	def approve_use_and_take_down(self, desk: Desk, width: int) -> None:
		doc = factories.story(self.me, "Agreed")
		factories.media_consent(self.me, "Website", "Local press")
		self.refresh()
		desk.open(doc.doctype, doc.name)
		desk.workflow("Approve", "Approved")
		desk.fill({"uses": [{"channel": "Local press", "place": "The Gazette", "used_from": today()}]})
		desk.save()
		self.look(desk, "speaking-1-approved")
		desk.workflow("Put into use", "In use")
		self.look(desk, "speaking-2-in-use")
		self.refresh()
		self.assertEqual(self.value(doc.doctype, doc.name), "In use")
		page = self.phone(width)
		page.goto("/take-part/my/media")
		page.get_by_role("button", name="Take back all of it").click()
		self.assertEqual(self.value(doc.doctype, doc.name), "Withdrawn")
		(task,) = frappe.get_all("Story Takedown", {"story": doc.name}, ["name", "due_on", "assigned_user"])
		self.assertEqual(task.assigned_user, self.officer)
		self.assertGreater(str(task.due_on), add_days(today(), 0))
		desk.open("Story Takedown", task.name)
		desk.tell("It is down", "They took the page away", "Done")
		self.look(desk, "speaking-3-down")
		self.refresh()
		self.assertEqual(self.value("Story Takedown", task.name), "Done")

	def look(self, desk: Desk, name: str) -> None:
		self.assertTrue(desk.fits(), f"{name} is wider than the screen")
		if PICTURES:
			picture(desk.page, "journey", name)
