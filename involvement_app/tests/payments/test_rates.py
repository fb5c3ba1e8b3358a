"""What time is worth (domain 1.2, 5.2): figures alone, no site."""

from decimal import Decimal

from frappe.utils import add_days, getdate
from hypothesis import given
from hypothesis import strategies as st

from involvement_app.involvement_app import rates
from involvement_app.tests.compat import IntegrationTestCase

hours = st.decimals(0, 24, places=2)
amounts = st.decimals("0.01", 500, places=2)
PAID = (rates.SESSION, rates.HOUR, rates.DAY, rates.BLOCK, rates.TASK)


def terms(basis: str, amount=20, **values) -> dict:
	empty = dict.fromkeys(rates.SNAPSHOT)
	return {**empty, "rate_basis": basis, "rate_amount": amount, **values}


@st.composite
def any_terms(draw) -> dict:
	amount = draw(amounts)
	return terms(
		draw(st.sampled_from(PAID)),
		amount,
		minimum_hours=draw(hours),
		preparation_paid=draw(st.integers(0, 1)),
		round_up_to=draw(st.sampled_from([None, "", *rates.ROUND_UP_TO])),
		block_hours=draw(st.decimals("0.25", 8, places=2)),
		half_day_hours=draw(st.decimals("0.25", 8, places=2)),
		half_day_amount=draw(st.decimals("0.01", amount, places=2)),
	)


