"""Questions in the portal, our answers, and what we wrote down and share."""

import frappe

from involvement_app import lifecycle
from involvement_app.involvement_app import questions, writing
from involvement_app.messages.neutral import telling
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import TwoPeople

HERE = "/take-part/my/messages"
QUESTION, NOTE = "Participant Question", "Participant Contact Note"
ODD = 'Is "tea" <b>free</b>? مرحبا 🌻'


class TestMessages(TwoPeople):
	def setUp(self):
		super().setUp()
		self.visitor = self.signed_in()

	def tearDown(self):
		people = [self.me.name, self.other.name]
		for doctype in (QUESTION, NOTE):
			frappe.db.delete(doctype, {"participant": ["in", people]})
		frappe.db.delete("Involvement Message", {"reference_doctype": ["in", [QUESTION, NOTE]]})
		self.refresh()
		super().tearDown()

	def own(self, person=None) -> list:
		self.refresh()
		fields = ["name", "status", "question", "recorded_by", "answer_by", "owner"]
		return frappe.get_all(QUESTION, {"participant": (person or self.me).name}, fields)

	def token(self) -> dict:
		return {"csrf_token": self.visitor.get(HERE).fields()["csrf_token"]}

	def test_a_question_is_asked_answered_and_read(self):
		"""Row 1.9: people ask on their own page, see by when they hear, and read the answer there."""
		contact = factories.staff(roles.COORDINATOR)
		frappe.db.set_value(self.me.doctype, self.me.name, "named_contact", contact)
		self.refresh()
		page = self.visitor.submit(HERE, question=ODD, participant=self.other.name, status="Answered")
		self.assertEqual(page.goes_to, f"{HERE}?done=sent")
		(row,) = self.own()
		self.assertEqual((row.status, row.question, row.recorded_by), ("To answer", ODD, None))
		self.assertEqual(self.own(self.other), [])
		(notice,) = frappe.get_all(
			"Involvement Message", {"recipient": contact, "reference_name": row.name}, ["subject", "body"]
		)
		self.assertNotIn("tea", notice.subject + notice.body)
		frappe.db.set_value(QUESTION, row.name, "answer", "Half of an answer")
		self.refresh()
		text = self.visitor.get(HERE).text()
		self.assertIn(ODD, text)
		self.assertIn("You hear from us by", text)
		self.assertNotIn("Half of an answer", text, "what is being written is not sent yet")
		with self.as_user(contact):
			lifecycle.apply(frappe.get_doc(QUESTION, row.name), "Answer", answer="Yes, all of it")
		self.refresh()
		page = self.visitor.get(HERE)
		self.assertIn("Yes, all of it", page.text())
		self.assertNotIn(contact, page.html, "a first name, no address")

	def test_what_is_refused_is_not_lost(self):
		self.assertEqual(self.visitor.submit(HERE, question=" ").status, 422)
		page = self.visitor.submit(HERE, question="x" * 2001)
		self.assertEqual((page.status, len(page.fields()["question"])), (422, 2001))
		for _each in range(questions.MOST_OPEN):
			frappe.get_doc(
				doctype=QUESTION, participant=self.me.name, question="?", status="To answer"
			).db_insert()
		self.refresh()
		page = self.visitor.submit(HERE, question="One more")
		self.assertEqual((page.status, page.fields()["question"]), (422, "One more"))

	def test_it_can_be_taken_back_until_it_is_answered(self):
		self.visitor.submit(HERE, question="Never mind this")
		(row,) = self.own()
		page = self.visitor.post(f"{HERE}/{row.name}/take-back", self.token())
		self.assertEqual(page.goes_to, f"{HERE}?done=gone")
		self.assertEqual(self.own(), [])
		self.assertFalse(frappe.db.exists("Deleted Document", {"deleted_name": row.name}))
		answered = factories.participant_question(self.me, answer="Yes")
		frappe.db.set_value(QUESTION, answered.name, "status", "Answered")
		self.refresh()
		self.assertEqual(self.visitor.post(f"{HERE}/{answered.name}/take-back", self.token()).status, 404)
		self.assertEqual(len(self.own()), 1)

	def test_somebody_elses_is_not_there(self):
		theirs = factories.participant_question(self.other, question="Theirs alone")
		factories.participant_contact_note(self.other, summary="A talk with them", shared=1)
		self.refresh()
		page = self.visitor.get(HERE)
		self.assertNotIn("Theirs alone", page.html)
		self.assertNotIn("A talk with them", page.html)
		paths = [f"{HERE}/{name}/take-back" for name in (theirs.name, "nothing")]
		answers = [self.visitor.post(path, self.token()) for path in paths]
		self.assertEqual([page.status for page in answers], [404, 404])
		self.assertEqual(answers[0].html, answers[1].html)
		self.assertEqual(len(self.own(self.other)), 1)
		self.assertEqual(self.guest.get(HERE).status, 303)
		self.assertIn(self.guest.post(HERE, {"question": "Hello"}).status, (303, 403))
		with self.as_user(self.me.user):
			self.assertRaises(frappe.PermissionError, questions.ask, self.other.name, "As them")

	def test_a_note_is_read_by_the_person_where_it_is_shared(self):
		factories.participant_contact_note(self.me, summary="Likes the <i>boat</i>", shared=1)
		factories.participant_contact_note(self.me, summary="Not for the page")
		self.refresh()
		page = self.visitor.get(HERE)
		self.assertIn("What we talked about", page.text())
		self.assertIn("boat", page.text())
		self.assertNotIn("<i>", page.html)
		self.assertNotIn("Not for the page", page.html)

	def test_staff_write_first_and_the_person_reads_it_on_their_page(self):
		"""Row 3.14: we do not wait to be asked; what we write stands on the person's page, and a message tells nothing."""
		writer = factories.staff(roles.COORDINATOR)
		with self.as_user(writer):
			done = writing.write_to(self.me.name, f"  {ODD}  ")
		self.assertEqual((done["channel"], done["told"]), ("Email", True))
		self.refresh()
		text = self.visitor.get(HERE).text()
		self.assertIn("What we wrote to you", text)
		self.assertIn(ODD, text)
		self.assertNotIn(ODD, self.signed_in(self.other).get(HERE).text())
		(message,) = self.sent(self.me)
		self.assertEqual(
			(message.owed, telling(message.subject), telling(message.short_text)), (0, None, None)
		)
		self.assertNotIn("tea", message.subject + message.body + message.short_text)
		note = frappe.get_doc(NOTE, done["note"])
		self.assertEqual((note.by, note.how, note.shared, bool(note.sent_on)), (writer, "E-mail", 1, True))
		for values in ({"summary": "Something else"}, {"shared": 0}):
			with self.subTest(values), self.assertRaisesRegex(frappe.ValidationError, "sent to the person"):
				frappe.get_doc(NOTE, note.name).update(values).save()
		forged = factories.participant_contact_note(self.me, sent_on="2026-01-01 10:00:00")
		self.assertIsNone(forged.sent_on, "only what was sent says so")

	def sent(self, person) -> list:
		return frappe.get_all(
			"Involvement Message",
			{"template": "Involvement words for you", "recipient": person.name},
			["subject", "body", "short_text", "owed", "channel"],
		)

	def test_who_may_not_be_written_to_and_by_whom(self):
		"""Rights as for questions; who takes a break is left in peace; who has no page gets the words themselves."""
		person = factories.participant(units=(factories.unit(),), preferred_channel="Post")
		for writer in (factories.staff(roles.OWNER), factories.staff(roles.FINANCE_OFFICER), self.other.user):
			with self.subTest(writer), self.as_user(writer):
				for name in (person.name, "INV-NOBODY"):
					self.assertRaises(frappe.PermissionError, writing.write_to, name, "Hello")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			for words in (" ", "x" * 2001):
				self.assertRaisesRegex(
					frappe.ValidationError, "^Message:", writing.write_to, person.name, words
				)
			done = writing.write_to(person.name, "The hall is open")
			self.assertEqual((done["channel"], done["told"]), ("Post", False))
			self.assertIn("The hall is open", self.sent(person)[0].body)
			for status in ("Paused", "Left"):
				frappe.db.set_value(person.doctype, person.name, "status", status)
				self.assertRaisesRegex(writing.Away, "taking a break", writing.write_to, person.name, "Hello")
		self.assertEqual(
			(len(self.sent(person)), frappe.db.count(NOTE, {"participant": person.name})), (1, 1)
		)
