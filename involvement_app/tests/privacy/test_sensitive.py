"""A sensitive record has one door, and whoever knocks is written down."""

import json

import frappe
import frappe.client
from frappe.core.doctype.data_export.exporter import export_data
from frappe.desk import reportview, search
from frappe.desk.form import load
from frappe.handler import execute_cmd
from frappe.permissions import add_permission
from frappe.utils import add_to_date, now_datetime
from frappe.utils.global_search import search as global_search

from involvement_app import lifecycle
from involvement_app.involvement_privacy import sensitive
from involvement_app.involvement_privacy.append_only import WrittenOnce
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.tests.races.connections import RaceTestCase

PLAN, LOG = "Wellbeing Support Plan", "Sensitive Access Log"
CANARY = "canary-in-the-plan"


class SensitiveTestCase(IntegrationTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.contact = factories.staff(roles.COORDINATOR)
		cls.person = factories.participant(portal=True, named_contact=cls.contact)
		cls.plan = factories.wellbeing_plan(cls.person, what_helps=CANARY)
		place = factories.engagement(
			factories.opportunity("Published", author=factories.user(roles.OWNER)), cls.person
		)
		now = {"starts_on": now_datetime(), "ends_on": add_to_date(now_datetime(), hours=2)}
		frappe.db.set_value("Involvement Session", {"opportunity": place.opportunity}, now)

	def made_once(self):
		super().made_once()
		factories.another(factories.PORTAL)  # the person's own login

	def read(self, user: str, name: str | None = None, reason: str = "Session on Thursday") -> dict:
		with self.as_user(user):
			return sensitive.read(PLAN, name or self.plan.name, reason)

	def log(self) -> list[frappe._dict]:
		return frappe.get_all(LOG, {"document_type": PLAN}, ["*"], order_by="read_on")

	def outsiders(self) -> tuple[str, ...]:
		return (
			factories.another(roles.COORDINATOR),
			factories.staff(roles.MANAGER),
			factories.staff(roles.OWNER),
			factories.staff(roles.FINANCE_OFFICER),
			factories.staff(roles.DATA_PROTECTION),
			factories.another(factories.PORTAL),
			"it.support@example.com",  # a System Manager
			"Administrator",
		)


class TestTheOneDoor(SensitiveTestCase):
	def test_the_person_and_their_named_contact_read_it(self):
		for user in (self.person.user, self.contact):
			with self.subTest(user):
				self.assertEqual(self.read(user)["values"]["what_helps"], CANARY)

	def test_every_reading_is_written_down(self):
		self.read(self.contact)
		(entry,) = self.log()
		self.assertEqual(
			(entry.user, entry.outcome, entry.document_name, entry.person, entry.reason),
			(self.contact, "Read", self.plan.name, self.person.name, "Session on Thursday"),
		)
		self.assertIn("what_helps", entry.fields_read)

	def test_nobody_else_reads_it_and_the_attempt_is_written_down(self):
		for user in self.outsiders():
			with self.subTest(user):
				answer = self.read(user)
				self.assertNotIn(CANARY, str(answer))
				self.assertEqual(frappe.local.response.http_status_code, 403)
				last = self.log()[-1]
				self.assertEqual((last.user, last.outcome, last.fields_read), (user, "Refused", None))

	def test_a_record_that_is_not_there_gets_the_same_answer(self):
		stranger = factories.staff(roles.MANAGER)
		self.assertEqual(self.read(stranger), self.read(stranger, "no-such-plan"))
		self.assertEqual([entry.document_name for entry in self.log()][-1], "no-such-plan")

	def test_a_named_contact_who_lost_their_role_reads_nothing(self):
		leaver = factories.user("Sales User")
		with lifecycle.server_side():
			person = frappe.get_doc(self.person.doctype, self.person.name)
			person.named_contact = leaver
			person.save()
		self.assertIn("refused", self.read(leaver))

	def test_no_reading_without_a_reason(self):
		for reason in ("", "  ", "x"):
			with self.subTest(reason), self.assertRaises(frappe.ValidationError):
				self.read(self.contact, reason=reason)
		self.assertEqual(self.log(), [])

	def test_a_right_that_a_site_gives_opens_nothing(self):
		"""The criterion says nobody, whatever somebody ticks in the Role Permissions Manager."""
		self.addCleanup(frappe.clear_cache, doctype=PLAN)
		add_permission(PLAN, roles.MANAGER)
		with self.as_user(factories.staff(roles.MANAGER)):
			self.assertTrue(frappe.has_permission(PLAN, "read"), "the right was given")
			self.assertEqual(frappe.get_list(PLAN), [])
			self.assertFalse(frappe.has_permission(PLAN, "read", self.plan.name))

	def test_it_opens_sensitive_doctypes_alone(self):
		with self.as_user(self.contact), self.assertRaises(frappe.PermissionError):
			sensitive.read("Involvement Participant", self.person.name, "Curious")

	def test_no_reading_that_cannot_be_written_down(self):
		"""Entry and answer are one: without the one there is no other."""

		def broken(*args, **kwargs):
			raise frappe.ValidationError("the log is full")

		from unittest.mock import patch

		with patch.object(sensitive, "_log", broken), self.assertRaises(frappe.ValidationError):
			self.read(self.contact)


class TestTheLog(SensitiveTestCase):
	def test_only_the_data_protection_officer_reads_it(self):
		self.read(self.contact)
		(entry,) = self.log()
		for user in (*self.outsiders(), self.contact, self.person.user, "Guest"):
			if user == "Administrator":
				continue
			with self.subTest(user), self.as_user(user):
				expected = user == factories.staff(roles.DATA_PROTECTION)
				self.assertEqual(bool(frappe.has_permission(LOG, "read", entry.name)), expected)
				if expected:
					self.assertEqual(frappe.get_list(LOG, pluck="name"), [entry.name])
				else:
					self.assertRaises(frappe.PermissionError, frappe.get_list, LOG)

	def test_nobody_changes_or_deletes_an_entry(self):
		self.read(self.contact)
		doc = frappe.get_doc(LOG, self.log()[0].name)
		doc.reason = "Another"
		# refused, which is what is asked
		for act in (doc.save, doc.delete, lambda: doc.db_set("reason", "Another")):
			with self.assertRaises(WrittenOnce):
				act()

	def test_it_never_says_what_was_read(self):
		self.read(self.contact)
		self.assertNotIn(CANARY, str(self.log()))


class TestTheFrameworksDoors(RaceTestCase):
	"""None of them opens a plan: not for the person, not for those who may read it by the one door. Some doors
	commit what they note, so the rows are committed, and taken away."""

	made_doctypes = (
		"Involvement Participant",
		PLAN,
		"Contact",
		"Contact Email",
		"User",
		"Has Role",
		"Notification Settings",
		"Access Log",
	)

	@classmethod
	def arrange(cls):
		factories.empty_hands()
		cls.contact = factories.staff(roles.COORDINATOR)
		cls.person = factories.participant(portal=True, named_contact=cls.contact)
		cls.plan = factories.wellbeing_plan(cls.person, what_helps=CANARY)
		cls.users = (
			cls.contact,
			cls.person.user,
			factories.another(factories.PORTAL),
			*(factories.staff(role) for role in sorted(roles.DESK_ROLES - {roles.COORDINATOR})),
			factories.user("Sales User"),
			"it.support@example.com",  # a System Manager
			"Guest",
		)

	def attempt(self, act) -> str:
		"""What comes back, and everything the answer would carry."""
		frappe.utils.set_request(method="GET", path="/")
		frappe.local.response = frappe._dict(docs=[])
		frappe.clear_messages()
		try:
			answer = act()
		except (frappe.PermissionError, frappe.DoesNotExistError, frappe.ValidationError) as problem:
			answer = problem
		docs = [doc.as_dict() for doc in frappe.response.get("docs") or []]
		return f"{answer} {docs} {frappe.response} {frappe.message_log}"

	def doors(self) -> dict:
		name = self.plan.name
		everything = json.dumps(["name", "what_helps"])
		return {
			"document": lambda: frappe.client.get(PLAN, name),
			"list": lambda: frappe.client.get_list(PLAN, fields=["name", "what_helps"]),
			"value": lambda: frappe.client.get_value(PLAN, "what_helps", {"name": name}),
			"value by filter": lambda: frappe.client.get_value(
				PLAN, "name", {"what_helps": ["like", "%canary%"]}
			),
			"form": lambda: load.getdoc(PLAN, name),
			"form with type": lambda: load.getdoctype(PLAN),
			"report": lambda: self.with_form(
				reportview.get, doctype=PLAN, fields=everything, filters="[]", order_by="name"
			),
			"export": lambda: self.with_form(
				reportview.export_query,
				doctype=PLAN,
				fields=everything,
				filters="[]",
				file_format_type="CSV",
				title=PLAN,
			),
			"data export": lambda: export_data(PLAN, all_doctypes=False, with_data=True, file_type="CSV"),
			"link search": lambda: search.search_widget(PLAN, CANARY, searchfield="what_helps"),
			"global search": lambda: global_search(CANARY),
			"print": lambda: frappe.get_print(PLAN, name),
			"versions": lambda: frappe.client.get_list("Version", {"ref_doctype": PLAN}, ["data"]),
			"rest": lambda: self.rest(name),
			"rest list": lambda: self.rest(),
		}

	def with_form(self, act, **values):
		frappe.local.form_dict = frappe._dict(values)
		return act()

	def rest(self, name: str | None = None):
		arguments = {"doctype": PLAN, "name": name} if name else {"doctype": PLAN, "fields": '["*"]'}
		frappe.local.form_dict = frappe._dict(arguments)
		return execute_cmd("frappe.client.get" if name else "frappe.client.get_list")

	def tearDown(self):
		frappe.local.form_dict = frappe._dict()
		if hasattr(frappe.local, "request"):
			del frappe.local.request
		super().tearDown()

	def test_none_shows_what_it_says(self):
		for user in self.users:
			for door, act in self.doors().items():
				with self.subTest(door=door, user=user), self.as_user(user):
					self.assertNotIn(CANARY, self.attempt(act).replace(f"'txt': '{CANARY}'", ""))

	def test_none_of_them_writes(self):
		for user in self.users:
			with self.subTest(user), self.as_user(user):
				for act in (
					lambda: frappe.client.set_value(PLAN, self.plan.name, "what_helps", "Nothing"),
					lambda: frappe.client.insert({"doctype": PLAN, "participant": self.person.name}),
					lambda: frappe.client.delete(PLAN, self.plan.name),
				):
					self.assertRaises(frappe.PermissionError, act)
		self.assertEqual(frappe.db.get_value(PLAN, self.plan.name, "what_helps"), CANARY)

	def test_it_keeps_no_versions_and_is_in_no_search(self):
		meta = frappe.get_meta(PLAN)
		self.assertFalse(meta.track_changes or meta.track_views or meta.permissions)
		self.assertFalse([df.fieldname for df in meta.fields if df.in_global_search])
