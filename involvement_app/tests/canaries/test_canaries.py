"""Everybody at every door of the site: nobody is shown what is not theirs (domain 4.7, 5.3).

dev/test visits each door once as each identity; dev/deep makes every visit."""

import gzip
import io
import os
import zipfile
import zlib
from pathlib import Path
from unittest.mock import patch

import frappe

from involvement_app.tests.canaries import baseline, on_a_served_site, search
from involvement_app.tests.canaries.crawl import call
from involvement_app.tests.canaries.crawler import Crawler, Hit, by_reason
from involvement_app.tests.canaries.doctypes import main_doctypes, our_doctypes
from involvement_app.tests.canaries.entitlement import IDENTITIES, ROWS, STAFF, readers
from involvement_app.tests.canaries.mailbox import Mailboxes, everything_the_app_mails
from involvement_app.tests.canaries.planting import AMOUNT, EXEMPT, TEXT, Canary, World
from involvement_app.tests.compat import DEEP, CommittingTestCase, IntegrationTestCase


@on_a_served_site
class TestCanaries(CommittingTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.world = World()
		cls.addClassCleanup(cls.world.clear)
		cls.world.plant()
		cls.crawler = Crawler(cls.world)

	def test_every_text_field_of_every_doctype_holds_a_canary(self):
		"""A doctype that is new is planted in planting.py, or this fails."""
		planted = {(canary.doctype, canary.fieldname) for canary in self.world.canaries}
		fields = {
			(doctype, df.fieldname)
			for doctype in our_doctypes()
			for df in frappe.get_meta(doctype).fields
			if df.fieldtype in TEXT | AMOUNT
		}
		exempt = {(doctype, fieldname) for doctype, names in EXEMPT.items() for fieldname in names}
		self.assertEqual(fields - planted - exempt, set(), "no canary")
		self.assertEqual(exempt - fields, set(), "an exemption for a field that is not there")

	def test_it_is_written_down_who_may_see_every_row(self):
		self.assertEqual(set(main_doctypes()) - set(ROWS), set(), "not in entitlement.py")
		for (doctype, name), label in self.world.label.items():
			self.assertTrue(label in ROWS[doctype] or "*" in ROWS[doctype], f"{doctype} {name}: {label!r}")

	def test_nobody_is_shown_what_is_not_theirs(self):
		found = self.crawler.crawl(sorted(IDENTITIES), whole=DEEP)
		self.tell(found)
		unexplained = baseline.unexplained(found.hits)
		told = by_reason(unexplained)
		Path(os.environ["INVOLVEMENT_ARTEFACTS"], "canaries.txt").write_text(told)
		self.assertFalse(unexplained, f"{len(unexplained)} canaries seen:\n{told}")
		late = sorted({f"{identity} {visit.asks[0].path}" for identity, visit in found.unanswered})
		self.assertEqual(late, [], "not answered in time, so not searched")
		if DEEP:
			self.assertEqual(baseline.stale(found.hits), [], "in baseline.json, and seen no more")

	def test_your_mailbox_holds_no_more_than_you_may_hear(self):
		"""The app's own mails, and what the crawl (by its name before this) made the desk send."""
		boxes = Mailboxes(self.world)
		boxes.empty()
		everything_the_app_mails(self.world)
		boxes.carry()
		told = set(boxes.canaries())
		self.assertEqual([str(canary) for _who, where, canary in told if where == "subject"], [])
		may_see = self.crawler.entitlement.may_see
		self.assertEqual(
			sorted(f"{who}: {canary}" for who, where, canary in told if not may_see(who, canary, where)), []
		)
		heard = {(who, canary.doctype, canary.fieldname) for who, _where, canary in told}
		for each in (
			("lead_a", "Involvement Opportunity", "title"),
			("bob", "Involvement Application", "kind_words"),
			("ann", "Involvement Payment", "amount"),
		):
			self.assertIn(each, heard)

	def tell(self, found) -> None:
		denied = sum(
			not self.crawler.entitlement.may_see(identity, canary, "")
			for identity in IDENTITIES
			for canary in self.world.canaries
		)
		print(
			f"\n{len(self.world.canaries)} canaries, {len(IDENTITIES)} identities, {denied} denied pairs; "
			f"{found.visits} visits, {found.requests} requests, {len(found.hits)} hits, {found.seconds:.0f} s"
		)

	# --- that this harness is not blind ------------------------------------------------------------

	def test_who_may_see_does_see(self):
		"""One document of each doctype for everybody who reads one: the form shows every canary of it."""
		for identity in STAFF:
			with self.subTest(identity):
				shown = self.form_of_one_each(identity)
				entitled = {
					canary.token
					for canary in self.world.canaries
					if canary.about in shown and self.is_field_of(canary, identity)
				}
				self.assertTrue(entitled)
				told = set().union(*shown.values())
				missing = [str(self.world.canaries.by_token[token]) for token in entitled - told]
				self.assertEqual(missing, [])

	def form_of_one_each(self, identity: str) -> dict[tuple[str, str], set[str]]:
		client = self.crawler.client(identity)
		chosen = {}
		for doctype, name in self.world.documents:
			if identity in readers(doctype, self.world.label[(doctype, name)]):
				chosen.setdefault(doctype, name)
		answers = {}
		for doctype, name in chosen.items():
			ask = call("frappe.desk.form.load.getdoc", doctype=doctype, name=name)
			answers[(doctype, name)] = search.tokens(ask.send(client).content)
		return answers

	def is_field_of(self, canary, identity: str) -> bool:
		if canary.doctype not in self.crawler.doctypes or canary.fieldname.startswith("_"):
			return False
		return self.crawler.entitlement.may_see(identity, canary, "form")

	def test_a_participant_sees_their_own_pages(self):
		application, place = (
			next(name for (of, name), label in self.world.label.items() if of == doctype and label == "a/ann")
			for doctype in ("Involvement Application", "Involvement Engagement")
		)
		client = self.crawler.client("ann")
		told = set()
		for path in ("my", "my/payments", f"my/offers/{application}", f"my/places/{place}"):
			told |= search.tokens(client.send("GET", f"/take-part/{path}").content)
		fields = {
			(canary.doctype, canary.fieldname) for canary in self.world.canaries if canary.token in told
		}
		for each in (
			("Involvement Application", "hopes"),
			("Involvement Application", "access_needs"),
			("Involvement Opportunity", "title"),
			("Involvement Payment", "amount"),
			("Involvement Settings", "support_line"),
		):
			self.assertIn(each, fields)

	def test_a_right_in_the_wrong_hands_is_found(self):
		"""A planted leak: units for the CRM's users. It is found by what is shown and by what can be asked."""
		self.addCleanup(self.take_back, "Involvement Unit")
		frappe.permissions.add_permission("Involvement Unit", "Sales User")
		frappe.db.commit()  # the crawler has connections of its own
		found = self.crawler.crawl(
			["care"], whole=True, only={"resource list", "filtered lists"}, doctypes={"Involvement Unit"}
		)
		self.assertIn("Involvement Unit", {hit.canary.doctype for hit in found.hits if not hit.oracle})
		self.assertIn("Involvement Unit", {hit.canary.doctype for hit in found.hits if hit.oracle})
		self.assertEqual({hit.identity for hit in found.hits}, {"care"})

	@staticmethod
	def take_back(doctype: str) -> None:
		frappe.db.delete("Custom DocPerm", {"parent": doctype})
		frappe.db.commit()  # as it was
		frappe.clear_cache(doctype=doctype)

	def test_a_baseline_entry_says_why(self):
		for entry in baseline.entries():
			self.assertEqual(
				set(entry),
				{"surface", "path", "identities", "doctype", "fields", "oracle", "versions", "reason"},
			)
			self.assertGreater(len(entry["reason"]), 40, entry)
			self.assertLessEqual(set(entry["identities"]), IDENTITIES)


class TestBaseline(IntegrationTestCase):
	def test_an_entry_that_explains_nothing_is_named(self):
		"""And one that explains a hit is not, nor is the hit."""
		canary = Canary(
			"qzab00001zq",
			"Involvement Participant",
			"IP-1",
			"preferred_name",
			("Involvement Participant", "IP-1"),
		)
		hit = Hit("care", "resource list", canary, "/api/resource/Comment/1")
		entry = {
			"surface": "resource list",
			"path": "/api/resource/Comment*",
			"identities": ["care"],
			"doctype": "Involvement Participant",
			"fields": ["preferred_name"],
			"oracle": False,
		}
		others = [
			{**entry, key: value}
			for key, value in (
				("surface", "print"),
				("path", "/printview*"),
				("identities", ["guest"]),
				("doctype", "Involvement Payment"),
				("fields", ["access_note"]),
				("oracle", True),
			)
		]
		with patch.object(baseline, "entries", lambda: [entry, *others]):
			self.assertEqual(baseline.stale({hit}), others)
			self.assertEqual(baseline.stale(set()), [entry, *others])
			self.assertEqual(baseline.unexplained({hit}), set())
		with patch.object(baseline, "entries", lambda: others):
			self.assertEqual(baseline.unexplained({hit}), {hit})


class TestSearch(IntegrationTestCase):
	def test_a_canary_is_found_however_it_is_packed(self):
		packed = io.BytesIO()
		with zipfile.ZipFile(packed, "w") as archive:
			archive.writestr("sheet.xml", "<c>qzab00001zq</c>")
		pdf = b"%PDF-1.4\nstream\r\n" + zlib.compress(b"(qzab00001zq)") + b"endstream"
		for answer in (b'{"a": "QZAB00001ZQ"}', packed.getvalue(), pdf, gzip.compress(b"qzab00001zq")):
			self.assertEqual(search.tokens(answer), {"qzab00001zq"})

	def test_an_amount_is_found_with_commas_and_pence(self):
		for answer in (b"\xc2\xa384,700,012.00", b'{"amount": 84700012.0}', b"84700012"):
			self.assertEqual(search.tokens(answer), {"84700012"})
		for answer in (b"0.84700012", b"184700012", b"84700012345", b"a84700012"):
			self.assertEqual(search.tokens(answer), set())
