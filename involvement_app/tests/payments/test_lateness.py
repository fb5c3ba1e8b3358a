"""Payments that are due, late, or late twice (domain 1.3 no. 5; 4.10)."""

import json

import frappe
from frappe.desk.doctype.number_card.number_card import get_result
from frappe.utils import add_days, getdate, today

from involvement_app.involvement_app import to_do
from involvement_app.involvement_payments import benefit_letters, health, lateness
from involvement_app.involvement_payments.claims import dates
from involvement_app.patches.v1_0 import promised_expenses
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.working_days import working_days_between

PAYMENT = pay.PAYMENT


def told(template: str) -> set:
	return set(frappe.get_all("Involvement Message", {"template": template}, pluck="recipient"))


def first_day(day) -> int:
	"""Of a month of somebody's own in which `day` and the day after it both lie, whatever day it is."""
	return min(day.day, 28)


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

	def without_holder(self, doc, holder: str | None = None):
		"""`doc`, of a unit whose budget holder is `holder`."""
		unit = factories.unit()
		frappe.db.set_value("Involvement Unit", unit, "budget_holder", holder)
		return frappe.db.set_value(doc.doctype, doc.name, {"unit": unit, "due_on": add_days(today(), 1)})

	def test_where_nobody_holds_it_managers_hear(self):
		"""Issue 7: escalation. Nothing waits unseen because a unit has nobody who decides on money."""
		gone, own = factories.user(roles.BUDGET_HOLDER), factories.user(roles.BUDGET_HOLDER)
		frappe.db.set_value("User", gone, "enabled", 0)
		of_their_own = pay.checked()
		frappe.db.set_value("Involvement Participant", of_their_own.participant, "user", own)
		for doc, holder, what in (
			(pay.checked(), None, "payments"),
			(pay.checked(), gone, "payments"),
			(pay.checked(), factories.staff(roles.COORDINATOR), "payments"),
			(of_their_own, own, "payments"),
			(pay.checked_claim(), None, "expenses"),
		):
			with self.subTest(holder=holder, what=what):
				frappe.db.delete("Involvement Message")
				self.without_holder(doc, holder)
				frappe.db.set_value(PAYMENT, {"name": ["!=", doc.name]}, "due_on", None)
				lateness.remind()
				lateness.remind()
				rows = frappe.get_all(
					"Involvement Message",
					{"template": f"Involvement {what} due (staff)"},
					["recipient", "body"],
				)
				self.assertNotIn(holder, [row.recipient for row in rows])
				(said,) = (row.body for row in rows if row.recipient == self.manager)
				self.assertIn(doc.name, said)
				self.assertIn("nobody", said)
				self.assertTrue(frappe.db.get_value(doc.doctype, doc.name, "reminded_on"))

	def test_nothing_is_noted_as_told_where_nobody_was(self):
		payment = pay.checked()
		self.without_holder(payment)
		managers = frappe.get_all("Has Role", {"role": roles.MANAGER, "parenttype": "User"}, pluck="parent")
		frappe.db.set_value("User", {"name": ["in", managers]}, "enabled", 0)
		lateness.remind()
		frappe.db.set_value(PAYMENT, payment.name, "due_on", add_days(today(), -1))
		lateness.remind()
		noted = frappe.db.get_value(PAYMENT, payment.name, ["reminded_on", "escalated_on"])
		self.assertEqual(noted, (None, None))
		frappe.db.set_value("User", self.manager, "enabled", 1)
		lateness.remind()
		noted = frappe.db.get_value(PAYMENT, payment.name, ["reminded_on", "escalated_on"])
		self.assertEqual(noted, (getdate(today()), getdate(today())))

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

	def test_nor_in_the_card_on_the_list_or_on_the_health_page(self):
		"""One filter everywhere: the card, “To do today” and the health page say what managers are told of."""
		late = self.put(pay.approved(), due_on=add_days(today(), -1))
		wished = self.put(pay.approved(), due_on=add_days(today(), -1), not_before=add_days(today(), 9))
		over = self.put(pay.approved(), due_on=add_days(today(), -1), not_before=today())
		self.assertEqual(lateness.overdue(), 2)
		self.assertIn("2 payments", health.late().says)
		with self.as_user(self.manager):
			self.assertEqual(self.card("Payments overdue"), 2)
			seen = {row["name"] for row in to_do.rows()["rows"] if row["kind"] == "late"}
		self.assertEqual(seen & {late.name, wished.name, over.name}, {late.name, over.name})

	def card(self, name: str) -> int:
		card = frappe.get_doc("Number Card", name)
		filters = [
			*json.loads(card.filters_json),
			*(
				# the desk works each of them out as a script: a plain word stops the whole card
				[*row[:3], {"frappe.datetime.get_today()": today()}[row[3]]]
				for row in json.loads(card.dynamic_filters_json)
			),
		]
		return get_result(card.as_json(), json.dumps(filters))

	def late_claim(self, status: str = "Submitted", days: int = 11, **values):
		"""Claimed `days` working days ago: the promise is ten."""
		frappe.db.delete("Involvement Expense Claim")
		claim = pay.claimed(**values)
		coordinator = factories.staff(roles.COORDINATOR)
		if status == "Checked":
			pay.take_claim(claim, "Check", coordinator)
		elif status == "Returned":
			pay.take_claim(claim, "Return", coordinator, note="Which bus?")
		day = getdate(today())
		while working_days_between(day, today()) < days:
			day = add_days(day, -1)
		frappe.db.set_value(claim.doctype, claim.name, "claimed_on", day)  # test set-up
		frappe.db.set_value(claim.doctype, claim.name, "due_on", dates.promised_for(day))
		frappe.db.delete("Involvement Message")
		return claim

	def test_expenses_that_nobody_has_decided_on_are_late_too(self):
		"""Issue 7: escalation against the payment promise. A claim has no payment before it is approved."""
		holder, coordinator = pay.budget_holder(), factories.staff(roles.COORDINATOR)
		for status, holds, kind in (
			("Submitted", coordinator, "expenses-to-check"),
			("Checked", holder, "expenses-to-approve"),
			("Returned", coordinator, "expenses-returned"),
		):
			with self.subTest(status):
				claim = self.late_claim(status)
				lateness.remind()
				lateness.remind()
				self.assertIn(holds, told("Involvement expenses due (staff)"))
				rows = frappe.get_all(
					"Involvement Message",
					{"template": "Involvement expenses late (staff)", "recipient": self.manager},
					["body"],
				)
				self.assertEqual(len(rows), 1)
				self.assertIn(claim.name, rows[0].body)
				self.assertNotIn(claim.participant, rows[0].body)
				self.assertEqual(
					frappe.db.get_value(claim.doctype, claim.name, "escalated_on"), getdate(today())
				)
				self.assertEqual(lateness.overdue(lateness.CLAIMS), 1)
				self.assertIn("1 claims of expenses", health.late().says)
				for user, its_kind in ((holds, kind), (self.manager, "late-expenses")):
					with self.as_user(user):
						found = [row["name"] for row in to_do.rows()["rows"] if row["kind"] == its_kind]
						self.assertEqual(found, [claim.name])
				with self.as_user(self.manager):
					self.assertEqual(self.card("Expenses overdue"), 1)

	def test_expenses_within_the_promise_are_not(self):
		claim = self.late_claim(days=5)
		lateness.remind()
		self.assertEqual(frappe.db.count("Involvement Message"), 0)
		with self.as_user(self.manager):
			self.assertEqual(self.card("Expenses overdue"), 0)
			self.assertNotIn(claim.name, [row["name"] for row in to_do.rows()["rows"]])
		self.assertEqual(lateness.overdue(lateness.CLAIMS), 0)

	def test_what_was_promised_goes_along_to_the_payment(self):
		claim = pay.claimed()
		self.assertEqual(getdate(claim.due_on), dates.promised_for(today()))
		frappe.db.set_value(claim.doctype, claim.name, "due_on", add_days(today(), 3))
		pay.take_claim(claim, "Check", factories.staff(roles.COORDINATOR))
		payment = pay.payment_of(pay.approve_claim(claim))
		self.assertEqual(getdate(payment.due_on), getdate(add_days(today(), 3)))

	def test_claims_of_before_get_the_day_they_were_promised_for(self):
		claim = self.late_claim()
		frappe.db.set_value(claim.doctype, claim.name, "due_on", None)
		promised_expenses.execute()
		self.assertEqual(
			frappe.db.get_value(claim.doctype, claim.name, "due_on"),
			dates.promised_for(frappe.db.get_value(claim.doctype, claim.name, "claimed_on")),
		)

	def two_late(self, first: str, second: str, month_day: int, **values):
		"""The second of them; both are promised in one month of the person's where it begins on `month_day`."""
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
		two = self.two_late(day, add_days(day, 1), first_day(day))
		lateness.look_for_two()
		lateness.look_for_two()
		rows = frappe.get_all(
			"Involvement Message",
			{"template": "Involvement payments late twice (staff)", "recipient": self.manager},
			["body"],
		)
		self.assertEqual(len(rows), 1)
		self.assertIn(two.name, rows[0].body)
		self.assertIn(two.name, self.listed("late-twice"))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertNotIn("late-twice", [row["kind"] for row in to_do.rows()["rows"]])

	def listed(self, kind: str) -> set[str]:
		with self.as_user(self.manager):
			return {row["name"] for row in to_do.rows()["rows"] if row["kind"] == kind}

	def test_the_alert_stands_until_both_are_paid(self):
		"""Issue 7: two late payments in one assessment month raise an alert, whichever of them is paid first."""
		day = getdate(add_days(today(), -10))
		for first_paid in (0, 1):
			with self.subTest(first_paid):
				frappe.db.delete(PAYMENT)
				self.two_late(day, add_days(day, 1), first_day(day))
				lateness.look_for_two()
				both = frappe.get_all(PAYMENT, order_by="due_on", pluck="name")
				self.assertEqual(self.listed("late-twice"), set(both))
				paid = both.pop(first_paid)
				frappe.db.set_value(PAYMENT, paid, {"status": "Paid", "paid_on": today()})
				lateness.look_for_two()
				self.assertEqual(self.listed("late-twice"), set(both))
				frappe.db.set_value(PAYMENT, both[0], {"status": "Paid", "paid_on": today()})
				self.assertEqual(self.listed("late-twice"), set())

	def test_one_on_each_side_of_their_month_do_not(self):
		second = getdate(add_days(today(), -10))
		if second.day > 28:
			second = second.replace(day=28)
		self.two_late(add_days(second, -1), second, second.day)
		lateness.look_for_two()
		self.assertEqual(told("Involvement payments late twice (staff)"), set())

	def test_paid_late_counts_and_paid_in_time_does_not(self):
		day = getdate(add_days(today(), -10))
		start = first_day(day)
		self.two_late(day, add_days(day, 1), start, status="Paid", paid_on=day)
		lateness.look_for_two()
		self.assertEqual(told("Involvement payments late twice (staff)"), set())
		self.two_late(day, add_days(day, 1), start, status="Paid", paid_on=add_days(day, 5))
		lateness.look_for_two()
		self.assertIn(self.manager, told("Involvement payments late twice (staff)"))

	def test_what_waited_by_their_wish_counts_once_that_day_has_gone_by(self):
		day = getdate(add_days(today(), -20))
		start = first_day(day)
		self.two_late(day, add_days(day, 1), start, not_before=add_days(today(), 1))
		lateness.look_for_two()
		self.assertEqual(told("Involvement payments late twice (staff)"), set())
		self.two_late(day, add_days(day, 1), start, not_before=add_days(day, 10))
		lateness.look_for_two()
		self.assertIn(self.manager, told("Involvement payments late twice (staff)"))

	def test_a_letter_promises_no_day_that_has_gone_by_and_nothing_undecided(self):
		person = factories.participant()
		to_come, late = pay.approved(person), pay.approved(person)
		self.put(to_come, due_on=add_days(today(), 3), amount=31)
		self.put(late, due_on=add_days(today(), -3), amount=32)
		self.put(pay.checked(person), due_on=add_days(today(), 3), amount=33)
		letter = benefit_letters.html(person.name)
		self.assertIn(f"£31.00, by {frappe.utils.format_date(add_days(today(), 3), 'd MMMM yyyy')}", letter)
		self.assertIn("£32.00, later than planned", letter)
		self.assertNotIn("33.00", letter)

	def test_where_no_money_is_paid_nobody_is_told(self):
		self.put(pay.approved(), due_on=add_days(today(), -1))
		frappe.db.set_single_value("Involvement Settings", "finance_mode", "None")
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		before = frappe.db.count("Involvement Message")
		lateness.remind()
		lateness.look_for_two()
		self.assertEqual(frappe.db.count("Involvement Message"), before)
