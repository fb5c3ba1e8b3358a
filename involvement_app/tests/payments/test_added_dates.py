"""Dates that are added where people have places: what they are worth counts, and is asked about (domain 1.4, 4.6, 5.2)."""

import frappe
from frappe.utils import add_days, add_to_date, get_datetime, today

from involvement_app import lifecycle
from involvement_app.involvement_app import added_dates, caps, places, preferences, series, sessions
from involvement_app.involvement_payments.report.exceptions_to_separated_duties import (
	exceptions_to_separated_duties as report,
)
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.budgets.counting import counted

SETTINGS = "Involvement Settings"
SESSION = "Involvement Session"


class AddedDates(pay.PaymentTestCase):
	"""£30 for two hours; all dates and their money in one period of a year."""

	def set(self, **values):
		limits = {"limit_period": "Month", "limit_action": "Block", **dict.fromkeys(caps.FIELDS, 0)}
		frappe.db.set_single_value(SETTINGS, {**limits, **values})
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		self.addCleanup(frappe.clear_document_cache, SETTINGS, SETTINGS)

	def with_places(self, number: int = 1, choice="Full", amount=None, **kw):
		"""(opportunity, places)"""
		opportunity = pay.opportunity(places=max(number, 2), **kw)
		people = [factories.participant() for _number in range(number)]
		return opportunity, [factories.engagement(opportunity, each, choice, amount) for each in people]

	def session(self, opportunity) -> str:
		return frappe.db.get_value(SESSION, {"opportunity": opportunity.name})

	def add(self, opportunity, how_many: int = 1, rhythm=series.WEEKLY) -> dict:
		with self.as_user(factories.staff(roles.COORDINATOR)):
			return series.add_after(self.session(opportunity), rhythm, how_many, True)

	def add_a_day_later(self, opportunity):
		"""By the form of a session, to the same week or month."""
		first = get_datetime(frappe.db.get_value(SESSION, self.session(opportunity), "starts_on"))
		start = add_to_date(first, hours=3)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			return frappe.get_doc(
				doctype=SESSION,
				opportunity=opportunity.name,
				lead=opportunity.lead,
				starts_on=start,
				ends_on=add_to_date(start, hours=2),
			).insert()

	def dates(self, opportunity) -> int:
		return frappe.db.count(SESSION, {"opportunity": opportunity.name})


class TestOurLimits(AddedDates):
	def test_they_are_refused_by_code_and_limit_where_the_settings_block(self):
		for limit, words in (
			({"limit_money": 50}, "£60.00 beside £0.00 .* at most £50.00"),
			({"limit_hours": 3}, "4 paid hours .* at most 3"),
		):
			with self.subTest(**limit):
				self.set()
				opportunity, (place, _other) = self.with_places(2)
				self.set(**limit)
				frappe.db.savepoint("refused")
				with self.assertRaisesRegex(caps.OverOurLimit, f"{place.participant}: {words}.*fewer dates"):
					self.add_a_day_later(opportunity)
				frappe.db.rollback(save_point="refused")

	def test_so_are_many_at_once_and_none_is_made(self):
		"""Whatever months they fall into: 5 weeks of £30 are in two months at the most."""
		opportunity, (place,) = self.with_places()
		self.set(limit_money=50)
		frappe.db.savepoint("refused")
		with self.assertRaisesRegex(caps.OverOurLimit, place.participant):
			self.add(opportunity, 5)
		frappe.db.rollback(save_point="refused")
		self.assertEqual(self.dates(opportunity), 1)

	def test_a_warning_stops_nothing(self):
		opportunity, (place,) = self.with_places()
		self.set(limit_money=50, limit_action="Warn")
		frappe.clear_messages()
		self.add_a_day_later(opportunity)
		self.assertRegex(str(frappe.get_message_log()), f"{place.participant}: £60.00 beside £0.00")

	def test_what_fits_or_is_not_paid_is_not_asked(self):
		self.set(limit_money=60, limit_hours=4, limit_count=1)
		self.add_a_day_later(self.with_places()[0])
		self.set(limit_money=40)
		for choice, amount in (("Decline", None), ("Expenses only", None), ("Lower amount", 20)):
			with self.subTest(choice):
				self.add_a_day_later(self.with_places(1, choice, amount)[0])

	def test_published_again_with_more_dates_it_is_asked_too(self):
		opportunity, (place,) = self.with_places()
		self.set(limit_money=50)
		first = get_datetime(frappe.db.get_value(SESSION, self.session(opportunity), "starts_on"))
		start = add_to_date(first, hours=3)
		with self.as_user(opportunity.lead):
			doc = frappe.get_doc(opportunity.doctype, opportunity.name)
			doc.append("dates", {"starts_on": start, "ends_on": add_to_date(start, hours=2)})
			doc.hours = 4
			doc.save()
		with self.as_user(factories.staff(roles.MANAGER)):
			lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Approve")
		with (
			self.as_user(factories.staff(roles.COORDINATOR)),
			self.assertRaisesRegex(caps.OverOurLimit, place.participant),
		):
			lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Publish")

	def test_in_as_many_queries_for_many_people_as_for_few(self):
		self.set(limit_money=1000)
		cost = []
		for number in (1, 5):
			opportunity, _places = self.with_places(number)
			session = self.add_a_day_later(opportunity)
			with counted() as statements:
				added_dates.check(opportunity.name, [session])
			cost.append(len(statements))
		self.assertEqual(cost[0], cost[1])

	def test_afterwards_they_count_as_they_are_paid(self):
		"""Not the old offer shared over more dates."""
		self.set(limit_money=65)
		person = factories.participant()
		opportunity = pay.opportunity()
		factories.engagement(opportunity, person)
		self.add_a_day_later(opportunity)
		with self.assertRaisesRegex(caps.OverOurLimit, "£30.00 beside £60.00"):
			factories.engagement(pay.opportunity(), person)

	def test_what_was_attended_counts_as_it_was(self):
		person = factories.participant()
		opportunity = pay.opportunity()
		place = factories.engagement(opportunity, person)
		for attendance, hours, worth in (("Attended", 6, 90), ("Could not attend", 0, 0)):
			with self.subTest(attendance):
				frappe.db.savepoint("held")
				pay.hold(opportunity, attendance=attendance, hours=hours)
				(held,) = caps._held({person.name})[person.name]
				self.assertEqual(sum(each.amount for each in held.promise.comes), worth)
				self.assertEqual([float(each.hours) for each in held.promise.dates], [6] if worth else [])
				self.assertEqual(sum(payment.amount for payment in pay.payments(place)), worth)
				frappe.db.rollback(save_point="held")

	def test_a_date_that_is_called_off_and_paid_counts_and_no_other(self):
		for payment, worth in ((sessions.PAID, 60), (sessions.NOT_PAID, 30)):
			with self.subTest(payment):
				opportunity, (place,) = self.with_places(sessions=2)
				with self.as_user(factories.staff(roles.COORDINATOR)):
					sessions.cancel(self.session(opportunity), payment)
				((held,),) = caps._held({place.participant}).values()
				self.assertEqual(sum(each.amount for each in held.promise.comes), worth)


