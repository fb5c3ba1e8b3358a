"""The portal as a person meets it: Chromium, scripts off or on, 320 and 1280 pixels wide, the keyboard, axe."""

import os
import unittest
from pathlib import Path

from frappe.utils import add_to_date, now_datetime

from involvement_app.involvement_app import places
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.chromium import AXE, CHROMIUM, PICTURES, URL, launch, picture
from involvement_app.tests.portal.visitor import PASSWORD, PortalTestCase

WIDTHS = (320, 1280)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")]
	.filter((e) => e.getClientRects().length && getComputedStyle(e).position !== "absolute" && !e.closest("p, dd, li:has(> a + *)"))
	.map((e) => [e.outerHTML.slice(0, 120), e.getBoundingClientRect()])
	.filter(([, box]) => box.width && (box.height < 24 || box.width < 24)).map(([text]) => text)"""
WIDER = (
	"""(most) => document.documentElement.scrollWidth > most ? [document.documentElement.scrollWidth] : []"""
)


@unittest.skipUnless(
	CHROMIUM and URL, "needs a browser and a server: CHROMIUM and INVOLVEMENT_TEST_URL are not set"
)
class TestInABrowser(PortalTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		from playwright.sync_api import sync_playwright

		cls.playwright = sync_playwright().start()
		cls.addClassCleanup(cls.playwright.stop)
		cls.browser = launch(cls.playwright)
		cls.addClassCleanup(cls.browser.close)

	def window(self, width: int = 320, scripts: bool = False, signed_in: bool = True):
		context = self.browser.new_context(
			viewport={"width": width, "height": 720}, java_script_enabled=scripts, base_url=URL
		)
		self.addCleanup(context.close)
		page = context.new_page()
		if signed_in:
			self.sign_in(page)
		return page

	def sign_in(self, page) -> None:
		page.goto("/take-part/sign-in")
		page.get_by_label("E-mail address").fill(self.me.user)
		page.get_by_label("Password", exact=True).fill(PASSWORD)
		page.locator("main").get_by_role("button", name="Sign in").click()

	def keep(self, page, name: str) -> None:
		"""A picture for people to look at."""
		if PICTURES:
			picture(page, "portal", name)

	def both_kinds(self, width: int, scripts: bool):
		guest = self.window(width, scripts, signed_in=False)
		member = self.window(width, scripts)
		for path in self.guest_pages():
			yield guest, path
		for path in self.participant_pages():
			yield member, path

	def test_every_page_at_both_widths(self):
		"""In one visit each, with scripts: what axe finds, what is wider than a small phone, too small to press
		(WCAG 2.2, 2.5.8: 24 by 24; links within a sentence are exempt), or blocked by our own policy."""
		axe = Path(AXE).read_text() if AXE and os.path.exists(AXE) else None
		for width in WIDTHS:
			for page, path in self.both_kinds(width, scripts=True):
				with self.subTest(f"{path} at {width}"):
					found = self.faults(page, path, width, axe)
					self.assertEqual(found, {name: [] for name in found})
				self.keep(page, path.strip("/").replace("/", "-").replace("?", "-")[:80])
		if not axe:
			self.skipTest("all but axe: INVOLVEMENT_AXE names no file of axe-core")

	def faults(self, page, path: str, width: int, axe: str | None) -> dict[str, list]:
		said = []
		page.on("console", listener := lambda message: said.append(message.text))
		page.on("pageerror", broken := lambda error: said.append(str(error)))
		page.goto(path)
		found = {
			"complaints": [text for text in said if "the server responded with a status of 4" not in text]
		}
		# before axe is there, whose own words are no complaint of the page's
		page.remove_listener("console", listener)
		page.remove_listener("pageerror", broken)
		if width == WIDTHS[0]:
			found["too wide"] = page.evaluate(WIDER, width)
			found["too small to press"] = page.evaluate(SMALL)
		if axe:
			page.evaluate(axe)
			told = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
			found["axe"] = [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in told]
		return found

	def test_the_whole_way_without_scripts_on_a_small_phone(self):
		"""Row 0.20: find, sign in on the way, apply, say yes to a lower amount, and see it."""
		opportunity = self.opportunity(locality="Otterford")
		self.refresh()
		page = self.window(signed_in=False)
		page.goto("/take-part")
		page.get_by_role("button", name="See what you can do").click()
		page.get_by_text("Show only some of them").click()
		page.get_by_label("Where").select_option("Otterford")
		page.get_by_role("button", name="Show").click()
		page.get_by_role("link", name=opportunity.title).click()
		page.get_by_role("button", name="Sign in to apply").click()
		page.get_by_label("E-mail address").fill(self.me.user)
		page.get_by_label("Password", exact=True).fill(PASSWORD)
		page.locator("main").get_by_role("button", name="Sign in").click()
		page.get_by_label("What would you like to get out of it?").fill("Meet people")
		page.get_by_role("button", name="Send my application").click()
		self.assertIn("Thank you. We have your application.", page.inner_text("main"))
		self.keep(page, "journey-1-applied")

		name = self.value("Involvement Application", {"opportunity": opportunity.name}, "name")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.offer(name, reply_by=add_to_date(now_datetime(), days=7))
		self.refresh()
		page.goto("/take-part/my")
		offer = page.locator(".portal-card--wants-you", has_text=opportunity.title)
		offer.get_by_role("button", name="See the offer and answer").click()
		page.get_by_role("button", name="Yes, I would like to take part").click()
		self.assertIn("Choose how you would like to be paid", page.inner_text(".govuk-error-summary"))
		self.keep(page, "journey-2-error")
		page.get_by_role("radio", name="A lower amount").check()
		page.get_by_label("If you choose a lower amount").fill("41.50")
		page.get_by_role("button", name="Yes, I would like to take part").click()
		self.assertIn("You have a place.", page.inner_text("main"))
		page.get_by_role("link", name=opportunity.title).first.click()
		self.assertIn("A lower amount: £41.50", page.inner_text("main"))
		self.keep(page, "journey-3-place")
		page.get_by_role("button", name="Sign out").click()
		self.assertIn("You are signed out.", page.inner_text("main"))

	def test_no_thank_you_with_the_keyboard_alone(self):
		"""Row 0.14."""
		name = self.new_offer()
		page = self.window(scripts=True)
		page.goto(f"/take-part/my/offers/{name}")
		self.press_until(page, "No thank you")
		page.keyboard.press("Enter")
		page.wait_for_url("**/no-thank-you")
		self.press_until(page, "No thank you")
		page.keyboard.press("Enter")
		page.wait_for_url("**/my?done=no")
		self.assertEqual(self.value("Involvement Application", name), "Not going ahead")

	def test_what_was_typed_comes_back_after_signing_in_again_without_scripts(self):
		"""domain 4.8."""
		opportunity = self.opportunity()
		self.refresh()
		page = self.window()
		page.goto(f"/take-part/opportunities/{opportunity.name}/apply")
		page.get_by_label("What would you like to get out of it?").fill("To be heard, at last")
		self.end_session(next(each["value"] for each in page.context.cookies() if each["name"] == "sid"))
		page.get_by_role("button", name="Send my application").click()
		self.assertIn("You were signed out to keep you safe.", page.inner_text("main"))
		self.look_at(page, "kept-1-signed-out")
		page.get_by_label("E-mail address").fill(self.me.user)
		page.get_by_label("Password", exact=True).fill(PASSWORD)
		page.locator("main").get_by_role("button", name="Sign in").click()
		self.assertIn("Not sent yet", page.inner_text("main"))
		hopes = page.get_by_label("What would you like to get out of it?")
		self.assertEqual(hopes.input_value(), "To be heard, at last")
		self.look_at(page, "kept-2-brought-back")
		page.get_by_role("button", name="Send my application").click()
		self.assertIn("Thank you. We have your application.", page.inner_text("main"))

	def test_who_is_about_to_be_signed_out_is_told_and_stays_with_one_press(self):
		"""domain 4.8; WCAG 2.2.1."""
		page = self.window(scripts=True)
		page.clock.install()
		page.goto("/take-part/my")
		words, stay = page.locator("[aria-live=assertive]"), page.get_by_role("button", name="Stay signed in")
		seconds = int(page.locator(".portal-timeout").get_attribute("data-seconds"))
		self.assertEqual((words.inner_text(), stay.is_visible()), ("", False))
		page.clock.fast_forward((seconds - 290) * 1000)
		self.assertEqual(words.inner_text(), "To keep you safe, you will be signed out in 5 minutes.")
		self.look_at(page, "timeout-1-soon")
		with page.expect_response("**/my/still-here") as answer:
			stay.click()
		self.assertEqual(answer.value.status, 204)
		page.wait_for_function("document.querySelector('[aria-live=assertive]').textContent.includes('stay')")
		self.assertFalse(stay.is_visible())
		page.clock.fast_forward((seconds + 10) * 1000)
		self.assertIn("you are signed out now", words.inner_text())
		self.look_at(page, "timeout-2-ended")

	def look_at(self, page, name: str) -> None:
		"""At the small width, at the large one, and at the large one enlarged twice: pictures, axe, no sideways."""
		for width, height in ((1280, 720), (640, 360), (320, 720)):
			page.set_viewport_size({"width": width, "height": height})
			self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width)
			self.keep(page, name)
		if AXE and os.path.exists(AXE):
			# what runs from outside the page is not bound by its policy, nor by a window without scripts
			found = self.axe_finds(page)
			self.assertEqual(found, [])

	def axe_finds(self, page) -> list:
		twin = page.context.browser.new_context(viewport=page.viewport_size, base_url=URL)
		self.addCleanup(twin.close)
		copy = twin.new_page()
		copy.set_content(page.content().replace('href="/assets', f'href="{URL}/assets'))
		copy.evaluate(Path(AXE).read_text())
		violations = copy.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
		return [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations]

	def press_until(self, page, words: str) -> None:
		for _n in range(40):
			page.keyboard.press("Tab")
			focused = page.evaluate("document.activeElement.innerText")
			self.assertTrue(self.focus_shows(page), f"no focus to be seen on {focused!r}")
			if (focused or "").strip() == words:
				return
		self.fail(f"Tab never comes to “{words}”")

	def focus_shows(self, page) -> bool:
		return page.evaluate(
			"""() => { const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
			const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
			const marked = style.outlineStyle !== "none" || style.boxShadow !== "none";
			return marked && (e.contains(top) || top?.contains(e) || e.type === "radio"); }"""
		)

	def test_the_first_tab_skips_to_the_content(self):
		page = self.window(scripts=True, signed_in=False)
		page.goto("/take-part")
		page.keyboard.press("Tab")
		self.assertEqual(page.evaluate("document.activeElement.innerText"), "Skip to main content")
		page.keyboard.press("Enter")
		self.assertEqual(page.evaluate("document.activeElement.id"), "main-content")

	def test_with_scripts_the_error_summary_has_the_focus_and_leads_to_the_field(self):
		page = self.window(scripts=True, signed_in=False)
		page.goto("/take-part/sign-in")
		page.locator("main").get_by_role("button", name="Sign in").click()
		page.wait_for_selector(".govuk-error-summary:focus")
		page.get_by_role("link", name="Type your e-mail address").click()
		self.assertEqual(page.evaluate("document.activeElement.id"), "email")

	def test_leaving_is_one_press_away_and_stays_in_sight(self):
		page = self.window(scripts=True, signed_in=False)
		page.goto(f"/take-part/opportunities/{self.open.name}")
		page.evaluate("window.scrollTo(0, document.body.scrollHeight / 2)")
		box = page.get_by_role("button", name="Leave this site quickly").bounding_box()
		self.assertLess(box["y"], 100)

	def test_on_paper_there_is_nothing_to_press(self):
		page = self.window(1280)
		page.emulate_media(media="print")
		page.goto(f"/take-part/my/places/{self.mine.place}")
		for words in ("Save my choice", "Leave this site quickly", "Sign out"):
			self.assertFalse(page.get_by_text(words).first.is_visible(), words)
		self.assertTrue(page.get_by_text("The Old Library").first.is_visible())
