"""“I would like to join”, from anybody: nothing is lost, and nobody learns who is known."""

import frappe
from frappe.database.database import Database

from involvement_app.involvement_app import enquiries
from involvement_app.involvement_app.doctype.expression_of_interest.test_expression_of_interest import (
	LONG,
	NAMES,
)
from involvement_app.tests import factories
from involvement_app.tests.portal.test_alike import counted
from involvement_app.tests.portal.visitor import TwoPeople, Visitor

JOIN = "/take-part/join"
ENQUIRY = enquiries.ENQUIRY
ME = {"person_name": "Wren Example", "email": "wren@example.org"}


class JoinTestCase(TwoPeople):
	@classmethod
	def arrange(cls) -> None:
		super().arrange()
		cls.locality = factories.locality()
		cls.unit = factories.unit(locality=factories.locality(f"Town {frappe.generate_hash(length=5)}"))
		cls.known = frappe.db.get_value("Contact", cls.me.person, "email_id")

	def setUp(self):
		super().setUp()
		frappe.cache.delete_keys("take-part:")

	def send(self, visitor: Visitor | None = None, **fields):
		return (visitor or self.guest).submit(JOIN, **fields)

	def taken(self, **filters) -> list:
		self.refresh()
		return frappe.get_all(ENQUIRY, filters, ["*"], order_by="creation desc")

	def assertAsked(self, page, field: str, **kept) -> None:
		"""The page again, with what is wrong beside its field and everything that was typed."""
		self.assertEqual(page.status, 422, page.text())
		(wrong,) = {
			link.get("href") for link in page.all("a") if (link.get("href") or "").startswith("#")
		} - {"#main-content"}
		self.assertEqual(wrong, f"#{field}")
		for name, value in kept.items():
			self.assertEqual(page.fields()[name], value)


