"""What an enquiry must always obey: who sees it, how it moves, what it says of itself."""

import frappe
from frappe.utils import add_days, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_app import phones, questions
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase, counted_queries
from involvement_app.working_days import add_working_days, closed

ENQUIRY = "Expression of Interest"
LONG = "Ngozi " * 23 + "Ng"  # 140 letters
NAMES = (LONG, 'O\'Brien "Bo" & Söhne', "نور الخطيب", "שרה", "Zoë 🌻", "Wren", "Robert'); DROP TABLE--")


class EnquiryTestCase(IntegrationTestCase):
	def setUp(self):
		super().setUp()
		frappe.set_user(factories.staff(roles.COORDINATOR))

	def enquiry(self, **values):
		return factories.expression_of_interest(**values)

	def take(self, doc, action: str, **values):
		return lifecycle.apply(frappe.get_doc(ENQUIRY, doc.name), action, **values)

	def limited(self, *units: str) -> str:
		"""A coordinator limited to these units."""
		user = factories.another(roles.COORDINATOR)
		with self.as_user("Administrator"):
			for unit in units:
				factories.limit(user, unit)
		return user

	def messages(self, doc) -> list:
		return frappe.get_all(
			"Involvement Message",
			{"recipient_doctype": ENQUIRY, "recipient": doc.name},
			["template", "channel", "address", "subject", "body", "short_text"],
			order_by="creation",
		)


class TestWhoSeesIt(EnquiryTestCase):
	def assertSees(self, user: str, doc, sees: bool) -> None:
		"""As a document and in the list: the framework asks two hooks."""
		with self.subTest(user), self.as_user(user):
			self.assertEqual(frappe.has_permission(doc.doctype, "read", doc.name), sees)
			try:
				listed = doc.name in frappe.get_list(doc.doctype, pluck="name", limit=0)
			except frappe.PermissionError:
				listed = False
			self.assertEqual(listed, sees)

	def test_coordinators_and_managers_see_it_and_care_staff_nothing(self):
		doc = self.enquiry()
		with self.as_user("Administrator"):
			care = factories.user("Sales User")
		for user, sees in (
			(factories.staff(roles.COORDINATOR), True),
			(factories.staff(roles.MANAGER), True),
			(factories.staff(roles.OWNER), False),
			(factories.staff(roles.BUDGET_HOLDER), False),
			(factories.staff(roles.FINANCE_OFFICER), False),
			(factories.staff(roles.DATA_PROTECTION), False),
			(care, False),
			(factories.staff(factories.PORTAL), False),
			("Guest", False),
		):
			self.assertSees(user, doc, sees)

	def test_a_coordinator_of_other_units_does_not(self):
		here, elsewhere = self.enquiry(), self.enquiry()
		user = self.limited(here.unit)
		self.assertSees(user, here, True)
		self.assertSees(user, elsewhere, False)

	def test_nor_one_that_has_no_unit_yet(self):
		nobodys = self.enquiry()
		frappe.db.set_value(ENQUIRY, nobodys.name, "unit", None)
		self.assertSees(self.limited(factories.unit()), nobodys, False)
		self.assertSees(factories.staff(roles.COORDINATOR), nobodys, True)

	def test_what_somebody_limited_writes_down_is_of_their_unit(self):
		mine, other = factories.unit(), factories.unit()
		with self.as_user(self.limited(mine)):
			doc = frappe.get_doc(doctype=ENQUIRY, person_name="Ada", came_by="Phone").insert()
			self.assertEqual(doc.unit, mine)
			with self.assertRaises(frappe.PermissionError):
				frappe.get_doc(doctype=ENQUIRY, person_name="Ada", came_by="Phone", unit=other).insert()

	def test_messages_to_the_writer_follow_the_same_rule(self):
		here, elsewhere = self.enquiry(phone="01632 960001"), self.enquiry(phone="01632 960002")
		for doc in (here, elsewhere):
			self.take(doc, "Acknowledge")
		with self.as_user(self.limited(here.unit)):
			seen = frappe.get_list("Involvement Message", {"recipient_doctype": ENQUIRY}, pluck="recipient")
		self.assertEqual(seen, [here.name])

	def test_the_list_asks_the_same_however_many_there_are(self):
		user = self.limited(self.enquiry().unit)

		def asked() -> int:
			with self.as_user(user), counted_queries() as queries:
				frappe.get_list(ENQUIRY, fields=["*"], limit=0)
			return len(queries)

		few = (asked(), asked())[1]
		for _each in range(20):
			self.enquiry()
		self.assertEqual(asked(), few)


