"""Whatever goes wrong on the way, nothing stays; and every answer carries the same headers."""

import os
import unittest
from contextlib import suppress
from urllib.parse import urlsplit

import frappe
import requests
import werkzeug.exceptions
from frappe.utils.redis_wrapper import RedisWrapper
from werkzeug.wrappers import Response

from involvement_app import lifecycle
from involvement_app.portal import forms, interception, limits, links, responses, routes
from involvement_app.portal.dispatch import Route
from involvement_app.portal.visit import Missing, Problem, Refused
from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import PASSWORD, Page, TwoPeople, Visitor, more_pages

URL = os.environ.get("INVOLVEMENT_TEST_URL")
SAID = "Sorry, there is a problem"


def a_page(visit):
	return responses.page(visit, "not_done.html", "A page of a test", onward="/take-part")


def writes_then(fault):
	"""A form that makes a row and then fails."""

	def submit(visit):
		links.make(visit.user, links.SIGN_IN)
		fault()

	return submit


def raises(problem: Exception):
	def fault():
		raise problem

	return fault


def breaks_a_key() -> None:
	row = frappe.qb.DocType("Involvement Settings")
	table = frappe.qb.DocType("Portal Token")
	hash_ = frappe.qb.from_(table).select(table.token_hash).limit(1).run()[0][0]
	frappe.qb.into(table).columns(table.name, table.token_hash).insert(str(row), hash_).run()


class Odd(BaseException):
	"""Like the exit a web server asks of a worker that takes too long."""


class TestNothingStays(TwoPeople):
	"""Frappe commits after a page, also after an error page of its own (docs/architecture.md)."""

	def outcome(self, fault, **kw) -> Page:
		"""The answer to a form that writes and then fails; checks that the row is gone."""
		visitor, before = self.signed_in(), self.tokens()
		with more_pages(Route("test/form", kw.get("show", a_page), writes_then(fault), most=99)):
			page = visitor.post("/take-part/test/form", self.proof(visitor))
		self.assertEqual(self.tokens(), before, "what was written before the fault stayed")
		return page

	def proof(self, visitor) -> dict:
		return {"csrf_token": visitor.get("/take-part/my").all("input")[0].get("value")}

	def tokens(self) -> int:
		self.refresh()
		return frappe.db.count("Portal Token", {"user": self.me.user})

	def test_a_form_that_succeeds_does_write(self):
		"""Or the tests below would prove nothing."""
		before, visitor = self.tokens(), self.signed_in()
		form = Route(
			"test/form",
			a_page,
			lambda visit: links.make(visit.user, links.SIGN_IN) and a_page(visit),
			most=99,
		)
		with more_pages(form):
			visitor.post("/take-part/test/form", self.proof(visitor))
		self.assertEqual(self.tokens(), before + 1)

	def test_after_any_exception(self):
		for problem, status in (
			(Refused(Problem("Not like this")), 422),
			(frappe.ValidationError("Not like this"), 422),
			(frappe.MandatoryError("title"), 422),
			(frappe.UniqueValidationError("title"), 422),
			(frappe.PermissionError("Not yours"), 404),
			(frappe.DoesNotExistError("Nothing"), 404),
			(Missing(), 404),
			(limits.TooMany(), 429),
			(forms.Forged(), 403),
			(Exception("Oh"), 500),
			(ZeroDivisionError("Oh"), 500),
			(frappe.Redirect("/elsewhere"), 500),
			(frappe.PageDoesNotExistError(), 422),
			(frappe.AuthenticationError(), 500),
			(frappe.CSRFTokenError(), 500),
			(werkzeug.exceptions.NotFound(), 500),
			(werkzeug.exceptions.Forbidden(), 500),
			(frappe.QueryTimeoutError(), 500),
		):
			with self.subTest(type(problem).__name__):
				self.assertEqual(self.outcome(raises(problem)).status, status)

	def test_after_an_error_of_the_database(self):
		self.assertEqual(self.outcome(breaks_a_key).status, 500)
		# nothing is read: the statement is the fault
		self.assertEqual(self.outcome(lambda: frappe.db.sql("SELECT nothing FROM nowhere")).status, 500)

	def test_after_a_deadlock_that_comes_again_and_again(self):
		times = []

		@lifecycle.retry_on_deadlock
		def submit(visit):
			times.append(links.make(visit.user, links.SIGN_IN))
			raise frappe.QueryDeadlockError

		visitor, before = self.signed_in(), self.tokens()
		with more_pages(Route("test/form", a_page, submit, most=99)):
			page = visitor.post("/take-part/test/form", self.proof(visitor))
		self.assertEqual((page.status, len(times), self.tokens()), (500, 3, before))
		self.assertIn(SAID, page.text())

	def test_when_the_page_that_says_so_fails_too(self):
		def show(visit):
			links.make(visit.user, links.SIGN_IN)
			raise ZeroDivisionError

		self.assertEqual(self.outcome(raises(Refused(Problem("No"))), show=show).status, 500)

	def test_when_the_worker_is_stopped_in_the_middle(self):
		before = self.tokens()
		with suppress(Odd):  # Frappe lets it through
			self.outcome(raises(Odd()))
		self.assertEqual(self.tokens(), before)

	def test_what_went_wrong_is_logged_without_what_was_typed(self):
		frappe.cache.delete_value("insert_queue_for_Error Log")
		visitor = self.signed_in()
		with more_pages(Route("test/form", a_page, writes_then(raises(ZeroDivisionError("Oh"))), most=99)):
			visitor.post("/take-part/test/form", {**self.proof(visitor), "hopes": "MY OWN WORDS"})
		waiting = str(frappe.cache.lrange("insert_queue_for_Error Log", 0, -1))
		self.assertIn("ZeroDivisionError", waiting)
		self.assertNotIn("MY OWN WORDS", waiting)

	def test_looking_never_writes(self):
		def show(visit):
			links.make(visit.user, links.SIGN_IN)
			return a_page(visit)

		visitor, before = self.signed_in(), self.tokens()
		with more_pages(Route("test/form", show)):
			self.assertEqual(visitor.get("/take-part/test/form").status, 200)
			visitor._open("HEAD", "/take-part/test/form")
		self.assertEqual(self.tokens(), before)

	def test_a_form_that_is_no_longer_there_says_what_went_wrong(self):
		"""The page behind it sends people on: without words of its own that would be an empty page."""
		page = self.outcome(
			raises(Refused(Problem("It has just closed."))),
			show=lambda visit: responses.see_other("/take-part/opportunities"),
		)
		self.assertEqual(page.status, 422)
		self.assertIn("It has just closed.", page.text())
		self.assertIn("/take-part/opportunities", [a.get("href") for a in page.all("a")])


