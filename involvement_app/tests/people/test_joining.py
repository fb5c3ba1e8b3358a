"""From the Contact list onto the register."""

import frappe

from involvement_app.involvement_app import joining
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase, counted_queries


class JoiningTestCase(IntegrationTestCase):
	def setUp(self):
		super().setUp()
		frappe.set_user(self.coordinator())

	def coordinator(self) -> str:
		"""A coordinator whom the CRM lets read its Contacts."""
		user = factories.staff(roles.COORDINATOR)
		with self.as_user("Administrator"):
			factories.give_role(user, "Sales User")
		return user

	def verdicts(self, *contacts: str) -> dict[str, str]:
		return {line["contact"]: line["verdict"] for line in joining.preview_contacts(list(contacts))}


class TestAddingContacts(JoiningTestCase):
	def test_a_new_person_is_added_as_active_under_their_own_name(self):
		contact = factories.contact("Ada", email="ada@example.org")
		unit = factories.unit()
		self.assertEqual(self.verdicts(contact), {contact: joining.NEW})
		(added,) = joining.add_contacts([contact], unit=unit)["added"]
		doc = frappe.get_doc("Involvement Participant", added["participant"])
		self.assertEqual(
			(
				doc.preferred_name,
				doc.person,
				doc.status,
				doc.preferred_channel,
				doc.source,
				doc.units[0].unit,
			),
			("Ada Example", contact, "Active", "Email", "From the CRM", unit),
		)

	def test_the_town_of_the_contact_is_the_locality_where_we_know_it(self):
		factories.locality("Otterford")
		contact = factories.contact("Ada")
		with self.as_user("Administrator"):
			address = frappe.get_doc(
				doctype="Address",
				address_title="Ada",
				address_type="Personal",
				address_line1="1 Road",
				city="otterford",
				country="United Kingdom",
			).insert()
			frappe.db.set_value("Contact", contact, "address", address.name)
		(added,) = joining.add_contacts([contact])["added"]
		self.assertEqual(
			frappe.db.get_value("Involvement Participant", added["participant"], "locality"), "Otterford"
		)

	def test_somebody_without_email_or_telephone_is_added_like_anybody(self):
		"""Row 0.14: people without e-mail are normal users (domain 4.0 point 10)."""
		contact = factories.contact("Ada", email=False)
		(added,) = joining.add_contacts([contact])["added"]
		channel = frappe.db.get_value("Involvement Participant", added["participant"], "preferred_channel")
		self.assertEqual(channel, "Post")

	def test_the_contact_and_its_timeline_are_untouched(self):
		contact = factories.contact("Ada", phone="07700 900001")
		before = frappe.get_doc("Contact", contact).as_dict()
		joining.add_contacts([contact])
		self.assertEqual(frappe.get_doc("Contact", contact).as_dict(), before)
		for doctype in ("Comment", "Communication", "Version"):
			reference = (
				{"ref_doctype": "Contact", "docname": contact}
				if doctype == "Version"
				else {
					"reference_doctype": "Contact",
					"reference_name": contact,
				}
			)
			self.assertFalse(frappe.db.exists(doctype, reference))

	def test_somebody_who_is_there_is_shown_and_never_doubled(self):
		person = factories.participant()
		(line,) = joining.preview_contacts([person.person])
		self.assertEqual(
			(line["verdict"], line["participant"], line["status"]), (joining.KNOWN, person.name, "Active")
		)
		result = joining.add_contacts([person.person], anyway=[person.person])
		self.assertEqual((result["added"], len(result["known"])), ([], 1))

	def test_somebody_who_left_is_shown_with_their_status(self):
		person = factories.participant(status="Active")
		with self.as_user("Administrator"):
			frappe.db.set_value("Involvement Participant", person.name, "status", "Left")
		self.assertEqual(joining.preview_contacts([person.person])[0]["status"], "Left")

	def test_the_same_contact_twice_in_the_request_is_one_person(self):
		contact = factories.contact("Ada")
		self.assertEqual(len(joining.add_contacts([contact, contact])["added"]), 1)

	def test_at_most_two_hundred_at_a_time(self):
		with self.assertRaisesRegex(frappe.ValidationError, "Participant Import"):
			joining.preview_contacts([f"Nobody {n}" for n in range(201)])

	def test_the_database_refuses_a_second_record_for_the_same_contact(self):
		person = factories.participant()
		twin = frappe.copy_doc(person)
		twin.set_new_name()
		with self.assertRaises((frappe.DuplicateEntryError, frappe.UniqueValidationError)):
			twin.db_insert()


