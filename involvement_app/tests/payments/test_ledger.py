"""What the accounts show of a batch: sums and codes, both sides alike, nobody's name (domain 4.6; law 12)."""

import unittest
from contextlib import contextmanager

import frappe
from frappe.utils import add_days, today

from involvement_app.involvement_payments import journal_entries, ledger, reconciliation
from involvement_app.money import money, total
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.compat import CommittingTestCase, change_settings, counted_queries

CODES = {
	"ledger_time_account": "Involvement time",
	"ledger_expenses_account": "Involvement expenses",
	"ledger_control_account": "Payments control",
}


@contextmanager
def books_closed_until(day, company: str):
	"""ERPNext 15 keeps one such day in Accounts Settings, ERPNext 16 one for each company."""
	if frappe.get_meta("Accounts Settings").has_field("acc_frozen_upto"):
		with change_settings("Accounts Settings", {"acc_frozen_upto": day}):
			yield
		return
	field = "accounts_frozen_till_date"
	before = frappe.db.get_value("Company", company, field)
	frappe.db.set_value("Company", company, field, day)
	try:
		yield
	finally:
		frappe.db.set_value("Company", company, field, before)


class LedgerTestCase(pay.PaymentTestCase):
	def confirmed(self, *payments):
		return pay.take(pay.batch(*payments), "Lock", "Authorise", "Export", "Confirm")


class TestLines(LedgerTestCase):
	def test_both_sides_are_the_batch_to_the_penny(self):
		payments = pay.approved_many(3)
		with change_settings("Involvement Settings", CODES):
			batch = pay.batch(*payments)
			lines = ledger.lines(batch)
		self.assertEqual(total(line.debit for line in lines), money(batch.total))
		self.assertEqual(total(line.credit for line in lines), money(batch.total))
		self.assertEqual((lines[-1].account, lines[-1].credit), ("Payments control", money(batch.total)))

	def test_sums_stand_by_cost_centre_and_project(self):
		payments = pay.approved_many(2)
		one, other = (frappe.db.get_value(pay.PAYMENT, each.name, "engagement") for each in payments)
		opportunity = frappe.db.get_value("Involvement Engagement", one, "opportunity")
		frappe.db.set_value("Involvement Opportunity", opportunity, "project", "LOTTERY-7")
		frappe.db.set_value("Involvement Unit", payments[0].unit, "cost_centre", "CC 12")
		with change_settings("Involvement Settings", CODES):
			lines = ledger.lines(pay.batch(*payments))
		same = opportunity == frappe.db.get_value("Involvement Engagement", other, "opportunity")
		spent = [line for line in lines if line.project == "LOTTERY-7"]
		self.assertEqual(len(spent), 1)
		self.assertEqual((spent[0].account, spent[0].cost_centre), ("Involvement time", "CC 12"))
		self.assertEqual(spent[0].debit, money(60 if same else 30))

	def test_a_unit_without_a_cost_centre_takes_that_of_the_unit_above(self):
		payment = pay.approved_many(1)[0]
		parent = factories.unit(is_group=1, cost_centre="CC ABOVE")
		below = frappe.get_doc("Involvement Unit", payment.unit)
		below.parent_involvement_unit = parent
		below.cost_centre = None
		below.save()
		with change_settings("Involvement Settings", CODES):
			self.assertEqual(ledger.lines(pay.batch(payment))[0].cost_centre, "CC ABOVE")

	def test_no_line_names_anybody(self):
		payment = pay.approved_many(1)[0]
		with change_settings("Involvement Settings", CODES):
			said = str(ledger.lines(pay.batch(payment)))
		for name in (payment.participant, payment.payee_name, payment.name):
			self.assertNotIn(name, said)

	def test_one_payment_or_five_take_as_many_statements(self):
		with change_settings("Involvement Settings", CODES):
			counts = []
			for many in (1, 5):
				batch = pay.batch(*pay.approved_many(many))
				with counted_queries() as queries:
					ledger.lines(batch)
				counts.append(len(queries))
		self.assertEqual(counts[0], counts[1])


class TestWithoutERPNext(LedgerTestCase):
	def test_there_is_no_trace_of_it(self):
		if journal_entries.is_here():
			raise unittest.SkipTest("ERPNext is installed")
		journal_entries.create()
		self.assertFalse(frappe.db.exists("Custom Field", {"fieldname": "involvement_batch"}))
		with change_settings("Involvement Settings", {**CODES, "ledger_company": "Not known to anybody"}):
			batch = self.confirmed(*pay.approved_many(1))
			self.assertIsNone(journal_entries.post(batch.name))
			self.assertIsNone(journal_entries.total_of(batch))
			self.assertFalse(journal_entries.is_used())
		batch.reload()
		self.assertFalse(batch.journal_entry or batch.ledger_note)


