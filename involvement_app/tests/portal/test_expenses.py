"""Money back, on the person's own page: three questions for a bus ticket (domain 1.3, 4.6, 4.8)."""

import hashlib
import io
import os
import shutil

import frappe
from frappe.utils import add_days, today
from PIL import Image

from involvement_app import clean_files, lifecycle
from involvement_app.involvement_app import supporters
from involvement_app.involvement_payments.claims import sending
from involvement_app.involvement_payments.doctype.involvement_expense_claim.test_involvement_expense_claim import (
	photo,
)
from involvement_app.portal import drafts
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.factories import BUS, MILES
from involvement_app.tests.portal.visitor import TwoPeople

HERE = "/take-part/my/expenses"
NEW = f"{HERE}/new"


class Claiming(TwoPeople):
	"""What both classes do with the form."""

	def setUp(self):
		super().setUp()
		for doctype in ("Involvement Expense Claim", "Involvement Expense Claim Line", "File"):
			frappe.db.delete(doctype, {"name": ["not in", self.before[doctype] or [""]]})
		shutil.rmtree(drafts._root(), ignore_errors=True)
		frappe.cache.delete_keys(
			"take-part:"
		)  # one account sends more here than it may in a quarter of an hour
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

	def shown(self, page) -> dict:
		return {
			field.get("name"): field.get("value") or ""
			for field in page.all("input")
			if field.get("type") == "hidden"
		}

	def filled(self, **fields) -> dict:
		"""The ticket as the page fills it in again: all but the photo."""
		return {**{name: value for name, value in self.ticket().items() if name != "receipt1"}, **fields}


