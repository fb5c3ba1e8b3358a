"""Payments that are due, late, or late twice (domain 1.3 no. 5; 4.10)."""

import frappe
from frappe.utils import add_days, getdate, today

from involvement_app.involvement_app import to_do
from involvement_app.involvement_payments import lateness
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

PAYMENT = pay.PAYMENT


def told(template: str) -> set:
	return set(frappe.get_all("Involvement Message", {"template": template}, pluck="recipient"))


class TestLateness(pay.PaymentTestCase):
	def setUp(self):
		super().setUp()
		frappe.db.delete("Involvement Message")
		frappe.db.delete(PAYMENT)
		self.manager = factories.staff(roles.MANAGER)

	def put(self, payment, **values):
		frappe.db.set_value(PAYMENT, payment.name, values, update_modified=False)  # test set-up
		return payment

	def test_who_holds_it_hears_two_days_before_and_once(self):
		checked = self.put(pay.checked(), due_on=add_days(today(), 2))
		self.put(pay.approved(), due_on=add_days(today(), 1))
		self.put(pay.checked(), due_on=add_days(today(), 3))
		lateness.remind()
		heard = told("Involvement payments due (staff)")
		self.assertIn(frappe.db.get_value("Involvement Unit", checked.unit, "budget_holder"), heard)
		self.assertIn(pay.officer(), heard)
		self.assertNotIn(self.manager, heard)
		self.assertEqual(told("Involvement payments late (staff)"), set())
		count = frappe.db.count("Involvement Message")
		lateness.remind()
		self.assertEqual(frappe.db.count("Involvement Message"), count)

	def test_managers_hear_when_it_is_late_and_once(self):
		payment = self.put(pay.approved(), due_on=add_days(today(), -1))
		lateness.remind()
		lateness.remind()
		rows = frappe.get_all(
			"Involvement Message",
			{"template": "Involvement payments late (staff)", "recipient": self.manager},
			["body", "subject"],
		)
		self.assertEqual(len(rows), 1)
		self.assertIn(payment.name, rows[0].body)
		self.assertNotIn(payment.participant, rows[0].body)
		self.assertEqual(frappe.db.get_value(PAYMENT, payment.name, "escalated_on"), getdate(today()))

	def test_a_manager_of_other_units_hears_nothing(self):
		self.put(pay.approved(), due_on=add_days(today(), -1))
		other = factories.user(roles.MANAGER)
		factories.limit(other, factories.unit())
		lateness.remind()
		self.assertNotIn(other, told("Involvement payments late (staff)"))

	def test_what_waits_by_their_own_wish_is_not_late(self):
		self.put(pay.approved(), due_on=add_days(today(), -1), not_before=add_days(today(), 9))
		lateness.remind()
		self.assertEqual(told("Involvement payments late (staff)"), set())

	def two_late(self, first: str, second: str, month_day: int, **values):
		person = factories.participant()
		frappe.get_doc(
			doctype="Involvement Preference",
			participant=person.name,
			own_payment_cap=1000,
			cap_period="Month",
			cap_month_day=month_day,
			recorded_how="Phone",
		).insert(ignore_permissions=True)  # a factory
		one, two = pay.checked(person), pay.checked(person)
		self.put(one, due_on=first, **values)
		self.put(two, due_on=second, **values)
		return two

	def test_two_in_one_month_of_the_person_s_own_raise_an_alert_once(self):
		day = getdate(add_days(today(), -10))
		two = self.two_late(day, add_days(day, 1), day.day if day.day <= 28 else 1)
		lateness.look_for_two()
		lateness.look_for_two()
		rows = frappe.get_all(
			"Involvement Message",
			{"template": "Involvement payments late twice (staff)", "recipient": self.manager},
			["body"],
		)
		self.assertEqual(len(rows), 1)
		self.assertIn(two.name, rows[0].body)
		with self.as_user(self.manager):
			found = [row for row in to_do.rows()["rows"] if row["kind"] == "late-twice"]
		self.assertEqual([row["name"] for row in found], [two.name])
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertNotIn("late-twice", [row["kind"] for row in to_do.rows()["rows"]])

	def test_one_on_each_side_of_their_month_do_not(self):
		second = getdate(add_days(today(), -10))
		if second.day > 28:
			second = second.replace(day=28)
		self.two_late(add_days(second, -1), second, second.day)
		lateness.look_for_two()
		self.assertEqual(told("Involvement payments late twice (staff)"), set())

	def test_paid_late_counts_and_paid_in_time_does_not(self):
		day = getdate(add_days(today(), -10))
		start = day.day if day.day <= 28 else 1
		self.two_late(day, add_days(day, 1), start, status="Paid", paid_on=day)
		lateness.look_for_two()
		self.assertEqual(told("Involvement payments late twice (staff)"), set())
		self.two_late(day, add_days(day, 1), start, status="Paid", paid_on=add_days(day, 5))
		lateness.look_for_two()
		self.assertIn(self.manager, told("Involvement payments late twice (staff)"))

	def test_where_no_money_is_paid_nobody_is_told(self):
		self.put(pay.approved(), due_on=add_days(today(), -1))
		frappe.db.set_single_value("Involvement Settings", "finance_mode", "None")
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		before = frappe.db.count("Involvement Message")
		lateness.remind()
		lateness.look_for_two()
		self.assertEqual(frappe.db.count("Involvement Message"), before)
