"""People's own limits when a batch is locked, the organisation's when somebody says yes, and which payments a batch
takes (domain 1.3, 4.6, 5.2)."""

import unittest
from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from unittest.mock import patch

import frappe
from frappe.utils import add_days, add_months, getdate, today
from hypothesis import example, given, settings
from hypothesis import strategies as st

from involvement_app.involvement_app import caps, places, preferences, promises, rates
from involvement_app.involvement_payments import corrections, own_limits, reversals, ways
from involvement_app.involvement_payments.accrual import PaymentOnItsWay
from involvement_app.involvement_payments.transfers import NotReady
from involvement_app.money import money, total
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.working_days import add_working_days, closed

OWN = {"cap_period": "Week", "cap_weekday": "Monday"}


def limit(participant, cap: float, **values):
	return factories.preference(participant, own_payment_cap=cap, **{**OWN, **values})


def approved_for(person, count: int) -> list:
	"""Approved payments of £30 for one person, of `count` places."""
	return [pay.approve(pay.checked(person)) for _number in range(count)]


class TestOwnLimit(pay.PaymentTestCase):
	def test_what_does_not_fit_waits_with_their_yes(self):
		me, other = factories.participant(), factories.participant()
		limit(me, 50, spread_payments=1)
		mine, theirs = approved_for(me, 2), approved_for(other, 1)
		batch = pay.take(pay.batch(*mine, *theirs), "Lock")
		self.assertEqual([line.payment for line in batch.lines], [mine[0].name, theirs[0].name])
		self.assertEqual((batch.line_count, batch.total), (2, 60))
		waits = frappe.get_doc(pay.PAYMENT, mine[1].name)
		next_week = getdate(batch.payment_on) + timedelta(days=7 - getdate(batch.payment_on).weekday())
		self.assertEqual((waits.status, waits.batch, waits.not_before), ("Approved", None, next_week))
		with self.assertRaisesRegex(NotReady, "waits until"):
			pay.batch(waits)

	def test_no_request_goes_round_it(self):
		import frappe.client

		me, other = factories.participant(), factories.participant()
		limit(me, 50, spread_payments=1)
		batch = pay.batch(*approved_for(me, 2))
		third = pay.approved(other)
		values = frappe.parse_json(frappe.as_json(batch.as_dict()))
		for line in values["lines"]:
			line.update({"participant": other.name, "amount": 1})
		values["lines"].append({"doctype": "Involvement Payment Batch Line", "payment": third.name})
		with self.as_user(pay.officer()):
			frappe.client.submit(frappe.as_json(values))
		batch.reload()
		self.assertEqual([line.payment for line in batch.lines][1:], [third.name])
		self.assertEqual((batch.status, batch.total), ("Locked", 60))

	def test_it_is_paid_in_the_next_period(self):
		me = factories.participant()
		limit(me, 50, spread_payments=1)
		first, second = approved_for(me, 2)
		pay.take(pay.batch(first, second), "Lock")
		until = frappe.db.get_value(pay.PAYMENT, second.name, "not_before")
		with self.as_user(pay.officer()):
			later = frappe.get_doc(
				doctype=pay.BATCH, title="Next week", payment_on=until, lines=[{"payment": second.name}]
			).insert()
		self.assertEqual(pay.take(later, "Lock").line_count, 1)

	def two_of_which_one_waits(self, *others):
		"""(who, their preference, the batch, the payment that waits)"""
		person = factories.participant()
		wish = limit(person, 40, cap_period="Month", cap_month_day=1, cap_weekday=None, spread_payments=1)
		payments = approved_for(person, 2)
		batch = pay.take(pay.batch(*payments, *others), "Lock")
		(waits,) = [doc for doc in payments if self.not_before(doc)]
		return person, wish, batch, waits

	def not_before(self, payment):
		return frappe.db.get_value(pay.PAYMENT, payment.name, "not_before")

	def test_a_limit_that_is_lifted_holds_nothing_up(self):
		"""Domain 4.6: the person may lift it; and a part of what is taken back keeps the day that was agreed."""
		_person, wish, _batch, waits = self.two_of_which_one_waits()
		_other, _wish, _its, others = self.two_of_which_one_waits()
		agreed = pay.approved(frappe.get_doc("Involvement Participant", waits.participant))
		frappe.db.set_value(
			pay.PAYMENT, agreed.name, {"kind": "Correction", "not_before": add_months(today(), 1)}
		)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			wish.reload()
			wish.update({"topics_never": "Cars", "recorded_how": "Phone"}).save()
			self.assertTrue(self.not_before(waits))
			wish.update({"own_payment_cap": 0, "recorded_how": "Phone"}).save()
		self.assertIsNone(self.not_before(waits))
		self.assertTrue(self.not_before(agreed))
		self.assertTrue(self.not_before(others))
		self.assertEqual(len(pay.take(pay.batch(waits), "Lock").lines), 1)

	def test_nor_does_one_of_which_nothing_is_used_any_more(self):
		_person, _wish, batch, waits = self.two_of_which_one_waits()
		pay.take(batch, "Void")
		self.assertIsNone(self.not_before(waits))
		self.assertEqual(len(pay.take(pay.batch(waits), "Lock").lines), 1)

	def test_nor_where_the_payment_before_it_is_taken_out(self):
		_person, _wish, batch, waits = self.two_of_which_one_waits(pay.approved())
		(before,) = [line.payment for line in batch.lines if line.participant == waits.participant]
		with self.as_user(pay.officer()):
			reversals.take_out(batch.name, before, "Too early")
		self.assertIsNone(self.not_before(waits))

	def test_what_is_over_their_limit_without_their_yes_is_left_out_and_the_others_are_paid(self):
		me, other = factories.participant(), pay.approved()
		limit(me, 50)
		first, second = approved_for(me, 2)
		frappe.clear_messages()
		batch = pay.take(pay.batch(first, second, other), "Lock")
		self.assertEqual([line.payment for line in batch.lines], [first.name, other.name])
		self.assertRegex(str(frappe.get_message_log()), "Row 2: .* Ask them")
		self.assertEqual(
			frappe.db.get_value(pay.PAYMENT, second.name, ["status", "not_before"]), ("Approved", None)
		)

	def test_one_that_is_more_than_the_limit_is_asked_about(self):
		me = factories.participant()
		limit(me, 29, spread_payments=1)
		with self.assertRaisesRegex(own_limits.OverTheirOwnLimit, "more than the limit of £29.00"):
			pay.take(pay.batch(*approved_for(me, 1)), "Lock")

	def test_what_is_in_another_batch_of_the_period_counts(self):
		me = factories.participant()
		limit(me, 50, spread_payments=1)
		first, second = approved_for(me, 2)
		batch = pay.take(pay.batch(first), "Lock")
		other = pay.batch(second)
		frappe.db.savepoint("refused")
		with self.assertRaisesRegex(own_limits.OverTheirOwnLimit, "Every payment here waits"):
			pay.take(other, "Lock")
		frappe.db.rollback(save_point="refused")  # as a request does
		pay.take(batch, "Void")
		pay.take(other, "Lock")

	def test_what_no_batch_pays_counts_on_the_day_it_came_or_is_expected(self):
		me = factories.participant()
		limit(me, 50)
		first, second = approved_for(me, 2)
		batch = pay.batch(second)
		week = preferences.period(frappe._dict(OWN), batch.payment_on)
		before = add_days(week.start, -1)
		for values, counts in (
			({"status": "Scheduled", "due_on": week.end}, True),
			({"status": "Scheduled", "due_on": before, "not_before": week.start}, True),
			({"status": "Scheduled", "due_on": before, "not_before": None}, False),
			({"status": "Paid", "due_on": before, "paid_on": week.start}, True),
			({"status": "Paid", "due_on": week.start, "paid_on": before}, False),
		):
			with self.subTest(**values):
				# as Hand over and Paid elsewhere leave it, on days of any week
				frappe.db.set_value(pay.PAYMENT, first.name, {"payment_route": "Invoice", **values})
				frappe.db.savepoint("locked")
				if counts:
					with self.assertRaises(own_limits.OverTheirOwnLimit):
						pay.take(frappe.get_doc(pay.BATCH, batch.name), "Lock")
				else:
					self.assertEqual(pay.take(frappe.get_doc(pay.BATCH, batch.name), "Lock").line_count, 1)
				frappe.db.rollback(save_point="locked")

	def test_a_batch_that_is_confirmed_early_counts_on_its_day(self):
		me = factories.participant()
		limit(me, 50)
		first, second = approved_for(me, 2)
		pay.take(pay.batch(first), "Lock", "Authorise", "Export", "Confirm")
		frappe.db.set_value(pay.PAYMENT, first.name, "paid_on", add_days(today(), -30))
		with self.assertRaises(own_limits.OverTheirOwnLimit):
			pay.take(pay.batch(second), "Lock")

	def test_what_goes_to_a_charity_is_not_theirs(self):
		me = factories.participant()
		limit(me, 30)
		payments = approved_for(me, 2)
		frappe.db.set_value(pay.PAYMENT, payments[1].name, "payment_choice", places.CHARITY)
		self.assertEqual(pay.take(pay.batch(*payments), "Lock").line_count, 2)

	@given(
		st.lists(
			st.tuples(
				st.sampled_from("AB"),
				st.one_of(st.decimals("0.01", 60, places=2), st.decimals("-60", "-0.01", places=2)),
			),
			max_size=12,
		),
		st.lists(
			st.tuples(st.sampled_from("AB"), st.decimals("0.01", 60, places=2), st.integers(-9, 9)),
			max_size=6,
		),
		st.decimals("0.01", 100, places=2),
		st.sampled_from(["Week", "Month"]),
	)
	def test_the_limit_is_never_exceeded_and_nothing_waits_that_fits(self, lines, there, cap, kind):
		day = getdate("2026-06-17")
		limits = {
			"A": frappe._dict(own_payment_cap=cap, cap_period=kind, cap_weekday="Wednesday", cap_month_day=14)
		}
		lines = [
			frappe._dict(participant=who, amount=amount, payment=n) for n, (who, amount) in enumerate(lines)
		]
		there = [
			frappe._dict(participant=who, amount=amount, pay_on=add_days(day, days))
			for who, amount, days in there
		]
		waits = own_limits.over(lines, there, limits, day)
		period = preferences.period(limits["A"], day)
		before = sum(
			(
				row.amount
				for row in there
				if row.participant == "A" and period.start <= row.pay_on <= period.end
			),
			Decimal(0),
		)
		kept = sum(
			(line.amount for line in lines if line.participant == "A" and line not in waits), Decimal(0)
		)
		paid = [line for line in lines if line.participant == "A" and line.amount > 0 and line not in waits]
		self.assertTrue(before + kept <= cap or not paid)
		self.assertTrue(all(line.participant == "A" and line.amount > 0 for line in waits))
		for line in waits:
			earlier = [
				row
				for row in lines
				if row.participant == "A"
				and (row.amount < 0 or row.payment < line.payment)
				and row not in waits
			]
			self.assertGreater(before + sum(row.amount for row in earlier) + line.amount, cap)


