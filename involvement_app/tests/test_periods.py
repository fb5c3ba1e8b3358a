"""Tax years and assessment periods hold for every date, not for the few one thinks of."""

from calendar import isleap
from datetime import date, datetime, timedelta, timezone

from hypothesis import example, given, settings
from hypothesis import strategies as st

from involvement_app.periods import ONE_DAY, assessment_period, day_of, tax_year
from involvement_app.tests.compat import DEEP, IntegrationTestCase

EXAMPLES = settings(max_examples=2000 if DEEP else 80, deadline=None, database=None)
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
start_days = st.integers(1, 31)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31))


class TestTaxYear(IntegrationTestCase):
	"""Domain 1.4."""

	@EXAMPLES
	@given(days)
	@example(date(2024, 2, 29))
	def test_every_day_lies_in_its_tax_year_and_in_no_other(self, day):
		year = tax_year(day)
		self.assertTrue(year.start <= day <= year.end)
		self.assertEqual(tax_year(year.start), year)
		self.assertEqual(tax_year(year.end), year)
		self.assertEqual(tax_year(year.end + ONE_DAY).start, year.end + ONE_DAY)
		self.assertEqual(tax_year(year.start - ONE_DAY).end, year.start - ONE_DAY)

	@EXAMPLES
	@given(days)
	def test_it_has_a_leap_day_when_its_second_year_is_a_leap_year(self, day):
		year = tax_year(day)
		self.assertEqual((year.end - year.start).days + 1, 366 if isleap(year.end.year) else 365)

	def test_it_begins_on_the_sixth_of_april(self):
		self.assertEqual(tax_year("2026-04-05"), (date(2025, 4, 6), date(2026, 4, 5), "2025/26"))
		self.assertEqual(tax_year("2026-04-06"), (date(2026, 4, 6), date(2027, 4, 5), "2026/27"))

	def test_the_turn_of_the_century_has_a_label(self):
		self.assertEqual(tax_year("1999-12-31").label, "1999/00")


class TestAssessmentPeriod(IntegrationTestCase):
	"""Domain 1.3: Universal Credit Regulations 2013, regulation 21(2)."""

	@EXAMPLES
	@given(days, start_days)
	@example(date(2024, 2, 29), 31)
	@example(date(2025, 2, 28), 29)
	@example(date(2024, 2, 28), 30)
	def test_every_day_lies_in_exactly_one_period(self, day, start_day):
		period = assessment_period(day, start_day)
		self.assertTrue(period.start <= day <= period.end)
		self.assertEqual(assessment_period(period.start, start_day), period)
		self.assertEqual(assessment_period(period.end, start_day), period)

	@EXAMPLES
	@given(days, start_days)
	@example(date(2023, 12, 31), 31)
	@example(date(2024, 1, 30), 30)
	def test_periods_follow_each_other_without_a_gap_month_by_month(self, day, start_day):
		period = assessment_period(day, start_day)
		after = assessment_period(period.end + ONE_DAY, start_day)
		self.assertEqual(after.start, period.end + ONE_DAY)
		months = [at.year * 12 + at.month for at in (period.start, after.start)]
		self.assertEqual(months[1] - months[0], 1)

	@EXAMPLES
	@given(days, st.integers(1, 28))
	def test_up_to_the_28th_it_begins_on_the_same_day_of_each_month(self, day, start_day):
		self.assertEqual(assessment_period(day, start_day).start.day, start_day)

	def test_begun_on_the_31st_it_begins_on_the_last_day_of_each_month(self):
		starts = [assessment_period(date(2025, month, 15), 31).start for month in (3, 5, 6)]
		self.assertEqual(starts, [date(2025, 2, 28), date(2025, 4, 30), date(2025, 5, 31)])
		self.assertEqual(assessment_period("2024-03-15", 31).start, date(2024, 2, 29))

	def test_begun_on_the_29th_or_30th_it_begins_in_february_on_the_27th_or_28th(self):
		for start_day in (29, 30):
			self.assertEqual(assessment_period("2025-03-01", start_day).start, date(2025, 2, 27))
			self.assertEqual(assessment_period("2024-03-01", start_day).start, date(2024, 2, 28))
			self.assertEqual(assessment_period("2025-02-26", start_day).end, date(2025, 2, 26))
			self.assertEqual(assessment_period("2025-04-30", start_day).start, date(2025, 4, start_day))

	def test_it_is_named_by_its_two_dates(self):
		self.assertEqual(assessment_period("2026-04-20", 14).label, "14 April 2026 – 13 May 2026")

	def test_no_day_of_a_month_is_refused(self):
		for bad in (0, 32, -1):
			with self.assertRaises(ValueError):
				assessment_period("2026-01-01", bad)


def from_utc(moment: datetime) -> date:
	return day_of(moment.replace(tzinfo=timezone.utc))


class TestDaysAndMoments(IntegrationTestCase):
	"""The site of the tests is in London."""

	def test_late_in_the_evening_of_5_april_in_utc_is_6_april_here(self):
		paid = datetime(2026, 4, 5, 23, 30)
		self.assertEqual(tax_year(paid.replace(tzinfo=timezone.utc)).label, "2026/27")
		self.assertEqual(from_utc(paid), date(2026, 4, 6))
		# a moment that names no zone is the site's own: still 5 April
		self.assertEqual(tax_year(paid).label, "2025/26")

	def test_in_winter_the_day_is_the_same(self):
		self.assertEqual(from_utc(datetime(2026, 1, 5, 23, 30)), date(2026, 1, 5))

	@EXAMPLES
	@given(moments)
	@example(datetime(2026, 3, 29, 1, 0))  # clocks go forward
	@example(datetime(2026, 10, 25, 0, 59))  # and back
	@example(datetime(2026, 10, 24, 23, 0))
	def test_an_hour_later_is_never_a_day_earlier(self, moment):
		self.assertLessEqual(from_utc(moment), from_utc(moment + timedelta(hours=1)))
		self.assertIn((from_utc(moment) - moment.date()).days, (0, 1))

	@EXAMPLES
	@given(days)
	def test_a_date_is_its_own_day_however_it_is_written(self, day):
		self.assertEqual(day_of(day), day)
		self.assertEqual(day_of(str(day)), day)
		self.assertEqual(day_of(datetime(day.year, day.month, day.day, 23, 59)), day)
