"""How the file for the bank is written: who may say so, what every layout must hold, and what comes out."""

import csv
import io
from decimal import Decimal

import frappe
import time_machine
from frappe.model import no_value_fields
from frappe.utils import getdate
from hypothesis import given, settings
from hypothesis import strategies as st

from involvement_app import lifecycle
from involvement_app.involvement_payments import bacs, bank_file, csv_file, file_totals, layouts
from involvement_app.involvement_payments.bank_details import Account
from involvement_app.messages.neutral import telling
from involvement_app.setup import masters, roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

LAYOUT = "Bank File Layout"
BATCH = frappe._dict(name="IPB-00007", payment_on="2026-11-27", exported_on="2026-11-24 10:00:00")


def row(name="Ann O’Neil", amount="12.50", number="66374958", reference="PAYMENT 00012") -> bank_file.Row:
	return bank_file.Row("IP-1", Account("x", name, "089999", number), Decimal(amount), reference)


class TestWhoWritesLayouts(IntegrationTestCase):
	def test_authorisers_write_officers_read_and_nobody_else_sees_them(self):
		"""Who exports does not say where an account number comes from."""
		layout = factories.bank_file_layout()
		officer = factories.staff(roles.FINANCE_OFFICER)
		with self.as_user(officer):
			doc = frappe.get_doc(LAYOUT, layout.name)
			self.assertTrue(doc.has_permission("read"))
			doc.title = "Mine"
			self.assertRaises(frappe.PermissionError, doc.save)
		for user in (
			factories.staff(roles.COORDINATOR),
			factories.staff(roles.MANAGER),
			factories.staff(roles.BUDGET_HOLDER),
			factories.participant(portal=True).user,
			"Guest",
		):
			with self.subTest(user), self.as_user(user):
				self.assertFalse(frappe.has_permission(LAYOUT, "read", layout.name))

	def test_one_in_use_at_a_time_and_with_every_column_a_bank_needs(self):
		first, second = factories.bank_file_layout(in_use=1), factories.bank_file_layout(in_use=1)
		self.assertEqual(frappe.get_all(LAYOUT, {"in_use": 1}, pluck="name"), [second.name])
		with self.assertRaisesRegex(frappe.ValidationError, "Switch it off first"), lifecycle.server_side():
			frappe.get_doc(LAYOUT, first.name).update({"in_use": 1}).save()
		for left_out in ("Sort code", "Account name", "Account number", "Amount"):
			columns = [column for column in factories.COLUMNS if column != left_out]
			with self.subTest(left_out), self.assertRaisesRegex(frappe.ValidationError, "exactly one"):
				factories.bank_file_layout(columns, in_use=1)
		with self.assertRaisesRegex(frappe.ValidationError, "exactly one"):
			factories.bank_file_layout((*factories.COLUMNS, "Sort code with dashes"), in_use=1)

	def test_a_payer_is_made_of_digits(self):
		for field in ("service_user_number", "sort_code", "account_number"):
			with self.subTest(field), self.assertRaisesRegex(frappe.ValidationError, "digits"):
				factories.standard_18(in_use=1, **{field: "12 34x"})
		with self.assertRaises(frappe.ValidationError):
			factories.standard_18(in_use=1, service_user_name=" ")
		self.assertEqual(factories.standard_18(in_use=1).sort_code, "200000")

	def test_the_examples_are_there_and_switched_off(self):
		frappe.db.delete(LAYOUT)
		masters.bank_layouts()
		masters.bank_layouts()
		rows = frappe.get_all(LAYOUT, fields=["name", "in_use", "source"])
		self.assertEqual(len(rows), len(masters.LAYOUTS))
		self.assertFalse([each for each in rows if each.in_use or not each.source])
		for each in rows:
			doc = frappe.get_doc(LAYOUT, each.name)
			self.assertIn(b"66374958", bank_file.by_columns(doc, [row()], BATCH))


