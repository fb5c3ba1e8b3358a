"""Opening totals (issue 7): written by one, approved by another, never edited afterwards, and in the year's statement."""

import frappe
from frappe.utils import today

from involvement_app import lifecycle
from involvement_app.involvement_payments import benefit_letters, statements
from involvement_app.involvement_payments.report.what_people_were_paid_in_a_tax_year import (
	what_people_were_paid_in_a_tax_year as annual,
)
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.periods import tax_year
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

TOTAL = "Payment Opening Total"


class TestPaymentOpeningTotal(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.person = factories.participant(portal=True)
		self.doc = factories.payment_opening_total(self.person)

	def take(self, action, user, **values):
		with self.as_user(user):
			return lifecycle.apply(frappe.get_doc(TOTAL, self.doc.name), action, **values)

	def approve(self):
		return self.take("Approve", factories.staff(roles.FINANCE_AUTHORISER))

	def counted(self):
		return statements.of_tax_year(self.person.name, today()).before[:2]

	def test_finance_and_managers_see_it_and_nobody_else(self):
		for user, sees in (
			(factories.staff(roles.FINANCE_OFFICER), True),
			(factories.staff(roles.FINANCE_AUTHORISER), True),
			(factories.staff(roles.MANAGER), True),
			(factories.staff(roles.COORDINATOR), False),
			(factories.staff(roles.BUDGET_HOLDER), False),
			(factories.user("Sales User"), False),
			(self.person.user, False),
			("Guest", False),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(frappe.has_permission(TOTAL, "read", self.doc.name), sees)
				try:
					listed = self.doc.name in frappe.get_list(TOTAL, pluck="name", limit=0)
				except frappe.PermissionError:
					listed = False
				self.assertEqual(listed, sees)

	def test_finance_of_another_unit_does_not(self):
		user = factories.another(roles.FINANCE_OFFICER)
		frappe.get_doc(
			doctype="User Permission", user=user, allow="Involvement Unit", for_value=factories.unit()
		).insert()
		with self.as_user(user):
			self.assertFalse(frappe.has_permission(TOTAL, "read", self.doc.name))
			self.assertNotIn(self.doc.name, frappe.get_list(TOTAL, pluck="name", limit=0))

	def test_finance_of_another_unit_writes_none_either(self):
		user = factories.another(roles.FINANCE_OFFICER)
		factories.limit(user, factories.unit())
		values = {"year_start": today(), "amount_time": 1, "source": "A guess"}
		with self.as_user(user), self.assertRaises(frappe.PermissionError):
			frappe.get_doc(doctype=TOTAL, participant=factories.participant().name, **values).insert()

	def test_managers_see_it_in_the_annual_totals_and_write_nothing(self):
		self.approve()
		with self.as_user(factories.staff(roles.MANAGER)):
			self.assertFalse(frappe.has_permission(TOTAL, "write", self.doc.name))
			rows = annual.execute({"day": today()})[1]
		(row,) = [row for row in rows if row["participant"] == self.person.name]
		self.assertEqual((row["before_time"], row["before_expenses"]), (120, 30))

	def test_a_manager_of_another_unit_does_not(self):
		user = factories.another(roles.MANAGER)
		factories.limit(user, factories.unit())
		with self.as_user(user):
			self.assertFalse(frappe.has_permission(TOTAL, "read", self.doc.name))
			self.assertNotIn(self.doc.name, frappe.get_list(TOTAL, pluck="name", limit=0))

	def test_what_still_counts_is_part_of_it(self):
		today_ = {"came_on": today(), "amount": 20}
		for rows in (
			[{**today_, "amount": 121}],
			[today_] * 7,
			[{"amount": 20}],
			[{"came_on": today()}],
			[{**today_, "amount": -20}],
			[{**today_, "came_on": "2001-01-01"}],
			[today_, {**today_, "came_on": frappe.utils.add_days(today(), 1)}],
			[{**today_, "hours": -1}],
			[{**today_, "hours": 201}],
		):
			with self.subTest(str(rows)), self.assertRaises(frappe.ValidationError):
				with self.as_user(factories.staff(roles.FINANCE_OFFICER)):
					frappe.get_doc(TOTAL, self.doc.name).update({"recent": rows}).save()

	def test_miles_are_of_one_year(self):
		for miles in (-1, 50001, 9.95):
			with self.subTest(miles), self.assertRaises(frappe.ValidationError):
				with self.as_user(factories.staff(roles.FINANCE_OFFICER)):
					frappe.get_doc(TOTAL, self.doc.name).update({"miles_bicycle": miles}).save()

	def test_any_day_of_the_year_stands_for_it(self):
		self.assertEqual(self.doc.year_start, tax_year(today()).start)

	def test_only_what_somebody_else_approved_counts(self):
		self.assertEqual(self.counted(), (0, 0))
		with self.assertRaises(StepNotPermitted):
			self.take("Approve", self.doc.owner)
		doc = self.approve()
		self.assertEqual(
			(doc.status, doc.approved_by), ("Approved", factories.staff(roles.FINANCE_AUTHORISER))
		)
		self.assertEqual(self.counted(), (120, 30))

	def test_who_changed_the_figures_does_not_approve_them(self):
		second = factories.another(roles.FINANCE_OFFICER)
		with self.as_user(second):
			doc = frappe.get_doc(TOTAL, self.doc.name)
			doc.amount_time = 900
			doc.save()
		with self.assertRaises(StepNotPermitted):
			self.take("Approve", second)

	def test_nobody_outside_finance_approves(self):
		for user in (
			factories.staff(roles.MANAGER),
			factories.staff(roles.BUDGET_HOLDER),
			factories.user(),
			self.person.user,
			"Guest",
		):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.take("Approve", user)
		self.assertEqual(frappe.db.get_value(TOTAL, self.doc.name, "status"), "Draft")

	def test_nobody_approves_their_own(self):
		factories.signs_in_as(self.person, factories.another(roles.FINANCE_AUTHORISER))
		with self.assertRaisesRegex(StepNotPermitted, "your own payments"):
			self.take("Approve", self.person.user)

	def test_what_was_approved_never_changes(self):
		self.approve()
		with self.as_user(factories.staff(roles.FINANCE_OFFICER)):
			for values in (
				{"amount_time": 9999},
				{"amount_expenses": 0},
				{"year_start": "2020-05-01"},
				{"participant": factories.participant().name},
				{"source": "Somewhere else"},
				{"recent": [{"came_on": today(), "amount": 20}]},
				{"miles_car": 12},
			):
				with self.subTest(**values), self.assertRaises(TransitionError):
					frappe.get_doc(TOTAL, self.doc.name).update(values).save()
		self.assertEqual(self.counted(), (120, 30))

	def test_no_figure_rides_along_with_a_decision(self):
		with self.assertRaises(TransitionError):
			self.take("Approve", factories.staff(roles.FINANCE_AUTHORISER), amount_time=9999)
		self.approve()
		with self.assertRaises(TransitionError):
			self.take("Withdraw", factories.staff(roles.FINANCE_OFFICER), note="Wrong", amount_time=1)
		self.assertEqual(self.counted(), (120, 30))

	def test_withdrawn_with_a_reason_it_no_longer_counts(self):
		self.approve()
		officer = factories.staff(roles.FINANCE_OFFICER)
		with self.assertRaises(TransitionError):
			self.take("Withdraw", officer)
		self.take("Withdraw", officer, note="Counted twice in the old ledger")
		self.assertEqual(self.counted(), (0, 0))
		factories.payment_opening_total(self.person)

	def test_one_for_each_person_and_year(self):
		with self.assertRaisesRegex(frappe.UniqueValidationError, f"{self.doc.name} is there"):
			factories.payment_opening_total(self.person)

	def test_one_also_beside_that_of_a_record_that_was_merged(self):
		kept = factories.participant()
		own = factories.payment_opening_total(kept)
		factories.participant_merge(kept, self.person)
		for one, other in ((own, self.doc), (self.doc, own)):
			one.reload()
			with (
				self.as_user(factories.staff(roles.FINANCE_AUTHORISER)),
				self.assertRaisesRegex(frappe.UniqueValidationError, f"{other.name} is there.*Withdraw one"),
			):
				lifecycle.apply(one, "Approve")
		self.take("Withdraw", factories.staff(roles.FINANCE_OFFICER), note="Written twice")
		with self.as_user(factories.staff(roles.FINANCE_AUTHORISER)):
			own.reload()
			self.assertEqual(lifecycle.apply(own, "Approve").status, "Approved")
		with self.assertRaises(frappe.UniqueValidationError):
			factories.payment_opening_total(kept)

	def test_figures_that_say_nothing(self):
		for values in (
			{"amount_time": 0, "amount_expenses": 0},
			{"amount_time": -1},
			{"amount_time": 10, "amount_expenses": -5},
			{"year_start": "2099-05-01"},
		):
			with self.subTest(**values), self.assertRaises(frappe.ValidationError):
				factories.payment_opening_total(factories.participant(), **values)

	def test_it_is_in_the_annual_totals_and_in_the_letter(self):
		self.approve()
		with self.as_user(factories.staff(roles.FINANCE_OFFICER)):
			lines = {row["participant"]: row for row in annual.execute({"day": today()})[1]}
		line = lines[self.person.name]
		self.assertEqual((line["before_time"], line["before_expenses"], line["time"]), (120, 30, 0))
		self.assertIn("£120.00", benefit_letters.html(self.person.name))
