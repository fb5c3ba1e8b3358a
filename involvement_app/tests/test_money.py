from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from involvement_app.money import NotMoney, money, pounds, split, times, total
from involvement_app.tests.compat import DEEP, IntegrationTestCase

EXAMPLES = settings(max_examples=1000 if DEEP else 50, deadline=None, database=None)
pennies = st.integers(min_value=-(10**11), max_value=10**11)
decimals = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=6)
weights = st.lists(
	st.decimals(min_value=0, max_value=1000, places=3, allow_nan=False), min_size=1, max_size=12
).filter(any)


def half_up(value: Fraction) -> Decimal:
	"""The oracle: whole numbers only. Half a penny goes away from nothing."""
	doubled = abs(value) * 200
	whole = (doubled.numerator // doubled.denominator + 1) // 2
	return (Decimal(whole) if value >= 0 else -Decimal(whole)).scaleb(-2)


class TestMoney(IntegrationTestCase):
	def test_half_a_penny_rounds_up_although_the_float_lies_below(self):
		self.assertEqual(money(2.675), Decimal("2.68"))
		self.assertEqual(money(1.005), Decimal("1.01"))

	def test_minus_half_a_penny_rounds_away_from_nothing(self):
		self.assertEqual(money("-0.005"), Decimal("-0.01"))

	def test_nothing_is_no_money(self):
		self.assertEqual(money(None), Decimal("0.00"))
		self.assertEqual(money(""), Decimal("0.00"))

	def test_words_infinity_and_nan_are_refused(self):
		for bad in ("ten pounds", "NaN", "Infinity", float("nan")):
			with self.assertRaises(NotMoney):
				money(bad)

	def test_a_rate_times_hours_is_rounded_once(self):
		self.assertEqual(times("12.21", "2.5"), Decimal("30.53"))

	def test_a_thousand_pennies_are_ten_pounds(self):
		self.assertEqual(total([0.01] * 1000), Decimal("10.00"))

	def test_people_read_pounds_with_thousands(self):
		self.assertEqual(pounds(1234.5), "£1,234.50")


class TestMoneyHolds(IntegrationTestCase):
	"""For whatever amount, not for the few one thinks of."""

	@EXAMPLES
	@given(decimals)
	def test_money_is_the_exact_value_rounded_half_up(self, value):
		self.assertEqual(money(value), half_up(Fraction(value)))
		self.assertEqual(money(str(value)), money(value))

	@EXAMPLES
	@given(decimals)
	def test_the_settings_of_a_calculation_around_it_change_nothing(self, value):
		with localcontext() as context:
			context.rounding = "ROUND_DOWN"
			self.assertEqual(money(value), value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))

	@EXAMPLES
	@given(pennies)
	def test_an_amount_survives_the_float_of_a_currency_field(self, amount):
		exact = Decimal(amount).scaleb(-2)
		self.assertEqual(money(float(exact)), exact)

	@EXAMPLES
	@given(st.lists(pennies, max_size=30), st.randoms(use_true_random=False))
	def test_a_sum_is_the_same_in_any_order_and_in_floats(self, amounts, order):
		values = [float(Decimal(amount).scaleb(-2)) for amount in amounts]
		shuffled = order.sample(values, len(values))
		self.assertEqual(total(shuffled), total(values))
		self.assertEqual(total(values), Decimal(sum(amounts)).scaleb(-2))

	@EXAMPLES
	@given(st.integers(0, 10**6), st.decimals(0, 100, places=2))
	def test_rate_times_quantity_is_exact_until_the_last_step(self, rate, quantity):
		rate = Decimal(rate).scaleb(-2)
		self.assertEqual(times(float(rate), float(quantity)), half_up(Fraction(rate) * Fraction(quantity)))


class TestSplit(IntegrationTestCase):
	"""Domain 4.6: shared out without loss."""

	@EXAMPLES
	@given(pennies, weights)
	def test_the_shares_add_up_to_the_amount(self, amount, parts):
		amount = Decimal(amount).scaleb(-2)
		self.assertEqual(sum(split(amount, parts)), amount)

	@EXAMPLES
	@given(pennies, weights)
	def test_each_share_is_within_a_penny_of_its_exact_part(self, amount, parts):
		whole = sum(map(Fraction, parts))
		for share, part in zip(split(Decimal(amount).scaleb(-2), parts), parts, strict=True):
			exact = Fraction(amount, 100) * Fraction(part) / whole
			self.assertLess(abs(Fraction(share) - exact), Fraction(1, 100))

	@EXAMPLES
	@given(st.integers(0, 10**9), weights)
	def test_who_weighs_more_never_gets_less_and_who_weighs_nothing_gets_nothing(self, amount, parts):
		shares = split(Decimal(amount).scaleb(-2), parts)
		pairs = sorted(zip(parts, shares, strict=True))
		for (lighter, less), (heavier, more) in pairwise(pairs):
			if lighter < heavier:
				self.assertLessEqual(less, more)
		self.assertTrue(all(share == 0 for part, share in pairs if part == 0))

	def test_ten_pounds_in_three_is_ten_pounds(self):
		self.assertEqual(split(10, [1, 1, 1]), [Decimal("3.34"), Decimal("3.33"), Decimal("3.33")])

	def test_the_largest_remainder_gets_the_penny(self):
		self.assertEqual(split("0.03", [1, 1, 2]), [Decimal("0.01"), Decimal("0.01"), Decimal("0.01")])
		self.assertEqual(split("-0.01", [1, 3]), [Decimal("0.00"), Decimal("-0.01")])

	def test_nothing_to_share_by_is_refused(self):
		for bad in ([], [0, 0], [1, -1]):
			with self.assertRaises(ValueError):
				split(10, bad)
