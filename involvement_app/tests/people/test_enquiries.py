"""From somebody who asks to somebody on the register, or to nothing at all."""

import frappe
from frappe.utils import add_days, now_datetime, today

from involvement_app import lifecycle
from involvement_app.health import FAIL, OK, WARN
from involvement_app.involvement_app import enquiries, health, joining, participants
from involvement_app.involvement_app.doctype.expression_of_interest import messages as texts
from involvement_app.involvement_app.doctype.expression_of_interest.test_expression_of_interest import (
	EnquiryTestCase,
)
from involvement_app.involvement_app.report.time_from_enquiry_to_joining import (
	time_from_enquiry_to_joining as report,
)
from involvement_app.involvement_privacy import consent, personal_data
from involvement_app.messages.neutral import telling
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import counted_queries

ENQUIRY, PARTICIPANT = enquiries.ENQUIRY, enquiries.PARTICIPANT
TOLD = {"notice_method": "Phone", "told_by": "Sam"}


class TestWhoTheyMightBe(EnquiryTestCase):
	def signs(self, doc) -> dict:
		return {line["name"]: line["signs"] for line in enquiries.alike(doc.name)["people"]}

	def test_the_same_email_phone_or_name(self):
		contact = factories.contact("Ada", email="ada@example.org", phone="07700 900123")
		person = factories.participant(person=contact, preferred_name="Ada Example")
		for values, sign in (
			({"person_name": "Tom", "email": "ADA@example.org"}, ["E-mail"]),
			({"person_name": "Tom", "phone": "+44 (0)7700-900123"}, ["Phone"]),
			({"person_name": "ADA EXAMPLE"}, ["Name"]),
		):
			with self.subTest(sign):
				self.assertEqual(self.signs(self.enquiry(**values)).get(person.name), sign)

	def test_a_name_written_a_little_differently(self):
		person = factories.participant(
			person=factories.contact("Katharina"), preferred_name="Katharina Example"
		)
		doc = self.enquiry(person_name="Example Catharina")
		self.assertEqual(self.signs(doc).get(person.name), ["Similar name"])
		self.assertNotIn(person.name, self.signs(self.enquiry(person_name="Example Wolfgang")))

	def test_an_earlier_enquiry_of_the_same_person(self):
		first = self.enquiry(person_name="Una", email="two@example.org")
		second = self.enquiry(person_name="Ulf", email="two@example.org")
		self.assertEqual(self.signs(second), {first.name: ["E-mail"]}, "two people may have one address")

	def test_who_may_not_be_seen_is_not_named(self):
		contact = factories.contact("Ada", email="ada@example.org")
		factories.participant(person=contact, preferred_name="Ada", units=(factories.unit(),))
		doc = self.enquiry(email="ada@example.org")
		with self.as_user(self.limited(doc.unit)):
			self.assertEqual(enquiries.alike(doc.name), {"people": [], "hidden": True})

	def test_nor_asked_by_who_may_not_see_the_enquiry(self):
		doc = self.enquiry()
		for user in (factories.staff(roles.OWNER), self.limited(factories.unit())):
			with self.as_user(user), self.assertRaises(frappe.PermissionError):
				enquiries.alike(doc.name)

	def test_asking_costs_the_same_for_one_and_for_twenty(self):
		doc = self.enquiry(person_name="Ada Example", email="ada@example.org")
		factories.participant(person=factories.contact("Ada", email="ada@example.org"))
		enquiries.alike(doc.name)

		def asked() -> int:
			with counted_queries() as queries:
				enquiries.alike(doc.name)
			return len(queries)

		few = asked()
		for _each in range(19):
			factories.participant(person=factories.contact("Ada", email="ada@example.org"))
			self.enquiry(email="ada@example.org")
		self.assertEqual(asked(), few)


