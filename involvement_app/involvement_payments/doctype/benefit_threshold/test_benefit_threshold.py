import frappe
from frappe.utils import add_days, add_months, today

from involvement_app.involvement_payments import thresholds
from involvement_app.involvement_payments.report.benefit_figures_to_check import (
	benefit_figures_to_check as report,
)
from involvement_app.setup import masters, roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

DOCTYPE = "Benefit Threshold"


class TestBenefitThreshold(IntegrationTestCase):
	def test_who_reads_and_writes_it(self):
		doc = factories.benefit_threshold()
		for user, reads, writes in (
			(factories.staff(roles.MANAGER), True, True),
			(factories.staff(roles.COORDINATOR), True, False),
			(factories.staff(roles.FINANCE_OFFICER), True, False),
			(factories.staff(roles.OWNER), False, False),
			(factories.user("Sales User"), False, False),
			(factories.staff(factories.PORTAL), False, False),
			("Guest", False, False),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(frappe.has_permission(DOCTYPE, "read", doc.name), reads)
				self.assertEqual(frappe.has_permission(DOCTYPE, "write", doc.name), writes)

	def test_what_makes_no_sense_is_refused(self):
		first = factories.benefit_threshold(code="a-code")
		for values, words in (
			({"code": first.code, "valid_from": "2027-04-06"}, "End that one first"),
			({"figure": 0}, "Figure"),
			({"figure": 101, "unit": "Per cent"}, "Figure"),
			({"valid_to": "2026-04-05"}, "Valid to"),
			({"checked_on": add_days(today(), 1)}, "Checked on"),
		):
			with self.subTest(words), self.assertRaisesRegex(frappe.ValidationError, words):
				factories.benefit_threshold(**values)

	def test_figures_come_with_their_source_and_none_twice(self):
		for _again in range(2):
			masters.benefit_figures()
		rows = frappe.get_all(DOCTYPE, {"code": ["in", [row["code"] for row in masters.FIGURES]]}, ["source"])
		self.assertEqual(len(rows), len(masters.FIGURES))
		self.assertTrue(all(row.source for row in rows))

	def test_the_report_names_what_is_stale_and_why(self):
		frappe.db.delete(DOCTYPE)
		good = factories.benefit_threshold()
		long_ago = add_months(today(), -13)
		for values, why in (
			({"valid_to": add_days(today(), -1)}, "has ended"),
			({"checked_on": None}, "never checked"),
			({"checked_on": long_ago}, "not checked for a year"),
		):
			with self.subTest(why):
				doc = factories.benefit_threshold(**values)
				with self.as_user(factories.staff(roles.MANAGER)):
					rows = {row["code"]: row["why"] for row in report.execute()[1]}
				self.assertIn(why, rows[doc.code])
				self.assertNotIn(good.code, rows)
		follows = factories.benefit_threshold(code="followed", valid_to=add_days(today(), -1))
		factories.benefit_threshold(code=follows.code, valid_from=today())
		self.assertNotIn(follows.code, {row.code for row in thresholds.stale()})
