"""The harness bites: a leak planted in the app is found by the crawl, each by the door it was planted in.

The site is served by this very process, so that a fault planted here is met by whoever comes over HTTP."""

import os
from contextlib import contextmanager
from threading import Thread
from unittest import mock

import frappe
import frappe.app
from frappe.core.doctype.file import file as frappes_file
from frappe.desk import query_report
from werkzeug.serving import WSGIRequestHandler, make_server

from involvement_app.involvement_app.doctype.involvement_participant import criterion
from involvement_app.involvement_payments import batches
from involvement_app.permissions import doors
from involvement_app.portal import reads
from involvement_app.tests.canaries import baseline, on_a_served_site
from involvement_app.tests.canaries.crawler import Crawler
from involvement_app.tests.canaries.entitlement import IDENTITIES
from involvement_app.tests.canaries.mailbox import SOMEBODY, Mailboxes, tell_author
from involvement_app.tests.canaries.planting import World
from involvement_app.tests.compat import CommittingTestCase


class Quiet(WSGIRequestHandler):
	def log_request(self, *args) -> None:
		"""Thousands of lines that say nothing."""


@contextmanager
def served_here():
	"""The site on a port of this process."""
	with mock.patch.object(frappe.app, "_site", frappe.local.site):
		options = {"threaded": True, "request_handler": Quiet}
		server = make_server("127.0.0.1", 0, frappe.app.application, **options)
		thread = Thread(target=server.serve_forever, daemon=True)
		thread.start()
		try:
			with mock.patch.dict(os.environ, INVOLVEMENT_TEST_URL=f"http://127.0.0.1:{server.port}"):
				yield
		finally:
			server.shutdown()
			thread.join()


@frappe.whitelist(methods=["GET", "POST"])
def title_of_anything(doctype: str, docname: str) -> str | None:
	return frappe.db.get_value(doctype, docname, frappe.get_meta(doctype).get_title_field())


@frappe.whitelist(methods=["GET"])
def file_for_anybody(batch: str) -> None:
	frappe.response.filename, frappe.response.type = "payments.csv", "download"
	frappe.response.filecontent = batches.content(frappe.get_doc("Involvement Payment Batch", batch))


@on_a_served_site
class TestPlantedLeaks(CommittingTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.enterClassContext(served_here())
		cls.world = World()
		cls.addClassCleanup(cls.world.clear)
		cls.world.plant()
		cls.crawler = Crawler(cls.world)

	def assertFound(self, surface: str, doctype: str, *identities: str) -> None:
		"""Each of `identities` is shown `doctype` at `surface`, in the whole crawl; whether the sample of dev/test
		finds it too is printed, and told in docs/security.md."""
		whole = self.hits(surface, identities, whole=True)
		self.assertEqual({hit.identity for hit in whole if hit.canary.doctype == doctype}, set(identities))
		sampled = self.hits(surface, sorted(IDENTITIES), whole=False)
		print(f"\n{surface}: found by the whole crawl{' and by the sample' if sampled else ''}")

	def hits(self, surface: str, identities, whole: bool) -> set:
		found = self.crawler.crawl(identities, whole=whole, only={surface})
		self.assertGreater(found.requests, 0)
		return baseline.unexplained(found.hits)

	def test_a_report_that_ignores_the_readers_rights(self):
		report = "Canaries in Involvement Participant"
		before = frappe.db.get_value("Report", report, ["report_type", "query"], as_dict=True)
		self.addCleanup(self.write, "Report", report, before)
		query = "SELECT name, preferred_name, access_note FROM `tabInvolvement Participant`"
		self.write("Report", report, {"report_type": "Query Report", "query": query})
		self.assertFound("saved report", "Involvement Participant", "coordinator_a")

	def test_the_title_behind_a_link(self):
		with mock.patch.object(doors, "get_link_title", title_of_anything):
			self.assertFound("around a document", "Involvement Participant", "lead_b")

	def test_a_list_that_forgets_the_rows(self):
		with mock.patch.object(criterion, "conditions", lambda *args, **kwargs: ""):
			self.assertFound("resource list", "Involvement Participant", "lead_b", "coordinator_a")

	def test_a_column_added_to_a_report(self):
		theirs = query_report.get_data_for_custom_field
		with mock.patch.object(doors, "get_data_for_custom_field", theirs):
			self.assertFound(
				"column of ones own choice", "Involvement Participant", "lead_b", "coordinator_a"
			)

	def test_a_bank_file_for_anybody(self):
		with mock.patch.object(batches, "download", file_for_anybody):
			self.assertFound("batch file", "Involvement Payment Batch Line", "budget_a", "care")

	def test_a_portal_page_of_somebody_else(self):
		def anybodys(doctype, participant, own=reads._own):
			query, table, opportunity = own(doctype, participant)
			query._wheres = None
			return query, table, opportunity

		with mock.patch.object(reads, "_own", anybodys):
			self.assertFound("portal", "Involvement Opportunity", "ann")

	def test_a_file_for_whoever_knows_its_address(self):
		with mock.patch.object(frappes_file, "has_permission", lambda *args, **kwargs: True):
			self.assertFound("file by address", "File", "lead_b", "care")

	def test_a_mail_with_details_in_its_subject(self):
		boxes = Mailboxes(self.world)
		boxes.empty()
		template = "Involvement approved"
		subject = frappe.db.get_value("Email Template", template, "subject")
		self.addCleanup(self.write, "Email Template", template, {"subject": subject})
		self.write("Email Template", template, {"subject": "Approved: {{ title }}"})
		opportunity = self.world.opportunities["a"]
		tell_author(template)(frappe.get_doc(opportunity.doctype, opportunity.name), SOMEBODY)
		boxes.carry()
		self.assertIn("subject", {where for _who, where, _canary in boxes.canaries()})

	@staticmethod
	def write(doctype: str, name: str, values: dict) -> None:
		frappe.db.set_value(doctype, name, values)  # past the validation that would refuse it
		frappe.db.commit()  # requests have connections of their own
		frappe.clear_document_cache(doctype, name)