class TestWithERPNext(LedgerTestCase):
	"""On a company of its own, with accounts of its own."""

	def setUp(self):
		super().setUp()
		if not journal_entries.is_here():
			raise unittest.SkipTest("ERPNext is not installed")
		self.company = _company()
		codes = {**CODES, "ledger_company": self.company}
		settings = change_settings("Involvement Settings", codes)
		settings.__enter__()
		self.addCleanup(settings.__exit__, None, None, None)

	def entries(self, batch) -> list:
		return frappe.get_all(
			"Journal Entry", {"user_remark": batch.name, "docstatus": ["<", 2]}, pluck="name"
		)

	def test_a_confirmed_batch_is_one_entry_to_the_penny(self):
		batch = self.confirmed(*pay.approved_many(3))
		made = journal_entries.post(batch.name)
		entry = frappe.get_doc("Journal Entry", made)
		self.assertEqual(
			(entry.docstatus, entry.total_debit, entry.total_credit), (1, batch.total, batch.total)
		)
		self.assertEqual(journal_entries.total_of(batch), money(batch.total))
		self.assertEqual(str(entry.posting_date), str(batch.payment_on))
		self.assertEqual(frappe.db.get_value(pay.BATCH, batch.name, "journal_entry"), made)

	def test_posted_again_it_is_the_same_entry(self):
		batch = self.confirmed(*pay.approved_many(1))
		self.assertEqual(journal_entries.post(batch.name), journal_entries.post(batch.name))
		self.assertEqual(len(self.entries(batch)), 1)

	def test_no_party_and_no_name_in_the_ledger(self):
		payment = pay.approved_many(1)[0]
		entry = frappe.get_doc("Journal Entry", journal_entries.post(self.confirmed(payment).name))
		self.assertFalse([row for row in entry.accounts if row.party or row.party_type])
		ledgers = frappe.get_all("GL Entry", {"voucher_no": entry.name}, "*")
		said = frappe.as_json([entry.as_dict(), *ledgers])
		for name in (payment.participant, payment.payee_name, payment.name):
			self.assertNotIn(name, said)

	def test_beside_the_entry_itself_it_takes_at_most_thirteen_statements(self):
		first, batch = (self.confirmed(*pay.approved_many(3)) for _ in range(2))
		journal_entries.post(first.name)  # what is read once a process is read
		with counted_queries() as ours:
			made = journal_entries.post(batch.name)
		plain = frappe.copy_doc(frappe.get_doc("Journal Entry", made))
		plain.involvement_batch = None
		with counted_queries() as its_own:
			plain.insert()
			plain.submit()
		self.assertLessEqual(len(ours), len(its_own) + 13, ours)

	def test_an_unconfirmed_batch_is_not_posted(self):
		batch = pay.take(pay.batch(*pay.approved_many(1)), "Lock", "Authorise", "Export")
		self.assertIsNone(journal_entries.post(batch.name))
		self.assertEqual(self.entries(batch), [])

	def test_a_closed_period_is_said_on_the_batch_and_tried_again(self):
		batch = self.confirmed(*pay.approved_many(1))
		period = frappe.get_doc(
			{
				"doctype": "Accounting Period",
				"period_name": "Closed",
				"company": self.company,
				"start_date": add_days(batch.payment_on, -5),
				"end_date": add_days(batch.payment_on, 5),
				"closed_documents": [{"document_type": "Journal Entry", "closed": 1}],
			}
		).insert()
		self.assertIsNone(journal_entries.post(batch.name))
		self.assertEqual(self.entries(batch), [])
		self.assertIn("Closed", frappe.db.get_value(pay.BATCH, batch.name, "ledger_note"))
		self.assertEqual(journal_entries.in_the_ledger().status, "warn")
		period.delete()
		with self.as_user(pay.officer()):
			answer = journal_entries.post_again(batch.name)
		self.assertTrue(answer.journal_entry)
		self.assertFalse(answer.ledger_note)

	def test_where_the_books_stay_closed_finance_names_a_later_day(self):
		batch = self.confirmed(*pay.approved_many(1))
		open_day = add_days(batch.payment_on, 1)
		with books_closed_until(batch.payment_on, self.company):
			self.assertIsNone(journal_entries.post(batch.name))
			with self.as_user(pay.officer()):
				with self.assertRaisesRegex(frappe.ValidationError, "or later"):
					journal_entries.post_again(batch.name, str(add_days(batch.payment_on, -1)))
				made = journal_entries.post_again(batch.name, str(open_day)).journal_entry
		self.assertEqual(str(frappe.db.get_value("Journal Entry", made, "posting_date")), str(open_day))
		self.assertEqual(journal_entries.total_of(batch), money(batch.total))

	def test_cancelled_in_the_ledger_it_may_be_posted_again(self):
		batch = self.confirmed(*pay.approved_many(1))
		first = frappe.get_doc("Journal Entry", journal_entries.post(batch.name))
		first.cancel()
		self.assertIn(first.name, frappe.db.get_value(pay.BATCH, batch.name, "ledger_note"))
		self.assertEqual(journal_entries.total_of(batch), 0)
		second = journal_entries.post(batch.name)
		self.assertNotEqual(second, first.name)
		self.assertEqual(journal_entries.total_of(batch), money(batch.total))

	def test_amended_in_the_ledger_the_batch_follows(self):
		batch = self.confirmed(*pay.approved_many(1))
		first = frappe.get_doc("Journal Entry", journal_entries.post(batch.name))
		first.cancel()
		amended = frappe.copy_doc(first)
		amended.amended_from, amended.docstatus = first.name, 0
		amended.insert().submit()
		stands = frappe.db.get_value(pay.BATCH, batch.name, ["journal_entry", "ledger_note"])
		self.assertEqual(stands, (amended.name, None))
		self.assertEqual(journal_entries.post(batch.name), amended.name)

	def test_another_sum_in_the_ledger_is_found_after_it_had_agreed(self):
		batch = self.confirmed(*pay.approved_many(1))
		first = frappe.get_doc("Journal Entry", journal_entries.post(batch.name))
		self.assertEqual(reconciliation.reconcile(batch.name), [])
		self.assertTrue(frappe.db.get_value(pay.BATCH, batch.name, "reconciled_on"))
		first.cancel()
		amended = self.amendment(first)
		for row in amended.accounts:
			for side in ("debit_in_account_currency", "credit_in_account_currency"):
				row.set(side, 31 if row.get(side) else 0)
		amended.save().submit()
		(said,) = reconciliation.reconcile(batch.name)
		self.assertIn("The ledger says £31.00", said)

	def amendment(self, entry):
		draft = frappe.copy_doc(entry)
		draft.amended_from, draft.docstatus = entry.name, 0
		return draft.insert()

	def test_while_it_is_being_amended_it_is_not_posted_again(self):
		batch = self.confirmed(*pay.approved_many(1))
		first = frappe.get_doc("Journal Entry", journal_entries.post(batch.name))
		first.cancel()
		draft = self.amendment(first)
		self.assertIsNone(journal_entries.post(batch.name))
		self.assertIn(draft.name, frappe.db.get_value(pay.BATCH, batch.name, "ledger_note"))
		draft.submit()
		self.assertEqual(journal_entries.post(batch.name), draft.name)
		self.assertEqual(self.entries(batch), [draft.name])

	def test_an_entry_is_not_amended_beside_the_one_that_took_its_place(self):
		batch = self.confirmed(*pay.approved_many(1))
		first = frappe.get_doc("Journal Entry", journal_entries.post(batch.name))
		first.cancel()
		second = frappe.get_doc("Journal Entry", journal_entries.post(batch.name))
		draft = self.amendment(first)
		draft.user_remark = "Another fund"
		frappe.db.savepoint("amending")
		with self.assertRaisesRegex(journal_entries.NotInTheLedger, f"already, as {second.name}"):
			draft.submit()
		frappe.db.rollback(save_point="amending")
		second.cancel()
		draft = frappe.get_doc("Journal Entry", draft.name).submit()
		self.assertEqual(frappe.db.get_value(pay.BATCH, batch.name, "journal_entry"), draft.name)
		self.assertEqual(journal_entries.total_of(batch), money(batch.total))

	def test_no_request_says_that_an_entry_is_of_a_batch(self):
		batch = self.confirmed(*pay.approved_many(1))
		forged = frappe.copy_doc(frappe.get_doc("Journal Entry", journal_entries.post(batch.name)))
		forged.involvement_batch, forged.docstatus = "A batch to come", 0
		forged.insert()
		self.assertFalse(forged.involvement_batch)
		forged.involvement_batch = "A batch to come"
		forged.save()
		self.assertFalse(frappe.db.get_value("Journal Entry", forged.name, "involvement_batch"))

	def test_books_in_another_currency_are_refused(self):
		batch = self.confirmed(*pay.approved_many(1))
		settings = frappe.get_doc("Involvement Settings")
		frappe.db.set_value("Company", self.company, "default_currency", "EUR")
		with self.assertRaisesRegex(journal_entries.NotInTheLedger, "keeps its books in EUR"):
			settings.save()
		self.assertIsNone(journal_entries.post(batch.name))
		self.assertIn("EUR", frappe.db.get_value(pay.BATCH, batch.name, "ledger_note"))
		frappe.db.set_value("Company", self.company, "default_currency", "GBP")
		control = {"account_name": CODES["ledger_control_account"], "company": self.company}
		frappe.db.set_value("Account", control, "account_currency", "EUR")
		settings.reload()
		with self.assertRaisesRegex(journal_entries.NotInTheLedger, "is kept in EUR"):
			settings.save()

	def test_further_dimensions_stand_as_the_company_has_them(self):
		dimension = frappe.get_doc(
			doctype="Accounting Dimension",
			name="Fund",
			document_type="Fund",
			label="Fund",
			fieldname="user_remark",
		)
		usual = frappe.get_doc(
			doctype="Accounting Dimension Detail",
			parent="Fund",
			parenttype="Accounting Dimension",
			parentfield="dimension_defaults",
			company=self.company,
			default_dimension="Restricted",
		)
		for each in (dimension, usual):  # a column of its own would be committed; one that is there serves
			each.db_insert()
		batch = self.confirmed(*pay.approved_many(1))
		rows = journal_entries._rows(ledger.lines(batch), self.company)
		self.assertEqual({row["user_remark"] for row in rows}, {"Restricted"})

	def test_codes_that_the_ledger_does_not_know_are_named(self):
		settings = frappe.get_doc("Involvement Settings")
		settings.ledger_time_account = "No such account"
		with self.assertRaisesRegex(journal_entries.NotInTheLedger, "Expense account for time"):
			settings.save()
		settings.reload()
		settings.ledger_control_account = frappe.db.get_value(
			"Account", {"company": self.company, "account_type": "Payable", "is_group": 0}
		)
		with self.assertRaisesRegex(journal_entries.NotInTheLedger, "asks for a name"):
			settings.save()

	def test_a_cost_centre_that_is_not_known_is_said(self):
		payment = pay.approved_many(1)[0]
		frappe.db.set_value("Involvement Unit", payment.unit, "cost_centre", "Nowhere")
		batch = self.confirmed(payment)
		self.assertIsNone(journal_entries.post(batch.name))
		self.assertIn("Nowhere", frappe.db.get_value(pay.BATCH, batch.name, "ledger_note"))

	def test_finance_alone_posts_again(self):
		batch = self.confirmed(*pay.approved_many(1))
		for role in (roles.COORDINATOR, roles.MANAGER, roles.BUDGET_HOLDER, roles.FINANCE_AUTHORISER):
			with self.subTest(role), self.as_user(factories.staff(role)):
				with self.assertRaises(frappe.PermissionError):
					journal_entries.post_again(batch.name)


