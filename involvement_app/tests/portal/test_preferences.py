"""What one would like: every question may stay empty, what was typed is saved or kept."""

import frappe
from werkzeug.datastructures import MultiDict

from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import TwoPeople

PAGE = "/take-part/my/preferences"
DOCTYPE = "Involvement Preference"


class TestPreferences(TwoPeople):
	def setUp(self):
		super().setUp()
		self.visitor = self.signed_in()

	def send(self, *several, **fields):
		sent = MultiDict({**self.visitor.get(PAGE).fields(), **fields})
		for name, value in several:
			sent.add(name, value)
		return self.visitor.post(PAGE, sent)

	def stored(self, person=None):
		self.refresh()
		name = frappe.db.get_value(DOCTYPE, {"participant": (person or self.me).name})
		return frappe.get_doc(DOCTYPE, name) if name else None

	def test_what_one_would_like_is_saved_and_shown_again(self):
		"""Row 0.13: types, levels, topics, times, hours and how often, in one's own words."""
		page = self.send(
			("types", "Consultation"),
			("types", "Forum"),
			("types", "No such type"),
			("levels", "Co-design"),
			("times", "evenings"),
			topics_wanted="Food 🍲 and “gardens”",
			topics_never="My family",
			way="Online",
			hours_a_month="2,5",
			contact_frequency="Only when they ask us",
		)
		self.assertEqual(page.goes_to, f"{PAGE}?done=saved")
		doc = self.stored()
		self.assertEqual([row.opportunity_type for row in doc.types], ["Consultation", "Forum"])
		self.assertEqual([row.level for row in doc.levels], ["Co-design"])
		self.assertEqual((doc.evenings, doc.mornings, doc.hours_a_month, doc.way), (1, 0, 2.5, "Online"))
		self.assertEqual((doc.recorded_by, doc.told_how), (None, None))
		page = self.visitor.get(PAGE)
		fields = page.fields()
		self.assertEqual(fields["topics_wanted"], "Food 🍲 and “gardens”")
		self.assertEqual(fields["hours_a_month"], "2.5")
		ticked = [field.get("value") for field in page.all("input") if "checked" in field.attrib]
		self.assertEqual(
			ticked, ["Consultation", "Forum", "Co-design", "evenings", "Online", "Only when they ask us"]
		)
		self.assertIsNone(self.stored(self.other))

	def test_everything_may_stay_empty(self):
		"""Row 0.14: nobody has to say anything."""
		self.assertEqual(self.send().status, 303)
		self.assertEqual(self.send(topics_wanted="", hours_a_month="").status, 303)

	def test_a_mistake_keeps_what_was_typed(self):
		page = self.send(("types", "Forum"), topics_never="My family, please", hours_a_month="a few")
		self.assertEqual(page.status, 422)
		self.assertEqual(page.fields()["topics_never"], "My family, please")
		self.assertIn("Forum", [f.get("value") for f in page.all("input") if "checked" in f.attrib])
		self.assertIn("Write the hours as a number", page.text())

	def test_ones_own_limit(self):
		"""Row 0.13: the person's own limit, with the period and the day it starts on."""
		for wrong in (
			{"own_payment_cap": "fifty"},
			{"own_payment_cap": "-5", "cap_period": "Month"},
			{"own_payment_cap": "50"},
			{"own_payment_cap": "50", "cap_period": "Month", "cap_month_day": "40"},
		):
			with self.subTest(wrong):
				self.assertEqual(self.send(**wrong).status, 422)
		self.send(own_payment_cap="£1,050", cap_period="Month", cap_month_day="14")
		doc = self.stored()
		self.assertEqual((doc.own_payment_cap, doc.cap_period, doc.cap_month_day), (1050, "Month", 14))
		self.send(own_payment_cap="")
		self.assertFalse(self.stored().own_payment_cap)

	def test_an_offer_over_ones_own_limit_says_so_and_stops_nobody(self):
		"""Row 0.13: said before the answer; the person decides."""
		self.send(own_payment_cap="5", cap_period="Month")
		offered = factories.offer(factories.opportunity("Published"), self.me)
		self.refresh()
		page = self.visitor.get(f"/take-part/my/offers/{offered.name}")
		self.assertIn("over your own limit of £5.00", page.text())
		self.assertEqual(
			self.visitor.submit(f"/take-part/my/offers/{offered.name}", choice="Full").status, 303
		)

	def test_what_was_entered_for_me_says_so(self):
		factories.preference(self.me)
		self.refresh()
		self.assertIn("We wrote this down for you on", self.visitor.get(PAGE).text())

	def test_the_person_comes_from_the_session(self):
		self.send(participant=self.other.name, recorded_by="Administrator", topics_wanted="Mine")
		self.assertIsNone(self.stored(self.other))
		self.assertIsNone(self.stored().recorded_by)

	def tearDown(self):
		frappe.db.delete(DOCTYPE, {"participant": ["in", [self.me.name, self.other.name]]})
		self.refresh()
		super().tearDown()
