from decimal import Decimal

from involvement_app.money import NotMoney, money, pounds, times, total
from involvement_app.tests.compat import IntegrationTestCase


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