class TestWordsThatTellNothing(IntegrationTestCase):
	"""Law 12: the bank reads the file, and whoever is beside the payee the statement."""

	def refused(self, words: str, make, *args, **values) -> None:
		for used in (0, 1):
			with self.subTest(words, used=used), self.assertRaisesRegex(frappe.ValidationError, words):
				make(*args, in_use=used, **values)

	def test_the_name_on_the_statement(self):
		name = "Mental Health Care"
		self.refused(
			"Name on the bank statement: choose words", factories.standard_18, service_user_name=name
		)

	def test_fixed_words_headings_and_rows_before_and_after(self):
		fixed = {"holds": "Fixed words", "fixed_words": "ADDICTION CLINIC"}
		heading = {"holds": "Batch", "heading": "Patient payments"}
		make = factories.bank_file_layout
		self.refused("Columns, row 6, Fixed words: choose words", make, (*factories.COLUMNS, fixed))
		self.refused("Columns, row 6, Heading: choose words", make, (*factories.COLUMNS, heading))
		for field, label in (("first_lines", "First rows"), ("last_lines", "Last rows")):
			self.refused(
				f"{label}.*, line 2: choose words", make, **{field: "H,{number}\nH,Recovery College"}
			)

	def test_a_heading_that_comes_by_itself(self):
		columns = (*factories.COLUMNS, "Participant code")
		self.refused("row 6, Heading", factories.bank_file_layout, columns)
		named = (*factories.COLUMNS, {"holds": "Participant code", "heading": "Code"})
		self.assertTrue(factories.bank_file_layout(named, in_use=1).in_use)
		self.assertTrue(factories.bank_file_layout(columns, in_use=1, with_header=0).in_use)

	def test_what_the_file_does_not_say_is_no_matter(self):
		heading = {"holds": "Batch", "heading": "Patient payments"}
		values = {"in_use": 1, "with_header": 0, "service_user_name": "Mental Health Care"}
		self.assertTrue(factories.bank_file_layout((*factories.COLUMNS, heading), **values).in_use)

	def test_what_was_in_use_before_can_be_switched_off_and_not_on_again(self):
		layout = factories.standard_18(in_use=1)
		frappe.db.set_value(LAYOUT, layout.name, "service_user_name", "Mental Health Care")
		with self.as_user(factories.staff(roles.FINANCE_AUTHORISER)):
			layouts.take_out_of_use(layout.name)
		layout.reload()
		with (
			self.as_user(factories.staff(roles.FINANCE_OFFICER)),
			self.assertRaisesRegex(frappe.ValidationError, "Name on the bank statement"),
		):
			layouts.put_in_use(layout.name, str(layout.modified))

	def test_the_examples_say_nothing(self):
		for name in frappe.get_all(LAYOUT, pluck="name"):
			doc = frappe.get_doc(LAYOUT, name)
			self.assertFalse([words for _where, words in doc.words() if telling(words)], doc.title)