class TestWhoLooksLikeWhom(JoiningTestCase):
	def made_once(self):
		super().made_once()
		contact = factories.contact("Ada", email="ada@example.org", phone="07700 900123")
		self.person = factories.participant(
			person=contact, preferred_name="Ada Example", locality=factories.locality()
		)

	def assertAlike(self, contact: str, sign: str):
		(line,) = joining.preview_contacts([contact])
		self.assertEqual(
			(line["verdict"], line["participant"], line["signs"]), (joining.ALIKE, self.person.name, [sign])
		)
		self.assertEqual(len(joining.add_contacts([contact])["left_out"]), 1)
		self.assertEqual(len(joining.add_contacts([contact], anyway=[contact])["added"]), 1)

	def test_the_same_email_in_other_letters(self):
		self.assertAlike(factories.contact("Tom", email="ADA@example.org"), "E-mail")

	def test_the_same_telephone_in_another_spelling(self):
		self.assertAlike(factories.contact("Tom", phone="+44 (0)7700-900123"), "Phone")

	def test_the_same_name_where_the_locality_is_not_known(self):
		self.assertAlike(factories.contact("ADA"), "Name")

	def test_two_of_the_selection_who_share_an_address(self):
		first, second = (
			factories.contact("Una", email="two@example.org"),
			factories.contact("Ulf", email="two@example.org"),
		)
		lines = joining.preview_contacts([first, second])
		self.assertEqual([line["verdict"] for line in lines], [joining.NEW, joining.ALIKE])
		self.assertEqual(lines[1]["like"], "Una Example")

	def test_somebody_of_units_i_do_not_work_in_is_not_named(self):
		limited = factories.user(roles.COORDINATOR, "Sales User")
		unit = factories.unit()
		with self.as_user("Administrator"):
			factories.limit(limited, unit)
		contact = factories.contact("Tom", email="ada@example.org")
		frappe.set_user(limited)
		(line,) = joining.preview_contacts([contact])
		self.assertEqual(
			(line["verdict"], line["participant"], line["like"], line["status"]),
			(joining.ALIKE, None, None, None),
		)
		with self.assertRaises(frappe.PermissionError):
			joining.add_contacts([contact], anyway=[contact])
		self.assertEqual(len(joining.add_contacts([contact], anyway=[contact], unit=unit)["added"]), 1)

	def test_one_and_twenty_contacts_take_the_same_number_of_queries(self):
		contacts = [factories.contact(phone=f"07700 9002{n:02}") for n in range(20)]
		joining.preview_contacts(contacts[:1])  # warm
		counts = []
		for some in (contacts[:1], contacts):
			with counted_queries() as queries:
				joining.preview_contacts(some)
			counts.append(len(queries))
		self.assertEqual(counts[0], counts[1])


class TestWhoMayAdd(JoiningTestCase):
	def test_nobody_but_coordinators_and_managers_even_where_they_may_read_contacts(self):
		contact = factories.contact("Ada")
		for user in (
			factories.user(roles.OWNER, "Sales User"),
			factories.user(roles.FINANCE_OFFICER, "Sales User"),
			factories.user(roles.BUDGET_HOLDER, "Sales User"),
			factories.user("Sales User"),
			factories.another(factories.PORTAL),
			"Guest",
		):
			for call in (joining.preview_contacts, joining.add_contacts):
				with (
					self.subTest(user=user, call=call.__name__),
					self.as_user(user),
					self.assertRaises(frappe.PermissionError),
				):
					call([contact])

	def test_a_coordinator_whom_the_crm_shows_no_contacts_adds_none(self):
		contact = factories.contact("Ada")
		with self.as_user(factories.another(roles.COORDINATOR)), self.assertRaises(frappe.PermissionError):
			joining.add_contacts([contact])

	def test_both_functions_answer_to_post_alone(self):
		for function in (joining.preview_contacts, joining.add_contacts):
			self.assertEqual(frappe.allowed_http_methods_for_whitelisted_func[function], ["POST"])
