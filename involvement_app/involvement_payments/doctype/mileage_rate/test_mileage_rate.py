from decimal import Decimal

import frappe
from frappe.utils import today
from hypothesis import example, given
from hypothesis import strategies as st

from involvement_app.involvement_payments import mileage
from involvement_app.involvement_payments.mileage import Miles, worth, worth_of_all
from involvement_app.money import total
from involvement_app.setup import masters, roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

CAR = {"per_mile": 0.45, "threshold_miles": 10000, "per_mile_after": 0.25, "per_passenger": 0.05}
journeys = st.lists(st.tuples(st.decimals("0.1", 1000, places=1), st.integers(0, 3)), min_size=1, max_size=40)


def in_turn(trips) -> list:
	"""What each is worth, one after another."""
	so_far, found = Miles(), []
	for miles, passengers in trips:
		found.append(worth(CAR, so_far, miles, passengers))
		so_far = so_far.plus(miles, passengers)
	return found


a_long_journey = st.integers(5000, 30000).map(lambda tenths: Decimal(tenths) / 10)


class TestWhatMilesAreWorth(IntegrationTestCase):
	def test_the_allowance_of_a_year_in_pounds(self):
		for miles, passengers, pounds in (
			(10, 0, "4.50"),
			(10, 2, "5.50"),
			(10000, 0, "4500.00"),
			(10001, 0, "4500.25"),
			(12000, 0, "5000.00"),
		):
			self.assertEqual(worth_of_all(CAR, Miles().plus(miles, passengers)), Decimal(pounds))

	def test_a_journey_that_crosses_the_threshold_is_cut_there(self):
		self.assertEqual(worth(CAR, Miles(Decimal(9990)), 20), Decimal("7.00"))
		self.assertEqual(worth(CAR, Miles(Decimal(10000)), 20), Decimal("5.00"))

	# long enough together that some journey crosses the threshold, and another one in another order
	@given(st.permutations(range(8)), st.lists(a_long_journey, min_size=8, max_size=8))
	@example([7, 6, 5, 4, 3, 2, 1, 0], [Decimal(number * 400) for number in range(1, 9)])
	def test_the_year_s_total_does_not_depend_on_the_order(self, order, miles):
		trips = [(each, number % 3) for number, each in enumerate(miles)]
		self.assertEqual(total(in_turn(trips)), total(in_turn([trips[at] for at in order])))

	@given(journeys)
	def test_nor_on_how_the_miles_are_cut(self, trips):
		whole = Miles()
		for miles, passengers in trips:
			whole = whole.plus(miles, passengers)
		worths = in_turn(trips)
		self.assertEqual(total(worths), worth_of_all(CAR, whole))
		self.assertTrue(all(each >= 0 for each in worths))

	@given(
		st.data(),
		st.lists(st.tuples(st.decimals("0.1", 4000, places=1), st.integers(0, 3)), min_size=2, max_size=9),
	)
	def test_nor_on_what_was_taken_back_in_between(self, data, trips):
		"""Approved one after another, some cancelled, the rest worked out anew each time: as if those had never been."""
		rows = [
			frappe._dict(
				number=number, mode="Car or van", spent_on=today(), miles=miles, passengers=passengers
			)
			for number, (miles, passengers) in enumerate(trips)
		]
		left = []
		for row in data.draw(st.permutations(rows)):
			left.append(row)
			if data.draw(st.booleans()):
				left.remove(data.draw(st.sampled_from(left)))
		known = [frappe._dict(CAR, mode="Car or van", valid_from="2000-01-01", valid_to=None)]
		found = [amount for _row, _before, amount in mileage.in_turn(left, {}, known)]
		whole = Miles()
		for row in left:
			whole = whole.plus(row.miles, row.passengers)
		self.assertEqual(total(found), worth_of_all(CAR, whole))

	@given(st.decimals("0.1", 20000, places=1), st.decimals("0.1", 1000, places=1))
	def test_more_miles_are_never_worth_less(self, before, miles):
		self.assertGreater(
			worth_of_all(CAR, Miles(before + miles)) + Decimal("0.01"), worth_of_all(CAR, Miles(before))
		)


class TestMileageRate(IntegrationTestCase):
	def test_two_rates_never_hold_on_one_day(self):
		factories.mileage_rate(mode="Bicycle")
		with self.assertRaisesRegex(frappe.ValidationError, "End that one first"):
			factories.mileage_rate(mode="Bicycle", valid_from="2002-04-05", valid_to="2002-05-05")
		factories.mileage_rate(mode="Bicycle", valid_from="2002-04-06", valid_to="2003-04-05")

	def test_no_figure_without_its_source(self):
		with self.assertRaises(frappe.MandatoryError):
			factories.mileage_rate(source=None)

	def test_no_figure_below_nothing_or_beyond_reason(self):
		for values in (
			{"per_mile": 0},
			{"per_mile": 45},
			{"per_passenger": 50},
			{"per_mile_after": 25, "threshold_miles": 5},
		):
			with self.subTest(**values), self.assertRaises(frappe.ValidationError):
				factories.mileage_rate(**values)

	def test_a_day_without_a_rate_says_so(self):
		with self.assertRaisesRegex(mileage.NoRate, "Motorcycle"):
			mileage.rate_on("1990-01-01", "Motorcycle")

	def test_what_install_brings(self):
		masters.expenses()
		found = {
			row.mode: (row.per_mile, row.threshold_miles, row.per_mile_after, row.per_passenger)
			for row in mileage.rates()
			if row.valid_to is None
		}
		self.assertEqual(
			found,
			{
				"Car or van": (0.45, 10000, 0.25, 0.05),
				"Motorcycle": (0.24, 0, 0, 0),
				"Bicycle": (0.2, 0, 0, 0),
			},
		)
		self.assertEqual(mileage.rate_on(today(), "Bicycle").per_mile, 0.2)

	def test_managers_alone_write_it(self):
		doc = factories.mileage_rate()
		for role in (roles.COORDINATOR, roles.FINANCE_OFFICER, roles.BUDGET_HOLDER):
			with self.subTest(role), self.as_user(factories.staff(role)):
				self.assertFalse(frappe.has_permission(doc.doctype, "write", doc.name))
		for user in (factories.staff(factories.PORTAL), "Guest"):
			with self.subTest(user), self.as_user(user):
				self.assertFalse(frappe.has_permission(doc.doctype, "read", doc.name))
