"""Which texts of a site an upgrade renews, and which it leaves alone; and names that were lost come back."""

import io
from contextlib import redirect_stdout
from dataclasses import replace

import frappe

from involvement_app.messages import templates
from involvement_app.patches.v1_0 import fetched_names, untouched_templates
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

NAME = "Involvement answer"
FIELDS = ["subject", "response_html"]


class TestRenewing(IntegrationTestCase):
	"""The site has the text of an earlier release, and this release ships another."""

	def setUp(self):
		super().setUp()
		self.ships = templates.declared()[NAME]
		self.older = replace(self.ships, subject="Your answer is here", body="<p>Older words</p>")
		self.put_down(self.older)

	def put_down(self, template) -> None:
		frappe.delete_doc("Email Template", NAME, force=True)
		templates._add(NAME, template.subject, template.body)

	def known_as(self, template) -> None:
		last = templates.shipped_last() | {NAME: templates._fingerprint(template.subject, template.body)}
		templates.remember_shipped(last)

	def migrate(self) -> tuple:
		with redirect_stdout(io.StringIO()) as said:
			templates.install_templates()
		self.said = said.getvalue()
		return frappe.db.get_value("Email Template", NAME, FIELDS)

	def test_what_nobody_edited_is_renewed_and_what_a_site_wrote_stays(self):
		self.known_as(self.older)
		self.assertEqual(self.migrate(), (self.ships.subject, self.ships.body))
		self.assertEqual(self.said, "")
		own = frappe.get_doc("Email Template", NAME)
		own.response_html = "<p>Our own words</p>"
		own.save()
		self.assertEqual(self.migrate(), (self.ships.subject, "<p>Our own words</p>"))
		self.assertEqual(self.said, "", "this release words nothing anew")
		self.known_as(self.older)
		self.assertEqual(self.migrate()[1], "<p>Our own words</p>")
		self.assertIn(NAME, self.said)

	def test_a_site_from_before_it_was_remembered(self):
		for edited in (False, True):
			with self.subTest(edited=edited):
				self.put_down(self.older)
				last = templates.shipped_last()
				last.pop(NAME, None)
				templates.remember_shipped(last)
				if edited:
					doc = frappe.get_doc("Email Template", NAME)
					doc.subject = "Hello from us"
					doc.save()
				untouched_templates.execute()
				self.assertEqual(self.migrate()[0], "Hello from us" if edited else self.ships.subject)


class TestFetchedNames(IntegrationTestCase):
	def test_a_name_that_was_lost_is_read_again_and_nothing_else_changes(self):
		me = factories.participant(preferred_name="Robin")
		rows = [
			factories.training_record(factories.training_course(), me),
			factories.participant_question(me),
			factories.past_involvement(me),
		]
		other = factories.preference(factories.participant(preferred_name="Sam"))
		for doc in rows:
			frappe.db.set_value(doc.doctype, doc.name, "preferred_name", None, update_modified=False)
		frappe.db.set_value(other.doctype, other.name, "preferred_name", "As it was", update_modified=False)
		fetched_names.execute()
		for doc in rows:
			found = frappe.db.get_value(doc.doctype, doc.name, ["preferred_name", "modified"])
			self.assertEqual(found, ("Robin", frappe.utils.get_datetime(doc.modified)))
		self.assertEqual(frappe.db.get_value(other.doctype, other.name, "preferred_name"), "As it was")