class TestOurLimit(IntegrationTestCase):
	def set(self, **values):
		values = {"limit_period": "Month", "limit_action": "Block", **values}
		for fieldname, value in values.items():
			frappe.db.set_single_value("Involvement Settings", fieldname, value)
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.addCleanup(frappe.clear_document_cache, "Involvement Settings", "Involvement Settings")

	def yes(self, person, choice="Full", amount=None, **kw):
		"""£30 for two hours."""
		return factories.engagement(factories.opportunity("Published", **kw), person, choice, amount)

	def test_money_hours_and_activities_are_refused_beyond(self):
		for values in ({"limit_money": 59.99}, {"limit_hours": 3.5}, {"limit_count": 1}):
			with self.subTest(**values):
				self.set(**{"limit_money": 0, "limit_hours": 0, "limit_count": 0, **values})
				person = factories.participant()
				self.yes(person)
				with self.assertRaises(caps.OverOurLimit):
					self.yes(person)
				self.yes(factories.participant())

	def test_preparation_counts_as_hours_where_it_is_paid(self):
		self.set(limit_hours=2.5)
		prepared = {"preparation_hours": 2, "rate_rule": factories.rate_rule(preparation_paid=1)}
		with self.assertRaisesRegex(caps.OverOurLimit, "4 paid hours"):
			self.yes(factories.participant(), **prepared)
		unpaid = factories.rate_rule(preparation_paid=0)
		self.yes(factories.participant(), preparation_hours=2, rate_rule=unpaid)
		flat = factories.rate_rule("Flat per session", preparation_paid=1)
		self.yes(factories.participant(), preparation_hours=2, rate_rule=flat)

	def test_a_series_counts_date_by_date_when_its_money_comes(self):
		"""Domain 4.6 and 5.2: £30 a week is not £90 in the last week; and the first week is as full as the last."""
		self.set(limit_period="Week", limit_money=40)
		person, series = factories.participant(), pay.opportunity(sessions=3)
		place = factories.engagement(series, person)
		self.assertEqual(place.offered_amount, 90)
		for beside in (series.dates[0], series.dates[-1]):
			with self.subTest(beside.idx), self.assertRaisesRegex(caps.OverOurLimit, "£30.00 beside £30.00"):
				factories.engagement(self.on_the_day_of(beside), person)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.change_choice(place.name, "Lower amount", 30, recorded_how="Phone")
		# a lower amount is used up by the first dates
		factories.engagement(self.on_the_day_of(series.dates[-1]), person)

	def on_the_day_of(self, date):
		return pay.opportunity(days_ahead=(getdate(date.starts_on) - getdate()).days)

	def test_nor_does_a_limit_of_their_own_see_it_all_in_the_last_week(self):
		person = factories.participant()
		factories.preference(person, own_payment_cap=40, cap_period="Week", cap_weekday="Monday")
		series = pay.opportunity(sessions=3)
		day = series.payment_on
		self.assertIsNone(preferences.over_their_limit(person.name, 90, day, series.name))
		factories.engagement(series, person)
		one = self.on_the_day_of(series.dates[0])
		over = preferences.over_their_limit(person.name, 30, one.payment_on, one.name)
		self.assertEqual((over.promised, over.limit), ("£30.00", "£40.00"))
		self.assertLess(over.period.end, getdate(day))
		self.assertEqual(preferences.over_their_limit(person.name, 30, day).promised, "£30.00")
		again = preferences.over_their_limit(person.name, 90, day, series.name)
		self.assertEqual((again.period, again.promised), (over.period, "£30.00"))

	def test_up_to_them_nothing_is_said(self):
		self.set(limit_money=60, limit_hours=4, limit_count=2)
		person = factories.participant()
		self.yes(person)
		self.yes(person)

	def test_what_is_not_paid_does_not_count(self):
		self.set(limit_count=1)
		person = factories.participant()
		self.yes(person, "Decline")
		self.yes(person, "Expenses only")
		place = self.yes(person)
		self.yes(person, "Decline")
		self.assertEqual(place.payment_choice, "Full")

	def test_a_warning_stops_nothing(self):
		self.set(limit_count=1, limit_action="Warn")
		person = factories.participant()
		self.yes(person)
		frappe.clear_messages()
		self.yes(person)
		self.assertIn("2 paid activities", frappe.as_json(frappe.get_message_log()))

	def test_choosing_again_is_held_against_it_too(self):
		self.set(limit_money=50)
		person = factories.participant()
		self.yes(person)
		second = self.yes(person, "Lower amount", 20)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			with self.assertRaises(caps.OverOurLimit):
				places.change_choice(second.name, "Full", recorded_how="Phone")
			form = frappe.get_doc("Involvement Engagement", second.name)
			form.update({"payment_choice": "Full", "recorded_how": "Phone"})
			with self.assertRaises(caps.OverOurLimit):
				form.save()
			places.change_choice(second.name, "Decline", recorded_how="Phone")

	def test_another_month_is_another_matter(self):
		self.set(limit_count=1)
		person = factories.participant()
		self.yes(person)
		self.yes(person, days_ahead=28 + 62)


