import frappe
from frappe.utils import add_days, getdate, today

from involvement_app.involvement_app import flags, places, preferences, promises, rates
from involvement_app.involvement_app.preferences import over_their_limit
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase


class TestInvolvementPreference(IntegrationTestCase):
	def test_what_staff_enter_is_shown_as_entered_for_the_person(self):
		"""Row 0.13: who entered it, how they were told and when; asked for with every change."""
		doc = factories.preference(factories.participant())
		self.assertEqual((doc.recorded_by, doc.told_how), (factories.staff(roles.COORDINATOR), "Phone"))
		self.assertTrue(doc.recorded_on)
		self.assertFalse(doc.recorded_how)
		doc.topics_wanted = "Something else"
		self.assertRaisesRegex(frappe.ValidationError, "How the person told us", doc.save)

	def test_what_the_person_writes_is_their_own_act(self):
		"""Row 0.13: people say themselves how much they take part."""
		me = factories.participant(portal=True)
		factories.preference(me)
		with self.as_user(me.user):
			preferences.save(me.name, {"hours_a_month": 4, "recorded_by": "Administrator"})
		doc = frappe.get_doc(preferences.PREFERENCE, {"participant": me.name})
		self.assertEqual((doc.hours_a_month, doc.recorded_by, doc.told_how), (4, None, None))

	def test_nobody_writes_for_somebody_else(self):
		me, other = factories.participant(portal=True), factories.participant(portal=True)
		with self.as_user(me.user), self.assertRaises(frappe.PermissionError):
			preferences.save(other.name, {"hours_a_month": 4, "recorded_how": "Phone"})

	def test_staff_write_only_about_people_of_their_units(self):
		mine, elsewhere = factories.unit(), factories.unit()
		coordinator = factories.another(roles.COORDINATOR)
		factories.limit(coordinator, mine)
		seen = factories.preference(factories.participant(units=(mine,)))
		other = factories.participant(units=(elsewhere,))
		hidden = factories.preference(other)
		with self.as_user(coordinator):
			names = frappe.get_list("Involvement Preference", pluck="name", limit=0)
			self.assertIn(seen.name, names)
			self.assertNotIn(hidden.name, names)
			self.assertRaises(frappe.PermissionError, hidden.check_permission, "read")
			frappe.db.delete("Involvement Preference", hidden.name)
			new = frappe.new_doc("Involvement Preference", participant=other.name, recorded_how="Phone")
			self.assertRaises(frappe.PermissionError, new.insert)

	def test_there_is_one_for_each_person(self):
		me = factories.participant()
		factories.preference(me)
		self.assertRaises(frappe.UniqueValidationError, factories.preference, me)

	def test_no_version_keeps_what_somebody_no_longer_wants(self):
		doc = factories.preference(factories.participant())
		doc.update({"topics_never": "Nothing", "recorded_how": "Phone"}).save()
		self.assertFalse(frappe.db.exists("Version", {"docname": doc.name}))

	def test_an_impossible_limit_is_refused(self):
		me = factories.participant()
		for wrong in (
			{"own_payment_cap": 50},
			{"own_payment_cap": 50, "cap_period": "Month", "cap_month_day": 32},
			{"hours_a_month": 1000},
		):
			with self.subTest(wrong):
				self.assertRaises(frappe.ValidationError, factories.preference, me, **wrong)

	def test_their_own_limit_counts_what_is_promised_in_their_own_month(self):
		"""Row 0.13: the limit is the person's, and so is the day on which their month starts (domain 1.3)."""
		me = factories.participant()
		factories.preference(me, own_payment_cap=50, cap_period="Month", cap_month_day=14)
		place = factories.engagement(factories.opportunity("Published"), me)
		self.promise(place, 30, "2026-07-14")
		self.assertIsNone(over_their_limit(me.name, 20, "2026-08-13"))
		over = over_their_limit(me.name, "20.01", "2026-08-13")
		self.assertEqual((over.limit, over.promised), ("£50.00", "£30.00"))
		self.assertIsNone(over_their_limit(me.name, "20.01", "2026-08-14"))
		self.promise(place, 30, "2026-07-14", choice="Decline")
		self.assertIsNone(over_their_limit(me.name, 50, "2026-08-13"))

	def test_staff_see_it_before_they_offer_and_those_who_may_not_do_not(self):
		"""Row 0.13: said on top of the application; it stops nobody."""
		me = factories.participant()
		factories.preference(me, topics_never="", own_payment_cap=5, cap_period="Month")
		opportunity = factories.opportunity("Published")
		day = {"payment_on": "2026-07-14", "offer_per_person": 30}
		frappe.db.set_value(opportunity.doctype, opportunity.name, day)
		made = factories.application(opportunity, me)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			(flag,) = flags.about(made.doctype, made.name)
			self.assertIn("£5.00", flag["limit"])
			self.assertEqual(places.offer(made.name).status, "Offered")

	def test_a_week_starts_on_the_day_they_say(self):
		me = factories.participant()
		factories.preference(me, own_payment_cap=50, cap_period="Week", cap_weekday="Thursday")
		place = factories.engagement(factories.opportunity("Published"), me)
		self.promise(place, 50, "2026-07-16")  # a Thursday
		for day, over in (
			("2026-07-15", False),
			("2026-07-16", True),
			("2026-07-22", True),
			("2026-07-23", False),
		):
			self.assertEqual(bool(over_their_limit(me.name, 1, day)), over, day)

	def test_without_a_limit_nothing_is_over_it(self):
		me = factories.participant()
		self.assertIsNone(over_their_limit(me.name, 10_000, add_days(today(), 3)))
		factories.preference(me)
		self.assertIsNone(over_their_limit(me.name, 10_000, add_days(today(), 3)))

	def promise(self, place, amount, day, choice="Full"):
		"""For a date so many working days before, flat."""
		values = {"offered_amount": amount, "payment_on": day, "payment_choice": choice}
		flat = {"rate_basis": rates.SESSION, "rate_amount": amount}
		frappe.db.set_value(place.doctype, place.name, {**values, **flat})
		days = (add_days(day, -number) for number in range(60))
		start = next(each for each in days if promises.paid_by(each) == getdate(day))
		times = {"starts_on": f"{start} 10:00:00", "ends_on": f"{start} 12:00:00"}
		frappe.db.set_value("Involvement Session", {"opportunity": place.opportunity}, times)
