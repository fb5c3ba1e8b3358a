"""A panel from the plan to the decision, as people go it: HR and a colleague at the desk, the chair with lived experience
and a shadow in the portal, without scripts, on a phone and at a desk. One walk: the pages of both are looked at in both
widths, and the chair does half of what they do in each."""

import re
import unittest

import frappe
from frappe.utils.password import update_password

from involvement_app import lifecycle
from involvement_app.involvement_app import panels
from involvement_app.lifecycle import retry_on_deadlock
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.chromium import CHROMIUM, PICTURES, URL, launch, picture
from involvement_app.tests.compat import as_user
from involvement_app.tests.journeys.desk import PASSWORD, WIDTHS, Desk
from involvement_app.tests.portal.visitor import MADE
from involvement_app.tests.races.connections import RaceTestCase

MARKUP = "Kim <i class='markup'>x</i>\"><i class='markup'>"
AT = "/take-part/my/panels"
PHONE, SCREEN = 320, 1280
# what somebody would have to scroll sideways for
OUTSIDE = """() => [...document.querySelectorAll("main a, main button, main input, main textarea, main svg, main dl")]
	.filter((each) => each.checkVisibility() && !each.closest(".govuk-visually-hidden"))
	.filter((each) => { const box = each.getBoundingClientRect(); return box.left < -1 || box.right > innerWidth + 1 })
	.map((each) => each.outerHTML.slice(0, 120))"""