class TestBases(IntegrationTestCase):
	def worth(self, basis: str, hours, preparation=0, **values) -> str:
		return str(rates.worth(terms(basis, **values), hours, preparation))

	def test_each_basis_by_hand(self):
		for basis, spent, preparation, values, wanted in (
			("No payment", 5, 5, {}, "0.00"),
			(rates.SESSION, 5, 5, {"preparation_paid": 1}, "20.00"),
			(rates.TASK, 5, 5, {"preparation_paid": 1}, "20.00"),
			(rates.HOUR, 1.1, 0, {}, "22.00"),
			(rates.HOUR, 0.5, 1, {"minimum_hours": 1, "preparation_paid": 1}, "40.00"),
			(rates.HOUR, 1.1, 0, {"round_up_to": "A quarter of an hour"}, "25.00"),
			(rates.HOUR, 1.25, 0, {"round_up_to": "A quarter of an hour"}, "25.00"),
			(rates.HOUR, 1.1, 0, {"round_up_to": "Half an hour"}, "30.00"),
			(rates.HOUR, 2.01, 0, {"round_up_to": "An hour"}, "60.00"),
			# National Voices: £50 for half a day, £100 for a full one, preparation included
			(rates.DAY, 4, 3, {"amount": 100, "half_day_amount": 50, "half_day_hours": 4}, "50.00"),
			(rates.DAY, 4.01, 0, {"amount": 100, "half_day_amount": 50, "half_day_hours": 4}, "100.00"),
			(
				rates.DAY,
				3,
				2,
				{"amount": 100, "half_day_amount": 50, "half_day_hours": 4, "preparation_paid": 1},
				"100.00",
			),
			# TEWV: £20 for up to 3 hours, and for every 3 hours or part thereafter
			(rates.BLOCK, 0, 0, {"block_hours": 3}, "20.00"),
			(rates.BLOCK, 3, 0, {"block_hours": 3}, "20.00"),
			(rates.BLOCK, 3.01, 0, {"block_hours": 3}, "40.00"),
			(rates.BLOCK, 6, 0, {"block_hours": 3}, "40.00"),
			(rates.BLOCK, 6.5, 0, {"block_hours": 3}, "60.00"),
		):
			with self.subTest(basis, hours=spent, **values):
				self.assertEqual(self.worth(basis, spent, preparation, **values), wanted)

	def test_a_task_is_paid_once_however_many_dates(self):
		self.assertEqual(rates.worth_in_all(terms(rates.TASK, 75), 4, 8), Decimal("75.00"))
		self.assertEqual(rates.worth_in_all(terms(rates.SESSION, 75), 4, 8), Decimal("300.00"))

	def test_a_half_and_a_whole_day_are_not_two_of_three_quarters(self):
		by_day = terms(rates.DAY, 100, half_day_amount=50, half_day_hours=4)
		self.assertEqual(rates.worth_in_all(by_day, 2, 10, lengths=(3, 7)), Decimal("150.00"))
		self.assertEqual(rates.worth_in_all(by_day, 2, 10), Decimal("200.00"))
		by_hour = terms(rates.HOUR, 15)
		self.assertEqual(rates.worth_in_all(by_hour, 2, 10, lengths=(3, 7)), Decimal("150.00"))

	@given(any_terms(), hours, hours, hours, hours)
	def test_more_time_is_never_less_money(self, what, some, more, preparation, more_preparation):
		self.assertLessEqual(
			rates.worth(what, some, preparation),
			rates.worth(what, some + more, preparation + more_preparation),
		)

	@given(any_terms(), hours, hours)
	def test_worth_is_to_the_penny_and_never_negative(self, what, spent, preparation):
		worth = rates.worth(what, spent, preparation)
		self.assertEqual(worth, worth.quantize(Decimal("0.01")))
		self.assertGreaterEqual(worth, 0)

	@given(st.decimals("0.25", 8, places=2), st.integers(1, 6))
	def test_a_block_is_full_to_its_last_minute(self, block, number):
		what = terms(rates.BLOCK, 20, block_hours=block)
		self.assertEqual(rates.worth(what, block * number), 20 * number)
		self.assertEqual(rates.worth(what, block * number + Decimal("0.01")), 20 * (number + 1))
		self.assertEqual(rates.worth(what, float(block * number)), 20 * number)

	@given(st.decimals("0.25", 12, places=2))
	def test_a_day_is_half_up_to_its_threshold(self, threshold):
		what = terms(rates.DAY, 100, half_day_amount=50, half_day_hours=threshold)
		self.assertEqual(rates.worth(what, threshold), 50)
		self.assertEqual(rates.worth(what, threshold + Decimal("0.01")), 100)

	@given(hours, st.sampled_from(sorted(rates.ROUND_UP_TO)))
	def test_rounding_up_adds_less_than_its_unit(self, spent, unit):
		exact, rounded = (rates.worth(terms(rates.HOUR, 1, round_up_to=each), spent) for each in (None, unit))
		self.assertLessEqual(exact, rounded)
		self.assertLess(rounded - exact, rates.ROUND_UP_TO[unit] + Decimal("0.01"))


class TestDays(IntegrationTestCase):
	@given(st.integers(1, 400), st.integers(1, 400), st.integers(-10, 900))
	def test_rules_that_follow_each_other_switch_on_the_day(self, first, second, offset):
		start = getdate("2025-04-06")
		cuts = [start, add_days(start, first), add_days(start, first + second)]
		rules = [
			{"name": 0, "valid_from": cuts[0], "valid_to": add_days(cuts[1], -1)},
			{"name": 1, "valid_from": cuts[1], "valid_to": add_days(cuts[2], -1)},
			{"name": 2, "valid_from": cuts[2], "valid_to": None},
		]
		day = add_days(start, offset)
		wanted = None if day < start else sum(cut <= day for cut in cuts) - 1
		found = rates.on_day(rules, day)
		self.assertEqual(found and found["name"], wanted)
		self.assertFalse(any(rates.overlaps(one, two) for one in rules for two in rules if one is not two))

	def test_a_shared_day_is_an_overlap(self):
		one = {"valid_from": "2025-04-06", "valid_to": "2026-04-05"}
		for start, wanted in (("2026-04-05", True), ("2026-04-06", False)):
			self.assertEqual(rates.overlaps(one, {"valid_from": start, "valid_to": None}), wanted)