class TestJoining(EnquiryTestCase):
	def join(self, doc, **values) -> dict:
		return enquiries.join(doc.name, **{**TOLD, **values})

	def test_somebody_new_with_what_they_were_told_and_decided(self):
		"""Row 0.20: from the public form or a call onto the register, linked to the CRM."""
		doc = self.enquiry(person_name="Ada Example", email="ada@example.org")
		done = self.join(doc, decisions={"text-messages": "Refused"})
		person = frappe.get_doc(PARTICIPANT, done["participant"])
		self.assertEqual(
			(person.preferred_name, person.status, person.units[0].unit, person.preferred_channel),
			("Ada Example", "Active", doc.unit, "Email"),
		)
		self.assertEqual((person.privacy_notice_due, person.source), (0, "Enquiry (Phone)"))
		standing = consent.states((PARTICIPANT, person.name))
		self.assertEqual(standing["privacy-notice"].method, "Phone")
		self.assertEqual(standing["text-messages"].decision, "Refused")
		doc.reload()
		self.assertEqual(
			(doc.status, doc.participant, str(doc.concluded_on)), ("Joined", person.name, today())
		)
		self.assertEqual(frappe.db.get_value("Contact", person.person, "email_id"), "ada@example.org")
		self.assertTrue(
			frappe.db.exists(
				"Involvement Message", {"recipient": person.name, "template": "Involvement enquiry welcome"}
			)
		)

	def test_without_email_or_telephone(self):
		"""Row 4.2: somebody without e-mail, telephone or both names is a participant like anybody."""
		doc = self.enquiry(
			person_name="Connie", came_by="Drop-in", address_line1="9 Quay Street", city="Otterford"
		)
		done = self.join(doc, notice_method="In person")
		self.assertIsNone(done["note"])
		letter = frappe.get_last_doc("Involvement Message", {"recipient": done["participant"]})
		self.assertEqual((letter.channel, letter.address), ("Post", "Connie\n9 Quay Street\nOtterford"))

	def test_a_site_that_names_no_country_writes_letters_at_home(self):
		frappe.db.set_default("country", "")
		self.test_without_email_or_telephone()

	def test_how_to_reach_them_safely_goes_with_them(self):
		"""Row 4.2: what somebody said about reaching them safely is not asked for twice, nor lost."""
		done = self.join(self.enquiry(phone="01632 960001", safe_contact="No voicemail"))
		person = frappe.get_doc(PARTICIPANT, done["participant"])
		self.assertEqual(person.safe_contact_notes, "No voicemail")
		again = self.enquiry(phone="01632 960001", safe_contact="Only in the morning")
		self.join(again, participant=person.name)
		person.reload()
		self.assertEqual(person.safe_contact_notes, "No voicemail\nOnly in the morning")

	def test_with_no_way_at_all_it_says_what_is_left_to_do(self):
		done = self.join(self.enquiry(person_name="Connie"))
		self.assertIn("Add it there", done["note"])

	def test_not_before_the_notice_was_given(self):
		doc = self.enquiry()
		before = frappe.db.count("Contact")
		with self.assertRaisesRegex(frappe.ValidationError, "privacy notice"):
			enquiries.join(doc.name)
		self.assertEqual(
			(frappe.db.count("Contact"), frappe.db.count(PARTICIPANT, {"source": "x"})), (before, 0)
		)

	def test_the_crm_record_that_is_theirs_stays_as_it_is(self):
		contact = factories.contact("Ada", email="ada@example.org")
		before = frappe.get_doc("Contact", contact).as_dict()
		doc = self.enquiry(person_name="Ada Lovelace", email="ada@example.org", phone="07700 900123")
		done = self.join(doc)
		self.assertEqual(frappe.db.get_value(PARTICIPANT, done["participant"], "person"), contact)
		self.assertEqual(frappe.get_doc("Contact", contact).as_dict(), before)
		for doctype, field in (
			("Comment", "reference_name"),
			("Communication", "reference_name"),
			("Version", "docname"),
		):
			self.assertFalse(frappe.db.exists(doctype, {field: contact}))

	def test_two_people_with_one_email_both_join(self):
		first, second = (
			self.join(self.enquiry(person_name=name, email="two@example.org"))["participant"]
			for name in ("Una Example", "Ulf Example")
		)
		people = [frappe.db.get_value(PARTICIPANT, name, "person") for name in (first, second)]
		self.assertEqual(len({first, second, *people}), 4)

	def test_somebody_who_is_there_is_linked_and_not_doubled(self):
		person = factories.participant()
		done = self.join(self.enquiry(), participant=person.name)
		self.assertEqual((done["participant"], done["new"]), (person.name, False))
		self.assertFalse(frappe.db.exists("Involvement Message", {"recipient": person.name}))

	def test_somebody_interested_is_welcomed_and_somebody_who_left_decides_first(self):
		waiting = factories.participant(status="Interested")
		self.join(self.enquiry(), participant=waiting.name)
		self.assertEqual(frappe.db.get_value(PARTICIPANT, waiting.name, "status"), "Active")
		gone = factories.participant()
		lifecycle.apply(frappe.get_doc(PARTICIPANT, gone.name), "Leave")
		with self.assertRaisesRegex(frappe.ValidationError, "Come back"):
			self.join(self.enquiry(), participant=gone.name)

	def test_a_contact_of_somebody_who_is_there_is_refused_kindly(self):
		person = factories.participant()
		with self.as_user("Administrator"):
			factories.give_role(factories.staff(roles.COORDINATOR), "Sales User")
		with self.assertRaisesRegex(frappe.ValidationError, "on the register already"):
			self.join(self.enquiry(), person_doctype="Contact", person=person.person)

	def test_a_kind_of_record_that_is_not_installed_or_no_crm(self):
		self.assertEqual(joining.crm_doctypes()[0], "Contact")
		with self.assertRaisesRegex(frappe.ValidationError, "Kind of CRM record"):
			self.join(self.enquiry(), person_doctype="User", person="Administrator")

	def other_record(self, doctype: str, **values) -> str:
		"""A record of a CRM that is not on every site, with an e-mail address."""
		if not frappe.db.exists("DocType", doctype):
			with self.assertRaisesRegex(frappe.ValidationError, "Kind of CRM record"):
				self.join(self.enquiry(), person_doctype=doctype, person="Ada")
			self.skipTest(
				f"{doctype} is not installed on this site: it is refused, and Contact is there instead"
			)
		field = "email" if frappe.get_meta(doctype).has_field("email") else "email_id"
		with self.as_user("Administrator"):
			doc = frappe.get_doc(doctype=doctype, **values)
			doc.insert(ignore_mandatory=True)  # test set-up: what else the other app wants
			frappe.db.set_value(doctype, doc.name, field, "ada@example.org", update_modified=False)
			user = frappe.get_doc("User", factories.staff(roles.COORDINATOR))
			user.add_roles("Sales User")
		return doc.name

	def stays_as_it_is(self, doctype: str, **values) -> None:
		record = self.other_record(doctype, **values)
		before = frappe.db.get_value(doctype, record, "*", as_dict=True)
		done = self.join(self.enquiry(), person_doctype=doctype, person=record)
		person = frappe.get_doc(PARTICIPANT, done["participant"])
		self.assertEqual((person.person_doctype, person.person), (doctype, record))
		self.assertEqual(frappe.db.get_value(doctype, record, "*", as_dict=True), before)
		frappe.db.set_value(PARTICIPANT, person.name, "preferred_channel", "Email")
		self.assertEqual(participants.recipient(person.name).address, "ada@example.org")

	def test_a_customer_is_the_crm_person(self):
		self.stays_as_it_is("Customer", customer_name="Ada Lovelace", customer_type="Individual")

	def test_a_lead_is_the_crm_person(self):
		self.stays_as_it_is("CRM Lead", first_name="Ada", last_name="Lovelace")

	def test_a_contact_that_one_may_not_open(self):
		with self.assertRaises(frappe.PermissionError):
			self.join(self.enquiry(), person_doctype="Contact", person="Nobody-1")

	def test_inviting_them_at_once(self):
		doc = self.enquiry(person_name="Ada", email=f"{frappe.generate_hash(length=8)}@example.org")
		done = self.join(doc, invite=True)
		self.assertEqual(frappe.db.get_value(PARTICIPANT, done["participant"], "user"), doc.email)
		told = frappe.get_all("Involvement Message", {"recipient": done["participant"]}, pluck="template")
		self.assertEqual(told, ["Involvement welcome"], "one message, not two")

	def test_an_invitation_that_cannot_be_made_keeps_nobody_out(self):
		done = self.join(self.enquiry(person_name="Ada"), invite=True)
		self.assertIn("not invited", done["note"])
		self.assertEqual(frappe.db.get_value(PARTICIPANT, done["participant"], "status"), "Active")

	def test_twice_is_once(self):
		doc = self.enquiry()
		self.join(doc)
		with self.assertRaisesRegex(lifecycle.TransitionError, "joined already"):
			self.join(doc)

	def test_who_may_not_add_people_or_not_to_that_unit(self):
		doc = self.enquiry()
		with self.as_user(factories.staff(roles.OWNER)), self.assertRaises(frappe.PermissionError):
			self.join(doc)
		with self.as_user(self.limited(doc.unit)), self.assertRaises(frappe.PermissionError):
			self.join(doc, unit=factories.unit())

	def test_what_the_form_asks_with(self):
		asked = enquiries.before_joining(self.enquiry().name)
		self.assertIn("privacy-notice", [row["purpose"] for row in asked["statements"]])
		self.assertIn("Contact", asked["crm"])


