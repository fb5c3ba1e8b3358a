"""Signing in by password and by link, for somebody we know and for somebody we do not."""

import frappe
from frappe.utils import add_to_date, now_datetime
from frappe.utils.password import update_password

from involvement_app.involvement_app import calendars
from involvement_app.messages import outbox
from involvement_app.portal import limits, links
from involvement_app.portal.sign_in import LONGEST_PASSWORD
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.messages.outbox import html_of
from involvement_app.tests.portal.visitor import PASSWORD, TwoPeople, Visitor

UNKNOWN = "nobody.we.know@example.org"


class TestSigningIn(TwoPeople):
	def test_signs_in_and_out(self):
		visitor = self.signed_in()
		self.assertEqual(visitor.get("/take-part/my").status, 200)
		sid = visitor.cookie("sid")
		token = visitor.get("/take-part/my").all("input")[0].get("value")
		page = visitor.post("/take-part/sign-out", {"csrf_token": token})
		self.assertEqual(page.goes_to, "/take-part?done=signed-out")
		self.assertEqual(visitor.get("/take-part/my").status, 303)
		self.assertIn("You are signed out.", visitor.get(page.goes_to).text())
		# the session itself is gone, not only this browser's cookie
		thief = Visitor()
		thief.client.set_cookie("sid", sid)
		self.assertEqual(thief.get("/take-part/my").status, 303)

	def test_every_sign_in_has_a_new_session(self):
		self.guest.client.set_cookie("sid", "planted")
		visitor = self.guest.sign_in(self.me.user)
		self.assertNotIn(visitor.cookie("sid"), ("planted", "Guest"))

	def test_the_answer_is_the_same_for_a_wrong_password_and_an_unknown_address(self):
		answers = []
		for address in (self.me.user, UNKNOWN, "Administrator@example.com"):
			page = Visitor().submit("/take-part/sign-in", email=address, password="not the password")
			self.assertEqual(page.status, 422)
			answers.append((page.text(), sorted(page.headers.keys())))
			self.assertEqual(page.fields()["email"], address)
			self.assertEqual(page.fields()["password"], "")
		self.assertEqual(answers[0], answers[1])
		self.assertEqual(answers[0], answers[2])

	def test_too_many_tries_are_answered_in_the_same_words(self):
		address = "often@example.org"
		texts = {
			Visitor().submit("/take-part/sign-in", email=address, password="x").text() for _n in range(12)
		}
		self.assertEqual(len(texts), 1)

	def test_too_many_tries_from_one_place_are_stopped(self):
		frappe.cache.delete_keys("take-part:")
		self.addCleanup(frappe.cache.delete_keys, "take-part:")
		self.addCleanup(setattr, limits, "PER_ADDRESS", limits.PER_ADDRESS)
		limits.PER_ADDRESS = 3
		visitor = Visitor()
		fields = visitor.get("/take-part/sign-in").fields()
		statuses = [
			visitor.post(
				"/take-part/sign-in", {**fields, "email": f"n{n}@example.org", "password": "x"}
			).status
			for n in range(4)
		]
		self.assertEqual(statuses, [422, 422, 422, 429])

	def test_what_is_missing_is_named(self):
		page = self.guest.submit("/take-part/sign-in", email="not an address", password="x")
		self.assertIn("Type your e-mail address, like name@example.com", page.text())
		page = self.guest.submit("/take-part/sign-in", email=self.me.user, password="")
		self.assertIn("Type your password", page.text())

	def test_a_huge_password_is_not_worked_on(self):
		page = self.guest.submit(
			"/take-part/sign-in", email=self.me.user, password="x" * (LONGEST_PASSWORD + 1)
		)
		self.assertEqual(page.status, 422)

	def test_a_disabled_user_is_not_let_in(self):
		frappe.db.set_value("User", self.other.user, "enabled", 0)
		self.refresh()
		try:
			page = self.guest.submit("/take-part/sign-in", email=self.other.user, password=PASSWORD)
			self.assertEqual(page.status, 422)
			self.assertIsNone(links.reachable(self.other.user))
		finally:
			frappe.db.set_value("User", self.other.user, "enabled", 1)
			self.refresh()

	def test_next_leads_nowhere_but_to_the_portal(self):
		for wanted in (
			"https://evil.example/",
			"//evil.example",
			"/\\evil.example",
			"/take-part/../app",
			"/app",
			"javascript:alert(1)",
			"/take-part/sign-out",
			"/take-part/nowhere",
			"/take-part/my\r\nSet-Cookie: a=b",
		):
			with self.subTest(wanted):
				page = Visitor().submit(
					"/take-part/sign-in", email=self.me.user, password=PASSWORD, next=wanted
				)
				self.assertEqual(page.goes_to, "/take-part/my")

	def test_who_is_signed_in_is_not_asked_again(self):
		self.assertEqual(self.signed_in().get("/take-part/sign-in").goes_to, "/take-part/my")

	# Links

	def link(self, purpose: str = links.SIGN_IN, person=None) -> str:
		token = links.make((person or self.me).user, purpose)
		self.refresh()
		return f"{links.PLACES[purpose]}/{token}"

	def test_signs_in_with_a_press_of_the_button(self):
		offer = self.new_offer()
		path = self.link()
		page = self.guest.submit(path)
		self.assertEqual(page.goes_to, "/take-part/my")
		self.assertIn(offer, self.guest.get("/take-part/my").html)

	def test_opening_it_uses_nothing_up(self):
		path = self.link()
		for _scanner in range(3):
			self.assertEqual(Visitor().get(path).status, 200)
		self.assertEqual(self.guest.get("/take-part/my").status, 303)
		self.assertEqual(self.guest.submit(path).status, 303)

	def test_works_once(self):
		path = self.link()
		late = Visitor()
		fields = late.get(path).fields()
		self.guest.submit(path)
		page = late.post(path, fields)
		self.assertEqual(page.status, 410)
		self.assertEqual(late.get("/take-part/my").status, 303)
		self.assertEqual(Visitor().get(path).status, 410)

	def test_using_one_ends_the_others_of_the_same_person_only(self):
		first, second = self.link(), self.link()
		others = self.link(person=self.other)
		self.guest.submit(first)
		self.assertEqual(Visitor().get(second).status, 410)
		self.assertEqual(Visitor().get(others).status, 200)

	def test_works_for_half_an_hour(self):
		path = self.link()
		frappe.db.set_value(
			"Portal Token",
			{"token_hash": links._hash(path.rsplit("/", 1)[1])},
			"expires_on",
			add_to_date(now_datetime(), seconds=-1),
		)
		self.refresh()
		self.assertEqual(self.guest.get(path).status, 410)
		self.guest.get("/take-part/sign-in/link")
		page = self.guest.post(path, self.guest.get("/take-part/sign-in/link").fields())
		self.assertEqual(page.status, 410)
		self.assertEqual(self.guest.get("/take-part/my").status, 303)

	def test_lasts_thirty_minutes_when_made(self):
		self.link()
		expires = frappe.get_last_doc("Portal Token").expires_on
		self.assertAlmostEqual((expires - now_datetime()).total_seconds(), 30 * 60, delta=60)

	def test_a_link_of_one_kind_does_nothing_of_the_other(self):
		token = self.link().rsplit("/", 1)[1]
		self.assertEqual(self.guest.get(f"{links.PLACES[links.NEW_PASSWORD]}/{token}").status, 410)

	def test_only_the_hash_is_kept(self):
		token = self.link().rsplit("/", 1)[1]
		row = frappe.db.get_value(
			"Portal Token", {"user": self.me.user}, "*", order_by="creation desc", as_dict=True
		)
		self.assertNotIn(token, str(row))

	def test_a_disabled_user_cannot_use_the_link_they_have(self):
		path = self.link(person=self.other)
		frappe.db.set_value("User", self.other.user, "enabled", 0)
		self.refresh()
		try:
			self.assertEqual(self.guest.get(path).status, 410)
		finally:
			frappe.db.set_value("User", self.other.user, "enabled", 1)
			self.refresh()

	def test_asking_answers_the_same_for_an_unknown_address_and_looks_it_up_elsewhere(self):
		before = self.tokens()
		answers = []
		for address in (self.me.user, UNKNOWN, factories.staff(roles.COORDINATOR)):
			page = Visitor().submit("/take-part/sign-in/link", email=address)
			answers.append((page.status, page.goes_to, page.html))
		self.assertEqual(set(answers), {(303, "/take-part/sign-in/sent", "")})
		self.assertEqual(before, self.tokens(), "the request itself looked the address up")
		self.assertIn(
			"If this address belongs to somebody who has joined", self.guest.get(answers[0][1]).text()
		)

	def tokens(self) -> int:
		return frappe.db.count("Portal Token")

	def test_the_job_sends_a_link_to_a_participant(self):
		links.send(self.me.user, links.SIGN_IN)
		message = frappe.get_last_doc("Involvement Message")
		self.assertEqual((message.recipient, message.address), (self.me.user, self.me.user))
		outbox.deliver(message.name)  # the link is made when the mail is handed over
		token = html_of(message.name).split(links.PLACES[links.SIGN_IN] + "/")[1].split('"')[0]
		self.assertEqual(links.works(token, links.SIGN_IN), self.me.user)
		self.assertNotRegex(message.subject.lower(), "involve|health|care|participant")

	def test_the_job_sends_nothing_to_anybody_else(self):
		member_of_staff = factories.staff(roles.COORDINATOR)
		counts = (frappe.db.count("Involvement Message"), self.tokens())
		for address in (UNKNOWN, member_of_staff, "Administrator", "Guest", ""):
			links.send(address, links.SIGN_IN)
		self.assertEqual((frappe.db.count("Involvement Message"), self.tokens()), counts)

	def test_asking_often_sends_few_mails_and_says_nothing_about_it(self):
		frappe.cache.delete_keys("take-part:")
		pages = [Visitor().submit("/take-part/sign-in/link", email=UNKNOWN) for _n in range(7)]
		self.assertEqual({(page.status, page.goes_to) for page in pages}, {(303, "/take-part/sign-in/sent")})

	def test_staff_do_not_read_the_link_in_the_outbox(self):
		links.send(self.me.user, links.SIGN_IN)
		message = frappe.get_last_doc("Involvement Message")
		for user in (factories.staff(roles.COORDINATOR), factories.staff(roles.MANAGER)):
			with self.as_user(user):
				self.assertFalse(frappe.has_permission("Involvement Message", "read", message))
				self.assertNotIn(message.name, frappe.get_list("Involvement Message", pluck="name", limit=0))

	def test_old_ones_are_forgotten(self):
		links.make(self.me.user, links.SIGN_IN)
		frappe.db.set_value(
			"Portal Token", {"user": self.me.user}, "expires_on", add_to_date(now_datetime(), days=-2)
		)
		links.make(self.other.user, links.SIGN_IN)
		links.forget_old()
		self.assertFalse(frappe.db.exists("Portal Token", {"user": self.me.user}))
		self.assertTrue(frappe.db.exists("Portal Token", {"user": self.other.user}))

	def test_nobody_reads_tokens(self):
		links.make(self.me.user, links.SIGN_IN)
		token = frappe.get_last_doc("Portal Token")
		for user in (factories.staff(roles.MANAGER), self.me.user, "Guest"):
			with self.as_user(user):
				self.assertFalse(frappe.has_permission("Portal Token", "read", token))

	# New passwords

	def password_as_before(self) -> None:
		update_password(self.me.user, PASSWORD)
		self.refresh()

	def test_a_new_password_signs_in_here_and_out_elsewhere(self):
		self.addCleanup(self.password_as_before)
		old = self.signed_in()
		calendar = calendars.make_link(self.me.user)
		path = self.link(links.NEW_PASSWORD)
		page = self.guest.submit(path, password="quite another phrase")
		self.assertEqual(page.goes_to, "/take-part/my?done=password")
		self.assertIn("Your new password is saved.", self.guest.get(page.goes_to).text())
		self.assertEqual(old.get("/take-part/my").status, 303, "other devices are signed out")
		self.refresh()
		self.assertIsNone(calendars.whose(calendar), "who knew the old one may have made it")
		again = Visitor().submit("/take-part/sign-in", email=self.me.user, password="quite another phrase")
		self.assertEqual(again.status, 303)
		self.assertEqual(
			Visitor().submit("/take-part/sign-in", email=self.me.user, password=PASSWORD).status, 422
		)

	def test_a_short_one_is_refused_and_the_link_goes_on_working(self):
		self.addCleanup(self.password_as_before)
		path = self.link(links.NEW_PASSWORD)
		page = self.guest.submit(path, password="short")
		self.assertEqual(page.status, 422)
		self.assertIn("Use 10 letters", page.text())
		self.assertEqual(page.fields()["password"], "")
		self.assertEqual(self.guest.submit(path, password="quite another phrase").status, 303)

	def test_the_rule_of_the_site_counts(self):
		path = self.link(links.NEW_PASSWORD)
		frappe.db.set_single_value("System Settings", "enable_password_policy", 1)
		frappe.db.set_single_value("System Settings", "minimum_password_score", 3)
		frappe.clear_document_cache("System Settings", "System Settings")
		self.refresh()
		try:
			self.assertEqual(self.guest.submit(path, password="passwordpassword").status, 422)
		finally:
			frappe.db.set_single_value("System Settings", "enable_password_policy", 0)
			frappe.clear_document_cache("System Settings", "System Settings")
			self.refresh()

	def test_a_link_for_a_password_works_once(self):
		self.addCleanup(self.password_as_before)
		path = self.link(links.NEW_PASSWORD)
		late = Visitor()
		fields = {**late.get(path).fields(), "password": "a third phrase here"}
		self.guest.submit(path, password="quite another phrase")
		self.assertEqual(late.post(path, fields).status, 410)
		self.assertEqual(late.get("/take-part/my").status, 303)

	def test_a_new_password_ends_links_for_signing_in(self):
		self.addCleanup(self.password_as_before)
		first, sign_in = self.link(links.NEW_PASSWORD), self.link()
		self.guest.submit(first, password="quite another phrase")
		self.assertEqual(Visitor().get(sign_in).status, 410)