FIRST_DAY = date(2026, 3, 2)  # a Monday; the clocks change within
QUARTER = timedelta(minutes=15)
NO_LIMIT = Decimal("Infinity")


def date_of_work(day: int, hour: int, length: timedelta, **values) -> frappe._dict:
	starts_on = datetime.combine(FIRST_DAY + timedelta(days=day), time(hour))
	return frappe._dict(
		starts_on=starts_on, ends_on=starts_on + length, status="Planned", there={}, attended=None, **values
	)


# three of them are two hours, though no one of them is a fraction of ten
FORTY_MINUTES = frappe._dict(
	row=frappe._dict(name="P", offered_amount=10, rate_basis=rates.SESSION, rate_amount=10),
	most=None,
	work=frappe._dict(hours=0, preparation_hours=0),
	dates=[date_of_work(1, 10, timedelta(minutes=40))],
	added=[],
)


@st.composite
def places_with_pay(draw) -> frappe._dict:
	"""A paid place: the terms, the dates it was offered for, those that are added after the yes, and for how long somebody was
	there in the end (`attended`, quarters of an hour; 0: not at all; None: not recorded)."""

	def session() -> frappe._dict:
		return date_of_work(
			draw(st.integers(0, 70)), draw(st.integers(6, 14)), QUARTER * draw(st.integers(1, 32))
		)

	row = frappe._dict(
		dict.fromkeys(rates.SNAPSHOT),
		name="P",
		payment_on=FIRST_DAY,
		offered_amount=draw(st.decimals("0.01", 80, places=2)),
		rate_basis=draw(st.sampled_from(["", rates.SESSION, rates.HOUR, rates.TASK])),
		rate_amount=draw(st.sampled_from([4, 15])),
		preparation_paid=draw(st.integers(0, 1)),
	)
	dates = [session() for _number in range(draw(st.integers(1, 2)))]
	length = sum((each.ends_on - each.starts_on for each in dates), timedelta()) / timedelta(hours=1)
	for each in dates + (added := [session() for _number in range(draw(st.integers(0, 2)))]):
		each.attended = draw(st.one_of(st.none(), st.integers(0, 40)))
	work = frappe._dict(
		# breaks are not paid; or there is something to read at home
		hours=length * draw(st.sampled_from([0.5, 1, 2])),
		offered_length=length,
		preparation_hours=draw(st.sampled_from([0, 3])),
	)
	most = draw(st.one_of(st.none(), st.decimals("0.01", row.offered_amount, places=2)))
	return frappe._dict(row=row, most=most, work=work, dates=dates, added=added)


