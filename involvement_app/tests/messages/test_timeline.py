"""The CRM learns nothing: what is sent lands on nobody's timeline (law 9)."""

import frappe
from frappe.desk.form.load import get_communication_data, getdoc

from involvement_app import messages
from involvement_app.messages.channels import email
from involvement_app.tests.messages.outbox import OutboxCase
from involvement_app.tests.messages.servers import text_gateway


class TestTimeline(OutboxCase):
	def traces(self, contact: str, address: str) -> dict:
		"""Everything by which Frappe could show that the person was written to."""
		queued = frappe.get_all("Email Queue Recipient", {"recipient": address}, pluck="parent")
		return {
			"on the timeline": get_communication_data("Contact", contact),
			"linked": frappe.db.count(
				"Communication Link", {"link_doctype": "Contact", "link_name": contact}
			),
			"communications": frappe.db.count("Communication"),
			"comments": frappe.db.count(
				"Comment", {"reference_doctype": "Contact", "reference_name": contact}
			),
			"changed": frappe.db.get_value("Contact", contact, "modified"),
			"mail that names a record": frappe.get_all(
				"Email Queue",
				{"name": ["in", queued or [""]], "reference_doctype": ["is", "set"]},
				pluck="name",
			)
			+ frappe.get_all(
				"Email Queue", {"name": ["in", queued or [""]], "communication": ["is", "set"]}, pluck="name"
			),
		}

	def test_a_mail_leaves_nothing_on_the_contact(self):
		person = self.person(email="sam@example.org")
		before = self.traces(person.person, "sam@example.org")
		name = self.message(person, about=person)
		messages.flush()
		self.assertEqual(self.row(name).status, "Handed over")
		self.assertTrue(frappe.db.exists("Email Queue Recipient", {"recipient": "sam@example.org"}))
		self.assertEqual(self.traces(person.person, "sam@example.org"), before)
		self.assertEqual(before["on the timeline"], [])
		self.assertEqual(before["mail that names a record"], [])

	def test_the_contacts_form_shows_nothing(self):
		person = self.person(email="sam@example.org")
		self.message(person, about=person)
		messages.flush()
		frappe.local.response = frappe._dict(docs=[])
		with self.as_user("it.support@example.com"):  # not one of ours, and may read Contacts
			getdoc("Contact", person.person)
		docinfo = frappe.local.response.docinfo
		for part in (
			"communications",
			"automated_messages",
			"comments",
			"versions",
			"additional_timeline_content",
		):
			self.assertFalse(docinfo.get(part), part)

	def test_a_text_message_leaves_nothing_on_the_contact(self):
		person = self.person("Text message", email="sam@example.org")
		before = self.traces(person.person, "sam@example.org")
		with text_gateway() as (gateway, url):
			self.configure(
				"SMS Settings", sms_gateway_url=url, message_parameter="text", receiver_parameter="to"
			)
			self.message(person)
			messages.flush()
			self.assertEqual(len(gateway.asked), 1)
		self.assertEqual(self.traces(person.person, "sam@example.org"), before)


class TestReplies(OutboxCase):
	"""Frappe shows mail it reads in on the timeline of the Contact with that address: nobody may be surprised by it."""

	def test_a_warning_where_replies_would_be_read_in(self):
		self.configure(contact_email="team@example.org")
		self.assertEqual(email.warnings(), [])
		account = frappe.db.get_value("Email Account", {"default_outgoing": 1})
		frappe.db.set_value("Email Account", account, {"email_id": "team@example.org", "enable_incoming": 1})
		self.assertEqual(len(email.warnings()), 1)
		self.configure(contact_email="elsewhere@example.org")
		self.assertEqual(email.warnings(), [])

	def test_without_a_contact_address_replies_go_to_the_sender(self):
		self.configure(contact_email=None)
		account = frappe.db.get_value("Email Account", {"default_outgoing": 1})
		frappe.db.set_value("Email Account", account, "enable_incoming", 1)
		self.forget_account()
		self.assertEqual(len(email.warnings()), 1)