class TestWords(EnquiryTestCase):
	def test_no_message_says_what_it_is_about(self):
		for template in texts.TEMPLATES:
			for words in (template.subject, template.text, template.body):
				with self.subTest(template.name):
					self.assertIsNone(telling(words))


class TestForgetting(EnquiryTestCase):
	def setUp(self):
		super().setUp()
		self.setting("keep_enquiries_days", 30)

	def setting(self, fieldname: str, value) -> None:
		frappe.db.set_single_value("Involvement Settings", fieldname, value)
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.addCleanup(frappe.clear_document_cache, "Involvement Settings", "Involvement Settings")

	def aged(self, days: int, **values):
		doc = self.enquiry(email="ann@example.org", **values)
		self.take(doc, "Acknowledge")
		then = add_days(now_datetime(), -days)
		frappe.db.set_value(ENQUIRY, doc.name, "modified", then, update_modified=False)
		return doc

	def test_what_came_to_nothing_goes_with_its_messages(self):
		old, young = self.aged(31), self.aged(29)
		frappe.get_doc(ENQUIRY, old.name).add_comment("Comment", "Rang twice")
		with self.as_user("Administrator"):
			enquiries.forget()
		self.assertFalse(frappe.db.exists(ENQUIRY, old.name))
		self.assertEqual(self.messages(old), [])
		for doctype, field in (("Deleted Document", "deleted_name"), ("Comment", "reference_name")):
			self.assertFalse(frappe.db.exists(doctype, {field: old.name}), doctype)
		self.assertTrue(frappe.db.exists(ENQUIRY, young.name))
		self.assertEqual(len(self.messages(young)), 1)

	def test_who_joined_stays(self):
		doc = self.aged(0)
		enquiries.join(doc.name, **TOLD)
		then = add_days(now_datetime(), -400)
		frappe.db.set_value(ENQUIRY, doc.name, "modified", then, update_modified=False)
		enquiries.forget()
		self.assertTrue(frappe.db.exists(ENQUIRY, doc.name))

	def test_nothing_goes_where_the_site_keeps_them(self):
		doc = self.aged(4000)
		self.setting("keep_enquiries_days", 0)
		enquiries.forget()
		self.assertTrue(frappe.db.exists(ENQUIRY, doc.name))
		self.assertEqual(health.enquiries_forgotten().status, WARN)

	def test_the_health_page_says_what_should_be_gone(self):
		enquiries.forget()
		self.assertEqual(health.enquiries_forgotten().status, OK)
		self.aged(33)
		found = health.enquiries_forgotten()
		self.assertEqual((found.status, "1 enquiries" in found.says), (FAIL, True), found.says)

	def test_the_health_page_says_who_waits(self):
		frappe.db.delete(ENQUIRY)
		self.enquiry(told_on=today())
		self.assertEqual(health.enquiries_answered().status, OK)
		self.enquiry(told_on=add_days(today(), -30))
		self.assertEqual(health.enquiries_answered().status, WARN)

	def test_the_job_is_scheduled(self):
		jobs = frappe.get_hooks("scheduler_events")["daily"]
		self.assertIn("involvement_app.involvement_app.enquiries.forget", jobs)

	def test_where_the_person_is_in_our_tables(self):
		doc = self.aged(0)
		self.assertIn(doc.name, personal_data.find((ENQUIRY, doc.name))[ENQUIRY])
		person = enquiries.join(doc.name, **TOLD)["participant"]
		found = personal_data.find((PARTICIPANT, person))
		self.assertEqual(found[ENQUIRY], [doc.name])
		self.assertEqual(len(found["Involvement Message"]), 2, "before and after joining")