class TestNeverExceeded(IntegrationTestCase):
	"""Domain 5.2: whatever people say yes to, whatever dates are added afterwards, and in whatever order, no week or month
	goes beyond what the settings say, unless somebody was there longer than was planned; and nothing is refused that would
	have fitted."""

	@settings(deadline=None)
	@given(
		st.lists(places_with_pay(), max_size=6),
		st.sampled_from(["Week", "Month"]),
		st.one_of(st.just(0), st.decimals("0.01", 150, places=2).map(float)),
		st.one_of(st.just(0), st.integers(1, 80).map(lambda quarters: quarters / 4)),
		st.integers(0, 3),
	)
	@example([FORTY_MINUTES] * 4, "Week", 0, 2, 0)
	def test_by_money_hours_and_count(self, places_, kind, most_money, most_hours, most_places):
		limits = frappe._dict(
			limit_period=kind, limit_money=most_money, limit_hours=most_hours, limit_count=most_places
		)
		held, counted = [], []
		with patch.object(caps, "_settings", lambda: limits):
			for place in places_:
				yes, table = self.promise(place, place.dates), self.count(place, place.dates)
				refused = caps.passed(yes, held)
				self.assertEqual(bool(refused), self.goes_beyond(counted, None, table, limits), refused)
				if refused:
					continue
				dates = place.dates
				if place.added:
					more = [*place.dates, *place.added]
					after, longer = self.promise(place, more), self.count(place, more)
					refused = caps.passed(after, held, before=yes)
					self.assertEqual(bool(refused), self.goes_beyond(counted, table, longer, limits), refused)
					dates = dates if refused else more
				dates = [self.recorded(each) for each in dates]
				held.append(self.promise(place, dates))
				counted.append(self.count(place, dates))

	def recorded(self, each) -> frappe._dict:
		if each.attended is None:
			return each
		there = {"P": (each.attended / 4, 0)} if each.attended else {}
		return frappe._dict(each, status="Held", there=there)

	def promise(self, place, dates):
		rows = [frappe._dict(place.work, **each) for each in dates]
		return promises.of(place.row, rows, place.most)

	def count(self, place, dates) -> list[tuple]:
		"""What is paid for each date, counted anew: [(day of the work, minutes, day of the money, pence)]."""
		terms, work = place.row, place.work
		by_time = terms.rate_basis == rates.HOUR
		parts = []
		for each in sorted(dates, key=lambda each: each.starts_on):
			minutes = Fraction(round((each.ends_on - each.starts_on) / timedelta(minutes=1)))
			preparation = Fraction(work.preparation_hours) * 60 / len(dates)
			if work.hours:
				minutes *= Fraction(work.hours) / Fraction(work.offered_length)
			if each.status == "Held":
				if not each.there:
					continue
				minutes, preparation = Fraction(each.attended * 15), 0
			if by_time and terms.preparation_paid:
				minutes += preparation
			parts.append((each.starts_on.date(), minutes))
		if by_time:
			pence = [int(terms.rate_amount * 100 * minutes / 60 + Fraction(1, 2)) for _day, minutes in parts]
		elif terms.rate_basis == rates.TASK:
			pence = [100 * terms.rate_amount, 0, 0, 0]
		elif terms.rate_basis == rates.SESSION:
			pence = [100 * terms.rate_amount] * 4
		else:  # before terms were kept
			each, rest = divmod(int(terms.offered_amount * 100), max(len(parts), 1))
			pence = [each + (number < rest) for number in range(4)]
		left = NO_LIMIT if place.most is None else int(place.most * 100)
		table = []
		wait = frappe.get_cached_doc("Involvement Settings").payment_working_days
		for (day, minutes), worth in zip(parts, pence, strict=False):
			paid = min(worth, left)
			left -= paid
			table.append((day, minutes, add_working_days(day, wait, closed), paid))
		return table

	def goes_beyond(self, counted: list, before, table, limits) -> bool:
		"""Whether `table` instead of `before` makes more of something than is allowed."""
		there = self.in_periods([*counted, *([before] if before else [])], limits)
		now = self.in_periods([*counted, table], limits)
		most = {
			"pence": limits.limit_money and round(limits.limit_money * 100),
			"minutes": limits.limit_hours * 60,
			"places": limits.limit_count,
		}
		return any(
			most[what] and amount > most[what] and amount > there[what, period]
			for (what, period), amount in now.items()
		)

	def in_periods(self, counted, limits) -> dict:
		sums, in_it = defaultdict(int), defaultdict(set)
		for number, table in enumerate(counted):
			for day, minutes, comes_on, pence in table:
				sums["pence", self.of(comes_on, limits)] += pence
				sums["minutes", self.of(day, limits)] += minutes
				in_it[self.of(day, limits)].add(number)
		for period, numbers in in_it.items():
			sums["places", period] = len(numbers)
		return sums

	@settings(deadline=None)
	@given(places_with_pay())
	def test_what_is_promised_comes_to_the_penny_date_by_date(self, place):
		"""A series: none of its money counts before it can come, and none twice; a lower amount is never more than that."""
		dates = [self.recorded(each) for each in (*place.dates, *place.added)]
		comes = self.promise(place, dates).comes
		self.assertEqual(
			[(int(part * 100), day) for part, day, _session in comes],
			[(pence, day) for _work, _minutes, day, pence in self.count(place, dates) if pence],
		)
		if place.most is not None:
			self.assertLessEqual(total(each.amount for each in comes), place.most)

	def of(self, day: date, limits) -> tuple:
		return (day.year, day.month) if limits.limit_period == "Month" else day.isocalendar()[:2]