class TestIntoUse(IntegrationTestCase):
	"""Issue 7: nobody says alone to which account money goes, so nobody says alone how its file is written."""

	def put(self, user: str, layout, modified=None) -> None:
		with self.as_user(user):
			layouts.put_in_use(layout.name, modified or layout.modified)

	def used(self, layout) -> int:
		return frappe.db.get_value(LAYOUT, layout.name, "in_use")

	def test_who_wrote_or_changed_it_has_somebody_else_look_at_it(self):
		layout, changer = factories.bank_file_layout(), factories.another(roles.FINANCE_AUTHORISER)
		with self.as_user(changer):
			doc = frappe.get_doc(LAYOUT, layout.name)
			doc.delimiter, doc.edited_by = "Tab", "somebody@example.com"
			doc.save()
		for user in (layout.owner, changer):
			with self.subTest(user), self.assertRaises(lifecycle.StepNotPermitted):
				self.put(user, doc)
		self.put(factories.staff(roles.FINANCE_OFFICER), doc)
		self.assertTrue(self.used(layout))

	def test_two_people_of_a_small_charity_are_enough(self):
		decider, payer = (
			factories.user(*held) for name, held in roles.PROFILES.items() if self.pays_or_decides(name)
		)
		with self.as_user(decider):
			layout = frappe.copy_doc(factories.bank_file_layout()).update({"title": "Ours"}).insert()
		self.assertRaises(lifecycle.StepNotPermitted, self.put, decider, layout)
		self.put(payer, layout)
		self.assertTrue(self.used(layout))

	def pays_or_decides(self, name: str) -> bool:
		held = {roles.FINANCE_AUTHORISER, roles.FINANCE_OFFICER}
		return name.endswith("(small charity)") and bool(held & set(roles.PROFILES[name]))

	def test_nobody_else_puts_it_in_use_or_takes_it_out(self):
		layout = factories.bank_file_layout()
		strangers = (
			factories.staff(roles.MANAGER),
			factories.staff(roles.COORDINATOR),
			factories.staff(roles.BUDGET_HOLDER),
			factories.user("System Manager"),
			factories.participant(portal=True).user,
			"Guest",
		)
		for user in strangers:
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.put(user, layout)
		used = factories.bank_file_layout(in_use=1)
		for user in (*strangers, factories.staff(roles.FINANCE_OFFICER)):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				layouts.take_out_of_use(used.name)
		with self.as_user(factories.staff(roles.FINANCE_AUTHORISER)):
			layouts.take_out_of_use(used.name)
		self.assertFalse(self.used(used))

	def test_a_request_does_not_say_that_it_is_in_use_nor_who_looked(self):
		forged = {
			"in_use": 1,
			"put_in_use_by": factories.staff(roles.FINANCE_OFFICER),
			"put_in_use_on": "2026-01-01",
			"content_hash": "x",
		}
		layout = factories.bank_file_layout(title="Written", **{**forged, "in_use": 0})
		with self.as_user(factories.staff(roles.FINANCE_AUTHORISER)):
			new = frappe.copy_doc(layout).update({"title": "New", **forged}).insert()
			layout.update(forged).save()
		for doc in (layout, new):
			stored = frappe.db.get_value(LAYOUT, doc.name, list(forged), as_dict=True)
			self.assertFalse([name for name, value in stored.items() if value], stored)

	def test_what_was_changed_since_it_was_looked_at_is_looked_at_again(self):
		layout = factories.bank_file_layout()
		seen = layout.modified
		with self.as_user(layout.owner):
			layout.update({"delimiter": "Tab"}).save()
		with self.assertRaisesRegex(frappe.ValidationError, "once more"):
			self.put(factories.staff(roles.FINANCE_OFFICER), layout, seen)
		self.assertFalse(self.used(layout))

	def test_what_has_been_in_use_stays_as_it_is_and_a_copy_is_changed(self):
		layout = factories.bank_file_layout(in_use=1)
		with self.as_user(layout.owner):
			for again in (0, 1):
				with self.subTest(out_of_use=again):
					for change in (
						{"sort_code": "112233"},
						{"first_lines": "H"},
						{"amount_format": "Pence"},
						{"columns": [row.as_dict() for row in layout.columns][::-1]},
					):
						with self.assertRaisesRegex(frappe.ValidationError, "Duplicate it"):
							frappe.get_doc(LAYOUT, layout.name).update(change).save()
					layouts.take_out_of_use(layout.name)
			frappe.get_doc(LAYOUT, layout.name).update({"source": "Seen today"}).save()
			copy = frappe.copy_doc(layout).update({"title": "Next", "delimiter": "Tab"}).insert()
		self.put(factories.staff(roles.FINANCE_OFFICER), copy)
		self.assertTrue(self.used(copy))

	def test_no_column_is_changed_past_its_layout(self):
		layout = factories.bank_file_layout()
		with self.as_user(layout.owner):
			column = frappe.get_doc("Bank File Layout Column", layout.columns[0].name)
			column.update({"holds": "Fixed words", "fixed_words": "112233"})
			self.assertRaises(frappe.PermissionError, column.save)
			self.assertRaises(frappe.PermissionError, frappe.delete_doc, column.doctype, column.name)

	def test_all_that_a_file_is_made_of_is_in_the_hash(self):
		"""Whoever adds a field to a layout decides here whether a file is made of it."""
		layout = factories.bank_file_layout(({"holds": "Amount"},))
		before = layouts.fingerprint(layout)
		for doc in (layout, layout.columns[0]):
			for df in doc.meta.fields:
				if df.fieldtype in (*frappe.model.no_value_fields, "Table") or df.read_only:
					continue
				with self.subTest(df.fieldname):
					kept = doc.get(df.fieldname)
					doc.set(
						df.fieldname,
						7 if df.fieldtype == "Int" else 1 - kept if df.fieldtype == "Check" else "x",
					)
					same = layouts.fingerprint(layout) == before
					self.assertEqual(same, doc is layout and df.fieldname in ("title", "source"))
					doc.set(df.fieldname, kept)


