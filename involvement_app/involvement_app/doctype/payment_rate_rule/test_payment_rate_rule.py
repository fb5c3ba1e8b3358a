import frappe
from frappe.utils import add_days, today

from involvement_app import lifecycle
from involvement_app.involvement_app import rates
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.patches.v1_0 import approved_rates
from involvement_app.setup import masters, roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

RULE = "Payment Rate Rule"


class RuleTestCase(IntegrationTestCase):
	def write(self, by: str | None = None, **values):
		values = {
			"rule_name": frappe.generate_hash(length=10),
			"basis": "Per hour",
			"amount": 15,
			"valid_from": "2026-04-06",
			"source": "Agreed by the trustees",
			"role_level": frappe.generate_hash(length=8),
			**values,
		}
		with self.as_user(by or factories.staff(roles.MANAGER)):
			return frappe.get_doc({"doctype": RULE, **values}).insert()

	def approve(self, doc, by: str | None = None):
		with self.as_user(by or factories.another(roles.MANAGER)):
			return lifecycle.apply(frappe.get_doc(RULE, doc.name), "Approve")


class TestApproval(RuleTestCase):
	def test_somebody_other_than_the_author_approves(self):
		doc = self.write()
		with self.assertRaises(StepNotPermitted):
			self.approve(doc, by=doc.owner)
		doc = self.approve(doc)
		self.assertEqual(doc.status, "Approved")
		self.assertNotEqual(doc.approved_by, doc.owner)

	def test_nor_who_changed_it_last(self):
		doc, second = self.write(), factories.another(roles.MANAGER)
		with self.as_user(second):
			changed = frappe.get_doc(RULE, doc.name)
			changed.amount = 16
			changed.save()
		with self.assertRaises(StepNotPermitted):
			self.approve(doc, by=second)

	def test_nor_who_changed_it_while_it_was_switched_off(self):
		"""An example that comes with the app, and a rate that was approved: both are open to editing there."""
		manager = factories.another(roles.MANAGER)
		approved = self.approve(self.write())
		lifecycle.apply(approved, "Switch off")
		for name in (factories.rate_rule(status="Switched off"), approved.name):
			with self.subTest(name), self.as_user(manager):
				changed = frappe.get_doc(RULE, name)
				changed.amount = 99
				changed.save()
				lifecycle.apply(changed, "Use it again")
				with self.assertRaises(StepNotPermitted):
					self.approve(changed, by=manager)
				self.assertEqual(frappe.db.get_value(RULE, name, "status"), "Draft")
			self.assertEqual(self.approve(changed, by=factories.user(roles.MANAGER)).amount, 99)

	def test_managers_alone(self):
		doc = self.write()
		for user in (
			factories.staff(roles.COORDINATOR),
			factories.staff(roles.OWNER),
			factories.staff(roles.FINANCE_OFFICER),
			factories.user("System Manager"),
			factories.user("Sales User"),
			factories.staff(factories.PORTAL),
			"Guest",
		):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.approve(doc, by=user)
		self.assertEqual(frappe.db.get_value(RULE, doc.name, "status"), "Draft")

	def test_what_was_approved_stays(self):
		doc = self.approve(self.write())
		with self.as_user(factories.staff(roles.MANAGER)):
			for values in ({"amount": 99}, {"unit": factories.unit()}, {"valid_from": "2020-01-01"}):
				with self.subTest(**values), self.assertRaises(TransitionError):
					frappe.get_doc(RULE, doc.name).update(values).save()
			ended = frappe.get_doc(RULE, doc.name)
			ended.valid_to = "2027-04-05"
			ended.save()
			ended.valid_to = "2028-04-05"
			with self.assertRaisesRegex(TransitionError, "not later"):
				ended.save()

	def test_a_forged_approval_is_put_back(self):
		doc = self.write()
		with self.as_user(factories.staff(roles.MANAGER)):
			forged = frappe.get_doc(RULE, doc.name)
			forged.approved_by = "Administrator"
			forged.save()
			self.assertIsNone(forged.approved_by)
			forged.status = "Approved"
			with self.assertRaises(StepNotPermitted):
				forged.save()

	def test_no_two_count_on_the_same_day(self):
		values = {"role_level": "Chair", "unit": factories.unit()}
		first = self.approve(self.write(valid_to="2027-04-05", **values))
		later = self.write(valid_from="2027-04-05", **values)
		with self.assertRaisesRegex(TransitionError, first.name):
			self.approve(later)
		frappe.db.set_value(RULE, later.name, "valid_from", "2027-04-06")
		self.approve(later)
		# another level, basis or unit is another matter
		for other in ({"role_level": "Member"}, {"basis": "Flat per session"}, {"unit": factories.unit()}):
			self.approve(self.write(**{**values, **other}))
		self.assertEqual(rates.follows(first.name, "2027-04-05"), first.name)
		self.assertEqual(rates.follows(first.name, "2027-04-06"), later.name)
		self.assertIsNone(rates.follows(first.name, "2026-04-05"))


