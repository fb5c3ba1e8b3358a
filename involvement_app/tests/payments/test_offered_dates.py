"""An offer is of the dates that are still to come (domain 1.3 no. 2, 4.6): it names what those pay, whatever was added, called
off or over since the opportunity was published."""

import frappe
from frappe.utils import add_to_date, get_datetime, getdate, today

from involvement_app.involvement_app import caps, places, preferences, promises, series, sessions
from involvement_app.money import money, total
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.compat import change_settings

SESSION = "Involvement Session"
RULES = (
	{"basis": "Per hour", "amount": 13.37, "minimum_hours": 3},
	{"basis": "Per hour", "amount": 11.11, "preparation_paid": 1},
	{"basis": "Flat per session", "amount": 25},
	{"basis": "Per block of hours", "amount": 20, "block_hours": 1.5, "preparation_paid": 1},
	{"basis": "Half or full day", "amount": 80, "half_day_hours": 2, "half_day_amount": 45},
	{"basis": "Per task", "amount": 75},
)


class TestWhatAnOfferNames(pay.PaymentTestCase):
	"""£15 an hour; each date takes two hours."""

	def offer(self, opportunity, person=None):
		doc = factories.offer(opportunity, person or factories.participant())
		return money(doc.offered_amount), getdate(doc.payment_on)

	def published(self, opportunity):
		amount, day = frappe.db.get_value(
			opportunity.doctype, opportunity.name, ["offer_per_person", "payment_on"]
		)
		return money(amount), day

	def session(self, opportunity, number: int = 0) -> str:
		return frappe.get_all(
			SESSION,
			{"opportunity": opportunity.name},
			pluck="name",
			order_by="starts_on",
			limit=1,
			start=number,
		)[0]

	def add(self, opportunity) -> None:
		with self.as_user(factories.staff(roles.COORDINATOR)):
			series.add_after(self.session(opportunity), series.WEEKLY, 1, True)

	def day_of(self, session: str):
		return promises.paid_by(frappe.db.get_value(SESSION, session, "starts_on"))

	def test_as_published_where_nothing_has_changed(self):
		for values in RULES:
			with self.subTest(values["basis"]):
				rule = factories.rate_rule(**values)
				opportunity = pay.opportunity(sessions=3, rate_rule=rule, preparation_hours=2, hours=7)
				self.assertTrue(opportunity.offer_per_person)
				self.assertEqual(self.offer(opportunity), self.published(opportunity))

	def test_a_date_that_was_added_is_paid_too(self):
		opportunity = pay.opportunity(places=3)
		early = factories.offer(opportunity, factories.participant())
		self.add(opportunity)
		person = factories.participant()
		self.assertEqual(self.published(opportunity)[0], 30)
		self.assertEqual(self.offer(opportunity, person), (60, self.day_of(self.session(opportunity, 1))))
		early.reload()
		self.assertEqual(early.offered_amount, 30, "what was said stays as it was said")
		[told] = frappe.get_all(
			"Involvement Message", {"recipient": person.name, "template": "Involvement offer"}, pluck="body"
		)
		self.assertIn("£60.00", told)

	def test_and_then_it_is_what_they_get(self):
		opportunity = pay.opportunity()
		self.add(opportunity)
		place = factories.engagement(opportunity, factories.participant())
		pay.hold(opportunity, 0)
		pay.hold(opportunity, 1)
		self.assertEqual(money(place.offered_amount), 60)
		self.assertEqual(total(row.amount for row in pay.payments(place)), 60)

	def test_what_is_over_is_not_offered(self):
		opportunity = pay.opportunity(
			sessions=2, preparation_hours=1, rate_rule=factories.rate_rule(preparation_paid=1)
		)
		self.assertEqual(self.published(opportunity)[0], 75)
		pay.hold(opportunity, 0)
		place = factories.engagement(opportunity, factories.participant())
		self.assertEqual(money(place.offered_amount), money("37.50"))
		pay.hold(opportunity, 1)
		self.assertEqual(total(row.amount for row in pay.payments(place)), money("37.50"))

	def test_nor_what_is_over_and_not_written_down_yet(self):
		opportunity = pay.opportunity(sessions=2)
		frappe.db.set_value(
			SESSION,
			self.session(opportunity),
			{"starts_on": "2026-01-05 10:00:00", "ends_on": "2026-01-05 12:00:00"},
		)
		self.assertEqual(self.offer(opportunity)[0], 30)

	def test_nor_what_was_called_off(self):
		opportunity = pay.opportunity(sessions=2)
		last = self.session(opportunity, 1)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			sessions.cancel(last)
		self.assertEqual(self.offer(opportunity), (30, self.day_of(self.session(opportunity))))

	def test_where_every_date_is_over_it_is_of_those_and_paid_from_today(self):
		"""Staff write down afterwards who was there."""
		opportunity = pay.opportunity()
		pay.hold(opportunity)
		self.assertEqual(self.offer(opportunity), (30, promises.paid_by(today())))

	def test_where_one_is_called_off_and_the_other_over_it_is_of_the_other(self):
		opportunity = pay.opportunity(sessions=2)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			sessions.cancel(self.session(opportunity, 1))
		over = {"starts_on": "2026-01-05 10:00:00", "ends_on": "2026-01-05 12:00:00"}
		frappe.db.set_value(SESSION, self.session(opportunity), over)
		self.assertEqual(self.offer(opportunity)[0], 30)

	def test_attendance_is_filled_with_the_hours_that_were_offered(self):
		opportunity = pay.opportunity(sessions=3, hours=7)
		place = factories.engagement(opportunity, factories.participant())
		self.assertEqual(money(place.offered_amount), 105)
		for number in range(3):
			pay.hold(opportunity, number, hours=pay.AS_PLANNED)
		self.assertEqual(total(row.amount for row in pay.payments(place)), 105)

	def test_limits_are_asked_what_is_offered(self):
		"""Two dates in one week, one of them over and not written down; preparation is shared over both."""
		rule = factories.rate_rule(preparation_paid=1)
		opportunity = pay.opportunity(sessions=2, rate_rule=rule, preparation_hours=1)
		over = {"starts_on": "2026-01-05 10:00:00", "ends_on": "2026-01-05 12:00:00"}
		frappe.db.set_value(SESSION, self.session(opportunity), over)
		person = factories.participant()
		factories.preference(person, own_payment_cap=37.5, cap_period="Week", cap_weekday="Monday")
		offer = factories.offer(opportunity, person)
		self.assertEqual(money(offer.offered_amount), money("37.50"))
		ask = (person.name, offer.offered_amount, offer.payment_on, opportunity.name)
		self.assertIsNone(preferences.over_their_limit(*ask))
		limits = {"limit_period": "Month", "limit_action": "Block", "limit_money": 40}
		with change_settings("Involvement Settings", limits):
			self.assertEqual(caps.refused_in_full(person.name, frappe.get_doc(offer.doctype, offer.name)), [])
			places.accept(offer.name, "Full", recorded_how="Phone")

	def test_who_is_not_paid_is_offered_no_money(self):
		opportunity = pay.opportunity()
		self.add(opportunity)
		person = factories.participant(payment_eligibility="Expenses only")
		self.assertEqual(self.offer(opportunity, person)[0], 0)

	def test_a_lower_amount_is_held_against_it_and_their_own_limit_as_it_is(self):
		opportunity = pay.opportunity(places=3)
		start = get_datetime(frappe.db.get_value(SESSION, self.session(opportunity), "starts_on"))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			# on the same day, so that both are paid in one week
			frappe.get_doc(
				doctype=SESSION,
				opportunity=opportunity.name,
				lead=opportunity.lead,
				starts_on=add_to_date(start, hours=3),
				ends_on=add_to_date(start, hours=5),
			).insert()
		person = factories.participant()
		factories.preference(person, own_payment_cap=50, cap_period="Week", cap_weekday="Monday")
		offer = factories.offer(opportunity, person)
		with self.assertRaisesRegex(places.ChoiceError, "60"):
			places.accept(offer.name, "Lower amount", 60.01, recorded_how="Phone")
		ask = (person.name, 45, offer.payment_on, opportunity.name)
		self.assertIsNone(preferences.over_their_limit(*ask, lower=True))
		self.assertTrue(preferences.over_their_limit(person.name, 60, offer.payment_on, opportunity.name))
		frappe.clear_messages()
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.accept(offer.name, "Lower amount", 45, recorded_how="Phone")
		self.assertNotIn("limit", str(frappe.get_message_log()))
