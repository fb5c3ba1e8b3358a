"""Advice and one's own limit wherever staff write down a choice for somebody (domain 1.3, row 0.13): asked for, logged, and
never in the way."""

import frappe
from frappe.utils import add_days, get_datetime, now_datetime

from involvement_app.involvement_app import places
from involvement_app.lifecycle import desk
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.compat import IntegrationTestCase

OVER = "their own limit of £40.00"


class TestAdviceInTheDesk(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.person = factories.participant()
		self.coordinator = factories.staff(roles.COORDINATOR)
		frappe.clear_messages()

	def accepted_on_the_form(self, **values):
		offer = factories.offer(pay.opportunity(), self.person)
		with self.as_user(self.coordinator):
			form = frappe.get_doc("Involvement Application", offer.name)
			form.update({"payment_choice": "Full", "recorded_how": "Phone", "clash_note": "Both", **values})
			form.save()
			frappe.clear_messages()
			desk.take("Involvement Application", offer.name, "Accept")
		return frappe.get_doc("Involvement Engagement", {"application": offer.name})

	def test_what_was_read_to_them_is_written_down_as_they_say_yes(self):
		place = self.accepted_on_the_form(advice_told=1)
		self.assertLess((now_datetime() - get_datetime(place.advice_read_on)).total_seconds(), 60)
		self.assertEqual(place.advice_given_by, self.coordinator)
		without = self.accepted_on_the_form()
		self.assertEqual((without.advice_read_on, without.advice_given_by), (None, None))

	def change(self, place, **values):
		with self.as_user(self.coordinator):
			form = frappe.get_doc("Involvement Engagement", place.name)
			form.update({"recorded_how": "Phone", **values})
			frappe.clear_messages()
			form.save()
		return frappe.get_doc("Involvement Engagement", place.name)

	def test_and_with_another_choice(self):
		place = self.accepted_on_the_form(payment_choice="Decline")
		place = self.change(place, payment_choice="Full")
		self.assertIsNone(place.advice_read_on)
		place = self.change(place, payment_choice="Lower amount", chosen_amount=5, advice_told=1)
		self.assertEqual((place.advice_given_by, place.advice_told), (self.coordinator, 0))
		first = place.advice_read_on
		self.assertTrue(first)
		# said once, it does not stand for the next
		self.assertEqual(self.change(place, payment_choice="Full").advice_read_on, first)

	def test_nobody_writes_down_another_day_or_another_hand(self):
		place = self.accepted_on_the_form()
		forged = {"advice_read_on": add_days(now_datetime(), -9), "advice_given_by": "Administrator"}
		place = self.change(place, payment_choice="Lower amount", chosen_amount=5, **forged)
		self.assertEqual((place.advice_read_on, place.advice_given_by), (None, None))

	def said(self) -> str:
		return str(frappe.get_message_log())

	def test_staff_hear_of_the_own_limit_and_are_not_stopped(self):
		factories.preference(self.person, own_payment_cap=40, cap_period="Month", cap_month_day=1)
		self.accepted_on_the_form()
		self.assertNotIn(OVER, self.said())
		second = self.accepted_on_the_form()
		self.assertIn(OVER, self.said())
		self.assertEqual(second.status, "Confirmed")
		self.change(second, payment_choice="Decline")
		self.assertNotIn(OVER, self.said())
		# £10 beside £30 fits: what they have of this place itself does not count twice
		self.change(second, payment_choice="Lower amount", chosen_amount=10)
		self.assertNotIn(OVER, self.said())
		self.assertEqual(self.change(second, payment_choice="Full").payment_choice, "Full")
		self.assertIn(OVER, self.said())
		# what goes to a charity is not theirs
		self.change(second, payment_choice=places.CHARITY, charity="The Night Shelter")
		self.assertNotIn(OVER, self.said())
