"""How we work together: read, agreed to or not now, asked again with new words, and never a condition."""

import re

import frappe

from involvement_app.involvement_app import agreement, consents, statements
from involvement_app.involvement_privacy import consent
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import TwoPeople

PAGE = "/take-part/my/agreement"
# words that would tie somebody down: a volunteer who is obliged to come is a worker (domain 1.4)
BINDING = re.compile(
	r"\b(must|required?|requires|commit\w*|oblig\w*|have to|has to|shall|need to|expected?|agree to attend|bound"
	r"|breach|terminat\w*|dismiss\w*|notice period|at least \w+ (?:hours|sessions|meetings))\b",
	re.IGNORECASE,
)


class TestAgreement(TwoPeople):
	def setUp(self):
		super().setUp()
		self.statement = frappe.db.get_value(
			"Consent Statement", {"purpose": consents.TOGETHER}, "*", order_by="version desc", as_dict=True
		)

	def answer(self, visitor, said: str):
		token = visitor.get(PAGE).fields()["csrf_token"]
		fields = {"csrf_token": token, "purpose": consents.TOGETHER, "answer": said}
		return visitor.post(PAGE, fields)

	def standing(self, person) -> agreement.Agreement:
		self.refresh()
		return agreement.agreements(person.name)[0]

	def test_its_words_tie_nobody_to_anything(self):
		"""Row 0.14: the agreement is no obligation, in its long words or its short ones."""
		(shipped,) = [row for row in statements.STATEMENTS if row["purpose"] == consents.TOGETHER]
		for words in (shipped["title"], shipped["plain_text"], shipped["easy_read"]):
			self.assertIsNone(BINDING.search(words), words)
		self.assertRegex("You must come to every meeting", BINDING)

	def test_agree_or_not_now_and_asked_again_with_new_words(self):
		"""Row 0.13: people agree or say not now, change their mind, and answer again to a new version; what they
		answered to which words is kept."""
		visitor = self.signed_in()
		self.assertEqual(self.answer(visitor, "not-now").goes_to, f"{PAGE}?done=saved")
		now = self.standing(self.me)
		self.assertEqual((now.answered, now.agreed), (True, False))
		self.assertIn("You said: not now.", visitor.get(PAGE).text())
		for _twice in range(2):
			self.answer(visitor, "agree")
		self.assertTrue(self.standing(self.me).agreed)
		self.addCleanup(self.forget_version, self.new_version())
		now = self.standing(self.me)
		self.assertEqual((now.answered, now.agreed), (False, True))
		text = visitor.get(PAGE).text()
		self.assertIn("These words are new since you answered", text)
		self.assertIn("Tea is on us", text)
		self.answer(visitor, "not-now")
		self.assertEqual((self.standing(self.me).answered, self.standing(self.me).agreed), (True, False))
		kept = [(row.version, row.decision) for row in agreement.history(self.me.name)]
		first = self.statement.version
		self.assertEqual(kept, [(first + 1, "Refused"), (first, "Given"), (first, "Refused")])
		self.assertEqual(visitor.post(PAGE, {"csrf_token": "x", "answer": "agree"}).status, 403)
		self.assertEqual(self.answer(visitor, "perhaps").status, 422)

	def new_version(self) -> str:
		old = frappe.get_doc("Consent Statement", self.statement.name)
		doc = frappe.copy_doc(old)
		doc.update({"plain_text": "Tea is on us.", "active_from": frappe.utils.today()})
		doc.insert()
		self.refresh()
		return doc.name

	def forget_version(self, name: str) -> None:
		frappe.db.delete("Consent Record", {"statement": name})
		frappe.db.delete("Consent Statement", {"name": name})
		frappe.db.set_value("Consent Statement", self.statement.name, "active_to", None)
		self.refresh()

	def test_no_answer_stands_in_the_way_of_anything(self):
		"""Row 0.14: somebody who says not now, and somebody who never answers, apply, are offered a place and take it."""
		person = (self.other.doctype, self.other.name)
		consent.record(person, {consents.TOGETHER: consent.REFUSED}, consent.How("Phone"))
		opportunity = factories.opportunity("Published")
		for who in (self.other, self.me):
			self.assertEqual(factories.engagement(opportunity, who).status, "Confirmed")

	def test_on_paper_it_is_recorded_as_entered_for_them(self):
		"""Row 0.15: what came by post is written down by staff, with who and how, and shown as that."""
		with self.as_user(factories.staff(roles.COORDINATOR)):
			consent.record_for(
				self.other.doctype, self.other.name, {consents.TOGETHER: "Given"}, "Post", told_by="Sam"
			)
		(row, *_earlier) = agreement.history(self.other.name)
		self.assertEqual((row.method, row.recorded_by), ("Post", factories.staff(roles.COORDINATOR)))
		self.refresh()
		self.assertIn("You agreed. By post.", self.signed_in(self.other).get(PAGE).text())
