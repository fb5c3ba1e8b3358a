"""Row 0.20 and domain 4.8: what somebody wrote is not lost when they were signed out, and nobody else sees it."""

import frappe
from frappe.utils.redis_wrapper import RedisWrapper

from involvement_app.portal import kept, links
from involvement_app.tests.portal.visitor import PASSWORD, TwoPeople, Visitor

WORDS = "I would like to be heard, and to meet people who understand"


class TestKept(TwoPeople):
	@classmethod
	def arrange(cls) -> None:
		super().arrange()
		cls.wanted = cls.opportunity()
		cls.path = f"/take-part/opportunities/{cls.wanted.name}/apply"

	def setUp(self):
		super().setUp()
		frappe.cache.delete_keys("take-part:")

	def written(self, visitor: Visitor | None = None, **fields) -> Visitor:
		"""Somebody who filled in the form and sends it after their session has ended."""
		visitor = visitor or self.signed_in()
		shown = visitor.get(self.path)
		self.assertEqual(shown.status, 200)
		self.end_session(visitor.cookie("sid"))
		self.page = visitor.post(self.path, {**shown.fields(), "hopes": WORDS, **fields})
		return visitor

	def sign_in(self, visitor: Visitor, person=None, path: str | None = None):
		address = (person or self.me).user
		return visitor.submit(path or self.page.goes_to, email=address, password=PASSWORD)

	def shown(self, visitor: Visitor) -> dict:
		"""What the form is filled with."""
		page = visitor.get(self.path)
		self.assertEqual(page.status, 200, page.goes_to)
		return page.fields()

	def waiting(self) -> list:
		return frappe.cache.get_keys("take-part:kept:")

	def applications(self) -> int:
		self.refresh()
		return frappe.db.count("Involvement Application", {"opportunity": self.wanted.name})

	def test_the_same_person_finds_it_again_after_signing_in(self):
		visitor = self.written()
		self.assertEqual(self.page.status, 303)
		page = visitor.get(self.page.goes_to)
		self.assertIn("You were signed out to keep you safe.", page.text())
		self.assertIn("we bring back what you wrote", page.text())
		self.assertNotIn(WORDS, page.html)
		self.assertEqual(self.sign_in(visitor).goes_to, self.path)
		page = visitor.get(self.path)
		self.assertEqual(page.fields()["hopes"], WORDS)
		self.assertIn("Here is what you wrote before you were signed out.", page.text())

	def test_it_is_not_sent_by_itself_and_gone_once_it_is_sent(self):
		visitor = self.written()
		self.sign_in(visitor)
		page = visitor.get(self.path)
		self.assertEqual(self.applications(), 0)
		sent = visitor.post(self.path, page.fields())
		self.assertEqual((sent.status, self.applications()), (303, 1))
		self.assertEqual(self.waiting(), [])
		self.assertIsNone(visitor.cookie(kept.COOKIE))
		frappe.db.delete("Involvement Application", {"opportunity": self.wanted.name})
		self.refresh()

	def test_a_link_by_mail_leads_back_to_it_too(self):
		visitor = self.written()
		token = links.make(self.me.user, links.SIGN_IN)
		self.refresh()
		page = visitor.submit(f"{links.PLACES[links.SIGN_IN]}/{token}")
		self.assertEqual(page.goes_to, self.path)
		self.assertEqual(self.shown(visitor)["hopes"], WORDS)

	def test_somebody_else_at_that_computer_never_sees_it(self):
		visitor = self.written()
		self.sign_in(visitor, self.other)
		for path in (self.path, "/take-part/my", "/take-part/opportunities"):
			page = visitor.get(path)
			self.assertNotIn(WORDS, page.html)
			self.assertNotIn("Here is what you wrote", page.html)
		self.assertEqual(self.waiting(), [], "it goes as soon as somebody else signs in")
		self.assertIsNone(visitor.cookie(kept.COOKIE))

	def test_somebody_else_who_signs_in_through_frappes_own_page_does_not_see_it_either(self):
		visitor = self.written()
		visitor.post("/api/method/login", {"usr": self.other.user, "pwd": PASSWORD})
		page = visitor.get(self.path)
		self.assertEqual(page.status, 200)
		self.assertNotIn(WORDS, page.html)
		self.assertEqual(self.waiting(), [])

	def test_signing_out_leaves_nothing(self):
		visitor = self.written()
		self.sign_in(visitor)
		token = visitor.get("/take-part/my").all("input")[0].get("value")
		visitor.post("/take-part/sign-out", {"csrf_token": token})
		self.assertEqual(self.waiting(), [])
		self.assertIsNone(visitor.cookie(kept.COOKIE))

	def test_it_ends_by_itself_after_half_an_hour(self):
		visitor = self.written()
		(key,) = self.waiting()
		self.assertTrue(0 < frappe.cache.ttl(key) <= kept.MINUTES * 60)
		cookie = next(value for value in self.page.headers.getlist("Set-Cookie") if kept.COOKIE in value)
		for part in (f"Max-Age={kept.MINUTES * 60}", "HttpOnly", "SameSite=Lax", "Path=/take-part"):
			self.assertIn(part, cookie)
		frappe.cache.delete(key)  # as it is then
		self.sign_in(visitor)
		self.assertEqual(self.shown(visitor)["hopes"], "")

	def test_what_waits_can_be_read_with_neither_half_of_the_key(self):
		visitor = self.written()
		(key,) = self.waiting()
		content = frappe.cache.get(key)
		for secret in (WORDS, self.me.user, self.wanted.name, visitor.cookie(kept.COOKIE)):
			self.assertNotIn(secret.encode(), content + key)
			self.assertNotIn(secret, self.page.goes_to.replace(f"%2F{self.wanted.name}", ""))
		with self.assertRaises(kept.InvalidToken):
			kept._cipher("another browser").decrypt(content)

	def test_nothing_of_it_is_in_the_database(self):
		self.written()
		for table in ("Error Log", "Activity Log", "Version", "Comment", "Deleted Document"):
			self.assertNotIn(
				WORDS, str(frappe.get_all(table, fields=["*"], limit=50, order_by="creation desc"))
			)

	def test_another_browser_with_the_same_person_has_nothing(self):
		self.written()
		self.assertEqual(self.shown(self.signed_in())["hopes"], "")

	def test_tokens_and_passwords_are_not_kept(self):
		visitor = self.written(password="my secret")
		self.sign_in(visitor)
		frappe.utils.set_request(path=self.path)
		content = frappe.cache.get(self.waiting()[0])
		fields = kept._cipher(visitor.cookie(kept.COOKIE)).decrypt(content).decode()
		self.assertIn(WORDS, fields)
		for secret in ("my secret", "csrf_token", "shown_to"):
			self.assertNotIn(secret, fields)

	def test_on_other_pages_of_ones_own_it_waits(self):
		visitor = self.written()
		self.sign_in(visitor)
		self.assertNotIn(WORDS, visitor.get("/take-part/my").html)
		self.assertEqual(self.shown(visitor)["hopes"], WORDS)

	def test_a_form_without_its_seal_is_not_kept(self):
		"""It may come from anywhere, and nobody knows for whom."""
		for seal in ("", "nonsense", kept._cipher("another").encrypt(b"[]").decode()):
			frappe.cache.delete_keys("take-part:kept")
			self.written(shown_to=seal)
			self.assertEqual(self.page.status, 303)
			self.assertEqual(self.waiting(), [])
			self.assertIn("ended=lost", self.page.goes_to)

	def test_a_seal_is_for_one_page_and_one_person(self):
		other = self.signed_in(self.other)
		seal = self.shown(other)["shown_to"]
		visitor = self.written(shown_to=seal)  # as if it were the other person's page
		self.sign_in(visitor)
		self.assertEqual(self.shown(visitor)["hopes"], "")
		elsewhere = self.opportunity()
		self.refresh()
		seal = other.get(f"/take-part/opportunities/{elsewhere.name}/apply").fields()["shown_to"]
		self.written(shown_to=seal)
		self.assertEqual(self.waiting(), [])

	def test_what_is_far_too_long_is_not_kept(self):
		self.written(hopes="x" * (kept.MOST + 1))
		self.assertEqual(self.waiting(), [])

	def test_when_it_cannot_be_kept_that_is_said(self):
		visitor = self.signed_in()
		shown = visitor.get(self.path)
		self.end_session(visitor.cookie("sid"))
		visitor.get("/take-part")  # the session is over: now without Redis, which also keeps sessions
		cache = frappe.cache
		frappe.cache = RedisWrapper.from_url("redis://127.0.0.1:1")
		try:
			page = visitor.post(self.path, {**shown.fields(), "hopes": WORDS})
		finally:
			frappe.cache = cache
		self.assertEqual(page.status, 303)
		self.assertIn("What you sent did not arrive.", visitor.get(page.goes_to).text())

	# Signed in again elsewhere meanwhile: the page's token is stale

	def signed_in_again(self, person) -> tuple[Visitor, dict]:
		"""A page is left open while, in the same browser, `person` signs in anew."""
		visitor = self.signed_in()
		fields = self.shown(visitor)
		token = {"csrf_token": fields["csrf_token"]}
		visitor.post("/take-part/sign-out", token)
		visitor.sign_in(person.user)
		return visitor, {**fields, "hopes": WORDS}

	def test_a_stale_page_of_ones_own_is_shown_again_and_not_sent(self):
		for seen in (False, True):  # without and with a token in the new session: Frappe refuses the second
			with self.subTest(seen):
				visitor, fields = self.signed_in_again(self.me)
				if seen:
					visitor.get("/take-part/my")
				page = visitor.post(self.path, fields)
				self.assertEqual((page.status, self.applications()), (403, 0))
				self.assertEqual(page.fields()["hopes"], WORDS)
				self.assertIn("we did not send it", page.text())
				self.assertEqual(visitor.post(self.path, page.fields()).status, 303)
				frappe.db.delete("Involvement Application", {"opportunity": self.wanted.name})
				self.refresh()

	def test_a_stale_page_of_somebody_else_is_not(self):
		visitor, fields = self.signed_in_again(self.other)
		page = visitor.post(self.path, fields)
		self.assertEqual((page.status, self.applications()), (403, 0))
		self.assertNotIn(WORDS, page.html)
