"""What people were told and said: written once, the newest row counts, at once and for everybody who listens."""

import frappe
import frappe.client
from frappe.model.rename_doc import rename_doc
from frappe.permissions import add_permission
from frappe.utils import add_days, getdate, today

from involvement_app.involvement_app import consents, joining, places, statements
from involvement_app.involvement_app.participants import recipient
from involvement_app.involvement_privacy import consent
from involvement_app.involvement_privacy.append_only import WrittenOnce
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase, counted_queries

REGISTER = "Involvement Participant"
HOW = consent.How("Phone")
heard: list[tuple] = []


def listener(person, purpose, decision) -> None:
	"""Listens in tests: what stands at the moment it is told."""
	heard.append((person, purpose, decision, consent.state(person, purpose).decision))


def failing_listener(person, purpose, decision) -> None:
	frappe.get_doc(doctype="Involvement Locality", locality_name="Half done").insert()
	raise ValueError("the print shop is closed")


class ConsentTestCase(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.doc = factories.participant()
		self.person = (REGISTER, self.doc.name)

	def setUp(self):
		super().setUp()
		heard.clear()

	def listening(self, *listeners: str):
		path = "involvement_app.tests.privacy.test_consent."
		return self.patch_hooks({"involvement_consent_changed": [path + name for name in listeners]})

	def patch_hooks(self, hooks: dict):
		from unittest.mock import patch

		asked = frappe.get_hooks

		def patched(hook=None, *args, **kwargs):
			return hooks[hook] if hook in hooks else asked(hook, *args, **kwargs)

		return patch.object(frappe, "get_hooks", patched)

	def standing(self, purpose: str) -> str | None:
		now = consent.state(self.person, purpose)
		return now and now.decision

	def rows(self, **filters) -> list:
		return frappe.get_all("Consent Record", {"person": self.doc.name, **filters}, ["*"])

	def row(self):
		consent.give(self.person, consents.TEXTS, HOW)
		return frappe.get_doc("Consent Record", {"person": self.doc.name, "purpose": consents.TEXTS})


class TestState(ConsentTestCase):
	def test_the_newest_entry_counts(self):
		for decision in (consent.GIVEN, consent.WITHDRAWN, consent.GIVEN, consent.REFUSED):
			consent.record(self.person, {consents.TEXTS: decision}, HOW)
			self.assertEqual(self.standing(consents.TEXTS), decision)
		self.assertEqual(len(self.rows(purpose=consents.TEXTS)), 4)

	def test_the_order_holds_when_the_clock_stands_still_or_goes_back(self):
		consent.give(self.person, consents.TEXTS, HOW)
		with self.at(add_days(frappe.utils.now_datetime(), -1)):
			consent.withdraw(self.person, consents.TEXTS, HOW)
			consent.give(self.person, consents.TEXTS, HOW)
			consent.withdraw(self.person, consents.TEXTS, HOW)
		self.assertEqual(self.standing(consents.TEXTS), consent.WITHDRAWN)
		self.assertEqual(len({row.recorded_on for row in self.rows(purpose=consents.TEXTS)}), 4)

	def at(self, moment):
		from unittest.mock import patch

		# the clock is the world's, not the framework's: no other way to turn it back
		return patch.object(consent, "now_datetime", lambda: moment)

	def test_of_two_entries_of_the_same_moment_the_no_counts(self):
		consent.give(self.person, consents.TEXTS, HOW)
		consent.withdraw(self.person, consents.TEXTS, HOW)
		# two servers may write in the same microsecond
		frappe.db.set_value(
			"Consent Record",
			{"purpose": consents.TEXTS, "person": self.doc.name},
			"recorded_on",
			"2026-01-01",
		)
		self.assertEqual(self.standing(consents.TEXTS), consent.WITHDRAWN)
		self.assertEqual(self.listed(consents.TEXTS), [])

	def test_lists_and_people_agree(self):
		"""The criterion for lists says what `state` says, for whatever was recorded in whatever order."""
		others = [factories.participant() for _each in range(3)]
		stories = ((), ("Given",), ("Given", "Withdrawn"), ("Refused", "Given"))
		for doc, story in zip((self.doc, *others), stories, strict=True):
			for decision in story:
				consent.record((REGISTER, doc.name), {consents.TEXTS: decision}, HOW)
		self.assertEqual(self.listed(consents.TEXTS), sorted((others[0].name, others[2].name)))

	def listed(self, purpose: str) -> list[str]:
		participant = frappe.qb.DocType(REGISTER)
		names = (
			frappe.qb.from_(participant)
			.select(participant.name)
			.where(consent.holds(purpose, REGISTER, participant.name))
			.run(pluck=True)
		)
		return sorted(names)

	def test_one_purpose_says_nothing_of_another_and_one_person_nothing_of_another(self):
		consent.give(self.person, consents.TEXTS, HOW)
		self.assertIsNone(self.standing(consents.ACCESS))
		self.assertIsNone(consent.state((REGISTER, factories.participant().name), consents.TEXTS))

	def test_how_things_stand_is_one_query(self):
		with counted_queries() as queries:
			consent.states(self.person)
		self.assertEqual(len(queries), 1)


class TestWhatIsWrittenDown(ConsentTestCase):
	def test_purpose_version_words_way_and_by_whom(self):
		coordinator = factories.staff(roles.COORDINATOR)
		yesterday = add_days(today(), -1)
		with self.as_user(coordinator):
			consent.record_for(
				*self.person,
				decisions={consents.ACCESS: "Given"},
				method="Post",
				decided_on=yesterday,
				given_by="Their mother, who is the guardian",
				told_by="Sam",
				note="Signed form in the blue folder",
			)
		(row,) = self.rows(purpose=consents.ACCESS)
		statement = frappe.get_doc("Consent Statement", row.statement)
		self.assertEqual(
			(row.decision, row.method, getdate(row.decided_on), row.recorded_by, row.given_by, row.told_by),
			("Given", "Post", getdate(yesterday), coordinator, "Their mother, who is the guardian", "Sam"),
		)
		self.assertEqual((row.version, row.text_hash), (statement.version, consent.fingerprint(statement)))

	def test_a_day_to_come_an_unknown_way_and_an_unknown_purpose_are_refused(self):
		for decisions, how in (
			({consents.TEXTS: "Given"}, consent.How("Phone", decided_on=add_days(today(), 1))),
			({consents.TEXTS: "Given"}, consent.How("Telepathy")),
			({"no-such-purpose": "Given"}, HOW),
			({consents.TEXTS: consent.NOTICE_GIVEN}, HOW),
			({consents.NOTICE: "Given"}, HOW),
		):
			with self.subTest(decisions=decisions, how=how), self.assertRaises(frappe.ValidationError):
				consent.record(self.person, decisions, how)
		self.assertEqual(len(self.rows()), 1)

	def test_taking_back_takes_what_giving_takes(self):
		"""Withdrawing is as easy as giving: the same arguments, one step, no reason."""
		import inspect

		give, withdraw = (inspect.signature(each) for each in (consent.give, consent.withdraw))
		self.assertEqual(give, withdraw)
		consent.give(self.person, consents.TEXTS, HOW)
		consent.withdraw(self.person, consents.TEXTS, HOW)
		self.assertFalse(consent.state(self.person, consents.TEXTS).holds)

	def test_what_is_no_longer_asked_can_still_be_taken_back(self):
		consent.give(self.person, consents.TEXTS, HOW)
		frappe.db.set_value(
			"Consent Statement", {"purpose": consents.TEXTS}, "active_to", add_days(today(), -1)
		)
		with self.assertRaises(frappe.ValidationError):
			consent.give(self.person, consents.TEXTS, HOW)
		self.assertIn(consents.TEXTS, [row.purpose for row, _now in consent.asked(self.person)])
		consent.withdraw(self.person, consents.TEXTS, HOW)
		self.assertNotIn(consents.TEXTS, [row.purpose for row, _now in consent.asked(self.person)])
		self.assertEqual(self.standing(consents.TEXTS), consent.WITHDRAWN)

	def test_evidence_is_made_private_and_hangs_on_the_entry(self):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			file = frappe.get_doc(
				doctype="File",
				file_name=f"{frappe.generate_hash(length=6)}.txt",
				is_private=0,
				content="Yes. A.",
			).insert()
			consent.give(self.person, consents.ACCESS, consent.How("Post", evidence=file.file_url))
		(row,) = self.rows(purpose=consents.ACCESS)
		self.assertTrue(row.evidence.startswith("/private/files/"))
		self.assertEqual(
			frappe.db.get_value("File", file.name, ["attached_to_doctype", "attached_to_name"]),
			("Consent Record", row.name),
		)

	def test_somebody_elses_file_is_no_evidence(self):
		with self.as_user("Administrator"):
			secret = frappe.get_doc(
				doctype="File", file_name=f"{frappe.generate_hash(length=6)}.txt", is_private=1, content="Pay"
			).insert()
		with self.as_user(factories.staff(roles.COORDINATOR)), self.assertRaises(frappe.PermissionError):
			consent.give(self.person, consents.ACCESS, consent.How("Post", evidence=secret.file_url))


class TestWrittenOnce(ConsentTestCase):
	"""Not even Administrator, who runs these tests, changes what was written down. The bypasses are refused: that is
	what is asked."""

	def refused(self, what: str, act) -> None:
		with self.subTest(what), self.assertRaises(WrittenOnce):
			act()

	def test_nothing_is_changed_renamed_cancelled_or_deleted(self):
		"""Every bypass here is bounded to being refused."""
		row = self.row()
		before = frappe.db.get_value(row.doctype, row.name, "*", as_dict=True)
		row.decision = "Refused"
		self.refused("save", lambda: row.save(ignore_permissions=True))
		row = frappe.get_doc(row.doctype, row.name)
		row.flags.ignore_validate = True
		self.refused("save without validation", row.save)
		row = frappe.get_doc(row.doctype, row.name)
		self.refused("submit", row.submit)
		self.refused("db_set", lambda: row.db_set("decision", "Refused"))
		self.refused("db_update", row.db_update)
		self.refused("delete", row.delete)
		self.refused("delete_doc", lambda: frappe.delete_doc(row.doctype, row.name, force=True))
		self.refused("set_value", lambda: frappe.client.set_value(row.doctype, row.name, "note", "x"))
		self.refused("client.delete", lambda: frappe.client.delete(row.doctype, row.name))
		self.refused("rename", lambda: rename_doc(row.doctype, row.name, "another", force=True))
		self.assertEqual(frappe.db.get_value(row.doctype, row.name, "*", as_dict=True), before)

	def test_a_deletion_that_skips_on_trash_is_refused_too(self):
		row = self.row()
		self.refused(
			"ignore_on_trash",
			lambda: frappe.delete_doc(row.doctype, row.name, force=True, ignore_on_trash=True),
		)

	def test_nobody_writes_an_entry_past_the_function(self):
		values = {**self.row().as_dict(), "name": None, "decision": "Withdrawn"}
		for past in ({}, {"ignore_mandatory": True}):
			with self.subTest(**past), self.assertRaises(WrittenOnce):
				# refused as what it is, not for rights or blanks
				frappe.get_doc(values).insert(ignore_permissions=True, **past)


class TestListening(ConsentTestCase):
	def test_listeners_are_told_when_it_already_counts(self):
		with self.listening("listener"):
			consent.give(self.person, consents.TEXTS, HOW)
			consent.withdraw(self.person, consents.TEXTS, HOW)
		self.assertEqual(
			heard,
			[
				(self.person, consents.TEXTS, "Given", "Given"),
				(self.person, consents.TEXTS, "Withdrawn", "Withdrawn"),
			],
		)

	def test_a_no_holds_whatever_a_listener_makes_of_it(self):
		consent.give(self.person, consents.TEXTS, HOW)
		with self.listening("failing_listener", "listener"):
			consent.withdraw(self.person, consents.TEXTS, HOW)
		self.assertEqual(self.standing(consents.TEXTS), consent.WITHDRAWN)
		self.assertEqual(len(heard), 1, "the next one is told all the same")
		self.assertFalse(frappe.db.exists("Involvement Locality", "Half done"))

	def test_a_yes_that_a_listener_cannot_take_is_not_written(self):
		with self.listening("failing_listener"), self.assertRaises(ValueError):
			consent.give(self.person, consents.TEXTS, HOW)

	def test_a_listener_that_failed_is_not_called_again_after_a_new_yes(self):
		path = "involvement_app.tests.privacy.test_consent.listener"
		consent.give(self.person, consents.TEXTS, HOW)
		consent.tell_again(path, list(self.person), consents.TEXTS)
		self.assertEqual(heard, [])
		consent.withdraw(self.person, consents.TEXTS, HOW)
		consent.tell_again(path, list(self.person), consents.TEXTS)
		self.assertEqual(len(heard), 1)


class TestWhatANoDoes(ConsentTestCase):
	"""In the register, in the same request (domain 5.3)."""

	def test_access_needs_are_deleted(self):
		doc = factories.participant(access_note="Large print, said the canary")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.get_doc(REGISTER, doc.name)
			doc.access_note += ", and tea"
			doc.save()
		factories.application(factories.opportunity("Published"), doc, access_needs="A canary's ramp")
		consent.give((REGISTER, doc.name), consents.ACCESS, HOW)
		consent.withdraw((REGISTER, doc.name), consents.ACCESS, HOW)
		self.assertFalse(frappe.db.get_value(REGISTER, doc.name, "access_note"))
		kept = frappe.get_all("Version", {"docname": doc.name}, pluck="data")
		kept += frappe.get_all("Involvement Application", {"participant": doc.name}, pluck="access_needs")
		self.assertNotIn("canary", str(kept))

	def test_access_needs_are_not_typed_again(self):
		"""A no also stops staff from keeping it anew, by whatever way; what the person writes is theirs."""
		doc = factories.participant(portal=True)
		consent.record((REGISTER, doc.name), {consents.ACCESS: "Refused"}, HOW)
		opportunity = factories.opportunity("Published").name
		with self.as_user(factories.staff(roles.COORDINATOR)):
			with self.assertRaises(consents.NotAgreed):
				frappe.client.set_value(REGISTER, doc.name, "access_note", "Large print")
			with self.assertRaises(consents.NotAgreed):
				places.apply_for(opportunity, doc.name, access_needs="A ramp", recorded_how="Phone")
			frappe.client.set_value(REGISTER, doc.name, "preferred_name", "Sam")
		with self.as_user(doc.user):
			application = places.apply_for(opportunity, doc.name, access_needs="A ramp, today")
		self.assertEqual(application.access_needs, "A ramp, today")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			with self.assertRaises(consents.NotAgreed):
				frappe.client.set_value(application.doctype, application.name, "access_needs", "Two ramps")
			consent.record_for(REGISTER, doc.name, decisions={consents.ACCESS: "Given"}, method="Phone")
			frappe.client.set_value(REGISTER, doc.name, "access_note", "Large print")
		self.assertEqual(frappe.db.get_value(REGISTER, doc.name, "access_note"), "Large print")

	def test_who_was_never_asked_has_not_said_no(self):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			frappe.client.set_value(REGISTER, self.doc.name, "access_note", "Large print")
		self.assertEqual(frappe.db.get_value(REGISTER, self.doc.name, "access_note"), "Large print")

	def test_the_wellbeing_plan_is_deleted_without_a_copy(self):
		plan = factories.wellbeing_plan(self.doc, what_helps="A canary singing")
		consent.give(self.person, consents.WELLBEING, HOW)
		consent.withdraw(self.person, consents.WELLBEING, HOW)
		self.assertFalse(frappe.db.exists(plan.doctype, plan.name))
		self.assertFalse(frappe.db.exists("Deleted Document", {"data": ["like", "%canary singing%"]}))

	def test_whoever_leaves_takes_their_wellbeing_plan_along(self):
		from involvement_app import lifecycle

		plan = factories.wellbeing_plan(self.doc)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			lifecycle.apply(frappe.get_doc(REGISTER, self.doc.name), "Leave")
		self.assertFalse(frappe.db.exists(plan.doctype, plan.name))

	def test_no_more_text_messages(self):
		contact = factories.contact(phone="07700 900123")
		doc = factories.participant(person=contact, preferred_channel="Text message")
		self.assertEqual(recipient(doc.name).channel, "Text message")
		consent.record((REGISTER, doc.name), {consents.TEXTS: "Refused"}, HOW)
		self.assertEqual(recipient(doc.name).channel, "Phone")
		consent.give((REGISTER, doc.name), consents.TEXTS, HOW)
		self.assertEqual(recipient(doc.name).channel, "Text message")


class TestJoining(ConsentTestCase):
	def is_due(self, name: str) -> bool:
		return bool(frappe.db.get_value(REGISTER, name, "privacy_notice_due"))

	def test_whoever_was_told_has_an_entry_and_no_mark(self):
		self.assertEqual(self.standing(consents.NOTICE), consent.NOTICE_GIVEN)
		self.assertFalse(self.is_due(self.doc.name))

	def test_nothing_is_pretended(self):
		doc = factories.participant(told=False)
		self.assertEqual(consent.states((REGISTER, doc.name)), {})
		self.assertTrue(self.is_due(doc.name))
		self.assertEqual(consent.missing((REGISTER, doc.name)), [consents.NOTICE])

	def test_the_mark_goes_when_they_are_told(self):
		doc = factories.participant(told=False)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			consent.record_for(REGISTER, doc.name, {consents.NOTICE: consent.NOTICE_GIVEN}, "Post")
		self.assertFalse(self.is_due(doc.name))

	def test_a_request_cannot_take_the_mark_away(self):
		doc = factories.participant(told=False)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.get_doc(REGISTER, doc.name)
			doc.privacy_notice_due = 0
			doc.save()
		self.assertTrue(self.is_due(doc.name))

	def test_a_contact_is_added_as_told_by_the_way_that_is_stated(self):
		for method in ("In person", None):
			with self.subTest(method), self.as_user(self.coordinator()):
				contact = factories.contact()
				(added,) = joining.add_contacts([contact], notice_method=method, told_by="Sam")["added"]
				now = consent.states((REGISTER, added["participant"]))
				self.assertEqual([each.method for each in now.values()], [method] if method else [])
				self.assertEqual(self.is_due(added["participant"]), not method)

	def coordinator(self) -> str:
		user = factories.staff(roles.COORDINATOR)
		with self.as_user("Administrator"):
			factories.give_role(user, "Sales User")
		return user

	def test_a_person_made_by_hand_in_the_desk_is_marked(self):
		contact = factories.contact()
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.get_doc(
				doctype=REGISTER, preferred_name="By Hand", person=contact, privacy_notice_due=0
			).insert()
		self.assertTrue(self.is_due(doc.name))


class TestWhoMayWriteAndRead(ConsentTestCase):
	def test_who_may_change_the_person_writes_it_down(self):
		for role in (roles.COORDINATOR, roles.MANAGER):
			with self.as_user(factories.staff(role)):
				consent.record_for(*self.person, decisions='{"text-messages": "Given"}', method="Phone")
		self.assertEqual(len(self.rows(purpose=consents.TEXTS)), 2)

	def test_nobody_else_writes_or_reads(self):
		row = self.row()
		for user in (*factories.others(), self.limited_elsewhere()):
			with self.subTest(user), self.as_user(user):
				with self.assertRaises(frappe.PermissionError):
					consent.record_for(*self.person, decisions={consents.TEXTS: "Given"}, method="Phone")
				with self.assertRaises(frappe.PermissionError):
					consent.about(*self.person)
				self.assertFalse(frappe.has_permission(row.doctype, "read", row.name))
				self.assertNotIn(row.name, self.listed(row.doctype))

	def test_a_right_that_a_site_gives_shows_no_rows(self):
		row = self.row()
		self.addCleanup(frappe.clear_cache, doctype=row.doctype)
		add_permission(row.doctype, roles.OWNER)
		with self.as_user(factories.staff(roles.OWNER)):
			self.assertTrue(frappe.has_permission(row.doctype, "read"), "the right was given")
			self.assertEqual(self.listed(row.doctype), [])
			self.assertFalse(frappe.has_permission(row.doctype, "read", row.name))

	def listed(self, doctype: str) -> list[str]:
		try:
			return frappe.get_list(doctype, pluck="name", limit=0)
		except frappe.PermissionError:
			return []

	def limited_elsewhere(self) -> str:
		user = factories.another(roles.COORDINATOR)
		factories.limit(user, factories.unit())
		return user

	def test_coordinators_and_the_data_protection_officer_read(self):
		row = self.row()
		for role in (roles.COORDINATOR, roles.MANAGER, roles.DATA_PROTECTION):
			with self.subTest(role), self.as_user(factories.staff(role)):
				self.assertTrue(frappe.has_permission(row.doctype, "read", row.name))
				self.assertIn(row.name, self.listed(row.doctype))

	def test_the_form_shows_what_was_said_and_what_is_missing(self):
		doc = factories.participant(told=False)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			told = consent.about(REGISTER, doc.name)
		self.assertEqual(len(told["missing"]), 1)
		self.assertIn(consents.TEXTS, [line["purpose"] for line in told["asked"]])

	def test_a_record_that_is_not_there_and_one_of_another_kind_get_the_same_answer(self):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			for person in ((REGISTER, "IP-99999"), ("User", "Administrator"), ("Contact", self.doc.person)):
				with self.subTest(person), self.assertRaises(frappe.PermissionError):
					consent.record_for(*person, decisions={consents.TEXTS: "Given"}, method="Phone")

	def test_staff_do_not_write_in_the_name_of_the_portal(self):
		with self.as_user(factories.staff(roles.COORDINATOR)), self.assertRaises(frappe.ValidationError):
			consent.record_for(*self.person, decisions={consents.TEXTS: "Given"}, method="Portal")


class TestWhatIsShipped(IntegrationTestCase):
	def test_what_is_shipped_is_there_once_and_a_sites_own_stays(self):
		before = frappe.get_all("Consent Statement", ["name", "modified"], order_by="name")
		statements.create()
		self.assertEqual(frappe.get_all("Consent Statement", ["name", "modified"], order_by="name"), before)
		self.assertTrue({each["purpose"] for each in statements.STATEMENTS} <= set(consent.statements()))

	def test_a_privacy_notice_of_the_sites_own_is_the_first_version(self):
		frappe.db.delete("Consent Statement", {"purpose": "privacy-notice"})
		frappe.db.set_single_value("Involvement Settings", "privacy_notice", "<p>Our own words</p>")
		statements.create()
		self.assertEqual(consent.statements()["privacy-notice"].plain_text, "Our own words")