class TestColumns(IntegrationTestCase):
	def written(self, rows=None, columns=factories.COLUMNS, remark="", **values) -> list[list[str]]:
		layout = factories.bank_file_layout(columns, **values)
		raw = bank_file.by_columns(layout, rows or [row()], BATCH, remark)
		return list(csv.reader(io.StringIO(raw.decode(bank_file.ENCODINGS[layout.encoding]), newline="")))

	def test_columns_in_their_order_with_their_headings(self):
		header, line = self.written(
			columns=({"holds": "Amount", "heading": "Value"}, "Sort code", "Account name")
		)
		self.assertEqual(
			(header, line), (["Value", "Sort code", "Account name"], ["12.50", "089999", "Ann O'Neil"])
		)

	def test_formats_of_days_amounts_and_sort_codes(self):
		columns = ("Payment day", "Amount", "Sort code with dashes", "Batch", "Nothing")
		(line,) = self.written(columns=columns, amount_format="Pence", date_format="YYYYMMDD", with_header=0)
		self.assertEqual(line, ["20261127", "1250", "08-99-99", "IPB-00007", ""])

	def test_no_cell_begins_a_formula_or_breaks_its_row(self):
		"""Domain 5.3: CSV formula injection."""
		for name in ("=1+1", "+44", "-1", "@sum", "\t=1", "a\r\n=1", 'x","y', "  =2+2", "＝1"):
			with self.subTest(name):
				lines = self.written([row(name)], encoding="UTF-8")
				self.assertEqual((len(lines), len(lines[1])), (2, len(factories.COLUMNS)))
				self.assertFalse(lines[1][1].startswith(csv_file.FORMULA))

	def test_most_letters_cut_and_the_alphabet_is_kept(self):
		columns = ({"holds": "Account name", "most": 5}, *factories.COLUMNS[2:])
		self.assertEqual(self.written([row("Zoë 🎉 Müller")], columns)[1][0], "Zoe M")

	def test_letters_that_are_not_a_to_z_with_a_mark_are_not_lost(self):
		for name, written in (("Łukasz Groß", "Lukasz Gross"), ("Øyvind Đorđe", "Oyvind Dorde")):
			with self.subTest(name):
				self.assertEqual(self.written([row(name)])[1][1], written)
				self.assertEqual(bacs.text(name).rstrip(), written.upper())

	def test_nobody_is_paid_whose_name_the_letters_cannot_write(self):
		for encoding in ("A to Z only", "Capitals of Bacs", "Windows-1252"):
			with self.subTest(encoding), self.assertRaises(bank_file.NothingToWrite):
				self.written([row("نور")], encoding=encoding)
		self.assertEqual(self.written([row("نور")], encoding="UTF-8")[1][1], "نور")

	def test_rows_before_and_after_say_what_the_payments_come_to(self):
		layout = factories.bank_file_layout(
			with_header=0,
			date_format="YYYYMMDD",
			sort_code="30-96-64",
			account_number="12345679",
			first_lines="H,{today},{number},{count},{total}\nD,{account},{day}",
			last_lines="T",
		)
		raw = bank_file.by_columns(layout, [row(), row(amount="0.10")], BATCH)
		first, debit, *_payments, last, end = raw.decode().split("\r\n")
		self.assertEqual(
			(first, debit, last, end), ("H,20261124,71,2,12.60", "D,309664-12345679,20261127", "T", "")
		)
		how = file_totals.how_written(frappe._dict(file_layout=layout.name))
		self.assertEqual(file_totals.of(frappe._dict(file_written=how), raw), Decimal("12.60"))

	def test_rows_before_and_after_hold_no_other_words_in_braces_and_no_formula(self):
		for line in ("H,{total.__class__}", "H,{", "}", "{name}", "=1+1", "@sum"):
			for field in ("first_lines", "last_lines"):
				with self.subTest(line, field=field), self.assertRaises(frappe.ValidationError):
					factories.bank_file_layout(**{field: line})

	def test_what_holds_our_account_needs_its_digits(self):
		for values in (
			{"columns": (*factories.COLUMNS, "Our account")},
			{"columns": (*factories.COLUMNS, "Our account with a dash")},
			{"first_lines": "D,{account}"},
		):
			with self.subTest(values), self.assertRaisesRegex(frappe.ValidationError, "digits"):
				factories.bank_file_layout(in_use=1, **values)
		self.assertRaises(
			frappe.ValidationError, factories.bank_file_layout, ({"holds": "Nothing", "times": 201},)
		)

	def test_a_copy_says_so_in_its_last_heading(self):
		self.assertEqual(self.written(remark="COPY 2")[0][-1], "Reference (COPY 2)")