@unittest.skipUnless(
	CHROMIUM and URL, "needs a browser and a server: CHROMIUM and INVOLVEMENT_TEST_URL are not set"
)
class TestPanel(RaceTestCase):
	made_doctypes = (*MADE, "File", "Notification Log")

	@classmethod
	def arrange(cls):
		factories.empty_hands()
		cls.hr, cls.colleague = factories.staff(roles.HR_OFFICER), factories.staff(roles.PANEL_MEMBER)
		cls.chair, cls.shadow = (
			factories.participant(portal=True, preferred_name=name, used_services=1)
			for name in ("Alex", "Sam")
		)
		cls.other = factories.participant(preferred_name="Kim", used_services=1)
		about = factories.opportunity("Published", opportunity_type=factories.PANEL_TYPE, places=5)
		people = (cls.chair, cls.other, cls.shadow)
		cls.panel = factories.recruitment_panel(people=people, about=about, post="Support worker")
		with as_user(cls.hr):
			cls.panel.members[2].role = "Shadow"
			cls.panel.criteria[0].agreed_on = None
			cls.panel.save()
		cls.users = (cls.hr, cls.colleague, cls.chair.user, cls.shadow.user)
		for user in cls.users:
			update_password(user, PASSWORD)

	@classmethod
	def tearDownClass(cls):
		cls.forget_sign_ins()
		super().tearDownClass()

	@classmethod
	@retry_on_deadlock  # the server may be at the same sessions
	def forget_sign_ins(cls):
		for user in cls.users:
			frappe.db.delete("__Auth", {"doctype": "User", "name": user})
			frappe.db.delete("Sessions", {"user": user})

	def test_a_panel_chooses_somebody(self):
		"""Rows 3.11, 4.8: HR, a chair who is a participant, a shadow and a colleague choose together."""
		from playwright.sync_api import sync_playwright

		with sync_playwright() as playwright:
			self.browser = launch(playwright)
			self.hr_convenes()
			self.chair_goes_on()
			self.shadow_watches()
			self.colleague_scores()
			self.chair_scores_and_decides()
			self.hr_tells_everybody()
			self.browser.close()

	def test_hr_convenes_and_tells_at_both_widths(self):
		"""Row 3.11: what HR does to a panel, at a desk and on a phone, signed in once."""
		from playwright.sync_api import sync_playwright

		with sync_playwright() as playwright:
			self.browser = launch(playwright)
			desk = self.at_desk(self.hr)
			for width in WIDTHS:
				with self.subTest(width=width):
					self.hr_at(desk.at(width))
			self.browser.close()

	def hr_at(self, desk: Desk) -> None:
		self.panel = factories.recruitment_panel(people=(self.chair, self.other), post="Peer worker")
		frappe.db.commit()  # the browser's server is another process
		desk.open(panels.PANEL, self.panel.name)
		self.assertTrue(desk.fits())
		desk.press("Convene", "Convened")
		self.assertEqual(self.status(), "Convened")
		with as_user(self.hr):
			for action in ("Start interviews", "Start scoring"):
				lifecycle.apply(frappe.get_doc(panels.PANEL, self.panel.name), action)
		factories.decided_panel(panel=frappe.get_doc(panels.PANEL, self.panel.name))
		frappe.db.commit()  # the browser's server is another process
		desk.open(panels.PANEL, self.panel.name)
		desk.page.get_by_text("What the members scored").wait_for()
		self.assertTrue(desk.fits())
		desk.tell("Tell the members", "Somebody starts in May. Thank you.", "Fed back")
		self.assertEqual(self.status(), "Fed back")

	def status(self) -> str:
		frappe.db.rollback()
		return frappe.db.get_value(panels.PANEL, self.panel.name, "status")

	def at_desk(self, user: str) -> Desk:
		desk = Desk(self.browser, user)
		self.addCleanup(lambda: self.assertEqual(desk.complaints, [], f"scripts at the desk of {user}"))
		return desk

	def portal(self, person, scripts: bool = False):
		context = self.browser.new_context(
			viewport={"width": PHONE, "height": 800}, base_url=URL, java_script_enabled=scripts
		)
		page = context.new_page()
		page.goto("/take-part/sign-in")
		page.get_by_label("E-mail address").fill(person.user)
		page.get_by_label("Password", exact=True).fill(PASSWORD)
		page.locator("main").get_by_role("button", name="Sign in").click()
		page.goto(f"{AT}/{self.panel.name}")
		return page

	def turn(self, page, width: int) -> None:
		page.set_viewport_size({"width": width, "height": 800})

	def look(self, page, name: str) -> None:
		"""The page as it is, in both widths: all of it is in sight."""
		size = page.viewport_size
		for width in (PHONE, SCREEN):
			self.turn(page, width)
			with self.subTest(name, width=width):
				self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width)
				self.assertEqual(page.evaluate(OUTSIDE), [])
			if PICTURES:
				picture(page, "journey", name)
		page.set_viewport_size(size)

	def hr_convenes(self) -> None:
		desk = self.at_desk(self.hr)
		desk.open(panels.PANEL, self.panel.name)
		desk.keep("panel-01-hr-planned")
		desk.press("Convene", "Convened")
		desk.close()

	def chair_goes_on(self) -> None:
		page = self.portal(self.chair)
		page.get_by_role("link", name="Questions for the candidates").click()
		page.get_by_label("Your question").fill("What helps you on a hard day?")
		page.get_by_role("button", name="Add my question").click()
		self.look(page, "panel-02-chair")
		page.get_by_role("link", name="What is scored").click()
		self.look(page, "panel-02-criteria")
		page.get_by_role("link", name="Say yes, or change the words").click()
		page.get_by_label("3 means").fill("Hears what is not said")
		self.look(page, "panel-02-criterion")
		page.get_by_role("button", name="Yes, with these words").click()
		page.get_by_text("You said yes to it").wait_for()
		for width, label, status in (
			(PHONE, "Start the interviews", "Interviewing"),
			(SCREEN, "Ask everybody for their scores", "Scoring"),
		):
			self.turn(page, width)
			page.get_by_role("button", name=label).click()
			page.wait_for_load_state()
			self.assertEqual(self.status(), status)
		page.context.close()

	def shadow_watches(self) -> None:
		page = self.portal(self.shadow)
		for width in (PHONE, SCREEN):
			self.turn(page, width)
			page.goto(f"{AT}/{self.panel.name}")
			page.get_by_text("watch and to learn").wait_for()
			for act in ("Write your score", "Close scoring early", "Write down the decision"):
				self.assertEqual(page.get_by_text(act).count(), 0)
			page.get_by_role("link", name="Questions for the candidates").click()
			page.get_by_text("What helps you on a hard day?").wait_for()
			self.assertEqual(page.get_by_label("Your question").count(), 0)  # scoring has begun
			page.get_by_role("link", name="Back to the panel").click()
			page.get_by_role("link", name="What is scored").click()
			page.get_by_text("Hears what is not said").wait_for()
			page.get_by_role("link", name="Back to the panel").click()
			page.get_by_text("Who takes part").wait_for()
		self.look(page, "panel-03-shadow")
		page.context.close()

	def colleague_scores(self) -> None:
		desk = self.at_desk(self.colleague)
		for reference in ("C-1", "C-2"):
			desk.page.goto(f"/app/panel-score/new?panel={self.panel.name}")
			desk.page.wait_for_function(
				"() => window.cur_frm && cur_frm.doctype === 'Panel Score' && cur_frm.is_new()"
			)
			desk.fill({"panel": self.panel.name})
			desk.settled("(cur_frm.doc.scores || []).length === 2")
			desk.page.evaluate("cur_frm.doc.scores.forEach(row => (row.score = '2'))")
			desk.fill({"candidate": reference, "appointable": "Appointable", "words": "Kind and clear"})
			desk.save()
		desk.keep("panel-04-colleague-score")
		desk.open(panels.PANEL, self.panel.name)
		desk.page.get_by_text("2 of 6 scores are in").wait_for()
		desk.keep("panel-05-colleague-bar")
		self.assertEqual(desk.page.get_by_text("What the members scored").count(), 0)
		desk.close()

	def chair_scores_and_decides(self) -> None:
		page = self.portal(self.chair, scripts=True)
		for width, reference in ((PHONE, "C-1"), (SCREEN, "C-2")):
			self.turn(page, width)
			self.chair_scores(page, reference)
		frappe.db.rollback()
		for reference in ("C-1", "C-2"):
			score = factories.panel_score(self.panel, self.other.name, reference, marks=(0, 0))
			frappe.db.set_value(panels.SCORE, score.name, "member_name", MARKUP)
		frappe.db.commit()  # the browser's server is another process
		page.goto(f"{AT}/{self.panel.name}")
		page.get_by_text("You see this differently").first.wait_for()
		self.picture_is_drawn(page)
		self.look(page, "panel-07-results")
		page.get_by_role("button", name="Write down the decision").click()
		page.locator("input[name=outcome-1][value=Appointed]").check(force=True)
		page.locator("input[name=outcome-2][value=Reserve]").check(force=True)
		self.look(page, "panel-08-decide")
		page.get_by_role("button", name="This is our decision").click()
		page.get_by_text("The decision is written down").wait_for()
		self.assertEqual(self.status(), "Decided")
		page.context.close()

	def chair_scores(self, page, reference: str) -> None:
		"""Row 4.8: the connection goes while they write, and again when they send; nothing of it is lost."""
		page.get_by_role("link", name=re.compile(rf"Write your score\s*: {reference}")).click()
		written = f"{AT}/{self.panel.name}/score/{reference}"
		marks = {"answer": "score", "score-1": "3", "score-2": "1", "appointable": "yes"}
		page.context.set_offline(True)
		for name, value in marks.items():
			page.locator(f"input[name={name}][value='{value}']").check(force=True)
		page.get_by_label("In your words").fill("Listened all the time")
		with page.expect_event("requestfailed"):
			page.get_by_role("button", name="Keep my score").click(no_wait_after=True)
		frappe.db.rollback()
		of_mine = {"participant": self.chair.name, "candidate": reference}
		self.assertFalse(frappe.db.exists(panels.SCORE, of_mine), "nothing has left")
		page.context.set_offline(False)
		page.goto(written)
		self.assertEqual(page.get_by_label("In your words").input_value(), "Listened all the time")
		for name, value in marks.items():
			self.assertEqual(page.locator(f"input[name={name}]:checked").input_value(), value)
		self.look(page, f"panel-06-score-sheet-{reference}")
		page.get_by_role("button", name="Keep my score").click()
		page.get_by_text("Your score is kept").wait_for()
		frappe.db.rollback()
		kept = frappe.db.get_value(panels.SCORE, of_mine, ["words", "appointable"])
		self.assertEqual(kept, ("Listened all the time", "Appointable"))
		page.goto(written)
		page.get_by_label("In your words").fill("")
		page.reload()
		self.assertEqual(page.get_by_label("In your words").input_value(), "")
		page.evaluate("sessionStorage.clear()")
		page.goto(f"{AT}/{self.panel.name}")

	def hr_tells_everybody(self) -> None:
		desk = self.at_desk(self.hr)
		desk.open(panels.PANEL, self.panel.name)
		desk.page.get_by_text("What the members scored").wait_for()
		self.picture_is_drawn(desk.page)
		desk.keep("panel-09-hr-results")
		desk.tell("Tell the members", "Somebody starts in May. Thank you.", "Fed back")
		desk.close()
		self.colleague_tells_how_it_was()
		page = self.portal(self.chair)
		page.get_by_role("button", name="Tell us how it was").click()
		page.get_by_label("What should we change?").fill("A longer break")
		page.locator("input[name=with_name][value=without]").check(force=True)
		page.get_by_role("button", name="Send").click()
		page.get_by_text("You have told us how it was").wait_for()
		self.look(page, "panel-11-how-it-was")
		page.context.close()

	def picture_is_drawn(self, page) -> None:
		"""A circle for each score; a name is a name, whatever it is made of."""
		pictures = page.locator("svg[role=img]").filter(has=page.locator("circle"))
		self.assertEqual([each.locator("circle").count() for each in pictures.all()], [3, 3])
		for each in pictures.all():
			box = each.bounding_box()
			self.assertTrue(box["width"] > 200 and box["height"] > 40, box)
		self.assertTrue(page.get_by_text(MARKUP).first.is_visible())
		self.assertEqual(page.locator(".markup").count(), 0)

	def colleague_tells_how_it_was(self) -> None:
		"""The notice leads to the place where they say it."""
		frappe.db.rollback()
		told = {"template": "Involvement panel thank you", "recipient": self.colleague}
		body = frappe.db.get_value("Involvement Message", {**told, "reference_name": self.panel.name}, "body")
		path = re.search(r'href="https?://[^/]+([^"]+)"', body).group(1).replace("&amp;", "&")
		desk = self.at_desk(self.colleague)
		desk.page.goto(path)
		dialog = desk.page.locator(".modal.show")
		dialog.get_by_text("Without your name").first.wait_for()
		dialog.locator("[data-fieldname=listened_to] select").select_option("5")
		dialog.locator("[data-fieldname=what_to_change] textarea").fill("More time between two")
		dialog.locator("[data-fieldname=with_name] select").select_option(label="No, without my name")
		desk.keep("panel-10-colleague-how-it-was")
		dialog.get_by_role("button", name="Send").click()
		dialog.wait_for(state="hidden")
		desk.settled("true")
		self.assertEqual(desk.page.get_by_text("How it was for me").count(), 0)
		frappe.db.rollback()
		about = {"opportunity": self.panel.opportunity}
		(row,) = frappe.get_all("Experience Feedback", about, ["staff", "owner", "what_to_change"])
		self.assertEqual((row.staff, row.owner), (None, "Administrator"))
		self.assertEqual(row.what_to_change, "More time between two")
		desk.close()