class TestLongerThanPlanned(AddedDates):
	"""Six hours in the place of two: what was done is paid, and whoever agrees to it is told."""

	def attended(self, hours: float):
		opportunity, (place,) = self.with_places()
		pay.hold(opportunity, hours=hours)
		frappe.clear_messages()
		payment = pay.approve(pay.payments(place)[0])
		return payment, str(frappe.get_message_log())

	def exceptions(self, payment) -> list[str]:
		with self.as_user(pay.officer()):
			rows = report.execute({"unit": payment.unit})[1]
		return [row["what"] for row in rows if row["document"] == payment.name]

	def test_it_is_said_as_it_is_approved_and_listed(self):
		for limit in ({"limit_money": 50}, {"limit_hours": 3}):
			with self.subTest(**limit):
				self.set(**limit)
				payment, said = self.attended(6)
				self.assertEqual((payment.status, payment.amount), ("Approved", 90))
				self.assertRegex(said, f"{payment.participant} comes to more than we give one person")
				self.assertIn(
					"Approved more than the organisation's limit for one person", self.exceptions(payment)
				)

	def test_what_fits_is_not(self):
		self.set(limit_money=90, limit_hours=6, limit_count=1)
		payment, said = self.attended(6)
		self.assertFalse(payment.beyond_our_limit)
		self.assertNotIn("more than we give", said)
		self.assertEqual(self.exceptions(payment), [])

	def test_somebody_who_left_afterwards_is_counted_with_what_they_did(self):
		self.set()
		person = factories.participant()
		opportunity = pay.opportunity(sessions=2)
		place = factories.engagement(opportunity, person)
		pay.hold(opportunity)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.leave(place.name, recorded_how="Phone")
		(held,) = caps._held({person.name})[person.name]
		self.assertEqual([each.amount for each in held.promise.comes], [30])


class TestTheirOwnLimit(AddedDates):
	def test_it_counts_them(self):
		"""£90 are promised, and not the £30 of the yes."""
		person = factories.participant()
		opportunity = pay.opportunity()
		place = factories.engagement(opportunity, person)
		self.add_a_day_later(opportunity)
		factories.preference(person, own_payment_cap=65, cap_period="Month", cap_month_day=1)
		over = preferences.over_their_limit(person.name, 10, place.payment_on)
		self.assertEqual((over.promised, over.limit), ("£60.00", "£65.00"))


class TestWhatHasEnded(AddedDates):
	def test_a_rate_that_does_not_count_on_them_is_refused(self):
		rule = factories.rate_rule(valid_to=add_days(today(), 40))
		opportunity, _places = self.with_places(rate_rule=rule)
		self.add(opportunity)
		with self.assertRaisesRegex(
			added_dates.NotOnThatDay, f"Rate: “{rule}” does not count on .*Plan it again"
		):
			self.add(opportunity, 3)

	def test_nor_are_they_paid_without_a_decision_on_the_role(self):
		decision = factories.role_status_determination()
		opportunity, _places = self.with_places(opportunity_type=decision.opportunity_type)
		frappe.db.set_value(decision.doctype, decision.name, "valid_to", add_days(today(), 40))
		self.add(opportunity)
		frappe.db.savepoint("refused")
		with self.assertRaisesRegex(added_dates.NotOnThatDay, "Role Status Determination: none .* has ended"):
			self.add(opportunity, 3)
		frappe.db.rollback(save_point="refused")
		factories.role_status_determination(
			decision.opportunity_type, "PAYE", valid_from=add_days(today(), 41)
		)
		with self.assertRaisesRegex(added_dates.NotOnThatDay, "counts as “PAYE”"):
			self.add(opportunity, 3)

	def test_where_nobody_is_paid_neither_is_asked(self):
		rule = factories.rate_rule(valid_to=add_days(today(), 40))
		opportunity, _places = self.with_places(choice="Decline", rate_rule=rule)
		self.assertEqual(self.add(opportunity, 3)["made"], 3)