class TestTheHash(IntegrationTestCase):
	def test_every_field_that_somebody_writes_is_in_it_or_is_no_part_of_a_file(self):
		for doctype, names in (
			(LAYOUT, {*layouts.SAID, *layouts.BESIDE}),
			(f"{LAYOUT} Column", set(layouts.OF_A_COLUMN)),
		):
			fields = frappe.get_meta(doctype).fields
			written = [df for df in fields if df.fieldtype not in no_value_fields and not df.read_only]
			self.assertEqual({df.fieldname for df in written}, names)


class TestWhatBanksPublish(IntegrationTestCase):
	"""Issue 7, two common banks' layouts: what is written is what was published, to the character."""

	def written(
		self, title: str, account: Account, amount: str, reference: str, day: str, ours: tuple
	) -> str:
		values = next(each for each in masters.LAYOUTS if title in each["title"])
		doc = frappe.get_doc(LAYOUT, {"title": values["title"]})
		doc.sort_code, doc.account_number = ours
		with self.as_user(factories.staff(roles.FINANCE_AUTHORISER)):
			for column in doc.columns:
				if column.fixed_words == "OUR NAME":
					column.fixed_words = "ANY CHARITY"
			doc.save()
		with self.as_user(factories.staff(roles.FINANCE_OFFICER)):
			layouts.put_in_use(doc.name, doc.modified)
		batch = frappe._dict(name="IPB-00007", payment_on=day, exported_on=f"{day} 10:00:00")
		payee = bank_file.Row("IP-1", account, Decimal(amount), reference)
		return bank_file.by_columns(doc, [payee], batch).decode()

	def setUp(self):
		super().setUp()
		frappe.db.delete(LAYOUT)
		masters.bank_layouts()

	def test_bankline_as_the_example_of_its_guide(self):
		john = Account("x", "Mr John Smith", "151000", "44298801")
		line = self.written(
			"Bankline", john, "166.42", "Invoice 1234", "2006-10-01", ("15-10-00", "31806542")
		)
		self.assertEqual(
			line,
			",,,01,,,,,,,,,15100031806542,,,,166.42,,01102006,,,,,,151000,,,,,,44298801,,MR JOHN SMITH,,,,"
			"INVOICE 1234,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\r\n",
		)

	def test_bankline_has_its_values_in_the_cells_that_coutts_names(self):
		smith = Account("x", "Mr Smith", "090000", "12345678")
		line = self.written(
			"Bankline", smith, "10.00", "December Salary", "2016-12-24", ("180002", "12345678")
		)
		cells = dict(zip(_letters(), next(csv.reader([line])), strict=False))
		self.assertEqual(
			{cell: words for cell, words in cells.items() if words},
			{
				"D": "01",
				"M": "18000212345678",
				"Q": "10.00",
				"S": "24122016",
				"Y": "090000",
				"AE": "12345678",
				"AG": "MR SMITH",
				"AK": "DECEMBER SALARY",
			},
		)

	def test_nobody_pays_under_the_name_of_an_example(self):
		for title in ("Lloyds", "PayGate"):
			values = next(each for each in masters.LAYOUTS if title in each["title"])
			doc = frappe.get_doc(LAYOUT, {"title": values["title"]})
			doc.sort_code, doc.account_number = "309664", "12345679"
			with self.as_user(factories.staff(roles.FINANCE_AUTHORISER)):
				doc.save()
			with (
				self.subTest(title),
				self.as_user(factories.staff(roles.FINANCE_OFFICER)),
				self.assertRaisesRegex(frappe.ValidationError, "in the place of OUR NAME"),
			):
				layouts.put_in_use(doc.name, doc.modified)

	def test_commercial_banking_online_has_its_rows(self):
		account = Account("x", "BENEFICIARY NAME", "301763", "12345678")
		text = self.written(
			"Lloyds", account, "0.1", "BENEFICIARY REFERENCE", "2022-03-01", ("309664", "12345679")
		)
		self.assertEqual(
			text,
			"H,20220301,71\r\n"
			"FPS,20220301,0.10,ANY CHARITY,309664-12345679,BENEFICIARY NAME,12345678,301763,BENEFICIARY REFERE\r\n"
			"T\r\n",
		)