class TestToACharity(pay.PaymentTestCase):
	def test_the_charity_is_paid_in_their_place(self):
		opportunity = pay.opportunity()
		person = factories.participant()
		made = factories.offer(opportunity, person)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			with self.assertRaisesRegex(places.ChoiceError, "which one"):
				places.accept(made.name, places.CHARITY, recorded_how="Phone")
			places.accept(made.name, places.CHARITY, recorded_how="Phone", charity=" The  Night Shelter ")
		place = frappe.get_doc("Involvement Engagement", {"application": made.name})
		pay.hold(opportunity)
		(payment,) = pay.payments(place)
		self.assertEqual(
			(payment.payee_name, payment.charity, payment.amount), ("The Night Shelter",) * 2 + (30,)
		)
		self.assertIsNone(preferences.over_their_limit(person.name, 30, place.payment_on))

	def test_choosing_it_later_asks_for_another_approval(self):
		opportunity = pay.opportunity()
		place = factories.engagement(opportunity, factories.participant())
		pay.hold(opportunity)
		pay.approve(pay.payments(place)[0])
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.change_choice(
				place.name, places.CHARITY, recorded_how="Phone", charity="The Night Shelter"
			)
		first, second = pay.payments(place)
		self.assertEqual(
			(first.status, second.status, second.payee_name), ("Void", "Checked", "The Night Shelter")
		)
		pay.take(pay.batch(pay.approve(second)), "Lock")
		with self.as_user(factories.staff(roles.COORDINATOR)), self.assertRaises(PaymentOnItsWay):
			places.change_choice(place.name, "Full", recorded_how="Phone")

	@given(
		st.sampled_from(places.CHOICES),
		st.decimals("0.01", 500, places=2),
		st.decimals("0.01", 500, places=2),
	)
	def test_no_choice_is_worth_more_than_the_offer(self, choice, amount, offered):
		try:
			chosen = places.checked_choice(choice, amount, offered)
		except places.ChoiceError:
			self.assertGreater(amount, offered)
			return
		self.assertLessEqual(places.worth(choice, chosen, offered), money(offered))


