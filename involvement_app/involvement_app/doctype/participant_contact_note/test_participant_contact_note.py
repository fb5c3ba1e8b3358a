"""What a contact note must always obey: who reads it, and that it stands nowhere else."""

import frappe
from frappe.utils import add_days, today

from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

NOTE = "Participant Contact Note"


class TestParticipantContactNote(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.lead = factories.another(roles.OWNER)
		self.me = factories.participant(units=(factories.unit(),), named_contact=self.lead)

	def test_those_who_support_the_person_read_it_and_nobody_else(self):
		"""Row 0.14: what is said with somebody is not for who cares for them, nor for who leads what they take part in."""
		doc = factories.participant_contact_note(self.me)
		here = factories.another(roles.COORDINATOR)
		factories.limit(here, self.me.units[0].unit)
		leads_a_session = factories.staff(roles.OWNER)
		factories.engagement(factories.opportunity("Published", author=leads_a_session), self.me)
		for user, sees in (
			(factories.staff(roles.COORDINATOR), True),
			(factories.staff(roles.MANAGER), True),
			(here, True),
			(self.lead, True),
			(leads_a_session, False),
			(factories.staff(roles.DATA_PROTECTION), False),
			(factories.user("Sales User"), False),
			(factories.staff(factories.PORTAL), False),
			("Guest", False),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(frappe.has_permission(NOTE, "read", doc.name), sees)
				try:
					listed = doc.name in frappe.get_list(NOTE, pluck="name", limit=0)
				except frappe.PermissionError:
					listed = False
				self.assertEqual(listed, sees)

	def test_the_crm_learns_nothing_of_it(self):
		"""Law 9: no mail, no comment, nothing on the timeline of the Contact, and the Contact stays as it was."""
		about = {"reference_doctype": "Contact", "reference_name": self.me.person}
		before = frappe.db.get_value("Contact", self.me.person, "modified")
		doc = factories.participant_contact_note(self.me, summary="Said the ferry was late")
		doc.followed_up = 1
		doc.save()
		for doctype in ("Comment", "Communication"):
			self.assertFalse(frappe.get_all(doctype, about))
			self.assertFalse(frappe.get_all(doctype, {"content": ["like", "%ferry%"]}))
		self.assertFalse(frappe.db.exists("Version", {"docname": doc.name}))
		self.assertEqual(frappe.db.get_value("Contact", self.me.person, "modified"), before)

	def test_days_that_cannot_be_are_named(self):
		with self.assertRaisesRegex(frappe.ValidationError, "^Date:"):
			factories.participant_contact_note(self.me, happened_on=add_days(today(), 1))
		with self.assertRaisesRegex(frappe.ValidationError, "^Follow up on:"):
			factories.participant_contact_note(self.me, follow_up_on=add_days(today(), -1))
		with self.assertRaisesRegex(frappe.ValidationError, "a few words"):
			factories.participant_contact_note(self.me, summary=" ")

	def test_a_word_about_health_is_pointed_out_and_kept(self):
		frappe.clear_messages()
		factories.participant_contact_note(self.me, summary="Has depression again")
		self.assertIn("about health", str(frappe.get_message_log()))

	def test_one_may_only_write_about_people_who_are_theirs(self):
		with self.as_user(factories.staff(roles.OWNER)), self.assertRaises(frappe.PermissionError):
			frappe.get_doc(
				doctype=NOTE,
				participant=self.me.name,
				by=factories.staff(roles.OWNER),
				happened_on=today(),
				how="Phone",
				summary="Rang",
			).insert()
