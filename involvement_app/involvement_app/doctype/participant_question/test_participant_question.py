"""What a question must always obey: who sees it, how it is answered, whose word it is."""

import frappe
from frappe.utils import add_days, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_app import questions
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.working_days import add_working_days, closed

QUESTION = "Participant Question"


class TestParticipantQuestion(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.lead = factories.another(roles.OWNER)
		self.unit = factories.unit()
		self.me = factories.participant(units=(self.unit,), named_contact=self.lead)

	def answered(self, doc, words="Yes, do"):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			return lifecycle.apply(frappe.get_doc(QUESTION, doc.name), "Answer", answer=words)

	def told(self, template="Involvement answer") -> list:
		return frappe.get_all(
			"Involvement Message",
			{"recipient": ["in", [self.me.name, self.lead]], "template": template},
			["channel", "subject", "body", "short_text", "owed"],
		)

	def test_those_who_support_the_person_see_it_and_nobody_else(self):
		doc = factories.participant_question(self.me)
		self.assertEqual(factories.opportunity("Published", author=factories.staff(roles.OWNER)).docstatus, 0)
		limited = factories.another(roles.COORDINATOR)
		factories.limit(limited, factories.unit())
		for user, sees in (
			(factories.staff(roles.COORDINATOR), True),
			(factories.staff(roles.MANAGER), True),
			(self.lead, True),  # their named contact
			(factories.staff(roles.OWNER), False),
			(limited, False),
			(factories.staff(roles.FINANCE_OFFICER), False),
			(factories.staff(roles.DATA_PROTECTION), False),
			(factories.user("Sales User"), False),
			(factories.staff(factories.PORTAL), False),
			("Guest", False),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(frappe.has_permission(QUESTION, "read", doc.name), sees)
				try:
					listed = doc.name in frappe.get_list(QUESTION, pluck="name", limit=0)
				except frappe.PermissionError:
					listed = False
				self.assertEqual(listed, sees)

	def test_a_question_on_the_phone_has_a_clock_and_says_who_wrote_it_down(self):
		"""Row 1.9: a question is answered by a person within the promised working days, also one that is not written."""
		frappe.db.set_single_value("Involvement Settings", "answer_working_days", 3)
		doc = factories.participant_question(self.me, asked_on=add_days(today(), -7), preferred_name="Else")
		self.assertEqual(doc.preferred_name, self.me.preferred_name)
		self.assertEqual(getdate(doc.answer_by), add_working_days(add_days(today(), -7), 3, closed))
		self.assertEqual((doc.recorded_by, doc.told_how), (factories.staff(roles.COORDINATOR), "Phone"))
		self.assertEqual(questions.unanswered(), 1)
		self.answered(doc)
		self.assertEqual(questions.unanswered(), 0)
		with self.assertRaisesRegex(frappe.ValidationError, "How the person told us"):
			factories.participant_question(self.me, recorded_how=None)
		with self.assertRaisesRegex(frappe.ValidationError, "Asked on"):
			factories.participant_question(self.me, asked_on=add_days(today(), 1))

	def test_nobody_writes_one_down_for_people_who_are_not_theirs(self):
		with self.as_user(factories.staff(roles.OWNER)), self.assertRaises(frappe.PermissionError):
			frappe.get_doc(
				doctype=QUESTION, participant=self.me.name, question="Mine?", recorded_how="Phone"
			).insert()

	def test_the_answer_reaches_them_in_their_way_and_tells_nobody_else(self):
		"""Row 3.14: listened to and responded to; somebody without a page has the answer in the message itself."""
		self.answered(factories.participant_question(self.me), "Yes, bring the <b>dog</b>")
		(message,) = self.told()
		self.assertIn("Yes, bring the &lt;b&gt;dog", message.body)
		self.assertNotIn("dog", message.subject + message.short_text)
		self.assertEqual(message.owed, 1)

	def test_who_has_a_page_reads_it_there(self):
		frappe.db.set_value(self.me.doctype, self.me.name, "user", factories.another(factories.PORTAL))
		self.answered(factories.participant_question(self.me), "Bring the dog")
		(message,) = self.told()
		self.assertNotIn("dog", message.body)
		self.assertIn(questions.PAGE, message.body)

	def test_what_was_told_stays_and_an_answer_needs_words(self):
		doc = factories.participant_question(self.me)
		with self.assertRaises(TransitionError):
			self.answered(doc, " ")
		doc = self.answered(doc)
		self.assertEqual(doc.answered_by, factories.staff(roles.COORDINATOR))
		doc.answer = "No, never said that"
		self.assertRaisesRegex(frappe.ValidationError, "has read it", doc.save)

	def test_the_named_contact_answers_and_another_lead_does_not(self):
		doc = factories.participant_question(self.me)
		with self.as_user(factories.staff(roles.OWNER)):
			with self.assertRaises((StepNotPermitted, frappe.PermissionError)):
				lifecycle.apply(frappe.get_doc(QUESTION, doc.name), "Answer", answer="Mine to say")
		with self.as_user(self.lead):
			lifecycle.apply(frappe.get_doc(QUESTION, doc.name), "Answer", answer="Yes")
		self.assertEqual(frappe.db.get_value(QUESTION, doc.name, "status"), "Answered")

	def test_what_needs_no_answer_is_closed_and_says_nothing(self):
		doc = factories.participant_question(self.me)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			lifecycle.apply(doc, "No answer needed")
			self.assertFalse(self.told())
			doc = lifecycle.apply(frappe.get_doc(QUESTION, doc.name), "Open again")
		self.assertIsNone(doc.answered_on)
