"""What one said yes or no to: seen, given and taken back with one button each."""

import frappe

from involvement_app.involvement_app import consents
from involvement_app.involvement_privacy import consent
from involvement_app.tests.portal.visitor import TwoPeople

PAGE = "/take-part/my/consents"
REGISTER = "Involvement Participant"


class TestConsents(TwoPeople):
	def setUp(self):
		super().setUp()
		self.visitor = self.signed_in()

	def answer(self, said: str, purpose: str = consents.TEXTS, **fields):
		token = self.visitor.get(PAGE).fields()["csrf_token"]
		return self.visitor.post(PAGE, {"csrf_token": token, "purpose": purpose, "answer": said, **fields})

	def standing(self, person=None, purpose: str = consents.TEXTS) -> tuple | None:
		self.refresh()
		now = consent.state((REGISTER, (person or self.me).name), purpose)
		return now and (now.decision, now.method)

	def test_yes_and_taking_it_back_are_one_button_each(self):
		"""Withdrawing is as easy as giving: the same form, one press, no reason, effective at once."""
		self.assertEqual(self.answer("yes").goes_to, f"{PAGE}?done=saved")
		self.assertEqual(self.standing(), ("Given", "Portal"))
		page = self.visitor.get(PAGE)
		self.assertIn("Take my yes back", page.text())
		self.assertNotIn("reason for", page.text())
		self.answer("no")
		self.assertEqual(self.standing(), ("Withdrawn", "Portal"))

	def test_pressing_twice_is_saying_it_once(self):
		for _each in range(2):
			self.answer("yes", consents.WELLBEING)
		self.refresh()
		rows = frappe.db.count("Consent Record", {"person": self.me.name, "purpose": consents.WELLBEING})
		self.assertEqual(rows, 1)

	def test_what_was_written_down_for_me_is_shown(self):
		text = self.visitor.get(PAGE).text()
		self.assertIn("We gave you this. In person.", text)

	def test_a_no_deletes_what_was_kept_on_that_ground(self):
		self.answer("yes", consents.ACCESS)
		self.answer("no", consents.ACCESS)
		self.assertFalse(self.value(REGISTER, self.me.name, "access_note"))
		self.assertTrue(self.value(REGISTER, self.other.name, "access_note"))

	def test_nobody_answers_for_somebody_else(self):
		before = self.standing(self.other)
		self.answer("yes", person=self.other.name, participant=self.other.name)
		self.assertEqual(self.standing(self.other), before)

	def test_an_answer_that_is_none_and_a_question_that_is_none_are_refused(self):
		for said, purpose in (("perhaps", consents.TEXTS), ("yes", "no-such"), ("yes", consents.NOTICE)):
			with self.subTest(said=said, purpose=purpose):
				self.assertEqual(self.answer(said, purpose).status, 422)

	def test_a_form_that_is_not_ours_changes_nothing(self):
		before = self.standing()
		page = self.visitor.post(PAGE, {"purpose": consents.TEXTS, "answer": "yes"})
		self.assertEqual(page.status, 403)
		self.assertEqual(self.standing(), before)

	def test_a_guest_is_asked_to_sign_in(self):
		self.assertEqual(self.guest.get(PAGE).status, 303)
