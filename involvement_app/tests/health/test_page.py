"""The health page in Chromium: as a manager sees it, when it cannot be answered, and for axe."""

import unittest
from pathlib import Path

import frappe
from frappe.utils.password import update_password

from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.chromium import AXE, CHROMIUM, URL, launch
from involvement_app.tests.compat import DEEP, CommittingTestCase
from involvement_app.tests.journeys.desk import PASSWORD, Desk, keep

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ADDRESS = "/app/involvement-health"


@unittest.skipUnless(DEEP and CHROMIUM and URL, "in dev/deep, with a browser and a server")
class TestHealthPage(CommittingTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		from playwright.sync_api import sync_playwright

		playwright = sync_playwright().start()
		cls.addClassCleanup(playwright.stop)
		browser = launch(playwright)
		cls.addClassCleanup(browser.close)
		cls.manager, cls.coordinator = factories.staff(roles.MANAGER), factories.staff(roles.COORDINATOR)
		for user in (cls.manager, cls.coordinator):
			update_password(user, PASSWORD)
		frappe.db.commit()  # the browser signs in over a connection of its own
		cls.browser = browser

	@classmethod
	def tearDownClass(cls):
		for user in (cls.manager, cls.coordinator):
			frappe.db.delete("__Auth", {"doctype": "User", "name": user})
			frappe.db.delete("Sessions", {"user": user})
		frappe.db.commit()  # as the class found it
		super().tearDownClass()

	def test_a_manager_reads_what_to_do_and_axe_finds_nothing(self):
		desk = Desk(self.browser, self.manager)
		desk.page.goto(ADDRESS)
		desk.page.get_by_role("heading", name="Act now", level=2).wait_for()
		text = desk.page.locator(".involvement-health").inner_text()
		for needed in ("Does the scheduler run?", "What to do:", "Fine ("):
			self.assertIn(needed, text)
		keep(desk.page, "health")
		self.assertEqual(self.violations(desk.page), [])
		self.assertEqual(desk.complaints, [])

	def violations(self, page) -> list[str]:
		page.add_script_tag(content=Path(AXE).read_text())
		found = page.evaluate(
			"rules => axe.run('.involvement-health', {runOnly: {type: 'tag', values: rules}})", RULES
		)
		return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]

	def test_when_it_cannot_be_answered_it_says_so(self):
		desk = Desk(self.browser, self.manager)
		desk.page.route("**/api/method/involvement_app.health.report*", lambda route: route.abort())
		desk.page.goto(ADDRESS)
		desk.page.get_by_text("The checks could not be run.").wait_for()
		keep(desk.page, "health-unanswered")

	def test_a_coordinator_does_not_get_the_page(self):
		desk = Desk(self.browser, self.coordinator)
		desk.page.goto(ADDRESS)
		desk.page.wait_for_load_state("networkidle")
		self.assertEqual(desk.page.locator(".involvement-health li").count(), 0)
