"""Money back, on the person's own page: three questions for a bus ticket (domain 1.3, 4.6, 4.8)."""

import io

import frappe
from frappe.utils import add_days, today
from PIL import Image

from involvement_app import clean_files, lifecycle
from involvement_app.involvement_payments import claims
from involvement_app.involvement_payments.doctype.involvement_expense_claim.test_involvement_expense_claim import (
	photo,
)
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.factories import BUS, MILES
from involvement_app.tests.portal.visitor import TwoPeople

HERE = "/take-part/my/expenses"
NEW = f"{HERE}/new"


class TestClaiming(TwoPeople):
	def setUp(self):
		super().setUp()
		for doctype in ("Involvement Expense Claim", "Involvement Expense Claim Line", "File"):
			frappe.db.delete(doctype, {"name": ["not in", self.before[doctype] or [""]]})
		self.refresh()

	def form(self, visitor, path: str = NEW) -> dict:
		page = visitor.get(path)
		return {
			field.get("name"): field.get("value")
			for field in page.all("input")
			if field.get("type") == "hidden"
		}

	def send(self, visitor=None, path: str = NEW, form: dict | None = None, **fields):
		visitor = visitor or self.signed_in()
		files = {
			name: (io.BytesIO(content), "IMG 0001.jpg")
			for name, content in fields.items()
			if isinstance(content, bytes)
		}
		page = visitor.post(path, {**(form or self.form(visitor, path)), **fields, **files})
		self.refresh()
		return page

	def ticket(self, **fields) -> dict:
		return {"type1": BUS, "amount1": "3.50", "day1": today(), "receipt1": photo(), **fields}

	def claims(self, person=None) -> list:
		self.refresh()
		return [
			frappe.get_doc(pay.CLAIM, name)
			for name in frappe.get_all(pay.CLAIM, {"participant": (person or self.me).name}, pluck="name")
		]

	def test_a_bus_ticket(self):
		page = self.send(**self.ticket())
		self.assertEqual((page.status, page.goes_to), (303, f"{HERE}?done=sent"))
		(claim,) = self.claims()
		(line,) = claim.lines
		self.assertEqual(
			(claim.status, claim.to_pay, claim.recorded_by, claim.told_how), ("Submitted", 3.5, None, None)
		)
		self.assertEqual((line.expense_type, line.amount), (BUS, 3.5))
		self.assertTrue(line.receipt.startswith("/private/files/"))
		text = self.signed_in().get(HERE).text()
		self.assertIn("£3.50", text)
		self.assertIn("We have it", text)

	def test_whoever_decides_knows_the_person_by_code(self):
		self.send(**self.ticket())
		(claim,) = self.claims()
		with self.as_user(factories.staff(roles.COORDINATOR)):
			lifecycle.apply(frappe.get_doc(pay.CLAIM, claim.name), "Return", note="Which day?")
		self.refresh()
		self.send(path=f"{HERE}/{claim.name}", amount1="3.40", answer="Today")
		(claim,) = self.claims()
		told = frappe.as_json(claim.as_dict())
		told += frappe.as_json(frappe.get_all("Version", {"docname": claim.name}, "*"))
		self.assertNotIn(self.me.user, told)

	def test_the_photo_is_the_person_s_alone(self):
		self.send(**self.ticket(receipt1=photo(exif=True)))
		(claim,) = self.claims()
		file = frappe.get_doc("File", {"attached_to_name": claim.name})
		path = f"/take-part/my/files/{file.name}"
		self.assertEqual(self.signed_in().get(path).status, 200)
		self.assertEqual(self.signed_in(self.other).get(path).status, 404)
		self.assertEqual(self.guest.get(path).status, 303)
		self.assertEqual(self.guest.get(file.file_url).status, 403)
		self.assertEqual(self.signed_in(self.other).get(file.file_url).status, 403)
		rest = self.signed_in(self.other).get(f"/api/resource/File/{file.name}")
		self.assertEqual(rest.status, 403)
		with Image.open(io.BytesIO(file.get_content())) as kept:
			self.assertFalse(kept.getexif().get_ifd(0x8825))

	def test_somebody_else_s_claim_is_not_there(self):
		self.send(**self.ticket())
		(claim,) = self.claims()
		stranger = self.signed_in(self.other)
		self.assertEqual(stranger.get(f"{HERE}/{claim.name}").status, 404)
		self.assertEqual(
			self.send(stranger, f"{HERE}/{claim.name}", form=self.form(stranger), answer="Mine").status, 404
		)
		self.assertNotIn(claim.name, stranger.get(HERE).html)

	def test_no_round_sum(self):
		page = self.send(type1=BUS, amount1="20", day1=today())
		self.assertEqual(page.status, 422)
		self.assertIn("Add a photo of the ticket or receipt", page.text())
		self.assertIn('value="20"', page.html)
		self.assertEqual(self.claims(), [])

	def test_each_fault_is_named_beside_what_was_typed(self):
		for fields, words in (
			({"type1": ""}, "Choose what you paid for"),
			({"amount1": "some"}, "Write how much you paid"),
			({"amount1": ""}, "Write how much you paid"),
			({"amount1": "-3"}, "Write how much you paid"),
			({"day1": "soon"}, "Write the date"),
			({"day1": add_days(today(), 2)}, "not still to come"),
			({"type1": MILES, "receipt1": ""}, "Write how many miles"),
		):
			with self.subTest(**fields):
				page = self.send(**{**self.ticket(), "words1": "It rained", **fields})
				self.assertEqual(page.status, 422)
				self.assertIn(words, page.text())
				self.assertIn("It rained", page.html)
		self.assertEqual(self.claims(), [])

	def test_what_is_no_photo_is_refused_with_the_reason(self):
		for content, words in (
			(b"<html><script>alert(1)</script></html>", "Choose a photo"),
			(b'<svg xmlns="http://www.w3.org/2000/svg"/>', "Choose a photo"),
			(b"MZ\x90\x00 a program", "Choose a photo"),
			(b"\xff\xd8\xff" + b"x" * clean_files.MOST_BYTES, "5 MB at most"),
		):
			page = self.send(**self.ticket(receipt1=content))
			self.assertEqual(page.status, 422)
			self.assertIn(words, page.text())
		self.assertEqual(self.claims(), [])

	def test_by_miles_the_server_works_it_out(self):
		fields = {
			"mode1": "Car or van",
			"miles1": "10",
			"from1": "Otterford",
			"to1": "The hub",
			"passengers1": "1",
		}
		visitor = self.signed_in()
		ticket, miles = visitor.get(NEW), visitor.get(f"{NEW}?by=miles")
		self.assertNotIn("How many miles?", ticket.text())
		self.assertIn("How many miles?", miles.text())
		form = {field.get("name"): field.get("value") or "" for field in miles.all("input")}
		self.assertEqual((form["type1"], form["by"]), (MILES, "miles"))
		again = self.send(visitor, form=form, day1=today(), **{**fields, "miles1": "far"})
		self.assertEqual(again.status, 422)
		self.assertIn("How many miles?", again.text())
		self.assertEqual(self.send(visitor, form=form, amount1="999", day1=today(), **fields).status, 303)
		(claim,) = self.claims()
		self.assertEqual(claim.to_pay, 5)

	def test_several_at_once(self):
		visitor = self.signed_in()
		page = self.send(visitor, type1=BUS, amount1="3.50", day1=today(), more="yes")
		self.assertEqual(page.status, 200)
		self.assertIn("Number 2", page.text())
		self.assertIn('value="3.50"', page.html)
		form = self.form(visitor)
		second = {"type2": BUS, "amount2": "4", "day2": today(), "receipt2": photo("blue")}
		self.assertEqual(
			self.send(visitor, form={**form, "count": "2"}, **self.ticket(), **second).status, 303
		)
		(claim,) = self.claims()
		self.assertEqual([line.amount for line in claim.lines], [3.5, 4])
		self.assertEqual(frappe.db.count("File", {"attached_to_name": claim.name}), 2)

	def test_two_clicks_are_one_claim(self):
		visitor = self.signed_in()
		form = self.form(visitor)
		for _click in range(2):
			self.assertEqual(self.send(visitor, form=form, **self.ticket()).status, 303)
		self.assertEqual(len(self.claims()), 1)

	def test_the_same_photo_twice(self):
		self.send(**self.ticket())
		page = self.send(**self.ticket(amount1="9"))
		self.assertEqual(page.status, 422)
		self.assertIn("this receipt was used before", page.text())
		self.assertEqual(len(self.claims()), 1)

	def test_no_path_in_the_name_of_a_photo(self):
		"""Domain 5.3: what a browser calls a file is nowhere kept."""
		visitor = self.signed_in()
		for colour, name in (
			("red", "../../../sites/x.jpg"),
			("blue", "..\\..\\x.jpg"),
			("white", "/etc/cron.d/x.jpg"),
		):
			with self.subTest(name):
				fields = {**self.form(visitor), **self.ticket(receipt1=(io.BytesIO(photo(colour)), name))}
				self.assertEqual(visitor.post(NEW, fields).status, 303)
				self.refresh()
		receipts = [claim.lines[0].receipt for claim in self.claims()]
		self.assertEqual(len(receipts), 3)
		for receipt in receipts:
			self.assertRegex(receipt, r"\A/private/files/[0-9a-f]{32}\.jpg\Z")

	def test_of_somebody_else_s_photo_the_person_hears_nothing(self):
		self.send(**self.ticket())
		self.assertEqual(self.send(self.signed_in(self.other), **self.ticket()).status, 303)
		(claim,) = self.claims(self.other)
		self.assertIn("of somebody else", claim.warnings)
		page = self.signed_in(self.other).get(f"{HERE}/{claim.name}")
		self.assertNotIn("somebody else", page.text())

	def test_a_form_names_no_person_state_or_amount_of_its_own(self):
		forged = {
			"participant": self.other.name,
			"status": "Approved",
			"to_pay": "999",
			"agreed": "1",
			"paid_by": "x",
		}
		self.send(**self.ticket(), **forged)
		self.assertEqual(self.claims(self.other), [])
		(claim,) = self.claims()
		self.assertEqual((claim.status, claim.to_pay, claim.lines[0].agreed), ("Submitted", 3.5, 0))

	def test_our_question_is_answered_with_another_photo(self):
		self.send(**self.ticket())
		(claim,) = self.claims()
		with self.as_user(factories.staff(roles.COORDINATOR)):
			lifecycle.apply(frappe.get_doc(pay.CLAIM, claim.name), "Return", note="We cannot read the price.")
		self.refresh()
		visitor, path = self.signed_in(), f"{HERE}/{claim.name}"
		self.assertIn("We cannot read the price.", visitor.get(HERE).text())
		self.assertEqual(self.send(visitor, path, amount1="3.50").status, 422)
		page = self.send(visitor, path, amount1="3.40", answer="It was 3.40", receipt1=photo("red"))
		self.assertEqual((page.status, page.goes_to), (303, f"{HERE}?done=again"))
		(claim,) = self.claims()
		self.assertEqual((claim.status, claim.to_pay, claim.answer), ("Submitted", 3.4, "It was 3.40"))
		page = self.send(visitor, path, form=self.form(visitor), answer="And again")
		self.assertEqual((page.status, page.goes_to), (303, path))

	def test_without_money_there_are_no_such_pages(self):
		before = frappe.db.get_single_value("Involvement Settings", "finance_mode")
		frappe.db.set_single_value("Involvement Settings", "finance_mode", "None")
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.refresh()
		try:
			visitor = self.signed_in()
			for path in (HERE, NEW, f"{HERE}/IEXP-00001"):
				self.assertEqual(visitor.get(path).status, 404)
			self.assertNotIn("expenses", visitor.get("/take-part/my").html)
		finally:
			frappe.db.set_single_value("Involvement Settings", "finance_mode", before)
			frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
			self.refresh()

	def test_nobody_sends_for_somebody_else(self):
		with self.as_user(self.other.user), self.assertRaises(frappe.PermissionError):
			claims.send(self.me.name, [factories.journey()], {}, once="x")
