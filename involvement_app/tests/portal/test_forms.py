"""Forms from elsewhere are refused, and nothing of a refused request stays."""

from involvement_app.portal import forms
from involvement_app.tests.portal.visitor import PASSWORD, TwoPeople


class TestForms(TwoPeople):
	# Signed in

	def test_without_the_token_nothing_is_written(self):
		name = self.new_offer()
		visitor = self.signed_in()
		for token in ({}, {"csrf_token": ""}, {"csrf_token": "0" * 56}):
			with self.subTest(token):
				page = visitor.post(f"/take-part/my/offers/{name}", {"choice": "Full", **token})
				self.assertNotEqual(page.status, 303)
				self.assertEqual(self.value("Involvement Application", name), "Offered")

	def test_a_session_that_has_no_token_yet_is_not_let_through(self):
		"""Frappe checks only sessions that have one."""
		name = self.new_offer()
		visitor = self.signed_in()  # has seen no page with a form since
		page = visitor.post(f"/take-part/my/offers/{name}", {"choice": "Full"})
		self.assertEqual(page.status, 403)
		self.assertIn("Nothing was changed", page.text())
		self.assertEqual(self.value("Involvement Application", name), "Offered")

	def test_the_token_of_another_session_does_not_fit(self):
		name = self.new_offer()
		foreign = self.signed_in(self.other).get("/take-part/my").all("input")[0].get("value")
		visitor = self.signed_in()
		visitor.post(f"/take-part/my/offers/{name}", {"choice": "Full", "csrf_token": foreign})
		self.assertEqual(self.value("Involvement Application", name), "Offered")

	def test_the_cookie_of_a_guest_does_not_stand_in_for_it(self):
		name = self.new_offer()
		self.guest.get("/take-part/sign-in")
		cookie = self.guest.cookie(forms.COOKIE)
		visitor = self.guest.sign_in(self.me.user)
		page = visitor.post(f"/take-part/my/offers/{name}", {"choice": "Full", "csrf_token": cookie})
		self.assertEqual(page.status, 403)

	def test_signing_out_needs_the_token_too(self):
		visitor = self.signed_in()
		visitor.post("/take-part/sign-out")
		self.assertEqual(visitor.get("/take-part/my").status, 200)

	def test_a_post_to_a_page_without_a_form_changes_nothing(self):
		visitor = self.signed_in()
		token = visitor.get("/take-part/my").all("input")[0].get("value")
		self.assertEqual(visitor.post("/take-part/my", {"csrf_token": token}).status, 303)

	# Guests

	def fields(self, visitor) -> dict:
		return {**visitor.get("/take-part/sign-in").fields(), "email": self.me.user, "password": PASSWORD}

	def assert_refused(self, page) -> None:
		self.assertEqual(page.status, 403)
		self.assertNotEqual(self.guest.cookie("user_id"), self.me.user)

	def test_the_cookie_and_the_field_have_to_agree(self):
		fields = self.fields(self.guest)
		self.assertTrue(fields["csrf_token"])
		self.assert_refused(self.guest.post("/take-part/sign-in", {**fields, "csrf_token": ""}))
		self.assert_refused(self.guest.post("/take-part/sign-in", {**fields, "csrf_token": "a.b"}))

	def test_the_field_alone_is_not_enough(self):
		fields = self.fields(self.guest)
		self.guest.client.delete_cookie(forms.COOKIE, path="/take-part")
		self.assert_refused(self.guest.post("/take-part/sign-in", fields))

	def test_a_pair_that_we_did_not_sign_is_not_ours(self):
		fields = self.fields(self.guest)
		for planted in ("x", "x.x", "", ".", "0123456789abcdef." + "0" * 64):
			self.guest.client.set_cookie(forms.COOKIE, planted, path="/take-part")
			self.assert_refused(self.guest.post("/take-part/sign-in", {**fields, "csrf_token": planted}))

	def test_another_site_is_refused_by_its_origin(self):
		fields = self.fields(self.guest)
		for origin in ("https://evil.example", "null", "http://localhost.evil.example"):
			self.assert_refused(self.guest.post("/take-part/sign-in", fields, headers={"Origin": origin}))

	def test_our_own_origin_is_let_through_also_behind_a_proxy_port(self):
		for origin in ("http://localhost", "https://localhost:8443"):
			fields = self.fields(self.guest)
			page = self.guest.post(
				"/take-part/sign-in", {**fields, "password": "wrong"}, headers={"Origin": origin}
			)
			self.assertEqual(page.status, 422)

	def test_the_cookie_is_for_the_portal_alone_and_out_of_reach_of_scripts(self):
		page = self.guest.get("/take-part/sign-in")
		cookie = next(value for value in page.headers.getlist("Set-Cookie") if value.startswith(forms.COOKIE))
		for part in ("HttpOnly", "SameSite=Lax", "Path=/take-part"):
			self.assertIn(part, cookie)
		again = self.guest.get("/take-part/sign-in")
		self.assertFalse([v for v in again.headers.getlist("Set-Cookie") if v.startswith(forms.COOKIE)])

	# What is refused

	def test_a_refused_request_leaves_nothing_behind(self):
		"""Frappe commits after a page, also after one that says what went wrong."""
		name = self.new_place()
		visitor = self.signed_in()
		fields = visitor.get(f"/take-part/my/places/{name}").fields()
		before = self.rows()
		for bad in ({"choice": "Lower amount", "amount": "9999"}, {"choice": "nonsense"}):
			self.assertEqual(visitor.post(f"/take-part/my/places/{name}", {**fields, **bad}).status, 422)
		self.assertEqual(self.rows(), before)
