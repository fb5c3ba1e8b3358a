"""The decision register: which decisions people with lived experience had a part in."""

import frappe
from frappe.utils import add_days, today

from involvement_app.involvement_app.report.decisions_and_who_had_a_part import (
	decisions_and_who_had_a_part as decisions,
)
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase, counted_queries


class TestDecisions(IntegrationTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		factories.empty_hands()
		cls.here, cls.elsewhere = factories.unit(), factories.unit()
		cls.coordinator = factories.another(roles.COORDINATOR)
		factories.limit(cls.coordinator, cls.here)
		people = [factories.participant() for _each in range(3)]
		cls.shared, cls.alone, cls.nobody = (cls.decision(cls.here, people[:count]) for count in (3, 1, 0))
		cls.theirs = cls.decision(cls.elsewhere, people[:2])
		cls.draft = factories.opportunity(unit=cls.here)

	@classmethod
	def tearDownClass(cls):
		super().tearDownClass()
		frappe.clear_cache(user=cls.coordinator)  # others of the pool are not limited

	@classmethod
	def decision(cls, unit: str, people: list):
		doc = factories.opportunity("Published", unit=unit)
		for person in people:
			factories.engagement(doc, person)
		return doc

	def run_as(self, user: str, **filters):
		filters = {"to_date": add_days(today(), 400), **filters}
		with self.as_user(user):
			return decisions.execute(filters)

	def test_decisions_and_the_part_people_had_in_them(self):
		"""Row 3.1: each decision says who with lived experience had a part, and how many were made with them."""
		_columns, rows, _note, chart, summary = self.run_as(self.coordinator)
		part = {row["opportunity"]: (row["people"], row["part"]) for row in rows}
		self.assertEqual(
			part,
			{
				self.shared.name: (3, "Enough voices"),
				self.alone.name: (1, "Too few"),
				self.nobody.name: (0, "Nobody"),
			},
		)
		self.assertEqual([each["value"] for each in summary], [3, 2, "67 %"])
		self.assertEqual([sum(each["values"]) for each in chart["data"]["datasets"]], [1, 1, 1])

	def test_decisions_of_partners_stand_there_too(self):
		"""Row 1.7: decisions in linked organisations: the register names whom one decides with."""
		frappe.db.set_value(
			self.shared.doctype, self.shared.name, "partner_organisation", "Otterford Council"
		)
		rows = self.run_as(self.coordinator)[1]
		self.assertEqual(
			{row["opportunity"]: row["partner_organisation"] for row in rows if row["partner_organisation"]},
			{self.shared.name: "Otterford Council"},
		)

	def test_decisions_of_each_place_in_the_organisation(self):
		"""Row 3.2: a part in decisions of the whole organisation: the register of its board, and of nobody else."""
		frappe.db.set_value(self.alone.doctype, self.alone.name, "organisation_level", "Board")
		_columns, rows, _note, _chart, summary = self.run_as(self.coordinator, organisation_level="Board")
		self.assertEqual([(row["opportunity"], row["people"]) for row in rows], [(self.alone.name, 1)])
		self.assertEqual([each["value"] for each in summary], [1, 1, "100 %"])
		self.assertEqual(self.run_as(self.coordinator, organisation_level="Team")[1], [])

	def test_who_stopped_had_no_part_and_who_took_part_to_the_end_had(self):
		places = frappe.get_all("Involvement Engagement", {"opportunity": self.shared.name}, pluck="name")
		for name, status in zip(places, ("Ended early", "Completed", "Active"), strict=True):
			frappe.db.set_value("Involvement Engagement", name, "status", status)
		rows = self.run_as(self.coordinator)[1]
		self.assertEqual([row["people"] for row in rows if row["opportunity"] == self.shared.name], [2])

	def test_everybody_sees_their_own_units_and_what_they_ask_for(self):
		seen = {row["opportunity"] for row in self.run_as(self.coordinator)[1]}
		self.assertNotIn(self.theirs.name, seen)
		manager = factories.staff(roles.MANAGER)
		asked = self.run_as(manager, unit=self.elsewhere)[1]
		self.assertEqual([row["opportunity"] for row in asked], [self.theirs.name])
		late = self.run_as(manager, unit=self.here, from_date=add_days(today(), 390))
		self.assertEqual((late[1], late[4][2]["value"]), ([], "–"))

	def test_more_decisions_are_no_more_queries(self):
		def read(**filters):
			with counted_queries() as counted:
				self.run_as(factories.staff(roles.MANAGER), **filters)
			return len(counted)

		read()
		self.assertEqual(read(unit=self.here), read(unit=self.elsewhere))
