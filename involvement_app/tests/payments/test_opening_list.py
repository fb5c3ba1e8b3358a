"""Opening totals out of a spreadsheet: all or nothing, and every fault names its row and its column (issue 7)."""

import base64

import frappe
from frappe.utils import format_date, today

from involvement_app import lifecycle
from involvement_app.involvement_payments import opening_list
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase, change_settings

TOTAL = "Payment Opening Total"
HEADER = "Participant code,Tax year from,For their time,Expenses paid back,Miles by car or van,Where the figures come from,It came on,Amount for time,For so many hours"


class TestTakingIn(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.one, self.other = factories.participant(), factories.participant()
		self.day = format_date(today(), "dd/MM/yyyy")

	def take_in(self, *rows: str, header: str = HEADER, by=None, **kw):
		content = base64.b64encode("\r\n".join((header, *rows)).encode()).decode()
		with self.as_user(by or factories.staff(roles.FINANCE_OFFICER)):
			return opening_list.take_in(f"data:text/csv;base64,{content}", **kw)

	def row(
		self, person=None, time="120.50", expenses="£1,230", miles="400", source="Old ledger", payment=None
	):
		amount = f'"{expenses}"'
		came = payment or ("", "", "")
		code = (person or self.one).name
		return ",".join((code, self.day, time, amount, miles, source, *came))

	def there(self) -> list:
		filters = {"participant": ["in", [self.one.name, self.other.name]]}
		return [frappe.get_doc(TOTAL, name) for name in frappe.get_all(TOTAL, filters, pluck="name")]

	def faults(self, *rows, **kw) -> list:
		said = self.take_in(*rows, **kw)["problems"]
		self.assertEqual(self.there(), [])
		return said

	def test_a_row_for_each_person_and_a_further_row_for_each_further_payment(self):
		first = self.row(payment=(self.day, "20", "2"))
		further = f"{self.one.name},{self.day},,,,,{self.day},15.25,"
		found = self.take_in(first, further, self.row(self.other, miles=""))
		self.assertEqual((found["people"], found["payments"], found["problems"]), (2, 2, []))
		mine = next(doc for doc in self.there() if doc.participant == self.one.name)
		self.assertEqual(
			(mine.status, mine.amount_time, mine.amount_expenses, mine.miles_car, mine.source),
			("Draft", 120.5, 1230, 400, "Old ledger"),
		)
		self.assertEqual([(row.amount, row.hours) for row in mine.recent], [(20, 2), (15.25, 0)])
		with self.as_user(factories.staff(roles.FINANCE_OFFICER)):
			with self.assertRaises(lifecycle.StepNotPermitted):
				lifecycle.apply(mine, "Approve")

	def test_looking_keeps_nothing(self):
		self.assertEqual(self.take_in(self.row(), only_look=1)["people"], 1)
		self.assertEqual(self.there(), [])

	def test_every_fault_names_its_row_and_column_and_nothing_is_kept(self):
		for fault, words in (
			(self.row(time="abc"), "Row 3, For their time: “abc” is not an amount"),
			(self.row(time='"12,50"'), "Row 3, For their time: “12,50” is not an amount"),
			(self.row(time="1.005"), "Row 3, For their time: “1.005” is not in whole pennies"),
			(self.row(time="NaN"), "Row 3, For their time"),
			(self.row(miles="far"), "Row 3, Miles by car or van: “far” is not a number"),
			(self.row(miles="9.95"), "Row 3, Miles by car or van: “9.95” is finer than a tenth"),
			(self.row(miles="50001"), "Row 3: By car or van: miles from 0 to 50000"),
			(self.row(source=""), "Row 3, Where the figures come from: please fill it in"),
			(self.row(payment=("yesterday", "5", "")), "Row 3, It came on: “yesterday” is not a day"),
			(self.row(payment=(self.day, "", "2")), "Row 3, Amount for time: please fill it in"),
			(self.row(payment=(self.day, "500", "")), "Row 3: What came last is more"),
			(self.row(time="-5"), "Row 3: Write at least one amount"),
			(
				self.row().replace(self.one.name, "IP-none"),
				"Row 3, Participant code: there is no such person",
			),
			(self.row().replace(self.one.name, ""), "Row 3, Participant code: please fill it in"),
			(self.row(self.other), "Row 3, Participant code: this person and tax year stand in row 2"),
			(
				self.row(self.other, time="7", payment=(self.day, "5", "")),
				"Row 3, For their time: row 2 says another",
			),
		):
			with self.subTest(words):
				(said,) = self.faults(self.row(self.other), fault)
				self.assertIn(words, said)

	def test_all_faults_are_said_at_once_and_markup_is_words(self):
		said = self.faults(self.row(time="<b>x</b>"), self.row(self.other, time="y"))
		self.assertEqual(len(said), 2)
		self.assertIn("&lt;b&gt;x", said[0])

	def test_one_that_is_there_already(self):
		factories.payment_opening_total(self.one)
		(said,) = self.take_in(self.row(self.other), self.row())["problems"]
		self.assertIn("Row 3, Tax year from: this person has an opening total", said)
		self.assertEqual(len(self.there()), 1)

	def test_a_file_of_no_use(self):
		for header, rows, words in (
			(HEADER, (), "no rows"),
			("Code,Tax year,Source,Shoe size", ("1,2,3,4",), "Shoe size"),
			("Code,Tax year,Year,Source", ("1,2,3,4",), "stands there twice"),
			("Code,Source", ("1,2",), "no column “Tax year from”"),
			("PK\x03\x04", ("x",), "a workbook"),
		):
			with self.subTest(words), self.assertRaisesRegex(opening_list.NotAList, words):
				self.take_in(*rows, header=header)

	def test_finance_officers_alone_and_within_their_units(self):
		for user in (
			factories.staff(roles.FINANCE_AUTHORISER),
			factories.staff(roles.MANAGER),
			factories.staff(roles.COORDINATOR),
			factories.user(),
			factories.participant(portal=True).user,
			"Guest",
		):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.take_in(self.row(), by=user)
		limited = factories.another(roles.FINANCE_OFFICER)
		factories.limit(limited, factories.unit())
		(said,) = self.take_in(self.row(), by=limited)["problems"]
		self.assertIn("no such person in your list", said)
		self.assertEqual(self.there(), [])

	def test_not_where_no_money_is_paid(self):
		with change_settings("Involvement Settings", {"finance_mode": "None"}):
			with self.assertRaises(frappe.PermissionError):
				self.take_in(self.row())