class TestFramesOfAForm(TwoPeople):
	"""Names that Frappe takes out of a request for itself."""

	def test_a_field_named_cmd_reaches_no_page_of_ours(self):
		"""Frappe runs the function it names, as at /api/method, and our form does not run beside it."""
		visitor = self.signed_in()
		before = self.rows()
		with more_pages(Route("test/form", a_page, writes_then(lambda: None), most=99)):
			page = visitor.post("/take-part/test/form", {"cmd": "ping"})
		self.assertNotEqual(page.status, 303)
		self.assertEqual(self.rows(), before)

	def test_a_field_named_sid_does_not_act_for_somebody_else(self):
		"""Frappe takes the session from the field; its token then does not fit."""
		victim, thief = self.signed_in(), self.signed_in(self.other)
		fields = {"csrf_token": thief.get("/take-part/my").all("input")[0].get("value")}
		victim.get("/take-part/my")
		thief.post("/take-part/sign-out", {**fields, "sid": victim.cookie("sid")})
		self.assertEqual(Visitor.get(victim, "/take-part/my").status, 200)

	def test_a_session_in_an_address_does_not_move_into_the_browser(self):
		"""Or a link could sign somebody in as its sender, to write what concerns them on the sender's page."""
		sender = self.signed_in(self.other)
		for path in ("/take-part", "/take-part/my", "/login", "/take-part/opportunities"):
			self.guest.get(f"{path}?sid={sender.cookie('sid')}")
			self.assertEqual(self.guest.get("/take-part/my").status, 303, path)
		member = self.signed_in()
		member.get(f"/take-part?sid={sender.cookie('sid')}")
		self.assertNotIn(self.other.user, str(member.client._cookies))
		self.assertEqual(member.get("/take-part/my").status, 200)

	def test_the_token_in_the_address_is_no_proof(self):
		visitor = self.signed_in()
		token = visitor.get("/take-part/my").all("input")[0].get("value")
		visitor.post(f"/take-part/sign-out?csrf_token={token}")
		self.assertEqual(visitor.get("/take-part/my").status, 200)

	def test_a_stale_token_is_answered_in_our_words(self):
		"""Frappe refuses it before the portal is asked (interception.py)."""
		visitor = self.signed_in()
		visitor.get("/take-part/my")
		for path in ("/take-part/my/offers/IA-1", "/take-part/sign-out"):
			page = visitor.post(path, {"csrf_token": "0" * 56})
			self.assertEqual(page.status, 403)
			self.assertIn("Nothing was changed", page.text())
			self.assertEqual(page.headers["Cache-Control"], "no-store")

	def test_methods_that_nobody_serves_are_answered_in_our_words(self):
		for method in ("PUT", "DELETE", "PATCH"):
			self.assertIn(self.guest._open(method, "/take-part/my").status, (404, 405))
			with self.as_user("Guest"):
				frappe.utils.set_request(method=method, path="/take-part/my")
				response = Response("bare", 404)
				interception.after_request(response, frappe.local.request)
			self.assertIn("This page is not here", response.get_data(as_text=True))

	def test_pages_of_the_site_itself_keep_their_answers(self):
		response = Response("theirs", 413)
		interception.after_request(response, _request("/api/method/upload_file"))
		self.assertEqual(response.get_data(as_text=True), "theirs")

	def test_a_request_that_is_too_large_is_answered_in_our_words(self):
		with self.as_user("Guest"):
			frappe.utils.set_request(method="POST", path="/take-part/my/places/IE-1")
			response = Response("bare", 413)
			interception.after_request(response, frappe.local.request)
		self.assertEqual(response.status_code, 413)
		self.assertIn("This is too large to send", response.get_data(as_text=True))
		self.assertEqual(response.headers["Cache-Control"], "no-store")

	def test_a_request_that_is_too_large_changes_nothing(self):
		visitor = self.signed_in()
		before = self.rows()
		page = visitor.post("/take-part/sign-out", {"words": "x" * (26 * 1024 * 1024)})
		self.assertEqual(page.status, 413)
		self.assertEqual(self.rows(), before)
		self.assertEqual(visitor.get("/take-part/my").status, 200)


