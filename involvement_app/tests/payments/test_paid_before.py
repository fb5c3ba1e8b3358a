"""What somebody had before this system was used still counts to limits of that week or month (issue 7, opening totals)."""

import frappe
from frappe.utils import add_days, add_to_date, getdate, now_datetime, today

from involvement_app import lifecycle, periods
from involvement_app.involvement_app import caps, paid_before, preferences, rates
from involvement_app.involvement_payments import own_limits
from involvement_app.involvement_payments.report.near_their_limits import near_their_limits
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay


class TestPaidBefore(pay.PaymentTestCase):
	"""£45 for three hours came today, before anything was paid here."""

	def made_once(self):
		super().made_once()
		self.person = factories.participant()
		weekday = preferences.WEEKDAYS[getdate(today()).weekday()]
		factories.preference(
			self.person, own_payment_cap=60, cap_period="Week", cap_weekday=weekday, spread_payments=1
		)

	def opening(self, approved: bool = True, amount=45, more=()):
		recent = [{"amount": amount, "came_on": today(), "hours": 3}, *more]
		doc = factories.payment_opening_total(self.person, recent=recent)
		if approved:
			with self.as_user(factories.staff(roles.FINANCE_AUTHORISER)):
				lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Approve")
		return doc

	def set(self, **values):
		for fieldname, value in {"limit_period": "Month", "limit_action": "Block", **values}.items():
			frappe.db.set_single_value("Involvement Settings", fieldname, value)
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.addCleanup(frappe.clear_document_cache, "Involvement Settings", "Involvement Settings")

	def test_a_yes_is_held_against_their_own_limit(self):
		self.assertIsNone(preferences.over_their_limit(self.person.name, 16, today()))
		self.opening()
		self.assertIsNone(preferences.over_their_limit(self.person.name, 15, today()))
		self.assertEqual(preferences.over_their_limit(self.person.name, 16, today()).promised, "£45.00")
		self.assertIsNone(preferences.over_their_limit(self.person.name, 16, add_days(today(), 7)))

	def test_several_payments_count_each_in_its_own_week(self):
		last_week = add_days(today(), -7)
		if periods.tax_year(last_week) != periods.tax_year(today()):
			self.skipTest("a week ago was another tax year")
		self.opening(more=[{"amount": 10, "came_on": last_week}, {"amount": 5, "came_on": today()}])
		self.assertIsNone(preferences.over_their_limit(self.person.name, 10, today()))
		self.assertEqual(preferences.over_their_limit(self.person.name, 11, today()).promised, "£50.00")
		self.assertIsNone(preferences.over_their_limit(self.person.name, 50, last_week))
		self.assertTrue(preferences.over_their_limit(self.person.name, 51, last_week))
		self.assertEqual(len(paid_before.of(self.person.name)), 3)

	def test_a_batch_too(self):
		payment = pay.approved(self.person)
		self.opening()
		with self.assertRaises(own_limits.OverTheirOwnLimit):
			pay.take(pay.batch(payment), "Lock")

	def test_what_nobody_approved_counts_nowhere(self):
		self.opening(approved=False)
		self.assertEqual(paid_before.of(self.person.name), [])

	def test_the_organisation_s_limits(self):
		offer = frappe._dict(offered_amount=30, rate_basis=rates.SESSION, rate_amount=30)
		start = now_datetime()
		date = frappe._dict(starts_on=start, ends_on=add_to_date(start, hours=2), status="Planned", there={})
		self.opening()
		for values in ({"limit_money": 74}, {"limit_hours": 4.5}, {"limit_count": 1}):
			# the money comes on the day itself, as that of before
			self.set(payment_working_days=0, **dict.fromkeys(caps.FIELDS, 0) | values)
			with self.subTest(**values):
				for person, said in ((factories.participant(), 0), (self.person, 1)):
					found = caps.beyond(person.name, offer, "Full", None, [date])
					self.assertEqual(len(found), said, found)

	def test_an_earlier_record_s_counts_as_the_person_s(self):
		self.opening()
		other = factories.participant()
		frappe.db.set_value(self.person.doctype, self.person.name, "merged_into", other.name)
		self.assertEqual([came.amount for came in paid_before.of(other.name)], [45])

	def test_managers_see_who_is_near(self):
		self.opening(amount=55)
		with self.as_user(factories.staff(roles.MANAGER)):
			rows = near_their_limits.execute({"day": today()})[1]
		(row,) = [row for row in rows if row["participant"] == self.person.name and row["what"] == "Pounds"]
		self.assertEqual((row["planned"], row["limit"]), (55, 60))