class TestJoin(JoinTestCase):
	def test_a_few_words_from_anybody_become_an_enquiry(self):
		"""Row 0.20: a public page and a form, without a referral, a login or a script."""
		page = self.send(**ME, message="I saw the poster.\nIs it on a Tuesday?", locality=self.locality)
		self.assertEqual((page.status, page.goes_to), (303, "/take-part/join/sent"))
		self.assertIn("A person will get in touch with you by", self.guest.get(page.goes_to).text())
		(row,) = self.taken(email="wren@example.org")
		self.assertEqual(
			(row.person_name, row.status, row.came_by, row.recorded_by, row.owner, row.preferred_channel),
			("Wren Example", "New", "Portal", None, "Guest", "Email"),
		)
		self.assertEqual(row.message, "I saw the poster.\nIs it on a Tuesday?")
		self.assertTrue(row.acknowledge_by)

	def test_nobody_is_mailed_before_a_person_has_read_it(self):
		"""Anybody can type anybody's address."""
		self.send(person_name="Wren", email="nomail@example.org")
		(row,) = self.taken(email="nomail@example.org")
		self.assertFalse(frappe.db.exists("Involvement Message", {"recipient": row.name}))

	def test_a_place_with_one_unit_is_that_units(self):
		town = frappe.db.get_value("Involvement Unit", self.unit, "locality")
		self.send(person_name="Wren", email="town@example.org", locality=town)
		self.assertEqual(self.taken(email="town@example.org")[0].unit, self.unit)

	def test_names_of_every_kind(self):
		"""Row 4.2: open to everybody, whatever their name is written like."""
		for number, name in enumerate(NAMES):
			with self.subTest(name):
				self.assertEqual(self.send(person_name=name, email=f"name{number}@example.org").status, 303)
				self.assertEqual(self.taken(email=f"name{number}@example.org")[0].person_name, name)

	def test_by_letter_alone(self):
		self.send(
			person_name="Connie", address_line1="9 Quay Street", city="Otterford", preferred_channel="Post"
		)
		(row,) = self.taken(address_line1="9 Quay Street")
		self.assertEqual((row.preferred_channel, row.email, row.phone), ("Post", "", ""))

	def test_two_people_with_one_email(self):
		for name in ("Una", "Ulf"):
			self.assertEqual(self.send(person_name=name, email="two@example.org").status, 303)
		self.assertEqual({row.person_name for row in self.taken(email="two@example.org")}, {"Una", "Ulf"})

	def test_what_only_the_server_writes_is_not_taken_from_the_form(self):
		self.send(
			person_name="Wren",
			email="forged@example.org",
			status="Joined",
			unit=self.unit,
			participant=self.me.name,
			came_by="Phone",
			recorded_by="Administrator",
			conversation="Waved through",
		)
		(row,) = self.taken(email="forged@example.org")
		self.assertEqual(
			(row.status, row.unit, row.participant, row.came_by, row.recorded_by, row.conversation),
			("New", None, None, "Portal", None, None),
		)

	# What cannot be taken as it is

	def test_each_fault_names_its_field_and_loses_nothing(self):
		typed = {
			"message": "Half an hour of careful words",
			"person_name": "Wren",
			"safe_contact": "After four",
		}
		for field, fields in (
			("person_name", {"person_name": "  ", "email": "a@example.org"}),
			("person_name", {"person_name": LONG + "o", "email": "a@example.org"}),
			("email", {"email": "ann@"}),
			("email", {"email": "🙂@🙂"}),
			("email", {}),
			("email", {"phone": "07700 900123", "preferred_channel": "Email"}),
			("phone", {"phone": "ring my sister"}),
			("phone", {"phone": "07700 900123 or 07700 900124"}),
			("phone", {"email": "a@example.org", "preferred_channel": "Text message"}),
			("city", {"address_line1": "9 Quay Street"}),
			("address_line1", {"email": "a@example.org", "preferred_channel": "Post"}),
			("message", {"email": "a@example.org", "message": "x" * 2001}),
		):
			with self.subTest(fields):
				sent = {**typed, **fields}
				kept = {name: value.strip() for name, value in sent.items() if name != "preferred_channel"}
				self.assertAsked(self.send(**sent), field, **kept)

	def test_the_box_for_machines_loses_nothing_of_a_person(self):
		page = self.send(**ME, homepage="https://spam.example")
		self.assertAsked(page, "homepage", person_name="Wren Example")
		self.assertNotIn("hidden", [box.get("hidden") and "hidden" for box in page.all("div")])
		self.assertEqual(self.guest.post(JOIN, page.fields()).status, 303, "sent again as it stands")

	def test_a_form_from_elsewhere(self):
		before = len(self.taken())
		self.assertEqual(self.guest.post(JOIN, ME).status, 403)
		fields = {**self.guest.get(JOIN).fields(), **ME}
		page = self.guest.post(JOIN, fields, headers={"Origin": "https://evil.example"})
		self.assertEqual((page.status, len(self.taken())), (403, before))

	def test_who_has_joined_has_no_need_of_it(self):
		page = self.signed_in().get(JOIN)
		self.assertEqual((page.status, page.goes_to), (303, "/take-part/my"))

	# Nobody learns who is known

	def test_the_same_answer_and_the_same_work_whoever_is_named(self):
		asked = {}
		self.statements(email="warm@example.org")
		for email in ("nobody.we.know@example.org", self.known, self.me.user):
			asked[email] = self.statements(email=email)
		counts = {len(statements) for _page, statements in asked.values()}
		answers = {(page.status, page.goes_to, page.html) for page, _statements in asked.values()}
		self.assertEqual((len(counts), len(answers)), (1, 1), counts)

	def statements(self, **fields):
		visitor = Visitor()
		sent = {**visitor.get(JOIN).fields(), "person_name": "Wren", **fields}
		with counted(Database, "sql") as asked:
			page = visitor.post(JOIN, sent)
		return page, asked

	def test_ten_in_a_quarter_of_an_hour_for_each_name_given_and_what_was_typed_is_kept(self):
		for given in ({"email": "often@example.org"}, {"phone": "01632 960044"}):
			statuses = [self.send(person_name="Wren", **given).status for _each in range(11)]
			self.assertEqual(statuses, [303] * 10 + [429])
		page = self.send(person_name="Wren", message="Still here", email="often@example.org")
		self.assertEqual(page.fields()["message"], "Still here")
		self.assertEqual(
			self.send(person_name="Connie", email="other@example.org").status, 303, "somebody else"
		)