def _letters() -> list[str]:
	"""A to CV, as a spreadsheet names its columns."""
	alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	return [*alphabet, *(first + second for first in "ABC" for second in alphabet)]


class TestStandard18(IntegrationTestCase):
	"""Read back by a parser of its own, which knows positions and nothing of the writer."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.layouts = {length: factories.standard_18(record_length=length) for length in ("100", "106")}

	def read(self, rows, length="100", **kw) -> dict:
		return parse(bank_file.standard_18(self.layouts[length], rows, BATCH, **kw))

	def test_labels_records_contra_and_totals(self):
		"""Domain 4.6, BACS Standard 18: labels, 100 and 106 bytes, contra, control totals."""
		for length in ("100", "106"):
			with self.subTest(length):
				found = self.read([row(), row("Zoë Ng", "0.01", "88837491", "PAYMENT 00013")], length)
				self.assertEqual(found["service_user"], "123456")
				self.assertEqual(found["record_length"], int(length))
				self.assertEqual((found["written"], found["processing"]), ("26328", "26330"))
				first, second = found["credits"]
				self.assertEqual(
					first,
					{
						"sort_code": "089999",
						"account": "66374958",
						"code": "99",
						"from": ("200000", "55779911"),
						"pence": 1250,
						"user": "ANY CHARITY",
						"reference": "PAYMENT 00012",
						"name": "ANN ONEIL",
						"day": "26330" if length == "106" else "",
					},
				)
				self.assertEqual((second["name"], second["pence"]), ("ZOE NG", 1))
				contra = found["contra"]
				self.assertEqual(
					(contra["code"], contra["pence"], contra["reference"]), ("17", 1251, "CONTRA")
				)
				self.assertEqual((contra["sort_code"], contra["account"]), ("200000", "55779911"))
				self.assertEqual(found["totals"], (1251, 1251, 1, 2))

	def test_the_money_is_there_on_the_day_or_before_it_where_banks_do_not_work(self):
		"""Bacs keeps England's bank holidays, also where we keep those of Scotland."""
		frappe.db.set_single_value("Involvement Settings", "bank_holidays", "Scotland")
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.addCleanup(frappe.clear_document_cache, "Involvement Settings", "Involvement Settings")
		for payment_on, processed_on in (
			("2026-11-30", "2026-11-27"),  # Monday, and St Andrew's day in Scotland
			("2026-11-29", "2026-11-26"),  # Sunday: there on Friday
			("2026-04-07", "2026-04-02"),  # Tuesday after Easter: Good Friday and Easter Monday between
			("2026-04-06", "2026-04-01"),  # Easter Monday: there on Thursday
			("2026-12-01", "2026-11-30"),
			("2026-12-28", "2026-12-23"),  # in the place of Boxing Day: there on Christmas Eve
		):
			with self.subTest(payment_on):
				day = bank_file.processing_day(getdate(payment_on), getdate("2026-01-05"))
				self.assertEqual(str(day), processed_on)

	def test_what_is_written_too_late_is_processed_on_the_next_day_and_says_so(self):
		for written_on, processed_on in (("2026-11-25", "2026-11-26"), ("2026-11-27", "2026-11-30")):
			with self.subTest(written_on):
				day = bank_file.processing_day(getdate("2026-11-27"), getdate(written_on))
				self.assertEqual(str(day), processed_on)
		frappe.clear_messages()
		self.read([row()])
		self.assertEqual(frappe.get_message_log(), [])
		late = frappe._dict(BATCH, exported_on="2026-11-27 10:00:00")
		found = parse(bank_file.standard_18(self.layouts["100"], [row()], late))
		self.assertEqual((found["written"], found["processing"]), ("26331", "26334"))
		self.assertIn("not on 27", str(frappe.get_message_log()).replace("2026-11-27", "27"))

	def test_a_copy_has_the_day_on_which_it_is_written(self):
		with time_machine.travel("2026-11-25 10:00:00"):
			self.assertEqual(self.read([row()])["written"], "26328")
			self.assertEqual(self.read([row()], copy=2)["written"], "26329")

	def test_a_copy_says_so_and_has_a_number_of_its_own(self):
		first, copy = self.read([row()]), self.read([row()], copy=2, remark="COPY 2")
		self.assertEqual(copy["remark"], "COPY 2")
		self.assertNotEqual(first["serial"], copy["serial"])

	def test_what_has_no_place_in_the_format_is_refused(self):
		for rows in (
			[],
			[row(amount="0")],
			[row(amount="-1")],
			[row(amount="1000000000.00")],
			[row(name="نور")],
			[row(number="1234567")],
		):
			with self.subTest(rows), self.assertRaises(bank_file.NothingToWrite):
				self.read(rows)

	def test_the_alphabet_of_the_format_and_no_other(self):
		for name in ("a;b\r\nUTL1", "Ω", "x" * 40, "O'Brien & Sons/2-3."):
			if not bacs.text(name).strip():
				continue
			raw = bank_file.standard_18(self.layouts["100"], [row(name)], BATCH)
			self.assertRegex(raw.decode("ascii"), r"\A(?:[A-Z0-9.&/\- ]+\r\n)+\Z")
			self.assertEqual(len(raw.decode().split("\r\n")), 4 + 2 + 3 + 1)

	@settings(max_examples=100, deadline=None)
	@given(
		st.lists(
			st.tuples(
				st.text(max_size=40),
				st.text(max_size=40),
				st.integers(min_value=1, max_value=99_999_999_99),
				st.from_regex(r"[0-9]{6}", fullmatch=True),
				st.from_regex(r"[0-9]{8}", fullmatch=True),
			),
			min_size=1,
			max_size=20,
		),
		st.sampled_from(("100", "106")),
	)
	def test_whatever_the_names_and_sums_the_file_pays_what_the_rows_say(self, drawn, length):
		"""Names are of any letters; the Z stands for the one letter that every name needs."""
		rows = [
			bank_file.Row(
				"IP-1", Account("x", f"Z{name}", sort_code, number), Decimal(pence) / 100, reference
			)
			for name, reference, pence, sort_code, number in drawn
		]
		found = self.read(rows, length)
		self.assertEqual(
			[(each["sort_code"], each["account"], each["pence"]) for each in found["credits"]],
			[(sort_code, number, pence) for _name, _reference, pence, sort_code, number in drawn],
		)
		due = sum(pence for _name, _reference, pence, *_account in drawn)
		self.assertEqual(found["totals"], (due, due, 1, len(drawn)))
		self.assertEqual(found["contra"]["pence"], due)
		for credit in found["credits"]:
			self.assertTrue(credit["name"].startswith("Z"))
			self.assertRegex(credit["name"] + credit["reference"], r"\A[A-Z0-9.&/\- ]+\Z")


