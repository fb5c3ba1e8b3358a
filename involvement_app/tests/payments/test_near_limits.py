"""Report “Near their limits” (domain 1.3 no. 2, 4.6): who has four fifths of a limit, by code, for finance and managers."""

import frappe
from frappe.utils import add_days, today

from involvement_app.involvement_app import preferences
from involvement_app.involvement_payments import corrections
from involvement_app.involvement_payments.report.near_their_limits import near_their_limits as near
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

SETTINGS = "Involvement Settings"


class TestNearTheirLimits(pay.PaymentTestCase):
	def made_once(self):
		super().made_once()
		self.payment = pay.approved()  # £30
		self.put(due_on=today(), not_before=None)
		self.organisation(limit_period="", limit_money=0, limit_hours=0, limit_count=0)

	def put(self, **values):
		frappe.db.set_value(pay.PAYMENT, self.payment.name, values, update_modified=False)  # test set-up

	def organisation(self, **values):
		frappe.db.set_single_value(SETTINGS, values)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		self.addCleanup(frappe.clear_document_cache, SETTINGS, SETTINGS)

	def own(self, amount: float):
		name = frappe.db.get_value(preferences.PREFERENCE, {"participant": self.payment.participant})
		values = {"own_payment_cap": amount, "cap_period": "Month", "cap_month_day": 1}
		if name:
			frappe.db.set_value(preferences.PREFERENCE, name, values)
			return
		frappe.get_doc(
			doctype=preferences.PREFERENCE, participant=self.payment.participant, **values
		).db_insert()

	def rows(self, user=None, **filters) -> list:
		with self.as_user(user or pay.officer()):
			rows = near.execute(filters)[1]
		return [(row["what"], row["share"]) for row in rows if row["participant"] == self.payment.participant]

	def test_four_fifths_of_ones_own_limit(self):
		self.own(37.50)
		self.assertEqual(self.rows(), [("Pounds", 80)])
		self.own(38)
		self.assertEqual(self.rows(), [])
		self.own(20)
		self.assertEqual(self.rows(), [("Pounds", 150)])

	def test_another_month_and_a_charity_do_not_count(self):
		self.own(30)
		self.put(due_on=add_days(today(), 70))
		self.assertEqual(self.rows(), [])
		self.assertEqual(self.rows(day=add_days(today(), 70)), [("Pounds", 100)])
		self.put(due_on=today(), payment_choice="Give to a charity")
		self.assertEqual(self.rows(), [])

	def test_what_is_taken_back_of_expenses_makes_no_room(self):
		self.own(30)
		person = frappe.get_doc("Involvement Participant", self.payment.participant)
		expenses = pay.payment_of(pay.approved_claim(factories.agreed(40), person=person))
		pay.take(pay.batch(expenses), "Lock", "Authorise", "Export", "Confirm")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			corrections.propose(expenses.name, 20, "The fare was less", "Phone")
		self.assertEqual(self.rows(), [("Pounds", 100)])

	def test_the_organisation_s_limits(self):
		self.put(session_on=today())
		self.organisation(limit_period="Month", limit_money=35, limit_hours=2, limit_count=2)
		self.assertEqual(self.rows(), [("Pounds", 86), ("Paid hours", 100)])

	def test_preparation_counts_as_hours_where_it_is_paid(self):
		self.put(session_on=today(), preparation_hours=2)
		self.organisation(limit_period="Month", limit_hours=2)
		for paid, share in ((0, 100), (1, 200)):
			frappe.db.set_value("Involvement Engagement", self.payment.engagement, "preparation_paid", paid)
			self.assertEqual(self.rows(), [("Paid hours", share)])

	def test_a_unit_picks_whom(self):
		self.own(30)
		self.assertEqual(self.rows(unit=self.payment.unit), [("Pounds", 100)])
		self.assertEqual(self.rows(unit=factories.unit()), [])

	def test_finance_and_managers_alone(self):
		self.own(30)
		for role in (roles.MANAGER, roles.FINANCE_OFFICER, roles.FINANCE_AUTHORISER):
			self.assertTrue(self.rows(factories.staff(role)), role)
		for user in (
			factories.staff(roles.COORDINATOR),
			pay.budget_holder(),
			factories.user(),
			factories.participant(portal=True).user,
			"Guest",
		):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				near.execute({})

	def test_a_reader_of_other_units_sees_nobody(self):
		self.own(30)
		officer = factories.user(roles.FINANCE_OFFICER)
		frappe.get_doc(
			doctype="User Permission", user=officer, allow="Involvement Unit", for_value=factories.unit()
		).insert()
		self.assertEqual(self.rows(officer), [])

	def test_where_no_money_is_paid_it_is_empty(self):
		self.own(30)
		self.organisation(finance_mode="None")
		self.assertEqual(self.rows(), [])