PENCE = st.integers(1, 20_000).map(lambda pence: Decimal(pence) / 100)
# what somebody was paid too much is taken off: below nothing
PAID_OR_TAKEN_BACK = st.tuples(PENCE, st.sampled_from((1, 1, 1, -1))).map(lambda drawn: drawn[0] * drawn[1])
LINES = st.lists(st.tuples(st.sampled_from("AB"), PAID_OR_TAKEN_BACK, st.booleans()), max_size=12)
THERE = st.lists(st.tuples(st.sampled_from("AB"), PENCE, st.integers(-40, 40)), max_size=6)


class TestLimitsInFigures(unittest.TestCase):
	"""Whatever is locked on whatever day (issue: caps never exceeded; domain 1.3 no. 2)."""

	def over(self, lines, there, row, day):
		rows = [
			frappe._dict(idx=n, payment=f"P-{n}", participant=who, amount=float(amount), charity=given_away)
			for n, (who, amount, given_away) in enumerate(lines)
		]
		came = [
			frappe._dict(participant=who, amount=float(amount), pay_on=day + timedelta(days=off))
			for who, amount, off in there
		]
		return rows, came, *own_limits.sorted_out(rows, came, {"A": row}, day)

	# the correction can be taken off nothing once £40 waits, so it makes no room for £25 either
	@example(
		[("A", Decimal(-25), False), ("A", Decimal(25), False), ("A", Decimal(40), False)],
		[("A", Decimal(15), 0)],
		Decimal(20),
		"Week",
		"Monday",
		1,
		date(2026, 6, 17),
	)
	@given(
		LINES,
		THERE,
		PENCE,
		st.sampled_from(("Week", "Month")),
		st.sampled_from(preferences.WEEKDAYS),
		st.integers(1, 31),
		st.dates(date(2025, 1, 1), date(2030, 12, 31)),
	)
	def test_what_is_locked_never_goes_beyond_it(self, lines, there, cap, kind, weekday, month_day, day):
		row = frappe._dict(
			own_payment_cap=float(cap), cap_period=kind, cap_weekday=weekday, cap_month_day=month_day
		)
		rows, came, left, waits = self.over(lines, there, row, day)
		period = preferences.period(row, day)
		had = total(
			each.amount
			for each in came
			if each.participant == "A" and period.start <= each.pay_on <= period.end
		)
		mine = [line for line in rows if line.participant == "A" and not line.charity]
		kept = [line for line in mine if line in left]
		if any(line.amount > 0 for line in kept):
			self.assertLessEqual(had + total(line.amount for line in kept), cap)
		# nobody else waits for it, nor what goes to a charity, nor what is taken back
		self.assertTrue(all(line in mine and line.amount > 0 for line in waits))
		self.assertTrue(all(line in left for line in rows if line.amount > 0 and line not in waits))
		# and nothing waits that would have fitted where it stood, with all that is taken off here
		for line in waits:
			before = total(each.amount for each in kept if each.idx < line.idx or each.amount < 0)
			self.assertGreater(had + before + money(line.amount), cap)
		# whatever the order in which what is taken back stands among the others
		first = sorted(lines, key=lambda line: line[1] >= 0)
		again = self.over(first, there, row, day)[3]
		self.assertEqual(Counter(each.amount for each in waits), Counter(each.amount for each in again))


