from decimal import Decimal

import frappe
from frappe.utils import add_days, getdate, today
from hypothesis import example, given
from hypothesis import strategies as st

from involvement_app.involvement_payments import mileage
from involvement_app.money import money, total
from involvement_app.setup import masters, roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.compat import IntegrationTestCase

CAR = {"per_mile": 0.45, "threshold_miles": 10000, "per_mile_after": 0.25, "per_passenger": 0.05}
ONE_RATE = [frappe._dict(CAR, mode="Car or van", valid_from="2000-01-01", valid_to=None)]
FIRST_DAY = getdate("2025-04-06")  # of the tax year


def drive(miles, passengers=0, day=0, mode="Car or van"):
	return frappe._dict(
		mode=mode, spent_on=add_days(FIRST_DAY, day), miles=miles, passengers=passengers, amount=None
	)


def worths(trips, known=ONE_RATE) -> list:
	"""What each is worth, approved one after another."""
	return [amount for _trip, _year, amount in mileage.in_turn(trips, {}, known)]


def by_hand(trips, known):
	"""What the miles come to when they are counted one tenth after another, day after day: the definition, read literally."""
	pounds, counted = {}, {}
	for trip in sorted(trips, key=lambda trip: trip.spent_on):
		rate = mileage.rate_on(trip.spent_on, trip.mode, known)
		for _tenth in range(int(trip.miles * 10)):
			there = counted.get(trip.mode, Decimal(0))
			within = not rate.threshold_miles or there < rate.threshold_miles
			pounds[trip.mode] = pounds.get(trip.mode, 0) + Decimal("0.1") * (
				Decimal(str(rate.per_mile if within else rate.per_mile_after))
				+ trip.passengers * Decimal(str(rate.per_passenger))
			)
			counted[trip.mode] = there + Decimal("0.1")
	return total(money(each) for each in pounds.values())


pence = st.integers(1, 90).map(lambda number: number / 100)


@st.composite
def rates_of_a_year(draw) -> list:
	"""Up to three rates for each way of travelling, one after another within the year, with small thresholds."""
	known = []
	for mode in mileage.MODES:
		cuts = sorted(draw(st.sets(st.integers(1, 364), max_size=2)))
		for begins, ends in zip([0, *cuts], [*cuts, 366], strict=True):
			known.append(
				frappe._dict(
					mode=mode,
					valid_from=add_days(FIRST_DAY, begins),
					valid_to=add_days(FIRST_DAY, ends - 1),
					per_mile=draw(pence),
					threshold_miles=draw(st.sampled_from([0, 5, 12])),
					per_mile_after=draw(pence),
					per_passenger=draw(st.sampled_from([0, 0.05])),
				)
			)
	return known


