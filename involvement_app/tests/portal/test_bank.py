"""How we pay you, in the portal: three digits are shown, a change waits, taking away works at once."""

import frappe

from involvement_app.involvement_payments import bank_details
from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import TwoPeople

PAGE = "/take-part/my/payments/how"
DETAIL = "Participant Bank Detail"
SENT = {"way": "Bank", "account_name": "A Person", "sort_code": "08-99-99", "account_number": "66374958"}


class TestHowWePayYou(TwoPeople):
	def setUp(self):
		super().setUp()
		self.visitor = self.signed_in()

	def detail(self, person=None):
		self.refresh()
		fields = ["status", "way", "last_three", "recorded_by", "told_how"]
		who = {"participant": (person or self.me).name, "status": ["in", bank_details.LIVING]}
		return frappe.db.get_value(DETAIL, who, fields, as_dict=True)

	def test_it_is_sent_shown_by_three_digits_and_taken_away(self):
		"""Issue 7, portal: bank change."""
		self.assertIn("You have not told us yet", self.visitor.get(PAGE).text())
		self.assertEqual(self.visitor.submit(PAGE, **SENT).goes_to, f"{PAGE}?done=sent")
		detail = self.detail()
		self.assertEqual((detail.status, detail.last_three, detail.recorded_by), ("Pending", "958", None))
		page = self.visitor.get(PAGE)
		self.assertIn("ends in 958", page.text())
		self.assertNotIn("66374958", page.html)
		self.assertNotIn("089999", page.html)
		token = page.fields()["csrf_token"]
		gone = self.visitor.post(f"{PAGE}/take-away", {"csrf_token": token})
		self.assertEqual((gone.goes_to, self.detail()), (f"{PAGE}?done=gone", None))

	def test_what_is_wrong_is_said_beside_its_field(self):
		page = self.visitor.submit(PAGE, **{**SENT, "sort_code": "12-34"})
		self.assertEqual(page.status, 422)
		self.assertIn("six digits", page.text())
		self.assertEqual(page.fields()["account_name"], "A Person")
		self.assertEqual(self.visitor.submit(PAGE, **{**SENT, "way": ""}).status, 422)
		self.assertIsNone(self.detail())

	def test_everybody_sees_and_changes_their_own(self):
		factories.participant_bank_detail(self.other, account_number="66374958")
		self.refresh()
		self.assertNotIn("958", self.visitor.get(PAGE).text())
		self.visitor.submit(PAGE, way="Cash", participant=self.other.name)
		self.assertEqual((self.detail().way, self.detail(self.other).way), ("Cash", "Bank"))
		token = self.visitor.get(PAGE).fields()["csrf_token"]
		self.visitor.post(f"{PAGE}/take-away", {"csrf_token": token, "participant": self.other.name})
		self.assertEqual(self.detail(self.other).way, "Bank")

	def test_without_money_there_is_no_such_page(self):
		frappe.db.set_single_value("Involvement Settings", "finance_mode", "None")
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		frappe.db.commit()  # the page is asked over HTTP
		try:
			self.assertEqual(self.visitor.get(PAGE).status, 404)
		finally:
			frappe.db.set_single_value("Involvement Settings", "finance_mode", "CSV")
			frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
			frappe.db.commit()  # as it was