class TestEnteredForThem(EnquiryTestCase):
	def test_by_whom_how_and_when(self):
		"""Row 4.2: open to everybody, also to who has neither e-mail nor telephone: written down for them, as such."""
		doc = self.enquiry(came_by="Drop-in", told_on=add_days(today(), -1))
		self.assertEqual(
			(doc.recorded_by, doc.came_by, getdate(doc.told_on)),
			(factories.staff(roles.COORDINATOR), "Drop-in", getdate(add_days(today(), -1))),
		)
		self.take(doc, "Acknowledge")
		self.assertEqual(self.messages(doc), [], "there is no way to reach them but to meet them")

	def test_staff_cannot_pretend_that_it_came_from_the_portal(self):
		with self.assertRaisesRegex(frappe.ValidationError, "How they told us"):
			self.enquiry(came_by="Portal")

	def test_nor_that_somebody_else_wrote_it_down(self):
		doc = self.enquiry(recorded_by=factories.staff(roles.MANAGER))
		self.assertEqual(doc.recorded_by, factories.staff(roles.COORDINATOR))
		doc.came_by = "Post"
		with self.assertRaises(frappe.ValidationError):
			doc.save()

	def test_the_clock_counts_working_days_from_when_they_told_us(self):
		"""Row 1.9: whoever asks is answered, and by when is known."""
		frappe.db.set_single_value("Involvement Settings", "acknowledge_working_days", 3)
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.addCleanup(frappe.clear_document_cache, "Involvement Settings", "Involvement Settings")
		friday = "2026-11-20"
		frappe.flags.current_date = "2026-11-22"
		self.addCleanup(frappe.flags.pop, "current_date", None)
		doc = self.enquiry(told_on=friday)
		self.assertEqual(getdate(doc.acknowledge_by), getdate("2026-11-25"))
		self.assertEqual(getdate(doc.acknowledge_by), add_working_days(friday, 3, closed))
		# Christmas of 2025: Thursday and Friday everywhere; New Year's two days in Scotland alone
		frappe.flags.current_date = "2026-12-01"
		for nation, told_on, by in (
			("England and Wales", "2025-12-23", "2025-12-30"),
			("Scotland", "2025-12-23", "2025-12-30"),
			("None", "2025-12-23", "2025-12-26"),
			(None, "2025-12-23", "2025-12-30"),
			("England and Wales", "2025-12-31", "2026-01-06"),
			("Scotland", "2025-12-31", "2026-01-07"),
			("Northern Ireland", "2026-03-16", "2026-03-20"),
			("England and Wales", "2026-03-16", "2026-03-19"),
		):
			with self.subTest(nation=nation, told_on=told_on):
				frappe.db.set_single_value("Involvement Settings", "bank_holidays", nation)
				frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
				self.assertEqual(getdate(self.enquiry(told_on=told_on).acknowledge_by), getdate(by))
				self.assertEqual(questions.answer_by(told_on), add_working_days(told_on, 5, closed))


class TestWhatIsTyped(EnquiryTestCase):
	def test_names_of_every_kind_are_kept_as_they_are(self):
		for name in NAMES:
			with self.subTest(name):
				doc = self.enquiry(person_name=f"  {name} ")
				self.assertEqual(frappe.db.get_value(ENQUIRY, doc.name, "person_name"), name)

	def test_a_name_that_is_too_long_or_empty_says_so(self):
		for name in (LONG + "o", "   "):
			with self.assertRaisesRegex(frappe.ValidationError, "Name: "):
				self.enquiry(person_name=name)

	def test_phone_numbers_of_many_shapes(self):
		for typed in (
			"07700 900123",
			"+44 (0)7700-900123",
			"0044 7700 900 123",
			"(07700) 900123",
			"+447700900123",
		):
			with self.subTest(typed):
				self.assertEqual(self.enquiry(phone=typed).phone_key, "+447700900123")

	def test_what_cannot_be_dialled_is_told_with_what_to_do(self):
		for typed in ("ring my sister", "12", "07700 900123 / 07700 900124", "01632 960000 ext 5", "☎️"):
			with self.subTest(typed), self.assertRaisesRegex(phones.NotAPhoneNumber, "^Phone: .*area code"):
				self.enquiry(phone=typed)

	def test_an_address_that_is_none(self):
		for typed in ("ann", "ann@", "a@b.c, d@e.f", "🙂@🙂"):
			with self.subTest(typed), self.assertRaisesRegex(frappe.ValidationError, "^E-mail address: "):
				self.enquiry(email=typed)

	def test_a_day_to_come(self):
		with self.assertRaisesRegex(frappe.ValidationError, "They told us on"):
			self.enquiry(told_on=add_days(today(), 1))

	def test_a_channel_we_cannot_use_becomes_one_that_we_can(self):
		doc = self.enquiry(phone="01632 960001", preferred_channel="Email")
		self.assertEqual(doc.preferred_channel, "Phone")
		doc.email = "ann@example.org"
		doc.preferred_channel = "Email"
		doc.save()
		self.assertEqual(doc.preferred_channel, "Email")

	def test_words_about_health_are_pointed_at_and_nothing_is_lost(self):
		doc = self.enquiry()
		doc.conversation = "Has been diagnosed last year, likes gardens"
		doc.save()
		self.assertIn("diagnosed", str(frappe.local.message_log))
		self.assertEqual(frappe.db.get_value(ENQUIRY, doc.name, "conversation"), doc.conversation)
		frappe.clear_messages()
		doc.conversation = "Likes gardens, mornings are best"
		doc.save()
		self.assertFalse(frappe.local.message_log)

	def test_it_keeps_no_versions(self):
		doc = self.enquiry(message="Something that I would rather not have said")
		doc.message = None
		doc.save()
		self.assertFalse(frappe.db.exists("Version", {"ref_doctype": ENQUIRY}))


