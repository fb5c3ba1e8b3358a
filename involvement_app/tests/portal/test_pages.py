"""What is true of every page."""

import itertools
import re
from collections import Counter

import frappe
from frappe.utils.password import update_password
from frappe.website.serve import get_response

from involvement_app.involvement_app import calendars
from involvement_app.portal import responses
from involvement_app.portal.dispatch import find
from involvement_app.portal.routes import ROUTES
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.budgets import history
from involvement_app.tests.budgets.counting import BudgetAssertions, counted
from involvement_app.tests.portal.visitor import HTML, PASSWORD, PortalTestCase, Visitor

MOST_STATEMENTS = 6
EARLIER = 40


TRAINING = "/take-part/my/training"


class TestPages(BudgetAssertions, PortalTestCase):
	@classmethod
	def arrange(cls):
		super().arrange()
		certificate = factories.training_record(factories.training_course(), cls.me).name
		letter = factories.reference_letter(cls.me, ready=True).name
		cls.sheets = [f"{TRAINING}/certificates/{certificate}", f"{TRAINING}/letters/{letter}"]
		easy_read = frappe.get_doc(
			doctype="File",
			file_name="easy.pdf",
			content=factories.pdf(),
			is_private=1,
			attached_to_doctype="Involvement Opportunity",
			attached_to_name=cls.open.name,
		).insert(ignore_permissions=True)  # a factory
		reviewed = frappe.db.get_value("Opportunity Reviewer", cls.mine.review, "opportunity")
		for name in (cls.open.name, cls.mine.leads, reviewed):
			frappe.db.set_value("Involvement Opportunity", name, "easy_read", easy_read.file_url)
		cls.sheets.append(f"/take-part/opportunities/{cls.open.name}/easy-read")
		cls.sheets.append(f"/take-part/my/leading/{cls.mine.leads}/easy-read")
		cls.sheets.append(f"/take-part/my/reviews/{cls.mine.review}/easy-read")
		cls.sheets.append(factories.session_paper(cls.running, cls.mine.place))
		cls.sheets.append("/take-part/my/calendar/dates.ics")
		cls.sheets.append("/take-part/my/payments/letter")
		cls.sheets.append(f"/take-part/calendar/{calendars.make_link(cls.me.user)}.ics")
		colleague = factories.staff(roles.COORDINATOR)
		update_password(colleague, PASSWORD)
		frappe.db.commit()  # the visitors below have connections of their own
		cls.staff = Visitor().sign_in(colleague)
		guest, member = Visitor(), Visitor().sign_in(cls.me.user)
		cls.pages = [guest.get(path) for path in cls.guest_pages(cls)]
		cls.pages += [member.get(path) for path in cls.participant_pages(cls)]

	def each(self, check) -> None:
		for page in self.pages:
			with self.subTest(page.path):
				check(page)

	def test_is_answered(self):
		def check(page):
			expected = {"/take-part/nowhere": 404, "/take-part/sign-in/link/no-such-token": 410}.get(
				page.path, 200
			)
			self.assertEqual(page.status, expected)

		self.each(check)

	def test_is_well_formed(self):
		def check(page):
			self.assertTrue(len(page.tree))

		self.each(check)

	def test_has_one_main_heading_a_title_and_a_language(self):
		def check(page):
			self.assertEqual(len(page.all("h1")), 1)
			self.assertEqual(len(page.all("main")), 1)
			self.assertTrue(page.all("title")[0].text.strip())
			self.assertEqual(page.tree.get("lang"), "en")

		self.each(check)

	def test_headings_skip_no_level(self):
		def check(page):
			levels = [
				int(tag[-1])
				for tag in (e.tag for e in page.tree.iter())
				if re.fullmatch(HTML + "h[1-6]", str(tag))
			]
			main = levels[levels.index(1) :]
			for above, below in itertools.pairwise(main):
				self.assertLessEqual(below - above, 1)

		self.each(check)

	def test_every_input_has_a_label_of_its_own(self):
		def check(page):
			labelled = {label.get("for") for label in page.all("label")}
			for tag in ("input", "select", "textarea"):
				for field in page.all(tag):
					if field.get("type") != "hidden":
						self.assertIn(field.get("id"), labelled)

		self.each(check)

	def test_ids_are_unique_and_references_lead_somewhere(self):
		def check(page):
			ids = Counter(e.get("id") for e in page.tree.iter() if e.get("id"))
			self.assertEqual([name for name, times in ids.items() if times > 1], [])
			for element in page.tree.iter():
				for name in (element.get("aria-describedby") or element.get("aria-labelledby") or "").split():
					self.assertIn(name, ids)
				if (element.get("href") or "").startswith("#"):
					self.assertIn(element.get("href")[1:], ids)

		self.each(check)

	def test_every_link_stays_in_the_portal_or_is_meant_to_leave_it(self):
		def check(page):
			for link in page.all("a"):
				target = link.get("href")
				self.assertTrue(
					target.startswith(("/take-part", "#", "tel:", "mailto:")) or target == responses.LEAVE_TO,
					target,
				)
				self.assertTrue("".join(link.itertext()).strip())

		self.each(check)

	def test_nothing_is_scripted_or_styled_inside_the_page(self):
		def check(page):
			self.assertEqual([e.text for e in page.all("script") if not e.get("src")], [])
			self.assertEqual(page.all("style"), [])
			for element in page.tree.iter():
				self.assertFalse(
					[name for name in element.attrib if name == "style" or str(name).startswith("on")]
				)

		self.each(check)

	def test_may_be_neither_stored_nor_framed_nor_sniffed(self):
		def check(page):
			self.assertEqual(page.headers["Cache-Control"], "no-store")
			self.assertEqual(page.headers["X-Content-Type-Options"], "nosniff")
			self.assertEqual(page.headers["Referrer-Policy"], "same-origin")
			policy = page.headers["Content-Security-Policy"]
			self.assertIn("frame-ancestors 'none'", policy)
			self.assertIn("default-src 'none'", policy)
			self.assertNotIn("unsafe", policy)

		self.each(check)

	def test_offers_a_way_out_and_a_way_to_ask(self):
		def check(page):
			self.assertIn(responses.LEAVE_TO, page.html)
			self.assertIn("Ask us a question", page.html)
			self.assertTrue(any(link.get("href") == "/take-part/privacy" for link in page.all("a")))

		self.each(check)

	def test_no_form_field_carries_a_name_that_frappe_takes_for_itself(self):
		def check(page):
			names = {e.get("name") for form in page.all("form") for e in form.iter()}
			self.assertFalse(names & {"cmd", "sid", "data", "_"})

		self.each(check)

	def test_only_public_pages_may_be_found_by_search_engines(self):
		def check(page):
			public = re.fullmatch(r"/take-part(/privacy|/voices|/join|/opportunities(/[^/]+)?)?", page.path)
			self.assertEqual("X-Robots-Tag" in page.headers, not public)

		self.each(check)

	# Pages in particular

	def test_pages_of_the_site_itself_are_not_ours(self):
		from involvement_app.portal import Renderer

		for path in ("take-partly", "takepart", "about", "app/take-part"):
			self.assertFalse(Renderer(path).can_render())
		self.assertTrue(Renderer("take-part/").can_render())

	def test_without_built_assets_the_page_still_comes(self):
		assets = frappe.utils.get_assets_json()
		with self.as_user("Guest"):
			frappe.utils.set_request(method="GET", path="/take-part")
			frappe.local.assets_json = {}
			try:
				response = get_response()
			finally:
				frappe.local.assets_json = assets
		self.assertEqual(response.status_code, 200)
		self.assertNotIn("stylesheet", response.get_data(as_text=True))

	def test_what_can_be_influenced_stands_before_everything_else(self):
		page = self.guest.get(f"/take-part/opportunities/{self.open.name}")
		headings = ["".join(h.itertext()) for h in page.all("h2")]
		self.assertEqual(headings[0], "What you can influence")
		text = page.text()
		for needed in (
			"What cannot change",
			"The opening hours",
			"The service manager",
			"£60.00",
			"The Old Library",
			"Sam at the front desk",
		):
			self.assertIn(needed, text)

	def test_the_right_to_say_no_stands_on_the_first_page(self):
		"""Row 0.14: no at any time, without a reason, at no cost."""
		self.assertIn(
			"You can say no at any time, without a reason, at no cost.", self.guest.get("/take-part").text()
		)

	def test_the_form_for_no_has_no_field_for_a_reason(self):
		"""Row 0.14: declining and leaving ask for nothing."""
		member = self.signed_in()
		for path in (f"offers/{self.mine.offer}/no-thank-you", f"places/{self.mine.place}/leave"):
			self.assertEqual(set(member.get(f"/take-part/my/{path}").fields()), {"csrf_token", "shown_to"})

	def test_filters_narrow_and_an_empty_list_says_what_to_do(self):
		"""Row 0.20: people see what there is to take part in."""
		found = self.guest.get("/take-part/opportunities?place=Otterford&paid=1&type=Consultation")
		self.assertIn(self.open.title, found.text())
		self.assertNotIn(self.registered.title, found.text())
		none = self.guest.get("/take-part/opportunities?place=Otterford&online=1")
		self.assertIn("There is nothing like this just now", none.text())
		self.assertIn("Show everything", none.text())

	def test_filters_ignore_what_is_not_a_choice(self):
		page = self.guest.get("/take-part/opportunities?place=<script>&page=-3&type=' or 1=1")
		self.assertEqual(page.status, 200)
		self.assertIn(self.open.title, page.text())

	def test_a_long_list_comes_in_pages(self):
		rate = factories.rate_rule()
		titles = {self.opportunity(rate_rule=rate, sessions=1).title for _n in range(9)}
		self.refresh()
		first, second = (self.guest.get(f"/take-part/opportunities?page={n}") for n in (1, 2))
		self.assertIn("page 1 of 2", first.text())
		self.assertTrue(all((title in first.text()) != (title in second.text()) for title in titles))
		self.assertEqual(self.guest.get("/take-part/opportunities?page=999").text(), second.text())

	def test_who_takes_part_sees_registered_ones_and_nobody_sees_invited_ones_or_drafts(self):
		member = self.signed_in()
		self.assertEqual(member.get(f"/take-part/opportunities/{self.registered.name}").status, 200)
		self.assertEqual(self.guest.get(f"/take-part/opportunities/{self.registered.name}").status, 404)
		for hidden in (self.invited, self.draft):
			for visitor in (member, self.guest):
				self.assertEqual(visitor.get(f"/take-part/opportunities/{hidden.name}").status, 404)
				self.assertNotIn(hidden.title, visitor.get("/take-part/opportunities").text())

	def test_without_finance_no_page_speaks_of_money(self):
		"""domain 4.1: finance mode None hides payments everywhere."""
		frappe.db.set_single_value("Involvement Settings", "finance_mode", "None")
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.refresh()
		try:
			member = self.signed_in()
			for path in (*self.guest_pages(), *self.participant_pages()):
				page = member.get(path)
				if path != "/take-part/my/payments" and page.status == 200:
					self.assertNotIn("£", page.text(), path)
					self.assertNotRegex(page.text().lower(), r"\bpa(id|yments?)\b", path)
			self.assertEqual(member.get("/take-part/my/payments").status, 404)
		finally:
			frappe.db.set_single_value("Involvement Settings", "finance_mode", "CSV")
			frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
			self.refresh()

	def test_the_home_page_of_a_participant_is_theirs_and_of_others_is_untouched(self):
		from frappe.website.utils import get_home_page

		frappe.cache.delete_value("home_page")
		with self.as_user(self.me.user):
			self.assertEqual(get_home_page(), "take-part/my")
		customer = factories.user("Customer") if frappe.db.exists("Role", "Customer") else factories.user()
		with self.as_user(customer):
			self.assertNotEqual(get_home_page(), "take-part/my")

	# What pages cost: at most six statements, Frappe's own for the request included

	def test_every_page_that_can_be_shown_is_measured(self):
		"""A new route without an example below fails."""
		shown = {find(path.partition("?")[0])[0].pattern for _visitor, path in self.measured()}
		unmeasured = {route.pattern for route in ROUTES if route.show} - shown
		# as sign-in/link/{token}; and no form takes files yet
		self.assertEqual(unmeasured, {"sign-in/new-password/{token}", "my/files/{name}"})

	def test_at_most_six_statements_and_no_more_for_many_rows_than_for_few(self):
		pages = self.measured()
		few = [self.statements(*page) for page in pages]
		self.add_history()
		for (visitor, path), before in zip(pages, few, strict=True):
			with self.subTest(path):
				many = self.statements(visitor, path)
				self.assertWithin(many, [], MOST_STATEMENTS, path)
				self.assertSameCount(before, many, path)

	def measured(self) -> list[tuple[Visitor, str]]:
		member = self.signed_in()
		guests = [path for path in self.guest_pages() if path != "/take-part/nowhere"]
		return [
			*((self.guest, path) for path in guests),
			(member, "/take-part/my/still-here"),
			(member, "/take-part/acting"),
			(self.staff, f"/take-part/opportunities/{self.draft.name}/preview"),
			*((member, path) for path in self.sheets),
			*((member, path) for path in (*self.participant_pages(), *guests) if "sign-in" not in path),
		]

	def statements(self, visitor: Visitor, path: str) -> list[str]:
		"""Of a request of its own with a database connection of its own, once the caches are warm: Frappe notes some
		things about a session a request late."""
		for _warming in range(2):
			visitor.get(path)
		with counted() as found:
			visitor.get(path)
		return found

	def add_history(self) -> None:
		payment = frappe.db.get_value("Involvement Payment", {"participant": self.me.name})
		history.copies("Involvement Application", self.mine.application, EARLIER, status="Not selected")
		history.copies("Involvement Engagement", self.mine.place, EARLIER, status="Completed")
		history.copies("Involvement Payment", payment, EARLIER, status="Paid", docstatus=1)
		history.copies("Involvement Expense Claim", self.mine.claim, EARLIER, status="Paid", docstatus=1)
		history.copies("Involvement Opportunity", self.open.name, EARLIER)
		self.refresh()
