"""What people hear about themselves reaches them by each way they can choose, and helps there: no message leaves
somebody on paper or on the phone with nothing but a link."""

import frappe
from frappe.utils import today

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import access, departures, portal_access
from involvement_app.messages import letters, templates
from involvement_app.messages.neutral import telling
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

CHANNELS = ("Email", "Text message", "Phone", "Post")
OURS = "01632 960099"


class TestWhatPeopleHear(IntegrationTestCase):
	def setUp(self):
		super().setUp()
		frappe.db.set_single_value("Involvement Settings", {"contact_phone": OURS, "contact_email": None})
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.addCleanup(frappe.clear_document_cache, "Involvement Settings", "Involvement Settings")
		self.as_shipped()

	def as_shipped(self) -> None:
		"""The words that a new site has: one that is older keeps its own."""
		for name in templates.declared():  # one by one: a cached document each
			frappe.db.delete("Email Template", {"name": ["in", [name, templates.text_name(name)]]})
			for each in (name, templates.text_name(name)):
				frappe.clear_document_cache("Email Template", each)
				self.addCleanup(frappe.clear_document_cache, "Email Template", each)

	def person(self, channel: str):
		contact = factories.contact("Ada", phone="07700 900123")
		if channel == "Post":
			frappe.get_doc(
				doctype="Address",
				address_title="Ada",
				address_type="Personal",
				address_line1="3 Weavers Row",
				city="Otterford",
				country="United Kingdom",
				links=[{"link_doctype": "Contact", "link_name": contact}],
			).insert(ignore_permissions=True)  # test set-up
		return factories.participant(
			person=contact, preferred_name="Ada", preferred_channel=channel, units=(factories.unit(),)
		)

	def hear_everything(self, me) -> dict[str, frappe._dict]:
		"""{template: message} after review, answer, break, return and leaving; then the invitation and the welcome."""
		need = factories.access_requirement(me)
		frappe.db.set_value(need.doctype, need.name, "review_on", today())
		access.ask_again()
		question = factories.participant_question(me)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			lifecycle.apply(question, "Answer", answer="Yes, do")
			departures.pause(me.name, how="Phone")
			departures.come_back(me.name, how="Phone")
			if me.preferred_channel == "Email":
				portal_access.invite(me.name)
			departures.leave(me.name, how="Phone")
		context = {"link": "https://example.org/take-part", "organisation": "Us", "contact": OURS}
		messages.send("Involvement enquiry welcome", (me.doctype, me.name), context)
		rows = frappe.get_all(
			"Involvement Message",
			{"recipient": me.name},
			["name", "template", "channel", "address", "subject", "body", "short_text", "status"],
		)
		return {row.template: row for row in rows}

	def test_each_channel_is_served_in_neutral_words(self):
		"""Row 4.11: nobody is left out for want of a screen: what is told to people is told by post and phone as well."""
		for channel in CHANNELS:
			heard = self.hear_everything(self.person(channel))
			expected = {
				"Involvement access review",
				"Involvement answer",
				"Involvement paused",
				"Involvement welcome back",
				"Involvement goodbye",
				"Involvement enquiry welcome",
			}
			if channel == "Email":
				expected.add("Involvement welcome")
			self.assertEqual(set(heard), expected)
			for template, row in heard.items():
				with self.subTest(f"{channel}: {template}"):
					self.assertEqual(row.channel, channel)
					self.assertTrue(row.address)
					self.assertIsNone(telling(row.subject))
					self.assertIsNone(telling(row.short_text.split("http")[0]))
					if template != "Involvement welcome":
						self.assertIn(OURS, row.body)
			if channel == "Post":
				self.assert_printed(heard.values())

	def assert_printed(self, rows) -> None:
		run = letters.start_run([row.name for row in rows])
		self.assertEqual((run["printed"], run["left_out"]), (len(rows), []))
		printed = frappe.get_all(
			"Involvement Message", {"print_run": run["run"]}, ["address", "subject", "body", "large_print"]
		)
		page = letters.html_of(printed)
		self.assertEqual(page.count("3 Weavers Row"), len(rows))
		self.assertEqual(page.count(f"reach us here: {OURS}") + page.count(f"tell us: {OURS}"), len(rows) - 1)