def parse(content: bytes) -> dict:
	lines = content.decode("ascii").split("\r\n")
	assert lines.pop() == ""
	volume, header, form, user, *records, end, end_form, totals = lines
	for label, line in (
		("VOL1", volume),
		("HDR1", header),
		("HDR2", form),
		("UHL1", user),
		("EOF1", end),
		("EOF2", end_form),
		("UTL1", totals),
	):
		assert line[:4] == label and len(line) == 80, line
	assert header[4:] == end[4:] and form[4:] == end_form[4:]
	length = int(form[10:15])
	assert form[4] == "F" and int(form[5:10]) % length == 0 and form[50:52] == "00"
	assert volume[79] == "1" and volume[41:47] == header[5:11] == header[15:21]
	assert all(len(record) == length for record in records)
	*credits, contra = [_record(record) for record in records]
	return {
		"serial": volume[4:10],
		"service_user": volume[41:47],
		"written": header[42:47],
		"processing": user[5:10],
		"currency": user[20:22],
		"remark": user[54:80].strip(),
		"record_length": length,
		"credits": credits,
		"contra": contra,
		"totals": (int(totals[4:17]), int(totals[17:30]), int(totals[30:37]), int(totals[37:44])),
	}


def _record(line: str) -> dict:
	assert line[14] == "0" and line[31:35] == "    "
	return {
		"sort_code": line[:6],
		"account": line[6:14],
		"code": line[15:17],
		"from": (line[17:23], line[23:31]),
		"pence": int(line[35:46]),
		"user": line[46:64].rstrip(),
		"reference": line[64:82].rstrip(),
		"name": line[82:100].rstrip(),
		"day": line[100:].strip(),
	}
