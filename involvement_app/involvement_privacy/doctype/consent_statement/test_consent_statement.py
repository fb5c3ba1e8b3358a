"""Words that somebody has decided about stay as they are."""

import frappe
from frappe.model.rename_doc import rename_doc
from frappe.utils import add_days, getdate, today

from involvement_app.involvement_privacy import consent
from involvement_app.involvement_privacy.doctype.consent_statement.consent_statement import new_version
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase


def statement(purpose: str = "newsletter", **kw):
	values = {"title": "News", "kind": "Consent", "plain_text": "May we send you news?", **kw}
	return frappe.get_doc({"doctype": "Consent Statement", "purpose": purpose, **values}).insert()


class TestConsentStatement(IntegrationTestCase):
	def used(self, **kw):
		doc = statement(**kw)
		person = ("Involvement Participant", factories.participant().name)
		consent.give(person, doc.purpose, consent.How("Phone"))
		return frappe.get_doc(doc.doctype, doc.name)

	def test_a_text_nobody_has_decided_about_may_change(self):
		doc = statement()
		doc.plain_text = "May we send you good news?"
		doc.save()

	def test_a_used_text_stays_as_it_is_for_administrator_too(self):
		doc = self.used()
		for fieldname, value in (
			("plain_text", "May we sell your data?"),
			("easy_read", "Yes?"),
			("title", "Other news"),
			("kind", "Privacy notice"),
			("active_from", add_days(today(), -9)),
		):
			with self.subTest(fieldname), self.assertRaises(frappe.ValidationError):
				doc.reload()
				doc.set(fieldname, value)
				doc.save()

	def test_it_may_go_out_of_use(self):
		doc = self.used()
		doc.active_to = today()
		doc.save()

	def test_a_used_text_is_not_deleted_and_never_renamed(self):
		doc = self.used()
		with self.assertRaises(frappe.ValidationError):
			frappe.delete_doc(doc.doctype, doc.name, force=True)
		with self.assertRaises(frappe.ValidationError):
			rename_doc(doc.doctype, doc.name, "another", force=True)

	def test_other_words_are_a_new_version_and_end_the_old_one(self):
		doc = self.used()
		with self.as_user(factories.staff(roles.DATA_PROTECTION)):
			new = frappe.get_doc({**new_version(doc.name), "plain_text": "News, once a month?"}).insert()
		self.assertEqual((new.version, new.name), (2, "newsletter-2"))
		doc.reload()
		self.assertEqual(getdate(doc.active_to), getdate(add_days(today(), -1)))
		self.assertEqual(consent.statements()["newsletter"].name, new.name)

	def test_a_version_to_come_leaves_the_old_one_in_use_until_then(self):
		old = statement()
		statement(active_from=add_days(today(), 7))
		self.assertEqual(consent.statements()["newsletter"].name, old.name)
		self.assertEqual(consent.statements(add_days(today(), 7))["newsletter"].version, 2)

	def test_a_version_is_not_chosen_by_the_request(self):
		self.assertEqual(statement(version=7).version, 1)

	def test_a_purpose_is_a_key(self):
		for purpose in ("Text messages", "-texts", "texts_2", ""):
			with self.subTest(purpose), self.assertRaises(frappe.ValidationError):
				statement(purpose)

	def test_who_may_write_one(self):
		for role, may in (
			(roles.DATA_PROTECTION, True),
			(roles.MANAGER, True),
			(roles.COORDINATOR, False),
			(roles.OWNER, False),
			(factories.PORTAL, False),
		):
			with self.subTest(role), self.as_user(factories.staff(role)):
				self.assertEqual(bool(frappe.has_permission("Consent Statement", "create")), may)
				if not may:
					self.assertRaises(frappe.PermissionError, new_version, "privacy-notice-1")
