"""The links of Frappe's workflow mails take no step for whoever opens them."""

from urllib.parse import unquote

from frappe.utils.password import update_password
from frappe.utils.verified_command import get_signed_params

from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import PASSWORD, TwoPeople, Visitor

WAY = "/api/method/frappe.workflow.doctype.workflow_action.workflow_action."


class TestMailLinks(TwoPeople):
	def setUp(self):
		super().setUp()
		self.manager, self.colleague = factories.another(roles.MANAGER), factories.another(roles.MANAGER)
		for user in (self.manager, self.colleague):
			update_password(user, PASSWORD)
		self.doc = factories.opportunity(
			"Submitted", level="Engagement", reason_below_co_design="The law says so"
		)
		self.refresh()

	def confirm(self, user: str | None = None) -> str:
		params = {"action": "Approve", "doctype": self.doc.doctype, "docname": self.doc.name}
		return f"{WAY}confirm_action?{get_signed_params({**params, 'user': user or self.manager})}"

	def ask(self) -> str:
		params = {"action": "Approve", "doctype": self.doc.doctype, "docname": self.doc.name}
		params |= {"user": self.manager, "current_state": "Submitted"}
		return f"{WAY}apply_action?{get_signed_params(params)}"

	def status(self) -> str:
		return self.value(self.doc.doctype, self.doc.name)

	def test_who_is_not_signed_in_is_led_to_signing_in_and_nothing_is_approved(self):
		for address in (self.ask(), self.confirm()):
			page = self.guest.get(address)
			self.assertIn(page.status, (301, 302, 303))
			self.assertTrue(page.goes_to.split("://")[-1].partition("/")[2].startswith("login?redirect-to="))
			self.assertIn(self.doc.name, unquote(page.goes_to), "and back to the page that asks once more")
			self.assertEqual(self.status(), "Submitted")

	def test_the_approver_is_asked_once_more_and_approves_as_themself(self):
		visitor = Visitor().sign_in(self.manager)
		page = visitor.get(self.ask())
		self.assertEqual(page.status, 200)
		self.assertIn("confirm_action", page.html)
		self.assertEqual(self.status(), "Submitted")
		self.assertEqual(visitor.get(self.confirm()).status, 200)
		self.assertEqual(self.status(), "Approved")
		self.assertEqual(self.value(self.doc.doctype, self.doc.name, "modified_by"), self.manager)

	def test_a_mail_that_was_passed_on_approves_in_nobodys_name(self):
		for user in (self.colleague, self.me.user):
			page = Visitor().sign_in(user).get(self.confirm())
			self.assertIn(page.status, (301, 302, 303))
			self.assertEqual(self.status(), "Submitted")

	def test_who_may_not_approve_does_not_by_a_link_of_their_own(self):
		"""The lead, whose own plan it is."""
		update_password(self.doc.lead, PASSWORD)
		self.refresh()
		Visitor().sign_in(self.doc.lead).get(self.confirm(self.doc.lead))
		self.assertEqual(self.status(), "Submitted")

	def test_a_forged_link_does_nothing(self):
		for visitor in (self.guest, Visitor().sign_in(self.manager)):
			page = visitor.get(self.confirm()[:-4] + "0000")
			self.assertNotIn("Approved", page.html)
			self.assertEqual(self.status(), "Submitted")