def _request(path: str):
	frappe.utils.set_request(method="POST", path=path)
	return frappe.local.request


class TestLimits(TwoPeople):
	def setUp(self):
		super().setUp()
		frappe.cache.delete_keys("take-part:")
		self.addCleanup(frappe.cache.delete_keys, "take-part:")

	def test_every_form_says_how_often_it_may_be_sent(self):
		takes = [route for route in routes.ROUTES if route.submit]
		self.assertEqual([route.pattern for route in takes if route.most is None], [])
		# whoever wants to leave can, however often somebody else did
		self.assertEqual([route.pattern for route in takes if route.most == limits.ALWAYS], ["sign-out"])

	def test_a_form_that_forgot_to_say_is_limited_all_the_same(self):
		self.assertEqual(self.statuses(Route("test/form", a_page, a_page), 6), [200] * 5 + [429])

	def test_an_account_that_sends_too_often_keeps_what_it_typed(self):
		def show(visit):
			return responses.page(visit, "apply.html", "Apply", opportunity=_OPPORTUNITY, person=_PERSON)

		visitor = self.signed_in()
		fields = {"csrf_token": visitor.get("/take-part/my").all("input")[0].get("value"), "hopes": "MINE"}
		with more_pages(Route("test/form", show, a_page, most=1)):
			visitor.post("/take-part/test/form", fields)
			page = visitor.post("/take-part/test/form", fields)
			other = self.signed_in(self.other)
			fields["csrf_token"] = other.get("/take-part/my").all("input")[0].get("value")
			self.assertEqual(other.post("/take-part/test/form", fields).status, 200, "another account")
		self.assertEqual(page.status, 429)
		self.assertEqual(page.fields()["hopes"], "MINE")
		self.assertIn("Wait a quarter of an hour", page.text())

	def test_a_counter_ends_by_itself(self):
		self.signed_in().post("/take-part/my/offers/x", {})
		limits.allows("test", "somebody", 5)
		left = frappe.cache.ttl(limits._key("test", "somebody"))
		self.assertTrue(0 < left <= limits.SECONDS)

	def test_without_redis_forms_go_on_working(self):
		cache = frappe.cache
		frappe.cache = RedisWrapper.from_url("redis://127.0.0.1:1")
		try:
			self.assertEqual([limits.allows("test", "somebody", 1) for _n in range(3)], [True] * 3)
			limits.forget("test", "somebody")
		finally:
			frappe.cache = cache

	def statuses(self, route: Route, times: int) -> list[int]:
		visitor = self.signed_in()
		fields = {"csrf_token": visitor.get("/take-part/my").all("input")[0].get("value")}
		with more_pages(route):
			return [visitor.post(f"/take-part/{route.pattern}", fields).status for _n in range(times)]


_PERSON = frappe._dict(status="Active", access_note="")
_OPPORTUNITY = frappe._dict(name="IO-1", title="A leaflet")


