"""The letter run: everybody's letter once, on pages of its own, and posted only when somebody says so."""

import io
import shutil

import frappe
from pypdf import PdfReader

from involvement_app.messages import desk, letters, outbox
from involvement_app.messages.neutral import telling
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.messages.outbox import OUTBOX, OutboxCase


def pages_of(pdf: bytes) -> list[str]:
	"""The words of each page."""
	return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


class LetterCase(OutboxCase):
	def setUp(self):
		super().setUp()
		self.coordinator = factories.staff(roles.COORDINATOR)

	def reader(self, name: str, address: bool = True, **kw):
		"""Somebody who wants to hear by post."""
		person = self.person("Post", preferred_name=name, **kw)
		if address:
			frappe.get_doc(
				{
					"doctype": "Address",
					"address_title": name,
					"address_type": "Personal",
					"address_line1": f"{name} Cottage <1>",
					"city": "Otterford",
					"pincode": "OT1 2ER",
					"country": "United Kingdom",
					"links": [{"link_doctype": "Contact", "link_name": person.person}],
				}
			).insert(ignore_permissions=True)  # the test's own set-up
		return person

	def run_of(self, *names: str, user: str | None = None) -> dict:
		with self.as_user(user or self.coordinator):
			return desk.print_letters(list(names))

	def opened(self, run: str, as_page: int = 0, user: str | None = None) -> bytes:
		frappe.local.response = frappe._dict()
		with self.as_user(user or self.coordinator):
			desk.letters_of(run, as_page)
		return frappe.local.response.filecontent

	def take(self, action: str, *names: str) -> None:
		with self.as_user(self.coordinator):
			desk.take(action, list(names))


class TestLetters(LetterCase):
	def test_one_pdf_with_each_letter_once_and_on_its_own_page(self):
		if not shutil.which("wkhtmltopdf"):
			self.skipTest("this machine has no wkhtmltopdf")
		names = ["Ada", "Bea", "Cy"]
		waiting = [self.message(self.reader(name)) for name in names]
		made = self.run_of(*waiting)
		self.assertEqual((made["printed"], made["left_out"]), (3, []))
		pages = pages_of(self.opened(made["run"]))
		self.assertEqual(frappe.local.response.type, "pdf")
		self.assertEqual(len(pages), 3)
		for name in names:
			its_own = [page for page in pages if f"Hello {name}" in page]
			self.assertEqual(len(its_own), 1)
			self.assertIn(f"{name} Cottage <1>", its_own[0])
			self.assertIn("Thank you for saying yes", its_own[0])
			self.assertFalse(any(other in its_own[0] for other in set(names) - {name}))

	def test_a_long_letter_takes_pages_of_its_own(self):
		if not shutil.which("wkhtmltopdf"):
			self.skipTest("this machine has no wkhtmltopdf")
		long, short = self.message(self.reader("Ada")), self.message(self.reader("Bea"))
		frappe.db.set_value(OUTBOX, long, "body", "<p>Hello Ada</p>" + "<p>and so on</p>" * 120)
		pages = pages_of(self.opened(self.run_of(long, short)["run"]))
		self.assertGreater(len(pages), 2)
		self.assertEqual(len([page for page in pages if "Bea" in page]), 1)
		self.assertFalse(any("Bea" in page and "and so on" in page for page in pages))

	def test_the_same_as_a_page_for_the_browsers_print_dialogue(self):
		name = self.message(self.reader("Ada"))
		page = self.opened(self.run_of(name)["run"], as_page=1).decode()
		self.assertIn("Ada Cottage &lt;1&gt;", page)
		self.assertIn("page-break-after", page)
		self.assertEqual(frappe.local.response.type, "download")

	def test_links_are_written_out_because_paper_cannot_be_clicked(self):
		self.assertEqual(
			letters.on_paper('<p><a href="https://take-part.example/my">See your page</a></p>'),
			"<p>See your page: https://take-part.example/my</p>",
		)

	def test_nothing_active_comes_along(self):
		for active in (
			"<script>alert(1)</script>",
			"<img src=x onerror=alert(1)>",
			'<iframe src="https://x.example"></iframe>',
		):
			self.assertEqual(letters.on_paper(f"<p onclick='x()'>Hello</p>{active}"), "<p>Hello</p>")

	def test_the_window_of_the_envelope_shows_name_and_address_alone(self):
		name = self.message(self.reader("Ada"))
		self.run_of(name)
		lines = self.row(name).address.splitlines()
		self.assertEqual(lines, ["Ada Example", "Ada Cottage <1>", "Otterford", "OT1 2ER"])
		self.assertIsNone(telling(self.row(name).address))

	def test_large_print_for_those_who_want_it(self):
		"""Row 0.15: in a way that suits them."""
		name = self.message(self.reader("Ada", preferred_format="Large print"))
		self.assertIn('class="letter large"', self.opened(self.run_of(name)["run"], as_page=1).decode())

	def test_the_sites_letterhead_stands_above(self):
		frappe.db.set_value("Letter Head", {"is_default": 1}, "is_default", 0)
		frappe.get_doc(
			{
				"doctype": "Letter Head",
				"letter_head_name": "Ours",
				"source": "HTML",
				"is_default": 1,
				"content": "<b>Our house</b>",
			}
		).insert()
		name = self.message(self.reader("Ada"))
		self.assertIn("<b>Our house</b>", self.opened(self.run_of(name)["run"], as_page=1).decode())


