import re

import frappe
from frappe.utils import get_fullname

from involvement_app.lifecycle import StepNotPermitted
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.compat import IntegrationTestCase

LIMIT = "Approval Limit"


class TestTheRow(IntegrationTestCase):
	def test_who_reads_and_writes_it(self):
		doc = factories.approval_limit()
		for user, reads, writes in (
			(factories.staff(roles.MANAGER), True, True),
			(factories.staff(roles.BUDGET_HOLDER), True, False),
			(factories.staff(roles.FINANCE_OFFICER), True, False),
			(factories.staff(roles.FINANCE_AUTHORISER), True, False),
			(factories.staff(roles.COORDINATOR), False, False),
			(factories.user("Sales User"), False, False),
			(factories.staff(factories.PORTAL), False, False),
			("Guest", False, False),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(frappe.has_permission(LIMIT, "read", doc.name), reads)
				self.assertEqual(frappe.has_permission(LIMIT, "write", doc.name), writes)

	def test_nobody_writes_their_own(self):
		both = factories.user(roles.MANAGER, roles.BUDGET_HOLDER)
		row = {"doctype": LIMIT, "role": roles.BUDGET_HOLDER, "up_to": 900, "user": both}
		with self.as_user(both), self.assertRaises(frappe.PermissionError):
			frappe.get_doc(row).insert()
		doc = factories.approval_limit(user=both)
		with self.as_user(both):
			for values in ({"up_to": 5000}, {"user": factories.staff(roles.BUDGET_HOLDER)}):
				with self.subTest(**values), self.assertRaises(frappe.PermissionError):
					frappe.get_doc(LIMIT, doc.name).update(values).save()

	def test_nor_one_for_everybody_that_holds_for_them_too(self):
		both = factories.user(roles.MANAGER, roles.BUDGET_HOLDER)
		doc = factories.approval_limit()
		other = {"doctype": LIMIT, "role": roles.BUDGET_HOLDER, "up_to": 900, "unit": factories.unit()}
		with self.as_user(both):
			for values in ({"up_to": 5000}, {"role": roles.FINANCE_AUTHORISER}):
				with self.subTest(**values), self.assertRaises(frappe.PermissionError):
					frappe.get_doc(LIMIT, doc.name).update(values).save()
			with self.assertRaises(frappe.PermissionError):
				frappe.get_doc(other).insert()
			frappe.get_doc({**other, "role": roles.FINANCE_AUTHORISER}).insert()
		with self.as_user(factories.staff(roles.MANAGER)):  # another does
			frappe.get_doc(LIMIT, doc.name).update({"up_to": 5000}).save()
		self.assertEqual(frappe.db.get_value(LIMIT, doc.name, "up_to"), 5000)

	def test_one_row_for_the_same_people_and_unit(self):
		factories.approval_limit(unit=(unit := factories.unit()))
		for values, words in (
			({"unit": unit}, "change that one"),
			({"up_to": 0}, "above £0.00"),
			({"user": factories.staff(roles.COORDINATOR)}, "is no"),
		):
			with self.subTest(words), self.assertRaisesRegex(frappe.ValidationError, words):
				factories.approval_limit(**values)


class TestApproving(pay.PaymentTestCase):
	"""Payments here are of £30."""

	def test_up_to_the_limit_and_not_beyond(self):
		payment = pay.checked()
		limit = factories.approval_limit(up_to=29.99)
		with self.assertRaisesRegex(StepNotPermitted, "Nobody's limit goes so far"):
			pay.approve(payment)
		frappe.db.set_value(LIMIT, limit.name, "up_to", 30)
		self.assertEqual(pay.approve(payment).status, "Approved")

	def test_of_a_claim_what_it_comes_to_is_asked_also_what_we_booked(self):
		"""Issue 7: Approval Limit rows. A claim with nothing to pay is decided on like every other."""
		claim = pay.checked_claim(factories.agreed(4000, paid_by="The organisation"))
		self.assertEqual((claim.to_pay, claim.total), (0, 4000))
		factories.approval_limit(up_to=100)
		with self.assertRaisesRegex(StepNotPermitted, "£4,000.00 is more than the £100.00"):
			pay.approve_claim(claim)
		other = factories.another(roles.BUDGET_HOLDER)
		factories.approval_limit(up_to=5000, user=other, unit=claim.unit)
		self.assertEqual(pay.approve_claim(claim, by=other).status, "Approved")

	def test_it_says_who_may_and_they_do(self):
		payment = pay.checked()
		other = factories.another(roles.BUDGET_HOLDER)
		with self.assertRaises(frappe.PermissionError):
			pay.approve(payment, by=other)
		factories.approval_limit(up_to=20)
		factories.approval_limit(up_to=200, user=other, unit=payment.unit)
		with self.assertRaisesRegex(StepNotPermitted, re.escape(f"{get_fullname(other)} may.")):
			pay.approve(payment)
		with self.as_user(other):
			self.assertIn(payment.name, frappe.get_list(pay.PAYMENT, pluck="name", limit=0))
		self.assertEqual(pay.approve(payment, by=other).approved_by, other)

	def test_who_is_named_decides_on_what_is_beyond_alone(self):
		payment, other = pay.checked(), factories.another(roles.BUDGET_HOLDER)
		factories.approval_limit(up_to=200, user=other, unit=payment.unit)
		with self.assertRaises(StepNotPermitted):  # its own budget holder has no limit
			pay.approve(payment, by=other)
		elsewhere = pay.checked(unit=factories.unit(budget_holder=pay.budget_holder()))
		factories.approval_limit(up_to=20)
		with self.assertRaises(frappe.PermissionError):
			pay.approve(elsewhere, by=other)

	def test_and_on_what_the_budget_holder_may_not(self):
		holder, other = pay.budget_holder(), factories.another(roles.BUDGET_HOLDER)
		led, theirs = pay.checked(), pay.checked()
		frappe.db.set_value("Involvement Session", led.session, "lead", holder)
		frappe.db.set_value("Involvement Participant", theirs.participant, "user", holder)
		claim = pay.checked_claim(person=frappe.get_doc("Involvement Participant", theirs.participant))
		for payment in (led, theirs):
			with self.assertRaises(StepNotPermitted):
				pay.approve(payment)
			with self.assertRaises(frappe.PermissionError):  # nobody has named them yet
				pay.approve(payment, by=other)
			factories.approval_limit(up_to=200, user=other, unit=payment.unit)
			self.assertEqual(pay.approve(payment, by=other).approved_by, other)
		with self.assertRaises(StepNotPermitted):
			pay.approve_claim(claim)
		factories.approval_limit(up_to=200, user=other, unit=claim.unit)
		self.assertEqual(pay.approve_claim(claim, by=other).approved_by, other)

	def test_a_row_that_names_somebody_goes_before_one_for_all(self):
		payment = pay.checked()
		factories.approval_limit(up_to=5)
		factories.approval_limit(up_to=50, user=pay.budget_holder())
		self.assertEqual(pay.approve(payment).status, "Approved")

	def test_a_batch_is_released_within_the_limit(self):
		batch = pay.take(pay.batch(pay.approved()), "Lock")
		limit = factories.approval_limit(roles.FINANCE_AUTHORISER, up_to=29)
		with self.assertRaises(StepNotPermitted):
			pay.take(batch, "Authorise")
		frappe.db.set_value(LIMIT, limit.name, "up_to", 30)
		self.assertEqual(pay.take(batch, "Authorise").status, "Authorised")
