"""Whoever decides on money and signs in with a password alone is told what to do (domain 5.3)."""

import unittest

import frappe
from frappe.utils.password import update_password

from involvement_app.involvement_payments import second_factor
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.chromium import CHROMIUM, URL, launch
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.tests.journeys.desk import PASSWORD, Desk
from involvement_app.tests.portal.visitor import TwoPeople

MONEY = (roles.FINANCE_OFFICER, roles.FINANCE_AUTHORISER, roles.BUDGET_HOLDER)


def site_asks(value: int) -> None:
	frappe.db.set_single_value("System Settings", "enable_two_factor_auth", value)


class TestSecondFactor(IntegrationTestCase):
	def setUp(self):
		super().setUp()
		self.addCleanup(frappe.clear_document_cache, "System Settings", "System Settings")
		self.addCleanup(frappe.clear_document_cache, "Involvement Settings", "Involvement Settings")
		site_asks(0)

	def asked(self, user: str) -> dict | None:
		bootinfo = frappe._dict()
		with self.as_user(user):
			second_factor.boot(bootinfo)
		return bootinfo.involvement_second_factor

	def test_who_works_with_money_and_nobody_else(self):
		for role in MONEY:
			with self.subTest(role):
				asked = self.asked(factories.staff(role))
				self.assertEqual((asked["roles"], asked["may_switch"]), ([role], False))
				self.assertNotIn(frappe.session.sid, str(asked))
		both = factories.user(roles.FINANCE_OFFICER, "System Manager")
		self.assertTrue(self.asked(both)["may_switch"])
		for user in (
			factories.staff(roles.COORDINATOR),
			factories.staff(roles.MANAGER),
			factories.staff(roles.HR_OFFICER),
			factories.user("System Manager"),
			factories.user(),
			factories.participant(portal=True).user,
			"Administrator",
			"Guest",
		):
			with self.subTest(user):
				self.assertIsNone(self.asked(user))

	def test_whoever_is_asked_for_a_second_factor_is_not_told(self):
		"""By Frappe's own answer: on the site, and on one of their roles."""
		officer, holder = factories.staff(roles.FINANCE_OFFICER), factories.staff(roles.BUDGET_HOLDER)
		frappe.db.set_value("Role", {"name": ["in", [*MONEY, "All"]]}, "two_factor_auth", 0)
		site_asks(1)
		self.assertTrue(self.asked(officer))
		frappe.db.set_value("Role", roles.FINANCE_OFFICER, "two_factor_auth", 1)
		self.assertIsNone(self.asked(officer))
		self.assertTrue(self.asked(holder))
		site_asks(0)
		self.assertTrue(self.asked(officer))

	def test_not_where_no_money_is_paid(self):
		frappe.db.set_single_value("Involvement Settings", "finance_mode", "None")
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.assertIsNone(self.asked(factories.staff(roles.FINANCE_OFFICER)))


@unittest.skipUnless(
	CHROMIUM and URL, "needs a browser and a server: CHROMIUM and INVOLVEMENT_TEST_URL are not set"
)
class TestAtTheDesk(TwoPeople):
	BANNER = ".involvement-second-factor"

	@classmethod
	def arrange(cls):
		super().arrange()
		cls.officer, cls.coordinator = (
			factories.staff(roles.FINANCE_OFFICER),
			factories.staff(roles.COORDINATOR),
		)
		for user in (cls.officer, cls.coordinator):
			update_password(user, PASSWORD)

	@classmethod
	def put_back(cls):
		super().put_back()
		for user in (cls.officer, cls.coordinator):
			cls.forget_sign_ins(user)

	def test_it_is_put_aside_until_they_sign_in_again(self):
		from playwright.sync_api import sync_playwright

		with sync_playwright() as playwright:
			browser = launch(playwright)
			desk = Desk(browser, self.officer)
			for width in (320, 1280):
				desk.at(width)
				self.open(desk)
				desk.page.locator(self.BANNER).get_by_text("Ask your system manager").wait_for()
				box = desk.page.locator(self.BANNER).bounding_box()
				self.assertLessEqual(box["x"] + box["width"], width)
			desk.page.locator(self.BANNER).get_by_role("button", name="Not now").dispatch_event("click")
			self.open(desk)
			self.assertEqual(desk.page.locator(self.BANNER).count(), 0)
			# the same browser, another sign-in, and no page that still asks something as the one before
			desk.page.goto("about:blank")
			desk.context.request.get("/api/method/logout")
			desk.context.request.post("/api/method/login", form={"usr": self.officer, "pwd": PASSWORD})
			self.open(desk)
			desk.page.locator(self.BANNER).wait_for()
			other = Desk(browser, self.coordinator)
			self.open(other)
			self.assertEqual(other.page.locator(self.BANNER).count(), 0)
			browser.close()

	def open(self, desk: Desk) -> None:
		desk.page.goto("/app/involvement-money")
		desk.page.wait_for_function("() => window.frappe && frappe.boot && $('.main-section').length")
		desk.page.wait_for_timeout(1500)  # the desk says that it is ready once it has drawn itself