class TestTheRun(LetterCase):
	def test_who_has_no_address_is_left_out_with_the_reason(self):
		with_address, without = (
			self.message(self.reader("Ada")),
			self.message(self.reader("Bea", address=False)),
		)
		self.assertIn("no postal address", self.row(without).error)
		made = self.run_of(with_address, without)
		self.assertEqual(made["printed"], 1)
		self.assertEqual([row["name"] for row in made["left_out"]], [without])
		self.assertEqual((self.row(with_address).status, self.row(without).status), ("Printed", "Waiting"))

	def test_nothing_to_print_is_said(self):
		with self.assertRaises(outbox.NotPossibleNow):
			self.run_of(self.message(self.person()))

	def test_an_address_that_was_added_since_is_on_the_letter(self):
		person = self.reader("Ada", address=False)
		name = self.message(person)
		self.assertIsNone(self.row(name).address)
		frappe.get_doc(
			{
				"doctype": "Address",
				"address_title": "Ada",
				"address_type": "Personal",
				"address_line1": "9 New Street",
				"city": "Otterford",
				"country": "United Kingdom",
				"links": [{"link_doctype": "Contact", "link_name": person.person}],
			}
		).insert(ignore_permissions=True)  # the test's own set-up
		self.run_of(name)
		self.assertIn("9 New Street", self.row(name).address)

	def test_printed_is_not_posted(self):
		name = self.message(self.reader("Ada"))
		self.run_of(name)
		self.assertEqual(self.row(name).status, "Printed")
		self.take("Mark as posted", name)
		row = self.row(name)
		self.assertEqual((row.status, row.handled_by), ("Sent", self.coordinator))
		self.assertTrue(row.sent_on)

	def test_each_step_can_be_taken_back(self):
		name = self.message(self.reader("Ada"))
		self.run_of(name)
		self.take("Mark as posted", name)
		self.take("Not posted yet", name)
		self.assertEqual((self.row(name).status, self.row(name).sent_on), ("Printed", None))
		self.take("Back to waiting", name)
		row = self.row(name)
		self.assertEqual((row.status, row.print_run), ("Waiting", None))
		self.assertIn("Print letters", row.error)

	def test_a_letter_is_in_one_run_only(self):
		name = self.message(self.reader("Ada"))
		self.run_of(name)
		with self.assertRaises(outbox.NotPossibleNow):
			self.run_of(name)

	def test_nobody_else_prints_or_opens_them(self):
		name = self.message(self.reader("Ada"))
		run = self.run_of(name)["run"]
		for user in (
			factories.staff(roles.OWNER),
			factories.staff(roles.FINANCE_OFFICER),
			factories.user(),
			factories.staff(factories.PORTAL),
			"Guest",
		):
			with self.subTest(user):
				with self.assertRaises(frappe.PermissionError):
					self.opened(run, user=user)
				with self.assertRaises(frappe.PermissionError):
					self.run_of(name, user=user)

	def test_no_run_is_not_whatever_is_in_none(self):
		self.message()
		frappe.db.set_value(OUTBOX, {"print_run": ["is", "not set"]}, "status", "Sent")
		with self.assertRaises(frappe.PermissionError):
			self.opened("", as_page=1)

	def test_a_coordinator_of_another_unit_opens_none_of_it(self):
		mine, theirs = factories.unit(), factories.unit()
		name = self.message(self.reader("Ada", units=(theirs,)))
		run = self.run_of(name)["run"]
		limited = factories.another(roles.COORDINATOR)
		factories.limit(limited, mine)  # the test's own set-up
		self.addCleanup(frappe.cache.hdel, "user_permissions", limited)
		with self.assertRaises(frappe.PermissionError):
			self.opened(run, user=limited)
		with self.assertRaises(frappe.PermissionError):
			self.run_of(name, user=limited)