class TestRoutes(pay.PaymentTestCase):
	def of(self, outcome: str):
		decision = factories.role_status_determination(outcome=outcome)
		return pay.approved(opportunity_type=decision.opportunity_type)

	def test_payroll_and_invoices_are_not_in_a_batch(self):
		gross, paye, invoice = map(self.of, ("Ad hoc, gross", "PAYE", "Invoice"))
		for payment, route in ((paye, "PAYE"), (invoice, "Invoice")):
			with self.subTest(route), self.assertRaisesRegex(NotReady, f"paid through {route}"):
				pay.batch(payment)
		batch = pay.batch(gross)
		with self.as_user(pay.officer()):
			doc = frappe.get_doc(pay.BATCH, batch.name)
			doc.add_approved_payments()
			doc.reload()
			lines = {line.payment for line in doc.lines}
			self.assertFalse(lines & {paye.name, invoice.name})
			doc.run_method("onload")
			said = " ".join(doc.get("__onload").waiting)
		self.assertRegex(said, r"wait for payroll: 1 \(£30.00\)")
		self.assertRegex(said, r"wait for an invoice: 1 \(£30.00\)")

	def test_a_batch_of_nothing_says_what_waits(self):
		self.of("PAYE")
		with self.as_user(pay.officer()):
			empty = frappe.get_doc(doctype=pay.BATCH, title="Nothing", payment_on=today()).insert()
			with self.assertRaisesRegex(NotReady, "at least one payment .* wait for payroll"):
				pay.take(empty, "Lock")


