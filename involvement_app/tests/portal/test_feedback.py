"""What we owe somebody, on their page: theirs alone, and what is being written is not theirs yet."""

import frappe
from frappe.utils import add_days, now_datetime, today

from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import TwoPeople

HERE = "/take-part/my/feedback"
OBLIGATION = "Feedback Obligation"


class TestFeedback(TwoPeople):
	def test_what_is_owed_and_what_came_of_it(self):
		"""Row 3.14: people see what we owe them, since when we are late, and what came of what they said."""
		told, coming = (factories.opportunity("Published") for _each in range(2))
		for opportunity in (told, coming):
			factories.engagement(opportunity, self.me)
		full = factories.promised(told)
		words = {
			"status": "Kept",
			"kept_on": now_datetime(),
			"what_was_said": 'Is "tea" <b>free</b>?\n\nمرحبا',
			"what_changed": "Tea is free",
			"what_could_not_change": "Coffee is not",
		}
		frappe.db.set_value(OBLIGATION, full.name, words)
		late = factories.promised(coming)
		frappe.db.set_value(
			OBLIGATION, late.name, {"due_on": add_days(today(), -3), "what_was_said": "Half a sentence"}
		)
		alone = factories.feedback_obligation(participant=self.other, promised="Something for one alone")
		silent = factories.promised(told, "Initial")
		values = {"status": "Not possible", "reason": "Nobody wrote it down"}
		frappe.db.set_value(OBLIGATION, silent.name, values)
		visitor = self.signed_in()
		self.refresh()
		page = visitor.get(HERE)
		text = page.text()
		for words in (
			f"What came of it: {told.title}",
			'Is "tea" <b>free</b>?',
			"Coffee is not",
			"Nobody wrote it down",
			"What came of it: We are late with this",
		):
			self.assertIn(words, text)
		self.assertNotIn("Half a sentence", text, "what is being written is not sent yet")
		self.assertNotIn(alone.promised, text)
		self.assertIn("Read what came of what you took part in", visitor.get("/take-part/my").text())
		begun = visitor.get("/take-part/my/messages?about=how").fields()["question"]
		self.assertIn("How it was for me", begun, "what one says of it begins in one's own box")
		theirs = self.signed_in(self.other).get(HERE).text()
		self.assertIn(alone.promised, theirs)
		self.assertNotIn("Tea is free", theirs)
