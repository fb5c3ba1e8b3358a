"""Bank files, receipts and signed slips that are fetched by their address: written down, and closed to who may not read the
record, even where they uploaded the file (law 7; issue 7, attacks: another person's receipt by URL)."""

import unittest

import frappe
from frappe.utils.password import update_password

from involvement_app.involvement_payments import batches
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.portal.visitor import PASSWORD
from involvement_app.tests.races.connections import RaceTestCase, on_the_bench
from involvement_app.tests.races.test_last_place import MADE
from involvement_app.tests.security.caller import NEEDS_A_SERVER, URL, Caller

BATCH, CLAIM, LOG = pay.BATCH, pay.CLAIM, "Sensitive Access Log"
DOWNLOAD = "/api/method/download_file"


@on_the_bench
@unittest.skipUnless(URL, NEEDS_A_SERVER)
class TestFetchedByAddress(RaceTestCase):
	made_doctypes = (
		LOG,
		"Access Log",
		"Involvement Payment Batch Line",
		"Involvement Payment Batch",
		"Involvement Payment",
		"Involvement Session Attendance",
		"Involvement Expense Claim Line",
		"Involvement Expense Claim",
		"Involvement Message",
		"Comment",
		"File",
		*MADE,
	)

	@classmethod
	def arrange(cls):
		cls.batch = pay.take(pay.batch(pay.approved()), "Lock", "Authorise", "Export")
		cls.bank_file = frappe.db.get_value("File", {"attached_to_name": cls.batch.name}, "file_url")
		cls.claim = pay.approved_claim(pay_by="Cash")
		cls.slip = pay.slip(cls.claim)
		cls.former = factories.user(roles.FINANCE_OFFICER)
		frappe.db.set_value("File", {"file_url": cls.bank_file}, "owner", cls.former)
		frappe.get_doc("User", cls.former).remove_roles(roles.FINANCE_OFFICER)
		cls.plain = factories.user()
		cls.portal = factories.participant(portal=True).user
		for user in (pay.officer(), cls.former, cls.plain, cls.portal, factories.staff(roles.COORDINATOR)):
			update_password(user, PASSWORD)

	def logged(self, document) -> list:
		self.see()
		filters = {"document_type": document.doctype, "document_name": document.name}
		return frappe.get_all(LOG, filters, ["user", "outcome", "person"], order_by="creation")

	def fetch(self, user: str, url: str) -> tuple[int, int]:
		caller = Caller(user, PASSWORD) if user else Caller()
		by_path, by_method = caller.call("GET", url), caller.call("GET", DOWNLOAD, {"file_url": url})
		return by_path.status, by_method.status

	def test_who_may_gets_it_and_it_is_written_down(self):
		for user, url, document in (
			(pay.officer(), self.bank_file, self.batch),
			(factories.staff(roles.COORDINATOR), self.slip, self.claim),
		):
			with self.subTest(url):
				before = len(self.logged(document))
				self.assertEqual(self.fetch(user, url), (200, 200))
				rows = self.logged(document)[before:]
				self.assertEqual([(row.user, row.outcome) for row in rows], [(user, "Read")] * 2)
		self.assertEqual(rows[-1].person, self.claim.participant)

	def test_nobody_else_not_even_who_uploaded_it(self):
		for user in (self.former, self.plain, self.portal, factories.staff(roles.COORDINATOR), None):
			with self.subTest(user):
				before = len(self.logged(self.batch))
				self.assertEqual(self.fetch(user, self.bank_file), (403, 403))
				self.assertEqual(len(self.logged(self.batch)), before)
		for user in (self.former, self.plain, self.portal, None):
			with self.subTest(user, url="slip"):
				self.assertEqual(self.fetch(user, self.slip), (403, 403))

	def test_our_own_button_is_written_down_too(self):
		before = len(self.logged(self.batch))
		caller = Caller(pay.officer(), PASSWORD)
		path = f"/api/method/{batches.__name__}.download"
		self.assertEqual(caller.call("GET", path, {"batch": self.batch.name}).status, 200)
		self.assertEqual([row.user for row in self.logged(self.batch)[before:]], [pay.officer()])