class TestWhatIsTakenBackFromSomebodyOverTheirLimit(pay.PaymentTestCase):
	def test_it_waits_with_their_payment_and_nobody_else_does(self):
		person, other = factories.participant(), factories.participant()
		pay.take(pay.batch(first := pay.approved(person)), "Lock", "Authorise", "Export", "Confirm")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			(correction,) = corrections.propose(first.name, 10, "Two hours were one", "Phone")
		correction = pay.approve(frappe.get_doc(pay.PAYMENT, correction))
		factories.preference(
			person, own_payment_cap=30, cap_period="Month", cap_month_day=1, spread_payments=1
		)
		theirs, somebodys = pay.approved(person), pay.approved(other)
		batch = pay.take(pay.batch(theirs, somebodys, correction), "Lock")
		self.assertEqual([(line.idx, line.payment) for line in batch.lines], [(1, somebodys.name)])
		for waiting in (theirs, correction):
			self.assertEqual(frappe.db.get_value(pay.PAYMENT, waiting.name, "status"), "Approved")

	def with_five_to_take_back(self, **wish):
		"""(person, their preference, a correction of £5 of £30 that they had this month, a payment of £10)"""
		person = factories.participant()
		pay.take(pay.batch(first := pay.approved(person)), "Lock", "Authorise", "Export", "Confirm")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			(correction,) = corrections.propose(first.name, 5, "Two hours were one", "Phone")
		correction = pay.approve(frappe.get_doc(pay.PAYMENT, correction))
		wish = {
			"own_payment_cap": 20,
			"cap_period": "Month",
			"cap_month_day": 1,
			"spread_payments": 1,
			**wish,
		}
		preference = factories.preference(person, **wish)
		new = pay.checked(person)
		frappe.db.set_value(pay.PAYMENT, new.name, "amount", 10)
		return person, preference, correction, pay.approve(new)

	def not_before(self, *payments):
		return [frappe.db.get_value(pay.PAYMENT, each.name, "not_before") for each in payments]

	def test_what_is_taken_back_never_waits_by_the_limit_itself(self):
		_person, preference, correction, new = self.with_five_to_take_back()
		pay.take(pay.batch(correction, new, pay.approved()), "Lock")
		self.assertIsNone(self.not_before(correction)[0])
		self.assertTrue(self.not_before(new)[0])
		with self.as_user(factories.staff(roles.COORDINATOR)):
			preference.reload()
			preference.update({"own_payment_cap": 0, "recorded_how": "Phone"}).save()
		batch = pay.take(pay.batch(new, correction), "Lock")
		self.assertEqual(batch.total, 5)

	def test_it_is_counted_first_whatever_the_order_of_the_rows(self):
		_person, _preference, correction, new = self.with_five_to_take_back(own_payment_cap=35)
		for rows in ((correction, new), (new, correction)):
			with self.subTest([row.name for row in rows]):
				frappe.db.savepoint("rows_in_order")
				self.assertEqual(pay.take(pay.batch(*rows), "Lock").total, 5)
				frappe.db.rollback(save_point="rows_in_order")

	def test_one_that_was_made_to_wait_before_is_free_with_its_person(self):
		"""As it was left by versions that let corrections wait."""
		_person, preference, correction, _new = self.with_five_to_take_back()
		until = preferences.period(preference, today()).end + timedelta(days=1)
		frappe.db.set_value(pay.PAYMENT, correction.name, "not_before", until)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			preference.reload()
			preference.update({"own_payment_cap": 0, "recorded_how": "Phone"}).save()
		self.assertEqual(self.not_before(correction), [None])

	def test_nor_does_what_is_taken_back_of_expenses_make_room_for_pay(self):
		person = factories.participant()
		claim = pay.payment_of(pay.approved_claim(factories.journey(100), person=person))
		pay.take(pay.batch(claim), "Lock", "Authorise", "Export", "Confirm")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			(correction,) = corrections.propose(claim.name, 20, "Half the miles", "Phone")
		correction = pay.approve(frappe.get_doc(pay.PAYMENT, correction))
		factories.preference(person, own_payment_cap=25, cap_period="Week", cap_weekday="Monday")
		batch = pay.batch(correction, pay.approved(person), pay.approved())
		batch = pay.take(batch, "Lock")
		self.assertEqual([line.participant == person.name for line in batch.lines], [False])

	def test_a_row_is_called_by_its_number_on_the_screen(self):
		factories.bank_file_layout(in_use=1)
		person, other, nobody = (factories.participant() for _number in range(3))
		detail = factories.participant_bank_detail(other, "Active")
		frappe.db.set_value(detail.doctype, detail.name, "active_since", add_days(today(), -30))
		factories.preference(person, own_payment_cap=10, cap_period="Week", cap_weekday="Monday")
		batch = pay.batch(pay.approved(person), pay.approved(other), last := pay.approved(nobody))
		with self.assertRaisesRegex(ways.NoAccount, f"Row 3: {last.name}"):
			pay.take(batch, "Lock")
