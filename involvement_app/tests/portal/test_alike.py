"""Whoever asks about an address learns nothing: not from the answer, not from the work it makes."""

from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import frappe
import time_machine
from frappe.database.database import Database
from frappe.utils import add_to_date, now_datetime
from frappe.utils.password import passlibctx, update_password

from involvement_app import lifecycle
from involvement_app.portal import frappe_doors, links
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import PASSWORD, TwoPeople, Visitor
from involvement_app.tests.races.connections import LEVELS, RaceTestCase, at_once

UNKNOWN = "nobody.we.know@example.org"
# Frappe asks a few settings more about somebody it knows; a hash takes as long as hundreds of these
FEW = 12


@contextmanager
def counted(holder, name: str):
	"""How often `holder.name` is called inside, by whatever connection."""
	calls, real = [], getattr(holder, name)

	def counting(*args, **kwargs):
		calls.append(str(args[-1:]))
		return real(*args, **kwargs)

	setattr(holder, name, counting)
	try:
		yield calls
	finally:
		if name in vars(holder) and not isinstance(holder, type):
			delattr(holder, name)
		else:
			setattr(holder, name, real)


class TestAlike(TwoPeople):
	@classmethod
	def arrange(cls) -> None:
		super().arrange()
		cls.invited = cls.person()  # has no password yet
		frappe.db.delete("__Auth", {"doctype": "User", "name": cls.invited.user})
		cls.closed = cls.other
		frappe.db.set_value("User", cls.closed.user, "enabled", 0)
		cls.staff = factories.staff(roles.COORDINATOR)
		cls.everybody = (cls.me.user, cls.invited.user, cls.closed.user, cls.staff, UNKNOWN)

	@classmethod
	def put_back(cls) -> None:
		cls.forget_sign_ins(cls.invited.user)
		super().put_back()

	def setUp(self):
		super().setUp()
		frappe.cache.delete_keys("take-part:")
		frappe.cache.delete_keys("rl:")

	def test_a_wrong_password_costs_one_hash_whoever_is_named(self):
		for address in self.everybody:
			visitor = Visitor()
			fields = {**visitor.get("/take-part/sign-in").fields(), "email": address, "password": "wrong"}
			with counted(passlibctx, "verify") as hashes:
				self.assertEqual(visitor.post("/take-part/sign-in", fields).status, 422)
			self.assertEqual(len(hashes), 1, address)

	def test_a_wrong_password_asks_the_database_about_as_much(self):
		self.statements("/take-part/sign-in", UNKNOWN, password="wrong")  # warm
		counts = {
			each: len(self.statements("/take-part/sign-in", each, password="wrong"))
			for each in self.everybody
		}
		self.assertLessEqual(max(counts.values()) - min(counts.values()), FEW, counts)

	def test_asking_for_a_link_asks_the_database_the_same(self):
		for path in ("/take-part/sign-in/link", "/take-part/sign-in/password"):
			self.statements(path, UNKNOWN)  # warm
			asked = {each: self.statements(path, each) for each in self.everybody}
			self.assertEqual({len(each) for each in asked.values()}, {len(asked[UNKNOWN])}, asked)

	def statements(self, path: str, address: str, **fields) -> list[str]:
		visitor = Visitor()
		fields = {**visitor.get(path).fields(), "email": address, **fields}
		with counted(Database, "sql") as asked:
			visitor.post(path, fields)
		return asked

	def test_frappes_own_doors_answer_the_same(self):
		"""Frappe's sign-in page calls them (frappe_doors.py)."""
		for function, field in (
			("frappe.core.doctype.user.user.reset_password", "user"),
			("frappe.www.login.send_login_link", "email"),
		):
			answers = set()
			for number, address in enumerate((*self.everybody, "Administrator")):
				page = self.guest.post(
					f"/api/method/{function}",
					{field: address},
					headers={"X-Forwarded-For": f"192.0.2.{number}", "Accept": "application/json"},
				)
				answers.add((page.status, page.html))
			self.assertEqual(len(answers), 1, answers)
			self.assertEqual(answers.pop()[0], 200)

	def test_frappes_own_doors_keep_frappes_limit(self):
		door = "/api/method/frappe.core.doctype.user.user.reset_password"
		statuses = [self.guest.post(door, {"user": UNKNOWN}).status for _n in range(5)]
		self.assertEqual(statuses[0], 200)
		self.assertNotEqual(statuses[-1], 200)

	def test_a_participant_gets_the_portals_link_there_and_staff_get_frappes(self):
		frappe_doors.send_new_password(self.me.user)
		message = frappe.get_last_doc("Involvement Message")
		self.assertEqual(message.recipient, self.me.user)
		self.assertEqual(message.template, links.MAILS[links.NEW_PASSWORD])
		frappe.db.set_value("User", self.staff, "reset_password_key", None)
		frappe_doors.send_new_password(self.staff)
		self.assertTrue(frappe.db.get_value("User", self.staff, "reset_password_key"))

	def test_strangers_get_nothing(self):
		for address in (UNKNOWN, self.closed.user, ""):
			frappe_doors.send_new_password(address)
			frappe_doors.send_sign_in(address)
			self.assertFalse(frappe.db.count("Portal Token", {"user": address}))
			self.assertFalse(frappe.db.count("Involvement Message", {"address": address or "-"}))

	# Accounts that need more than a password

	def test_a_second_factor_is_asked_for_by_frappes_own_page(self):
		self.turn_on_the_second_factor()
		for person, onward in ((self.me, "/take-part/my"), (self.me, "/take-part/my/payments")):
			visitor = Visitor()
			page = visitor.submit("/take-part/sign-in", email=person.user, password=PASSWORD, next=onward)
			self.assertEqual((page.status, page.goes_to.split("?")[0]), (303, "/login"))
			self.assertIn(onward.replace("/", "%2F"), page.goes_to)
			self.assertEqual(visitor.get("/take-part/my").status, 303, "nobody is signed in yet")

	def test_a_second_factor_is_not_told_to_who_does_not_know_the_password(self):
		self.turn_on_the_second_factor()
		for address in (self.me.user, UNKNOWN):
			page = Visitor().submit("/take-part/sign-in", email=address, password="wrong")
			self.assertEqual(page.status, 422)

	def turn_on_the_second_factor(self) -> None:
		for doctype, name, field in (
			("System Settings", None, "enable_two_factor_auth"),
			("Role", "All", "two_factor_auth"),
		):
			self.set_for_this_test(doctype, name, field, 1, 0)

	def test_a_password_that_is_too_old_is_renewed_at_frappes_own_page(self):
		self.set_for_this_test("System Settings", None, "force_user_to_reset_password", 30, 0)
		frappe.db.set_value(
			"User", self.me.user, "last_password_reset_date", add_to_date(now_datetime(), days=-31)
		)
		self.refresh()
		visitor = Visitor()
		page = visitor.submit("/take-part/sign-in", email=self.me.user, password=PASSWORD)
		self.assertTrue(page.goes_to.startswith("/login?"))
		self.assertEqual(visitor.get("/take-part/my").status, 303)
		frappe.db.set_value("User", self.me.user, "last_password_reset_date", now_datetime())
		self.refresh()
		self.assertEqual(self.signed_in().get("/take-part/my").status, 200)

	def set_for_this_test(self, doctype: str, name, field: str, value, before) -> None:
		def put(to):
			frappe.db.set_value(doctype, name, field, to)
			frappe.clear_cache()
			self.refresh()

		put(value)
		self.addCleanup(put, before)

	# What ends a link

	def test_a_link_ends_after_half_an_hour(self):
		token = links.make(self.me.user, links.SIGN_IN)
		for minutes, user in ((29, self.me.user), (31, None)):
			with time_machine.travel(datetime.now(timezone.utc) + timedelta(minutes=minutes), tick=False):
				self.assertEqual(links.works(token, links.SIGN_IN), user)

	def test_a_new_password_ends_it_by_whatever_door(self):
		token = links.make(self.me.user, links.SIGN_IN)
		update_password(self.me.user, "another phrase")  # as Frappe's own page and the desk do
		self.assertIsNone(links.works(token, links.SIGN_IN))
		self.assertIsNone(links.use(token, links.SIGN_IN))
		self.assertEqual(links.works(links.make(self.me.user, links.SIGN_IN), links.SIGN_IN), self.me.user)

	def test_leaving_ends_it(self):
		"""Row 0.14: and who has left can still ask for a new one, to see what is owed to them."""
		token = links.make(self.me.user, links.SIGN_IN)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			lifecycle.apply(frappe.get_doc("Involvement Participant", self.me.name), "Leave")
		self.assertIsNone(links.works(token, links.SIGN_IN))
		self.assertEqual(links.works(links.make(self.me.user, links.SIGN_IN), links.SIGN_IN), self.me.user)

	def test_it_is_one_persons(self):
		"""Moved to somebody else's name in the database, it opens nothing."""
		token = links.make(self.me.user, links.SIGN_IN)
		row = {"token_hash": links._hash(token)}
		frappe.db.set_value("Portal Token", row, "user", self.invited.user)
		self.assertIsNone(links.works(token, links.SIGN_IN))


class TestTwoAtOnce(RaceTestCase):
	made_doctypes = (
		"Portal Token",
		"Involvement Participant",
		"Contact",
		"Contact Email",
		"Version",
		"Comment",
	)

	@classmethod
	def arrange(cls) -> None:
		factories.empty_hands()
		cls.person = factories.participant(portal=True)

	def test_a_link_signs_in_one_of_two_who_press_at_the_same_moment(self):
		for level in LEVELS:
			token = links.make(self.person.user, links.SIGN_IN)
			frappe.db.commit()  # other connections have to see it
			work = [("Guest", lambda token=token: links.use(token, links.SIGN_IN)) for _n in range(6)]
			outcome = at_once(work, level)
			self.assertEqual(sorted(map(str, outcome)), sorted([self.person.user, *["None"] * 5]), level)