class TestUninstall(CommittingTestCase):
	"""Beside ERPNext: DDL commits, and the field is made again."""

	def test_the_ledgers_doctype_is_as_it_was(self):
		if not journal_entries.is_here():
			raise unittest.SkipTest("ERPNext is not installed")
		field = {"dt": "Journal Entry", "fieldname": journal_entries.FIELD}
		self.addCleanup(journal_entries.create)
		journal_entries.remove("hrms")
		self.assertTrue(frappe.db.exists("Custom Field", field))
		journal_entries.remove()
		self.assertFalse(frappe.db.exists("Custom Field", field))
		self.assertFalse(frappe.db.has_column("Journal Entry", journal_entries.FIELD))
		journal_entries.create()
		self.assertTrue(frappe.db.exists("Custom Field", field))


def _company() -> str:
	"""As ERPNext makes it, with its chart of accounts; and three accounts of ours."""
	name = "Ledger Test Charity"
	if not frappe.db.exists("Company", name):
		frappe.get_doc(
			doctype="Company", company_name=name, abbr="LTC", default_currency="GBP", country="United Kingdom"
		).insert()
	for code, kind in zip(CODES.values(), ("Expense", "Expense", "Asset"), strict=True):
		if not frappe.db.exists("Account", {"account_name": code, "company": name}):
			parent = frappe.db.get_value(
				"Account",
				{"company": name, "root_type": kind, "is_group": 1, "parent_account": ["is", "set"]},
			)
			frappe.get_doc(doctype="Account", account_name=code, company=name, parent_account=parent).insert()
	year = today()[:4]
	if not frappe.db.exists(
		"Fiscal Year", {"year_start_date": ["<=", today()], "year_end_date": [">=", today()]}
	):
		frappe.get_doc(
			doctype="Fiscal Year", year=year, year_start_date=f"{year}-01-01", year_end_date=f"{year}-12-31"
		).insert()
	return name
