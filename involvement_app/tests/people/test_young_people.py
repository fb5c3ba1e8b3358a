"""People under 18: a guardian's yes, the portal by age, growing up (domain 4.2, 5.6 no. 7)."""

import frappe
from frappe.utils import add_days, add_years, today

from involvement_app import lifecycle
from involvement_app.involvement_app import participants, places, portal_access, young_people
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

PERSON = "Involvement Participant"


def born(years: int, days: int = 0) -> str:
	return add_days(add_years(today(), -years), days)


class TestYoungPeople(IntegrationTestCase):
	def young(self, agreed: bool = False, years: int = 15, **kw):
		values = {"date_of_birth": born(years), "guardian": factories.contact("Robin")}
		if agreed:
			values |= {"guardian_agreed_on": today(), "guardian_told_how": "In person"}
		return factories.participant(**values, **kw)

	def now(self, doc):
		return frappe.get_doc(doc.doctype, doc.name)

	def change(self, doc, **values):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			fresh = self.now(doc)
			fresh.update(values)
			fresh.save()
		return fresh

	def test_nobody_under_18_is_active_or_takes_a_place_without_the_guardians_yes(self):
		"""Row 0.16: children and young people take part, with the yes of a parent or guardian."""
		doc = self.young()
		self.assertEqual((doc.status, doc.age_band), ("Interested", "Under 18"))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertRaises(young_people.NeedsGuardian, lifecycle.apply, self.now(doc), "Welcome")
		opportunity = factories.opportunity("Published")
		self.assertRaises(young_people.NeedsGuardian, factories.application, opportunity, doc)
		for values, words in (
			({"guardian_agreed_on": today()}, "how they told us"),
			({"guardian_agreed_on": add_days(today(), 1), "guardian_told_how": "Phone"}, "still to come"),
			({"guardian": doc.person}, "the person themself"),
		):
			with self.subTest(values), self.assertRaisesRegex(frappe.ValidationError, words):
				self.change(doc, **values)
		told = self.change(doc, guardian_agreed_on=today(), guardian_told_how="Phone")
		self.assertEqual(told.guardian_recorded_by, factories.staff(roles.COORDINATOR))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			lifecycle.apply(self.now(doc), "Welcome")
		self.assertEqual(factories.engagement(opportunity, doc).status, "Confirmed")

	def test_who_turns_out_to_be_under_18_waits_and_loses_nothing(self):
		doc = factories.participant(portal=True)
		opportunity = factories.opportunity("Published")
		place = factories.engagement(opportunity, doc)
		offered = factories.offer(factories.opportunity("Published", days_ahead=40), doc)
		with self.as_user(doc.user):
			participants.write_own(doc.name, {"age_band": "Under 18"})
		self.assertEqual(self.now(doc).status, "Interested")
		self.assertEqual(self.now(place).status, "Confirmed")
		with self.as_user(doc.user):
			self.assertRaises(young_people.NeedsGuardian, places.accept, offered.name)

	def test_a_date_of_birth_is_kept_only_of_somebody_under_18(self):
		doc = factories.participant()
		for values, words in (
			({"date_of_birth": add_days(today(), 1)}, "still to come"),
			({"date_of_birth": born(18)}, "only of people under 18"),
		):
			with self.subTest(values), self.assertRaisesRegex(frappe.ValidationError, words):
				self.change(doc, **values)
		self.assertEqual(young_people.years("2008-02-29", "2026-02-28"), 17)
		self.assertEqual(young_people.years("2008-02-29", "2026-03-01"), 18)

	def test_turning_18_ends_the_guardians_part(self):
		doc, younger = self.young(agreed=True), self.young(agreed=True)
		# the days go by
		frappe.db.set_value(PERSON, doc.name, "date_of_birth", born(18))
		frappe.db.set_value(PERSON, younger.name, "date_of_birth", born(18, days=1))
		young_people.grow_up()
		grown = self.now(doc)
		self.assertEqual((grown.status, grown.age_band), ("Active", "18 to 24"))
		for field in ("date_of_birth", *young_people.GUARDIANS):
			self.assertFalse(grown.get(field), field)
		self.assertEqual(self.now(younger).age_band, "Under 18")

	def test_the_portal_from_the_age_in_the_settings(self):
		doc = self.young(agreed=True, years=13)
		frappe.db.set_single_value("Involvement Settings", "portal_from_age", 14)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertRaisesRegex(portal_access.CannotInvite, "too young", portal_access.invite, doc.name)
		self.assertTrue(young_people.too_young_for_the_portal(doc.date_of_birth))
		frappe.db.set_single_value("Involvement Settings", "portal_from_age", 13)
		self.assertFalse(young_people.too_young_for_the_portal(doc.date_of_birth))
		self.assertFalse(young_people.too_young_for_the_portal(None))

	def test_leads_do_not_see_it_and_the_crm_is_told_nothing(self):
		levels = {df.fieldname: df.permlevel for df in frappe.get_meta(PERSON).fields}
		self.assertEqual({levels[field] for field in ("date_of_birth", *young_people.GUARDIANS)}, {1})
		doc = self.young(agreed=True)
		with self.assertRaises(frappe.LinkExistsError) as refused:
			frappe.delete_doc("Contact", doc.guardian)
		self.assertNotIn(doc.name, str(refused.exception))