class TestSteps(EnquiryTestCase):
	def test_the_first_answer_stops_the_clock_and_tells_them(self):
		doc = self.enquiry(email="ann@example.org")
		self.take(doc, "Acknowledge")
		(sent,) = self.messages(doc)
		self.assertEqual(
			(sent.template, sent.channel, sent.address),
			("Involvement enquiry acknowledged", "Email", "ann@example.org"),
		)
		self.assertTrue(frappe.db.get_value(ENQUIRY, doc.name, "acknowledged_on"))

	def test_talking_is_an_answer_too(self):
		doc = self.take(self.enquiry(), "We talked", conversation="Likes gardens")
		self.assertEqual(doc.status, "In conversation")
		self.assertTrue(doc.acknowledged_on)

	def test_a_conversation_is_written_down(self):
		with self.assertRaisesRegex(TransitionError, "What you talked about"):
			self.take(self.enquiry(), "We talked")

	def test_not_now_needs_no_reason_and_is_not_told_on_the_timeline(self):
		"""Row 4.11: nobody is left feeling turned away: the answer is kind, and the door stays open."""
		doc = self.enquiry(email="ann@example.org")
		before = frappe.db.count("Comment", {"reference_name": doc.name})
		self.take(doc, "Not now")
		(sent,) = self.messages(doc)
		self.assertEqual(sent.template, "Involvement enquiry not now")
		self.assertIn("come back", sent.body)
		self.assertEqual(frappe.db.count("Comment", {"reference_name": doc.name}), before)
		self.assertEqual(self.take(doc, "They came back").status, "Acknowledged")

	def test_somebody_better_is_named_in_the_message(self):
		doc = self.enquiry(email="ann@example.org")
		with self.assertRaisesRegex(TransitionError, "Who can help them better"):
			self.take(doc, "Point to somebody else")
		self.take(doc, "Point to somebody else", signposted_to="The advice line & café, 0800 496 0100")
		(sent,) = self.messages(doc)
		self.assertIn("The advice line &amp; café, 0800 496 0100", sent.body)

	def test_the_same_words_go_by_every_way(self):
		address = {"address_line1": "4 Mill Row", "city": "Bankton", "pincode": "OX99 4QQ"}
		everything = {
			"email": "ann@example.org",
			"phone": "07700 900123",
			"person_name": "Ann Example",
			**address,
		}
		for channel, reached in (
			("Email", "ann@example.org"),
			("Text message", "07700 900123"),
			("Phone", "07700 900123"),
			("Post", "Ann Example\n4 Mill Row\nBankton\nOX99 4QQ"),
		):
			with self.subTest(channel):
				doc = self.enquiry(preferred_channel=channel, **everything)
				self.take(doc, "Acknowledge")
				(sent,) = self.messages(doc)
				self.assertEqual((sent.channel, sent.address), (channel, reached))
				self.assertIn("Thank you for getting in touch", sent.body)

	def test_nobody_joins_without_what_they_were_told(self):
		with self.assertRaisesRegex(TransitionError, "Choose “Join” on the form"):
			self.take(self.enquiry(), "Join")

	def test_it_is_not_born_answered(self):
		with self.assertRaises(TransitionError):
			self.enquiry(status="Joined")

	def test_only_coordinators_and_managers_answer(self):
		doc = self.enquiry()
		with self.as_user(factories.staff(roles.OWNER)), self.assertRaises(StepNotPermitted):
			self.take(doc, "Acknowledge")