class TestClaiming(Claiming):
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
		self.assertEqual((form["type1"], form["by1"]), (MILES, "miles"))
		again = self.send(visitor, form=form, day1=today(), **{**fields, "miles1": "far"})
		self.assertEqual(again.status, 422)
		self.assertIn("How many miles?", again.text())
		finer = self.send(visitor, form=form, day1=today(), **{**fields, "miles1": "12.25"})
		self.assertEqual(finer.status, 422)
		self.assertIn("12.25 miles: write only one number after the point", finer.text())
		self.assertIn('value="12.25"', finer.html)
		self.assertEqual(self.send(visitor, form=form, amount1="999", day1=today(), **fields).status, 303)
		(claim,) = self.claims()
		self.assertEqual(claim.to_pay, 5)

	def test_a_ticket_miles_and_care_are_one_claim(self):
		visitor = self.signed_in()
		page = self.send(visitor, **self.ticket(), more="miles")
		self.assertEqual(page.status, 200)
		self.assertIn("Number 2: miles", page.text())
		self.assertIn('value="3.50"', page.html)
		miles = {"mode2": "Bicycle", "miles2": "10", "from2": "Otterford", "to2": "The hub", "day2": today()}
		page = self.send(visitor, form=self.shown(page), **{**self.filled(), **miles}, more="ticket")
		self.assertIn("Number 3", page.text())
		self.assertIn('value="Otterford"', page.html)
		care = {"type3": factories.CARE, "amount3": "20", "day3": today(), "agreed3": "Kim"}
		page = self.send(visitor, form=self.shown(page), **{**self.filled(), **miles, **care})
		self.assertEqual(page.status, 303)
		(claim,) = self.claims()
		self.assertEqual([line.amount for line in claim.lines], [3.5, 2, 20])
		self.assertEqual([bool(line.receipt) for line in claim.lines], [True, False, False])
		self.assertEqual(claim.to_pay, 25.5)

	def test_a_row_that_was_left_empty_is_none(self):
		visitor = self.signed_in()
		page = self.send(visitor, day1=today(), more="miles")
		self.assertNotIn("Number 2", page.text())  # the empty one has become it
		self.assertIn("How many miles?", page.text())
		page = self.send(visitor, **self.ticket(), more="miles")
		self.assertEqual(self.send(visitor, form=self.shown(page), **self.filled(), day2=today()).status, 303)
		(claim,) = self.claims()
		self.assertEqual(len(claim.lines), 1)

	def test_the_first_page_asks_three_things_for_a_ticket(self):
		"""And the day, which is filled in."""
		page = self.signed_in().get(NEW)
		asked = {field.get("name") for field in page.all("input") if field.get("type") not in ("hidden",)}
		folded = {"agreed1"}
		self.assertEqual(asked - folded, {"type1", "amount1", "receipt1", "day1"})

	# what was chosen is not chosen again

	def waiting(self) -> list[str]:
		return [name for _folder, _folders, names in os.walk(drafts._root()) for name in names]

	def test_a_photo_is_chosen_once_whatever_else_is_wrong(self):
		visitor = self.signed_in()
		page = self.send(visitor, **self.ticket(amount1="some"))
		self.assertEqual(page.status, 422)
		self.assertIn("We have your photo", page.text())
		self.assertIn('src="data:image/jpeg;base64,', page.html)
		page = self.send(visitor, form=self.shown(page), **self.filled(amount1="still wrong"))
		self.assertIn("We have your photo", page.text())
		form = self.shown(page)
		self.assertEqual(self.send(visitor, form=form, **self.filled()).status, 303)
		(claim,) = self.claims()
		self.assertTrue(claim.lines[0].receipt)
		self.assertEqual(frappe.db.count("File", {"attached_to_name": claim.name}), 1)
		self.assertEqual(self.waiting(), [])
		# a second press of the same button finds no photo, and the claim
		page = self.send(visitor, form=form, **self.filled())
		self.assertEqual((page.status, page.goes_to), (303, f"{HERE}?done=sent"))
		self.assertEqual(len(self.claims()), 1)

	def test_another_photo_takes_its_place(self):
		visitor = self.signed_in()
		page = self.send(visitor, **self.ticket(amount1=""))
		page = self.send(visitor, form=self.shown(page), **self.ticket(amount1="", receipt1=photo("red")))
		self.assertEqual(len(self.waiting()), 1)
		page = self.send(visitor, form=self.shown(page), **self.ticket(amount1="", receipt1=b"no photo"))
		self.assertIn("Choose a photo", page.text())
		self.assertIn("We have your photo", page.text())
		self.assertEqual(self.send(visitor, form=self.shown(page), **self.filled()).status, 303)
		(claim,) = self.claims()
		self.assertEqual(claim.lines[0].receipt_print, hashlib.sha256(photo("red")).hexdigest())

	def test_the_person_takes_it_away(self):
		visitor = self.signed_in()
		page = self.send(visitor, **self.ticket(amount1=""))
		page = self.send(visitor, form=self.shown(page), **self.filled(), **{"away-receipt1": "yes"})
		self.assertEqual(page.status, 422)
		self.assertIn("Add a photo of the ticket", page.text())
		self.assertNotIn("We have your photo", page.text())
		self.assertEqual(self.waiting(), [])

	def test_nobody_else_is_given_it(self):
		page = self.send(**self.ticket(amount1=""))
		stranger = self.signed_in(self.other)
		form = {**self.form(stranger), "once": self.shown(page)["once"]}
		page = self.send(stranger, form=form, **self.filled())
		self.assertEqual(page.status, 422)
		self.assertNotIn("We have your photo", page.text())
		self.assertEqual(self.claims(self.other), [])

	def test_it_lies_enciphered_and_under_a_name_that_says_nothing(self):
		self.send(**self.ticket(amount1=""))
		(name,) = self.waiting()
		self.assertRegex(name, "^[0-9a-f]{64}$")
		(path,) = (os.path.join(folder, name) for folder, _folders, names in os.walk(drafts._root()) if names)
		with open(path, "rb") as kept:
			self.assertNotIn(b"JFIF", kept.read())
		self.assertNotIn(self.me.user, path)
		self.assertEqual(self.guest.get(f"/private/take-part-drafts/{name}").status, 404)

	def test_a_form_that_was_left_is_forgotten_after_a_day(self):
		self.send(**self.ticket(amount1=""))
		drafts.forget_old()
		self.assertEqual(len(self.waiting()), 1)
		(path,) = (
			os.path.join(folder, name)
			for folder, _folders, names in os.walk(drafts._root())
			for name in names
		)
		os.utime(path, (0, 0))
		drafts.forget_old()
		self.assertEqual(self.waiting(), [])

	def test_nobody_fills_the_disk(self):
		visitor = self.signed_in()
		for _form in range(drafts.MOST + 2):
			self.send(visitor, **self.ticket(amount1=""))
		self.assertEqual(len(self.waiting()), drafts.MOST)

	def test_it_waits_while_somebody_signs_in_again(self):
		visitor = self.signed_in()
		form = {field.get("name"): field.get("value") for field in visitor.get(NEW).all("input")}
		hidden = {name: form[name] for name in ("csrf_token", "shown_to", "once", "count", "by1")}
		self.end_session(visitor.cookie("sid"))
		page = self.send(visitor, form=hidden, **self.ticket())
		self.assertEqual(page.status, 303)
		visitor.sign_in(self.me.user)
		page = visitor.get(NEW)
		self.assertIn('value="3.50"', page.html)
		self.assertIn("We have your photo", page.text())
		self.assertEqual(self.send(visitor, form=self.shown(page), **self.filled()).status, 303)
		self.assertTrue(self.claims()[0].lines[0].receipt)

	def test_an_answer_keeps_its_photo_too(self):
		self.send(**self.ticket())
		(claim,) = self.claims()
		with self.as_user(factories.staff(roles.COORDINATOR)):
			lifecycle.apply(frappe.get_doc(pay.CLAIM, claim.name), "Return", note="We cannot read the price.")
		self.refresh()
		visitor, path = self.signed_in(), f"{HERE}/{claim.name}"
		page = self.send(visitor, path, amount1="some", receipt1=photo("red"))
		self.assertEqual(page.status, 422)
		self.assertIn("We have your photo", page.text())
		page = self.send(visitor, path, form=self.shown(page), amount1="3.40")
		self.assertEqual((page.status, page.goes_to), (303, f"{HERE}?done=again"))
		(claim,) = self.claims()
		self.assertEqual(claim.lines[0].receipt_print, hashlib.sha256(photo("red")).hexdigest())
		self.assertEqual(self.waiting(), [])

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

	def test_miles_are_put_right_in_tenths_too(self):
		visitor = self.signed_in()
		miles = {"by1": "miles", "type1": MILES, "mode1": "Bicycle", "miles1": "10", "day1": today()}
		self.send(visitor, **miles, from1="Otterford", to1="The hub")
		(claim,) = self.claims()
		with self.as_user(factories.staff(roles.COORDINATOR)):
			lifecycle.apply(frappe.get_doc(pay.CLAIM, claim.name), "Return", note="Is it so far?")
		self.refresh()
		path = f"{HERE}/{claim.name}"
		for typed in ("12.25", "1000.5"):
			page = self.send(visitor, path, miles1=typed, answer="It is")
			self.assertEqual(page.status, 422)
			self.assertIn(f'value="{typed}"', page.html)
		self.assertEqual(self.send(visitor, path, miles1="12.50", answer="It is").status, 303)
		self.assertEqual([line.miles for line in self.claims()[0].lines], [12.5])

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
			sending.send(self.me.name, [factories.journey()], {}, once="x")


