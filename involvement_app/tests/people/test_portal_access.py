"""Inviting a participant to the portal; the CRM learns nothing (law 9)."""

import frappe

from involvement_app.involvement_app import participants, portal_access
from involvement_app.involvement_app.portal_access import CannotInvite
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase


def contact_as_stored(name: str) -> dict:
	return frappe.get_doc("Contact", name).as_dict()


def website_user(email: str) -> None:
	"""Somebody who signs in to another portal of the same site."""
	frappe.get_doc(doctype="Role", role_name="Donor", desk_access=0).insert(ignore_if_duplicate=True)
	factories.user("Donor", email=email)


class TestInviting(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.email = f"{frappe.generate_hash(length=8)}@example.org"
		self.person = factories.participant(
			person=factories.contact("Wilhelmina", email=self.email, phone="07700 900001"),
			preferred_name="Billie",
		)

	def setUp(self):
		super().setUp()
		frappe.set_user(factories.staff(roles.COORDINATOR))

	def invited(self, person=None):
		person = person or self.person
		portal_access.invite(person.name)
		return frappe.get_doc("User", frappe.db.get_value("Involvement Participant", person.name, "user"))

	def test_a_login_without_desk_access_and_without_a_role(self):
		"""Frappe tells every signed-in user which roles anybody holds."""
		user = self.invited()
		self.assertEqual((user.name, user.user_type, user.first_name), (self.email, "Website User", "Billie"))
		self.assertEqual(user.roles, [])
		self.assertEqual(participants.participant_of(user.name), self.person.name)

	def test_the_contact_is_as_it_was_to_the_second(self):
		before = contact_as_stored(self.person.person)
		self.invited()
		self.assertEqual(contact_as_stored(self.person.person), before)

	def test_nor_does_a_later_change_of_the_login_reach_the_contact(self):
		user = self.invited()
		before = contact_as_stored(self.person.person)
		with self.as_user("Administrator"):
			user.update({"first_name": "Somebody", "last_name": "Else", "phone": "07700 900999"})
			user.save()
		self.assertEqual(contact_as_stored(self.person.person), before)

	def test_nor_the_contact_of_somebody_else_with_the_same_address(self):
		other = factories.contact("Agnes", email=self.email)
		befores = [contact_as_stored(name) for name in (other, self.person.person)]
		self.invited()
		self.assertEqual([contact_as_stored(name) for name in (other, self.person.person)], befores)

	def test_saving_the_contact_in_the_crm_does_not_reveal_the_login(self):
		self.invited()
		contact = frappe.get_doc("Contact", self.person.person)
		contact.designation = "Gardener"
		with self.as_user("Administrator"):
			contact.save()
		self.assertEqual((contact.designation, contact.user), ("Gardener", None))

	def test_the_contact_of_anybody_else_follows_their_login_as_ever(self):
		name = factories.contact("Agnes", email="agnes.desk@example.com")
		with self.as_user("Administrator"):
			factories.user("Sales User", email="agnes.desk@example.com", first_name="Agneta")
		self.assertEqual(frappe.db.get_value("Contact", name, "first_name"), "Agneta")

	def test_a_colleague_who_takes_part_keeps_their_login_as_it_is(self):
		user = factories.user(roles.OWNER, email=f"{frappe.generate_hash(length=6)}@example.com")
		person = factories.participant(person=factories.contact("Robin", email=user))
		before = frappe.get_doc("User", user).as_dict()
		contact = contact_as_stored(person.person)
		self.assertEqual(self.invited(person).as_dict(), before)
		self.assertEqual(contact_as_stored(person.person), contact)

	def test_a_website_user_of_the_crm_keeps_their_login_as_it_is(self):
		with self.as_user("Administrator"):
			website_user(self.email)
		login = frappe.get_doc("User", self.email).as_dict()
		before = contact_as_stored(self.person.person)
		self.assertEqual(self.invited().as_dict(), login)
		self.assertEqual(contact_as_stored(self.person.person), before)

	def test_the_message_is_neutral_and_leads_to_the_sign_in_page(self):
		self.invited()
		message = frappe.get_last_doc("Involvement Message", {"recipient": self.person.name})
		self.assertEqual(
			(message.subject, message.address, message.status), ("Your page is ready", self.email, "Waiting")
		)
		self.assertIn(portal_access.SIGN_IN, message.body)
		for word in ("involve", "health", "care", "register", "service user"):
			self.assertNotIn(word, (message.subject + message.body).lower().replace("involvement_app", ""))

	def test_invited_again_they_keep_their_login_and_get_the_message_again(self):
		first = self.invited()
		self.assertEqual(self.invited().name, first.name)
		self.assertEqual(frappe.db.count("Involvement Message", {"recipient": self.person.name}), 2)

	def test_who_prefers_the_post_is_told_by_a_person(self):
		with self.as_user("Administrator"):
			frappe.db.set_value("Involvement Participant", self.person.name, "preferred_channel", "Post")
		self.assertEqual(portal_access.invite(self.person.name), {"channel": "Post", "told": False})

	def test_without_an_email_address_the_remedy_is_named(self):
		person = factories.participant(person=factories.contact("Ada", email=False))
		with self.assertRaisesRegex(CannotInvite, "enter for them"):
			portal_access.invite(person.name)

	def test_two_participants_cannot_share_a_login(self):
		self.invited()
		other = factories.participant(person=factories.contact("Agnes", email=self.email))
		with self.assertRaisesRegex(CannotInvite, "Two people cannot share one"):
			portal_access.invite(other.name)

	def test_a_login_that_is_switched_off_stays_off(self):
		with self.as_user("Administrator"):
			website_user(self.email)
			frappe.db.set_value("User", self.email, "enabled", 0)
		with self.assertRaisesRegex(CannotInvite, "switched off"):
			portal_access.invite(self.person.name)

	def test_somebody_who_left_is_not_invited(self):
		with self.as_user("Administrator"):
			frappe.db.set_value("Involvement Participant", self.person.name, "status", "Left")
		with self.assertRaisesRegex(CannotInvite, "has left"):
			portal_access.invite(self.person.name)

	def test_nobody_invites_themselves(self):
		me = frappe.session.user
		person = factories.participant(person=factories.contact("Robin", email=me))
		with self.assertRaises(frappe.PermissionError):
			portal_access.invite(person.name)

	def test_nobody_but_coordinators_and_managers_invites(self):
		named = factories.staff(roles.OWNER)
		with self.as_user("Administrator"):
			frappe.db.set_value("Involvement Participant", self.person.name, "named_contact", named)
		for user in (
			named,
			factories.staff(roles.FINANCE_OFFICER),
			factories.user("Sales User"),
			factories.another(factories.PORTAL),
			"Guest",
		):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				portal_access.invite(self.person.name)
		with self.as_user(factories.staff(roles.MANAGER)):
			portal_access.invite(self.person.name)

	def test_a_coordinator_of_other_units_does_not_invite(self):
		limited = factories.user(roles.COORDINATOR)
		with self.as_user("Administrator"):
			factories.limit(limited, factories.unit())
		with self.as_user(limited), self.assertRaises(frappe.PermissionError):
			portal_access.invite(self.person.name)
