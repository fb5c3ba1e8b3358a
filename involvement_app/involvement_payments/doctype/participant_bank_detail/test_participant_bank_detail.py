"""Where somebody's money goes: sealed, verified by a second person, changed slowly, told to where they were reached."""

import json

import frappe
import frappe.client
from frappe.utils import add_days, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_payments import bank_details, modulus
from involvement_app.involvement_privacy import sensitive
from involvement_app.lifecycle import StepNotPermitted
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.tests.lifecycle.in_process import call, one_request, undone

DETAIL, LOG, OUTBOX = "Participant Bank Detail", "Sensitive Access Log", "Involvement Message"
NUMBER, OTHER_NUMBER = "66374958", "88837491"
OTHER = {"sort_code": "107999", "account_number": OTHER_NUMBER}


class BankTestCase(IntegrationTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		for role in (roles.COORDINATOR, roles.MANAGER, roles.FINANCE_OFFICER, roles.FINANCE_AUTHORISER):
			factories.staff(role)

	def made_once(self):
		super().made_once()
		self.person = factories.participant(portal=True)

	def stored(self, doc, *fields):
		return frappe.db.get_value(DETAIL, doc.name, fields[0] if len(fields) == 1 else list(fields))

	def verify(self, doc, by: str | None = None):
		with self.as_user(by or factories.staff(roles.FINANCE_OFFICER)):
			lifecycle.apply(frappe.get_doc(DETAIL, doc.name), "Verify")

	def told(self) -> list[str]:
		return frappe.get_all(
			OUTBOX,
			{"recipient": self.person.name, "template": bank_details.TEMPLATE},
			pluck="address",
			order_by="creation",
		)

	def outsiders(self) -> tuple[str, ...]:
		return (
			factories.staff(roles.COORDINATOR),
			factories.staff(roles.MANAGER),
			factories.staff(roles.OWNER),
			factories.staff(roles.BUDGET_HOLDER),
			factories.staff(roles.DATA_PROTECTION),
			factories.participant(portal=True).user,
			self.person.user,
			"it.support@example.com",
			"Guest",
		)


class TestSealed(BankTestCase):
	def test_no_table_holds_the_number_in_the_clear(self):
		"""Domain 4.6, bank detail; 5.3: what is written down is sealed with the site's key."""
		doc = factories.participant_bank_detail(self.person)
		row = frappe.db.get_value(DETAIL, doc.name, "*", as_dict=True)
		self.assertNotIn(NUMBER, frappe.as_json(row))
		self.assertNotIn("089999", frappe.as_json(row))
		self.assertEqual(row.last_three, "958")
		self.assertEqual(
			bank_details.opened(doc),
			{"account_name": "A Person", "sort_code": "089999", "account_number": NUMBER},
		)
		for doctype, field in (("Version", "data"), ("Comment", "content"), (OUTBOX, "body")):
			self.assertFalse(frappe.db.exists(doctype, {field: ["like", f"%{NUMBER}%"]}), doctype)

	def test_finance_reads_it_with_a_reason_that_is_written_down(self):
		doc = factories.participant_bank_detail(self.person)
		for role in (roles.FINANCE_OFFICER, roles.FINANCE_AUTHORISER):
			user = factories.staff(role)
			with self.subTest(role), self.as_user(user):
				answer = sensitive.read(DETAIL, doc.name, "The bank sent it back")
				self.assertEqual(answer["values"]["account_number"], NUMBER)
				with self.assertRaises(frappe.ValidationError):
					sensitive.read(DETAIL, doc.name, " ")
			entry = frappe.get_last_doc(LOG, {"document_name": doc.name, "user": user})
			self.assertEqual((entry.outcome, entry.person), ("Read", self.person.name))
			self.assertNotIn(NUMBER, entry.as_json())

	def test_nobody_else_does_and_that_they_tried_is_written_down(self):
		doc = factories.participant_bank_detail(self.person)
		for user in self.outsiders():
			with self.subTest(user), self.as_user(user):
				self.assertEqual(list(sensitive.read(DETAIL, doc.name, "Curious")), ["refused"])
		tried = frappe.get_all(LOG, {"document_name": doc.name}, pluck="outcome")
		self.assertEqual(tried, ["Refused"] * len(self.outsiders()))

	def test_no_path_of_the_framework_shows_a_coordinator_that_there_is_one(self):
		"""Domain 4.7: coordinators, no bank."""
		doc = factories.participant_bank_detail(self.person)
		for name, (command, arguments) in _paths(doc).items():
			# nobody of ours may export them, so that the way works is seen by who may do everything
			reader = "Administrator" if name == "export" else factories.staff(roles.FINANCE_OFFICER)
			with self.subTest(f"{reader}: {name}"):
				shown, problems = _asked(reader, command, arguments)
				self.assertEqual(problems, [])
				self.assertRegex(shown, r"\[\s*1," if name == "count" else f"958|{doc.name}")
			for user in self.outsiders():
				with self.subTest(f"{user}: {name}"):
					shown, problems = _asked(user, command, arguments)
					self.assertEqual([type(problem) for problem in problems], [frappe.PermissionError])
					self.assertNotRegex(shown, f"958|{doc.name}")
		officer = factories.staff(roles.FINANCE_OFFICER)
		_shown, problems = _asked(officer, *_paths(doc)["export"])
		self.assertEqual([type(problem) for problem in problems], [frappe.PermissionError])

	def test_the_door_for_passwords_shows_nothing_in_the_clear(self):
		"""Frappe opens it to system managers; what is there is sealed with the site's key, which it does not show."""
		doc = factories.participant_bank_detail(self.person)
		asked = ("frappe.client.get_password", {"doctype": DETAIL, "name": doc.name, "fieldname": "sealed"})
		frappe.flags.in_test = False  # Frappe asks nobody's role in a test
		try:
			for user in self.outsiders():
				shown, problems = _asked(user, *asked)
				with self.subTest(user):
					manager = "System Manager" in frappe.get_roles(user)
					refused = [] if manager else [frappe.PermissionError]
					self.assertEqual([type(problem) for problem in problems], refused)
					self.assertEqual(doc.sealed in shown, manager)
					self.assertNotRegex(shown, f"958|{NUMBER}|089999")
		finally:
			frappe.flags.in_test = True

	def test_finance_is_shown_three_digits_and_nothing_sealed(self):
		doc = factories.participant_bank_detail(self.person)
		with self.as_user(factories.staff(roles.FINANCE_OFFICER)):
			shown = frappe.client.get(DETAIL, doc.name)
			self.assertEqual((shown["last_three"], shown.get("sealed")), ("958", None))
			for fields in (["*"], ["name", "last_three"]):
				(row,) = frappe.client.get_list(DETAIL, fields=fields, filters={"name": doc.name})
				self.assertNotIn(doc.sealed, frappe.as_json(row))

	def test_nobody_writes_one_past_the_door(self):
		"""Neither a form nor an import could seal it."""
		for user in (factories.staff(roles.FINANCE_OFFICER), factories.staff(roles.MANAGER), "Administrator"):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				frappe.get_doc(
					doctype=DETAIL,
					participant=self.person.name,
					way="Bank",
					status="Active",
					recorded_how="Phone",
				).insert()

	def test_what_is_replaced_or_taken_away_is_not_kept(self):
		"""docs/retention.md: the account goes with the step itself."""
		first = factories.participant_bank_detail(self.person)
		second = factories.participant_bank_detail(self.person, **OTHER)
		self.assertEqual(self.stored(first, "status", "sealed", "last_three"), ("Superseded", None, "958"))
		with self.as_user(self.person.user):
			self.assertEqual(bank_details.take_away(self.person.name), 1)
		self.assertEqual(self.stored(second, "status", "sealed"), ("Taken away", None))

	def test_units_hold_for_finance_too(self):
		doc = factories.participant_bank_detail(self.person)
		officer = factories.another(roles.FINANCE_OFFICER)
		frappe.get_doc(
			doctype="User Permission", user=officer, allow="Involvement Unit", for_value=factories.unit()
		).insert()
		with self.as_user(officer):
			self.assertFalse(frappe.has_permission(DETAIL, "read", doc.name))
			self.assertNotIn(doc.name, frappe.get_list(DETAIL, pluck="name", limit=0))
			self.assertIn("refused", sensitive.read(DETAIL, doc.name, "Curious"))
			with self.assertRaises(frappe.PermissionError):
				bank_details.write_for(self.person.name, "Cash", {}, "Phone")


class TestASecondPerson(BankTestCase):
	def test_who_entered_it_does_not_verify_it(self):
		officer, other = factories.staff(roles.FINANCE_OFFICER), factories.staff(roles.FINANCE_AUTHORISER)
		with self.as_user(officer):
			bank_details.write_for(self.person.name, "Bank", factories.ACCOUNT, "Phone")
		doc = frappe.get_last_doc(DETAIL, {"participant": self.person.name})
		self.assertEqual((doc.recorded_by, doc.told_how), (officer, "Phone"))
		with self.assertRaises(StepNotPermitted):
			self.verify(doc, officer)
		self.verify(doc, other)
		self.assertEqual(self.stored(doc, "verified_by"), other)

	def test_nor_does_whose_money_it_is(self):
		officer = factories.another(roles.FINANCE_OFFICER)
		frappe.db.set_value("Involvement Participant", self.person.name, "user", officer)
		doc = factories.participant_bank_detail(self.person)
		with self.assertRaises(StepNotPermitted):
			self.verify(doc, officer)

	def test_nobody_else_verifies(self):
		doc = factories.participant_bank_detail(self.person)
		for user in self.outsiders():
			with self.subTest(user), self.assertRaises((StepNotPermitted, frappe.PermissionError)):
				self.verify(doc, user)
		self.assertEqual(self.stored(doc, "status"), "Pending")

	def test_nothing_rides_along_with_the_verification(self):
		doc = factories.participant_bank_detail(self.person)
		with self.as_user(factories.staff(roles.FINANCE_OFFICER)):
			forged = frappe.get_doc(DETAIL, doc.name)
			forged.update({"last_three": "000", "sealed": "x", "usable_from": "2000-01-01"})
			lifecycle.apply(forged, "Verify")
		self.assertEqual(self.stored(doc, "last_three", "sealed"), ("958", doc.sealed))

	def test_setting_aside_needs_a_reason(self):
		doc = factories.participant_bank_detail(self.person)
		with self.as_user(factories.staff(roles.FINANCE_OFFICER)):
			with self.assertRaises(frappe.ValidationError):
				lifecycle.apply(frappe.get_doc(DETAIL, doc.name), "Set aside")
			lifecycle.apply(frappe.get_doc(DETAIL, doc.name), "Set aside", note="They did not ask for it")
		self.assertEqual(self.stored(doc, "status", "sealed"), ("Taken away", None))

	def test_staff_write_for_those_they_may_change_and_never_for_themselves(self):
		"""Domain 4.0 no. 10: entered for the person, by whom and how."""
		write = bank_details.write_for
		for user in (
			factories.staff(roles.OWNER),
			factories.staff(roles.BUDGET_HOLDER),
			factories.participant(portal=True).user,
			self.person.user,
			"Guest",
		):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				write(self.person.name, "Bank", factories.ACCOUNT, "Phone")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			for how in ("", "Telepathy"):
				with self.subTest(how), self.assertRaises(frappe.ValidationError):
					write(self.person.name, "Bank", factories.ACCOUNT, how)
			self.assertIsNone(write(self.person.name, "Bank", factories.ACCOUNT, "Phone"))

	def test_staff_take_it_away_when_they_are_told_to(self):
		doc = factories.participant_bank_detail(self.person, "Active")
		with self.as_user(factories.staff(roles.OWNER)), self.assertRaises(frappe.PermissionError):
			bank_details.take_away_for(self.person.name, "Phone")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertEqual(bank_details.take_away_for(self.person.name, "Phone"), 1)
		self.assertEqual(self.stored(doc, "status"), "Taken away")


class TestAChange(BankTestCase):
	def made_once(self):
		super().made_once()
		self.first = factories.participant_bank_detail(self.person, "Active")

	def change(self):
		with self.as_user(self.person.user):
			name = bank_details.enter(self.person.name, "Bank", {**factories.ACCOUNT, **OTHER})
		return frappe.get_doc(DETAIL, name)

	def test_the_first_is_used_as_soon_as_it_is_verified(self):
		self.assertEqual(self.first.status, "Active")
		self.assertTrue(self.first.active_since)

	def test_a_change_waits_for_its_cooling_off_time_and_the_earlier_one_is_used_until_then(self):
		doc = self.change()
		self.assertEqual((doc.is_change, getdate(doc.usable_from)), (1, getdate(add_days(today(), 3))))
		self.verify(doc)
		bank_details.use_due()
		self.assertEqual(
			(self.stored(doc, "status"), self.stored(self.first, "status")), ("Verified", "Active")
		)
		frappe.db.set_value(DETAIL, doc.name, "usable_from", today())
		bank_details.use_due()
		self.assertEqual(
			(self.stored(doc, "status"), self.stored(self.first, "status")), ("Active", "Superseded")
		)

	def test_taking_the_old_one_away_first_is_no_way_round_the_waiting(self):
		with self.as_user(self.person.user):
			bank_details.take_away(self.person.name)
		doc = self.change()
		self.assertTrue(doc.is_change)
		self.verify(doc)
		self.assertEqual(self.stored(doc, "status"), "Verified")

	def test_what_is_not_verified_is_never_used(self):
		doc = self.change()
		frappe.db.set_value(DETAIL, doc.name, "usable_from", add_days(today(), -30))
		bank_details.use_due()
		self.assertEqual(self.stored(doc, "status"), "Pending")

	def test_where_they_were_reached_before_is_told_too(self):
		"""Domain 4.12: an alert to the old contact route, and whoever took over the address does not silence it."""
		contact = frappe.db.get_value("Involvement Participant", self.person.name, "person")
		before = frappe.db.get_value("Contact", contact, "email_id")
		self.assertTrue(before)
		frappe.db.delete(OUTBOX, {"recipient": self.person.name})
		frappe.db.set_value("Contact", contact, "email_id", "mallory@example.com")
		self.change()
		self.assertLessEqual({"mallory@example.com", before}, set(self.told()))

	def test_the_message_stays_addressed_to_where_they_were(self):
		from involvement_app.messages.outbox import _person

		contact = frappe.db.get_value("Involvement Participant", self.person.name, "person")
		before = frappe.db.get_value("Contact", contact, "email_id")
		frappe.db.delete(OUTBOX, {"recipient": self.person.name})
		frappe.db.set_value("Contact", contact, "email_id", "mallory@example.com")
		self.change()
		row = frappe.get_last_doc(OUTBOX, {"recipient": self.person.name, "address": before})
		self.assertEqual(_person(row).address, before)

	def test_the_message_says_nothing_outside(self):
		rows = frappe.get_all(OUTBOX, {"recipient": self.person.name}, ["subject", "body", "short_text"])
		self.assertTrue(rows)
		for row in rows:
			for word in ("bank", "958", "account", "involvement"):
				self.assertNotIn(word, frappe.as_json(row).lower())

	def test_nobody_changes_somebody_elses(self):
		other = factories.participant(portal=True)
		with self.as_user(other.user):
			for attempt in (
				lambda: bank_details.enter(self.person.name, "Cash"),
				lambda: bank_details.take_away(self.person.name),
			):
				self.assertRaises(frappe.PermissionError, attempt)

	def test_a_supporter_does_not_either(self):
		"""Domain 4.7: supporters, no bank."""
		supporter = factories.participant(portal=True)
		factories.supporter(self.person, email=supporter.user)
		with self.as_user(supporter.user), self.assertRaises(frappe.PermissionError):
			bank_details.enter(self.person.name, "Cash")

	def test_one_that_cannot_be_used_holds_up_nobody_else_s(self):
		people = [factories.participant(), factories.participant()]
		rows = [factories.participant_bank_detail(person, "Active") for person in people]
		for row in rows:
			frappe.db.set_value(
				DETAIL, row.name, {"status": "Verified", "live_key": None, "active_since": None}
			)
		# somebody else's row holds the key of the first
		another = factories.participant_bank_detail(factories.participant())
		frappe.db.set_value(DETAIL, another.name, "live_key", f"{people[0].name}|active")
		bank_details.use_due()
		self.assertEqual(
			[frappe.db.get_value(DETAIL, row.name, "status") for row in rows], ["Verified", "Active"]
		)

	def test_one_waits_and_one_is_in_use_at_most(self):
		self.change()
		self.change()
		living = frappe.get_all(
			DETAIL, {"participant": self.person.name, "status": ["in", bank_details.LIVING]}, pluck="status"
		)
		self.assertEqual(sorted(living), ["Active", "Pending"])

	def test_a_merge_moves_nobodys_account(self):
		from involvement_app.involvement_app import merging

		kept = factories.participant()
		with self.as_user(factories.staff(roles.MANAGER)):
			merging.merge(kept.name, self.person.name, "The same person")
		self.assertEqual(self.stored(self.first, "status", "sealed"), ("Superseded", None))
		self.assertFalse(frappe.db.exists(DETAIL, {"participant": kept.name}))


class TestWhatIsEntered(BankTestCase):
	def enter(self, **account) -> str:
		with self.as_user(self.person.user):
			return bank_details.enter(self.person.name, "Bank", {**factories.ACCOUNT, **account})

	def test_spaces_and_dashes_are_no_matter_and_short_numbers_are_filled(self):
		doc = frappe.get_doc(DETAIL, self.enter(sort_code=" 08 99-99 ", account_number="374 958"))
		self.assertEqual(bank_details.opened(doc)["account_number"], "00374958")

	def test_what_cannot_be_an_account_names_its_field(self):
		for field, values in {
			"account_name": ("", " ", "x" * 71),
			"sort_code": ("", "12345", "1234567", "12345a", "000000", "١٢٣٤٥٦"),
			"account_number": ("", "12345", "123456789", "1234567x", "00000000"),
		}.items():
			for value in values:
				with (
					self.subTest(f"{field}: {value}"),
					self.assertRaises(bank_details.NotAnAccount) as caught,
				):
					self.enter(**{field: value})
				self.assertEqual(caught.exception.field, field)

	def test_a_number_that_does_not_fit_warns_and_is_taken(self):
		doc = frappe.get_doc(DETAIL, self.enter(account_number="66374959"))
		self.assertIn("does not fit", doc.warning)
		self.assertIn("version 8.50, valid from 23 June 2025", doc.warning)
		self.assertFalse(frappe.get_doc(DETAIL, self.enter()).warning)

	def test_only_what_is_offered_and_no_vouchers_for_whom_they_are_not(self):
		frappe.db.set_single_value("Involvement Settings", "pay_by_cash", 0)
		frappe.db.set_single_value("Involvement Settings", "pay_by_voucher", 1)
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.addCleanup(frappe.clear_document_cache, "Involvement Settings", "Involvement Settings")
		frappe.db.set_value(
			"Involvement Participant", self.person.name, "payment_eligibility", "Not vouchers"
		)
		with self.as_user(self.person.user):
			for way in ("Cash", "Voucher", "Gold", ""):
				with self.subTest(way), self.assertRaises(bank_details.NotAnAccount):
					bank_details.enter(self.person.name, way)
			self.assertTrue(bank_details.enter(self.person.name, "Cheque"))

	def test_the_account_of_nobody_who_left_their_old_record(self):
		old = factories.participant()
		frappe.db.set_value(
			"Involvement Participant", old.name, {"status": "Merged", "merged_into": self.person.name}
		)
		with self.as_user(factories.staff(roles.FINANCE_OFFICER)), self.assertRaises(frappe.ValidationError):
			bank_details.write_for(old.name, "Cash", {}, "Phone")


class TestModulusCheck(IntegrationTestCase):
	"""The test cases that Pay.UK publishes with the specification."""

	FITS = """
		089999 66374958 · 107999 88837491 · 202959 63748472 · 871427 46238510 · 872427 46238510 · 871427 09123496
		871427 99123496 · 820000 73688637 · 827999 73988638 · 827101 28748352 · 134020 63849203 · 118765 64371389
		200915 41011166 · 938611 07806039 · 938600 42368003 · 938063 55065200 · 772798 99345694 · 086090 06774744
		309070 02355688 · 309070 12345668 · 309070 12345677 · 309070 99345694 · 074456 12345112 · 070116 34012583
		074456 11104102 · 180002 00000190"""
	DOES_NOT = """
		938063 15764273 · 938063 15764264 · 938063 15763217 · 118765 64371388 · 203099 66831036 · 203099 58716970
		089999 66374959 · 107999 88837493"""

	def test_as_published(self):
		for cases, expected in ((self.FITS, True), (self.DOES_NOT, False)):
			words = cases.replace("·", " ").split()
			for sort_code, number in zip(words[::2], words[1::2], strict=True):
				with self.subTest(f"{sort_code} {number}"):
					self.assertEqual(modulus.fits(sort_code, number), expected)

	def attach(self, name: str, content: str) -> None:
		file = frappe.get_doc(doctype="File", file_name=name, is_private=1, content=content).insert()
		settings = frappe.get_doc("Involvement Settings")
		settings.set(modulus.ATTACHED[name], file.file_url)
		settings.save()

	def test_the_sites_own_tables_are_asked_before_any_package(self):
		"""Nobody needs the package: Pay.UK publishes its tables free of charge to users."""
		weights = " ".join(["000000", "999999", "MOD10", *["0"] * 13, "1"])
		self.attach(modulus.WEIGHTS, weights)
		self.attach(modulus.SUBSTITUTES, "938173 938017")
		self.assertTrue(modulus.are_here())
		words, day = modulus.of_which_day()
		self.assertEqual(day, frappe.utils.getdate())
		self.assertIn("attached on", words)
		self.assertEqual(
			(modulus.fits("000001", "12345670"), modulus.fits("000001", "12345671")), (True, False)
		)
		self.assertEqual(modulus.tables()[1], {"938173": "938017"})

	def test_nothing_else_is_taken_for_such_a_table(self):
		for name in modulus.ATTACHED:
			for content in ("Dear all, please see attached", "1 2 3", "089000 089999 MOD10 0 0 0", "é"):
				with self.subTest(name, content=content):
					with self.assertRaisesRegex(frappe.ValidationError, "not the table that Pay.UK"):
						self.attach(name, content)

	def test_a_sort_code_that_no_rule_knows_is_taken(self):
		self.assertTrue(modulus.fits("000001", "12345678"))


def _paths(doc) -> dict[str, tuple[str, dict]]:
	"""Whatever of Frappe's could show that there is one: the function that a request names, and with what."""
	one, rows = {"doctype": DETAIL, "name": doc.name}, {"doctype": DETAIL}
	fields = json.dumps(["name", "last_three"])
	return {
		"document": ("frappe.client.get", one),
		"value": ("frappe.client.get_value", {**rows, "fieldname": "last_three", "filters": doc.name}),
		"list": ("frappe.client.get_list", {**rows, "fields": fields}),
		"all of the list": ("frappe.client.get_list", {**rows, "fields": json.dumps(["*"])}),
		"count": ("frappe.client.get_count", rows),
		"form": ("frappe.desk.form.load.getdoc", one),
		"report": (
			"frappe.desk.reportview.get",
			{**rows, "fields": fields, "filters": "{}", "start": 0, "page_length": 100},
		),
		"export": (
			"frappe.core.doctype.data_export.exporter.export_data",
			{**rows, "all_doctypes": False, "with_data": True, "file_type": "CSV"},
		),
		"link": ("frappe.desk.search.search_link", {**rows, "txt": ""}),
		"print": ("frappe.www.printview.get_html_and_style", {"doc": frappe.as_json(one)}),
	}


def _asked(user: str, command: str, arguments: dict) -> tuple[str, list[Exception]]:
	"""What `user` is answered to a request, as text, and what it ended in."""
	answer = None
	# an export commits its line of the Access Log
	with undone(), one_request(user) as problems:
		answer = call(command, **arguments)
	return frappe.as_json([answer, frappe.local.response]), problems