trips_of_a_year = st.lists(
	st.builds(
		drive,
		st.decimals("0.1", 9, places=1),
		st.integers(0, 3),
		st.integers(0, 364),
		st.sampled_from(mileage.MODES),
	),
	min_size=1,
	max_size=8,
)
journeys = st.lists(
	st.builds(drive, st.decimals("0.1", 1000, places=1), st.integers(0, 3)), min_size=1, max_size=40
)
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
			self.assertEqual(worths([drive(miles, passengers)]), [Decimal(pounds)])

	def test_a_journey_that_crosses_the_threshold_is_cut_there(self):
		self.assertEqual(worths([drive(9990), drive(20), drive(20)])[1:], [Decimal("7.00"), Decimal("5.00")])

	def test_a_rate_that_changes_within_the_year(self):
		"""Of the first ten miles each is worth 45p, from day 100 on 60p; beyond it 25p."""
		known = [
			frappe._dict(ONE_RATE[0], threshold_miles=10, valid_to=add_days(FIRST_DAY, 99)),
			frappe._dict(ONE_RATE[0], threshold_miles=10, per_mile=0.6, valid_from=add_days(FIRST_DAY, 100)),
		]
		early, late = drive(8, day=5), drive(8, day=200)
		self.assertEqual(worths([early, late], known), [Decimal("3.60"), Decimal("2.70")])
		# claimed late, the early journey takes its part of the threshold from the later one
		self.assertEqual(worths([late, early], known), [Decimal("4.80"), Decimal("1.50")])

	# long enough together that some journey crosses the threshold, and another one in another order
	@given(st.permutations(range(8)), st.lists(a_long_journey, min_size=8, max_size=8))
	@example([7, 6, 5, 4, 3, 2, 1, 0], [Decimal(number * 400) for number in range(1, 9)])
	def test_the_year_s_total_does_not_depend_on_the_order(self, order, miles):
		trips = [drive(each, number % 3) for number, each in enumerate(miles)]
		self.assertEqual(total(worths(trips)), total(worths([trips[at] for at in order])))

	@given(st.data(), rates_of_a_year(), trips_of_a_year)
	def test_nor_where_rates_change_within_the_year(self, data, known, trips):
		"""Several rates, ways of travelling and passengers: whatever was approved first, it is what the days come to."""
		in_some_order = data.draw(st.permutations(trips))
		self.assertEqual(total(worths(in_some_order, known)), by_hand(trips, known))

	@given(st.data(), rates_of_a_year(), trips_of_a_year)
	def test_nor_on_what_was_taken_back_where_rates_change(self, data, known, trips):
		"""After each cancelled claim the rest is worked out anew: what was paid, with each difference, is what is left."""
		left, paid = [], Decimal(0)
		for trip in data.draw(st.permutations(trips)):
			trip.amount = worths([*left, trip], known)[-1]
			left.append(trip)
			paid += trip.amount
			if data.draw(st.booleans()):
				gone = left.pop(data.draw(st.integers(0, len(left) - 1)))
				paid -= gone.amount
				for row, now in zip(left, worths(left, known), strict=True):
					paid += now - row.amount
					row.amount = now
		self.assertEqual(paid, by_hand(left, known))

	@given(journeys)
	def test_nor_on_how_the_miles_are_cut(self, trips):
		found = worths(trips)
		whole = drive(sum(trip.miles for trip in trips))
		with_passengers = sum(trip.miles * trip.passengers for trip in trips)
		exactly = Decimal("0.45") * min(whole.miles, 10000) + Decimal("0.25") * max(whole.miles - 10000, 0)
		self.assertEqual(total(found), money(exactly + Decimal("0.05") * with_passengers))
		self.assertTrue(all(each >= 0 for each in found))

	@given(st.decimals("0.1", 20000, places=1), st.decimals("0.1", 1000, places=1))
	def test_more_miles_are_never_worth_less(self, before, miles):
		self.assertGreaterEqual(worths([drive(before), drive(miles)])[1], 0)


class TestMileageRate(IntegrationTestCase):
	def test_two_rates_never_hold_on_one_day(self):
		factories.mileage_rate(mode="Bicycle")
		with self.assertRaisesRegex(frappe.ValidationError, "End that one first"):
			factories.mileage_rate(mode="Bicycle", valid_from="2002-04-05", valid_to="2002-05-05")
		factories.mileage_rate(mode="Bicycle", valid_from="2002-04-06", valid_to="2003-04-05")

	def test_once_miles_were_approved_at_it_a_rate_can_only_end(self):
		"""Issue 7: what was paid does not change with a figure (domain 1.4; law 6)."""
		rate = frappe.get_doc("Mileage Rate", {"mode": "Car or van", "valid_to": ["is", "not set"]})
		waits = pay.claimed(factories.journey(10))
		self.change(rate, per_mile=0.5)  # nothing is approved at it yet
		claim = pay.approved_claim(factories.journey(100))
		for values in ({"per_mile": 0.6}, {"threshold_miles": 5, "per_mile_after": 0.1}, {"mode": "Bicycle"}):
			with self.subTest(**values), self.assertRaisesRegex(frappe.ValidationError, "make a new rate"):
				self.change(rate, **values)
		for values in ({"valid_from": add_days(today(), 1)}, {"per_passenger": 1}, {"source": "Ours"}):
			with self.subTest(**values), self.assertRaisesRegex(frappe.ValidationError, "make a new rate"):
				self.change(rate, **values)
		with self.assertRaisesRegex(frappe.ValidationError, "that day or a later one"):
			self.change(rate, valid_to=add_days(claim.lines[0].spent_on, -1))
		self.change(rate, valid_to=today())
		self.change(rate, valid_to=add_days(today(), 30))
		self.assertEqual((waits.to_pay, claim.to_pay), (4.5, 50))

	def change(self, rate, **values):
		with self.as_user(factories.staff(roles.MANAGER)):
			frappe.get_doc(rate.doctype, rate.name).update(values).save()

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