class TestFigures(RuleTestCase):
	def test_each_basis_needs_its_own(self):
		for values, words in (
			({"amount": 0}, "Amount"),
			({"basis": "Half or full day", "amount": 100, "half_day_hours": 4}, "half a day"),
			({"basis": "Half or full day", "half_day_amount": 16, "half_day_hours": 4}, "half a day"),
			({"basis": "Half or full day", "half_day_amount": 9}, "Half a day is up to"),
			({"basis": "Per block of hours"}, "Hours of a block"),
			({"basis": "Per block of hours", "block_hours": -3}, "Hours of a block"),
			({"minimum_hours": 25}, "Minimum hours"),
			({"valid_to": "2026-04-05"}, "Valid to"),
		):
			with self.subTest(**values), self.assertRaisesRegex(frappe.ValidationError, words):
				self.write(**values)


class TestWhereItCounts(RuleTestCase):
	def test_an_opportunity_is_handed_in_at_a_rate_that_counts(self):
		ended = factories.rate_rule(valid_to=add_days(today(), 5))
		for rule, words in (
			(factories.rate_rule(status="Draft"), "not approved yet"),
			(factories.rate_rule(status="Switched off"), "not approved yet"),
			(factories.rate_rule(unit=factories.unit()), "is for .* alone"),
			(ended, "does not count on"),
		):
			with self.subTest(words), self.assertRaisesRegex(TransitionError, words):
				factories.opportunity("Submitted", rate_rule=rule)

	def test_one_that_follows_is_named(self):
		ended = factories.rate_rule(role_level="Member, leaflets", valid_to=add_days(today(), 5))
		then = factories.rate_rule(role_level="Member, leaflets", valid_from=add_days(today(), 6))
		with self.assertRaisesRegex(TransitionError, then):
			factories.opportunity("Submitted", rate_rule=ended)

	def test_a_unit_stands_for_those_under_it(self):
		top = factories.unit(is_group=1)
		below = factories.unit(parent=top)
		rule = factories.rate_rule(unit=top)
		self.assertEqual(factories.opportunity("Submitted", unit=below, rate_rule=rule).status, "Submitted")


class TestComing(RuleTestCase):
	def test_examples_come_switched_off_with_their_source(self):
		masters.payment_schemes()
		rows = frappe.get_all(RULE, {"name": ["like", "Example: %"]}, ["status", "source"])
		self.assertEqual(len(rows), len(masters.SCHEMES))
		self.assertEqual({row.status for row in rows}, {"Switched off"})
		self.assertTrue(all(row.source for row in rows))

	def test_rates_of_an_earlier_release_keep_their_meaning(self):
		names = [factories.rate_rule(status="Draft", role_level=None, basis="Per task") for _each in range(2)]
		factories.engagement(factories.opportunity("Published"), factories.participant())
		frappe.db.set_value("Involvement Engagement", {"name": ["!=", ""]}, "payment_route", None)
		for _again in range(2):
			approved_rates.execute()
			rows = frappe.get_all(RULE, {"name": ["in", names]}, ["name", "status", "role_level"])
			self.assertEqual({row.status for row in rows}, {"Approved"})
			self.assertEqual({row.role_level for row in rows}, {None, names[1]})
		self.assertEqual(set(frappe.get_all("Involvement Engagement", pluck="payment_route")), {"Gross"})
