"""The wellbeing plan in the portal: written, read back, who has read it, taken away."""

import frappe

from involvement_app.involvement_app import consents
from involvement_app.involvement_privacy import consent, sensitive
from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import TwoPeople

PAGE = "/take-part/my/wellbeing-plan"
PLAN = "Wellbeing Support Plan"


class TestWellbeingPage(TwoPeople):
	def setUp(self):
		super().setUp()
		self.visitor = self.signed_in()

	def plan(self):
		self.refresh()
		fields = ["name", "what_helps", "supporter", "may_contact_supporter", "recorded_by"]
		return frappe.db.get_value(PLAN, {"participant": self.me.name}, fields, as_dict=True)

	def test_it_is_written_by_the_person_read_back_and_taken_away(self):
		"""Domain 4.2: a wellbeing plan in the person's own words, after their yes, and gone when they like."""
		page = self.visitor.submit(PAGE, what_helps="A walk", agree="")
		self.assertEqual(page.status, 422)
		self.assertIn("Tick the box if we may keep this", page.text())
		self.assertEqual(page.fields()["what_helps"], "A walk")
		self.assertIsNone(self.plan())

		sent = {
			"what_helps": "A walk",
			"supporter": "My sister",
			"may_contact_supporter": "yes",
			"agree": "yes",
		}
		self.assertEqual(self.visitor.submit(PAGE, **sent).goes_to, f"{PAGE}?done=saved")
		plan = self.plan()
		self.assertEqual(
			(plan.what_helps, plan.supporter, plan.may_contact_supporter, plan.recorded_by),
			("A walk", "My sister", 1, None),
		)
		self.assertTrue(consent.state((self.me.doctype, self.me.name), consents.WELLBEING).holds)
		page = self.visitor.get(PAGE)
		self.assertEqual(page.fields()["what_helps"], "A walk")
		self.assertIn("Nobody yet.", page.text())
		self.readers_are_named(plan.name)

		self.visitor.submit(PAGE, what_helps="", please_do="Wait")
		self.assertEqual(self.plan().what_helps, "")
		token = self.visitor.get(PAGE).fields()["csrf_token"]
		gone = self.visitor.post(f"{PAGE}/remove", {"csrf_token": token})
		self.assertEqual((gone.goes_to, self.plan()), (f"{PAGE}?done=gone", None))
		self.assertFalse(frappe.db.exists("Deleted Document", {"deleted_name": plan.name}))

	def readers_are_named(self, plan: str) -> None:
		frappe.get_doc(
			doctype="Sensitive Access Log",
			user="Administrator",
			outcome="Read",
			read_on=frappe.utils.now(),
			reason="Getting <b>ready</b>",
			document_type=PLAN,
			document_name=plan,
			person_doctype=self.me.doctype,
			person=self.me.name,
		).db_insert()
		self.refresh()
		page = self.visitor.get(PAGE)
		self.assertIn("“Getting <b>ready</b>”", page.text())
		self.assertNotIn("Nobody yet.", page.text())

	def test_an_empty_plan_is_refused_and_a_long_word_named(self):
		page = self.visitor.submit(PAGE, what_helps=" ", agree="yes")
		self.assertEqual(page.status, 422)
		self.assertIn("Write something in one of the boxes", page.text())
		page = self.visitor.submit(PAGE, supporter="x" * 141, please_do="Wait", agree="yes")
		self.assertIn("Who we may contact is too long", page.text())
		self.assertEqual(page.fields()["please_do"], "Wait")
		self.assertIsNone(self.plan())

	def test_everybody_sees_their_own_and_takes_away_their_own(self):
		factories.wellbeing_plan(self.other, what_helps="Mine alone")
		self.refresh()
		self.assertNotIn("Mine alone", self.visitor.get(PAGE).text())
		token = self.visitor.get(PAGE).fields()["csrf_token"]
		self.visitor.post(f"{PAGE}/remove", {"csrf_token": token, "participant": self.other.name})
		self.refresh()
		self.assertTrue(frappe.db.exists(PLAN, {"participant": self.other.name}))
		with self.as_user(self.me.user):
			theirs = frappe.db.get_value(PLAN, {"participant": self.other.name})
			self.assertIn("refused", sensitive.read(PLAN, theirs, "Curious"))