class TestReport(EnquiryTestCase):
	def joined(self, days: int, unit: str | None = None):
		doc = self.enquiry(told_on=add_days(today(), -days), unit=unit)
		enquiries.join(doc.name, **TOLD)
		return doc

	def rows(self, **filters) -> list[dict]:
		_columns, rows, _message, chart = report.execute({"from_date": today(), **filters})
		self.assertEqual(chart["data"]["datasets"][0]["values"], [row["median"] for row in rows])
		return rows

	def test_how_long_it_took_of_the_callers_own_units(self):
		frappe.db.delete(ENQUIRY)
		here = factories.unit()
		for days in (2, 4, 9):
			self.joined(days, here)
		self.joined(100)
		self.enquiry()
		(row,) = self.rows()
		self.assertEqual((row["joined"], row["median"], row["longest"]), (4, 6.5, 100))
		with self.as_user(self.limited(here)):
			(row,) = self.rows()
		self.assertEqual((row["joined"], row["median"], row["longest"]), (3, 4, 9))

	def test_it_costs_the_same_for_one_and_for_many(self):
		self.joined(2)
		self.rows()

		def asked() -> int:
			with counted_queries() as queries:
				self.rows()
			return len(queries)

		few = asked()
		for _each in range(5):
			self.joined(3)
		self.assertEqual(asked(), few)

	def test_through_the_desk_and_not_for_others(self):
		from frappe.desk.query_report import run

		self.joined(3)
		name = "Time from enquiry to joining"
		self.assertTrue(run(name, filters={})["result"])
		for user in (factories.staff(roles.OWNER), factories.staff(roles.FINANCE_OFFICER)):
			with self.as_user(user), self.assertRaises(frappe.PermissionError):
				run(name, filters={})