class TestHeaders(TwoPeople):
	"""The same on every page, form, redirect and error."""

	EVERY = {
		"Cache-Control": "no-store",
		"X-Content-Type-Options": "nosniff",
		"X-Frame-Options": "DENY",
		"Referrer-Policy": "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin",
	}
	POLICY = {
		"default-src": "'none'",
		"script-src": "'self'",
		"style-src": "'self'",
		"connect-src": "'self'",
		"img-src": "'self' data:",
		"form-action": "'self'",
		"base-uri": "'none'",
		"frame-ancestors": "'none'",
	}

	def assert_headers(self, page: Page, public: bool) -> None:
		for name, value in self.EVERY.items():
			self.assertEqual(page.headers.getlist(name), [value], (page.path, name))
		policy = dict(
			part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";")
		)
		self.assertEqual(policy, self.POLICY)
		self.assertEqual(page.headers.get("X-Robots-Tag"), None if public else "noindex", page.path)
		# whether browsers stay with https is for the proxy to say, for the whole site
		self.assertNotIn("Strict-Transport-Security", page.headers)
		self.assertNotIn("Access-Control-Allow-Origin", page.headers)

	def test_every_route_shown_and_sent_to_as_guest_and_as_participant(self):
		member = self.signed_in()
		for route in routes.ROUTES:
			path = "/take-part/" + route.pattern.replace("{name}", "X-1").replace("{token}", "x")
			for visitor in (self.guest, member):
				# a sheet has headers of its own (test_money_pages.py)
				if route.pattern in ("sign-out", "my/payments/letter"):
					continue
				with self.subTest(f"{path} {visitor is member}"):
					self.assert_headers(visitor.get(path), route.public)
					self.assert_headers(visitor.post(path, {}), route.public)

	def test_every_error_page(self):
		member = self.signed_in()
		proof = {"csrf_token": member.get("/take-part/my").all("input")[0].get("value")}
		for problem in (ZeroDivisionError(), Missing(), limits.TooMany(), Refused(Problem("No"))):
			with (
				self.subTest(type(problem).__name__),
				more_pages(Route("test/form", a_page, writes_then(raises(problem)), most=99)),
			):
				self.assert_headers(member.post("/take-part/test/form", proof), public=False)
		self.assert_headers(self.guest.get("/take-part/nowhere"), public=False)

	def test_a_page_gives_no_cookie_that_nobody_expects(self):
		frappes = {"sid", "system_user", "full_name", "user_id", "user_image", "user_lang"}
		for visitor in (self.guest, self.signed_in()):
			for path in ("/take-part", "/take-part/sign-in", "/take-part/nowhere"):
				names = {value.split("=")[0] for value in visitor.get(path).headers.getlist("Set-Cookie")}
				self.assertLessEqual(names, {*frappes, forms.COOKIE}, path)

	def test_what_is_found_without_looking_it_up_is_nothing(self):
		for path in (
			"/take-part/../app",
			"/take-part/%2e%2e/app",
			"/take-part//my",
			"/take-part/my/",
			"/take-part/my%00",
		):
			self.assertIn(self.guest.get(path).status, (303, 404), path)


@unittest.skipUnless(URL, "needs a server: INVOLVEMENT_TEST_URL is not set")
class TestNothingStaysOverHTTP(TwoPeople):
	"""The same through the web server's own processes: the database refuses the second row of a form."""

	@classmethod
	def arrange(cls) -> None:
		super().arrange()
		cls.offer = factories.offer(cls.opportunity(), cls.me).name
		drop = "DROP TRIGGER IF EXISTS involvement_test_refuses"
		frappe.db.sql_ddl(drop)  # left by a run that was ended
		# A trigger has no query builder. Taking a place inserts an engagement, then counts it.
		frappe.db.sql_ddl(
			"""CREATE TRIGGER involvement_test_refuses BEFORE UPDATE ON `tabInvolvement Opportunity` FOR EACH ROW
			BEGIN IF NEW.places_confirmed > OLD.places_confirmed THEN SIGNAL SQLSTATE '45000'; END IF; END"""
		)
		cls.addClassCleanup(frappe.db.sql_ddl, drop)

	def test_the_first_row_is_gone_too(self):
		browser = requests.Session()
		self.send(browser, "/take-part/sign-in", email=self.me.user, password=PASSWORD)
		before = self.rows()
		answer = self.send(browser, f"/take-part/my/offers/{self.offer}", choice="Full")
		self.assertEqual(answer.status_code, 500)
		self.assertIn(SAID, answer.text)
		self.assertEqual(self.rows(), before)
		self.assertEqual(self.value("Involvement Application", self.offer), "Offered")

	def send(self, browser, path: str, **fields):
		shown = browser.get(URL + path, timeout=60)
		page = Page(shown.status_code, shown.headers, shown.text, urlsplit(path).path)
		return browser.post(URL + path, {**page.fields(), **fields}, timeout=60)
