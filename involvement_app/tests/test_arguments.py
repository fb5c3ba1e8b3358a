"""What a request sends that is not of the shape it should be: a sentence, not a fault of the site's."""

import frappe

from involvement_app.involvement_app import flags, joining, wellbeing
from involvement_app.involvement_privacy import consent
from involvement_app.lifecycle import desk as steps
from involvement_app.messages import desk as messages
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

UNREADABLE = ("{bad", "nope", "5", '"words"', "true")


class TestArguments(IntegrationTestCase):
	def test_what_cannot_be_read_is_refused(self):
		person = factories.participant()
		functions = {
			"contacts": lambda sent: joining.preview_contacts(sent),
			"anyway": lambda sent: joining.add_contacts([person.person], anyway=sent),
			"plan": lambda sent: wellbeing.write_for(person.name, sent, "Phone"),
			"decisions": lambda sent: consent.record_for(person.doctype, person.name, sent, "Phone"),
			"messages": lambda sent: messages.take("Try again", sent),
			"letters": lambda sent: messages.print_letters(sent),
		}
		for argument, asked in functions.items():
			others = ("[1]", '{"a": ["b"]}') if argument in ("plan", "decisions") else ('{"a": 1}',)
			for sent in (*UNREADABLE, *others):
				with self.subTest(argument, sent=sent), self.assertRaises(frappe.ValidationError) as refused:
					asked(sent)
				self.assertIn("cannot be read", str(refused.exception))

	def test_a_doctype_that_has_no_such_thing(self):
		for asked in (
			lambda: steps.steps("Language", "en"),
			lambda: steps.take("Language", "en", "Approve"),
			lambda: flags.about("Language", "en"),
			lambda: flags.about("No such thing", "x"),
		):
			with self.assertRaises(frappe.PermissionError):
				asked()