class TestForSomebody(Claiming):
	"""`other` acts for `me`, who asked them to help with expenses (domain 4.7, Supporter)."""

	def setUp(self):
		super().setUp()
		self.row = factories.supporter(self.me, self.other.user)
		self.refresh()

	def tearDown(self):
		frappe.db.rollback()
		frappe.db.delete("Participant Supporter")
		self.refresh()
		super().tearDown()

	def acting(self):
		visitor = self.signed_in(self.other)
		form = {**self.form(visitor, "/take-part/acting"), "name": self.row.name}
		self.assertEqual(visitor.post("/take-part/acting", form).status, 303)
		return visitor

	def may(self, **values):
		frappe.db.set_value("Participant Supporter", self.row.name, values)
		self.refresh()

	def test_they_claim_and_it_is_written_down_as_theirs(self):
		visitor = self.acting()
		self.assertIn("What they spent", visitor.get("/take-part/my").text())
		page = self.send(visitor, **self.ticket(amount1="some"))
		self.assertIn("We have your photo", page.text())
		page = self.send(visitor, form=self.shown(page), **self.filled())
		self.assertEqual((page.status, page.goes_to), (303, f"{HERE}?done=sent"))
		self.assertEqual(self.claims(self.other), [])
		(claim,) = self.claims()
		self.assertEqual(
			(claim.supporter, claim.told_how, claim.recorded_by, claim.lines[0].amount),
			(self.row.name, "Supporter", None, 3.5),
		)
		self.assertIn("Robin wrote this.", self.signed_in().get(HERE).text())
		self.assertIn("asked for money back for you", self.signed_in().get("/take-part/my/supporters").text())
		# budget holders know people by code, and who is near them not at all
		told = frappe.as_json(claim.as_dict())
		told += frappe.as_json(frappe.get_all("Version", {"docname": claim.name}, "*"))
		self.assertNotIn(self.other.user, told)
		self.assertNotIn("Robin", told)
		with self.as_user(factories.staff(roles.BUDGET_HOLDER)):
			self.assertFalse(frappe.has_permission("Participant Supporter", "read", self.row.name))

	def test_they_see_how_far_it_is_and_answer(self):
		self.send(**self.ticket())
		(claim,) = self.claims()
		self.assertIsNone(claim.supporter)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			lifecycle.apply(frappe.get_doc(pay.CLAIM, claim.name), "Return", note="Which day?")
		self.refresh()
		visitor, path = self.acting(), f"{HERE}/{claim.name}"
		self.assertIn("Which day?", visitor.get(HERE).text())
		file = frappe.get_doc("File", {"attached_to_name": claim.name})
		self.assertEqual(visitor.get(f"/take-part/my/files/{file.name}").status, 200)
		page = self.send(visitor, path, amount1="3.40", answer="On Monday")
		self.assertEqual((page.status, page.goes_to), (303, f"{HERE}?done=again"))
		(claim,) = self.claims()
		self.assertEqual((claim.status, claim.supporter), ("Submitted", self.row.name))

	def test_without_the_person_s_yes_there_is_nothing(self):
		self.send(**self.ticket())
		(claim,) = self.claims()
		file = frappe.get_doc("File", {"attached_to_name": claim.name})
		visitor = self.acting()
		form = self.form(visitor)
		self.may(may_expenses=0)
		self.assertNotIn("What they spent", visitor.get("/take-part/my").text())
		for path in (HERE, NEW, f"{HERE}/{claim.name}", f"/take-part/my/files/{file.name}"):
			self.assertEqual(visitor.get(path).status, 403, path)
		for path in (NEW, f"{HERE}/{claim.name}"):
			self.assertEqual(self.send(visitor, path, form=form, **self.ticket()).status, 403, path)
		self.assertEqual(len(self.claims()), 1)

	def test_never_a_payment_a_limit_or_a_bank_account(self):
		factories.preference(self.me, own_payment_cap=123, cap_period="Month", cap_month_day=1)
		self.refresh()
		visitor = self.acting()
		for path in (
			"payments",
			"payments/how",
			"payments/statement",
			"payments/letter",
			"payments/self-check",
		):
			self.assertEqual(visitor.get(f"/take-part/my/{path}").status, 403, path)
		for path in (HERE, NEW):
			self.assertNotIn("123", visitor.get(path).text())

	def test_who_acts_for_somebody_and_works_here_decides_nothing_about_it(self):
		holder = factories.another(roles.COORDINATOR)
		row = factories.supporter(self.me, holder)
		with self.as_user(holder), supporters.acting(supporters.one(row.name)):
			name = sending.send(self.me.name, [factories.journey()], {}, once="y", unit=pay.unit())
		claim = frappe.get_doc(pay.CLAIM, name)
		self.assertEqual((claim.recorded_by, claim.owner, claim.supporter), (holder, holder, row.name))
		pay.take_claim(claim, "Check", factories.staff(roles.COORDINATOR))
		frappe.get_doc("User", holder).add_roles(roles.BUDGET_HOLDER)
		frappe.db.set_value("Involvement Unit", claim.unit, "budget_holder", holder)
		with self.as_user(holder), self.assertRaises(lifecycle.StepNotPermitted):
			lifecycle.apply(frappe.get_doc(pay.CLAIM, name), "Approve")
