"""Reports about people: of whom the reader may see, and nothing that tells of a few."""

import frappe
from frappe.utils import today

from involvement_app.involvement_app import small_numbers
from involvement_app.involvement_app.doctype.access_requirement.criterion import NAMED
from involvement_app.involvement_app.report.access_needs_and_whether_they_were_met import (
	access_needs_and_whether_they_were_met as needs,
)
from involvement_app.involvement_app.report.people_by_state_and_type import people_by_state_and_type as people
from involvement_app.involvement_app.report.reach_by_locality_and_age_band import (
	reach_by_locality_and_age_band as reach,
)
from involvement_app.permissions import doors
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase, counted_queries

NAMES = (
	"People by state and type",
	"Reach by locality and age band",
	"Access needs and whether they were met",
)


class TestReports(IntegrationTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		factories.empty_hands()
		cls.here, cls.elsewhere = factories.unit(), factories.unit()
		cls.coordinator = factories.another(roles.COORDINATOR)
		factories.limit(cls.coordinator, cls.here)
		cls.town, cls.village = factories.locality("Aaltown"), factories.locality("Bbvillage")
		cls.people = [
			cls.person(cls.here, cls.town, band, status)
			for band, status in (
				*[("18 to 24", "Active")] * 6,
				*[("25 to 34", "Active")] * 7,
				("18 to 24", "Paused"),
			)
		]
		cls.people += [cls.person(cls.here, cls.village, "18 to 24", "Active") for _each in range(2)]
		cls.people += [cls.person(cls.here, cls.village, "25 to 34", "Active") for _each in range(8)]
		cls.theirs = cls.person(cls.elsewhere, cls.town, "18 to 24", "Active", is_carer=1)

	@classmethod
	def tearDownClass(cls):
		super().tearDownClass()
		frappe.clear_cache(user=cls.coordinator)  # others of the pool are not limited

	@classmethod
	def person(cls, unit: str, locality: str, band: str, status: str, **values):
		doc = factories.participant(units=(unit,), locality=locality)
		values = {"age_band": band, "status": status, "uses_services": 1, **values}
		frappe.db.set_value(doc.doctype, doc.name, values)
		return doc

	def run_as(self, user: str, report, **filters):
		with self.as_user(user):
			return report.execute(filters)

	def test_people_by_state_and_type(self):
		"""Row 0.18: carers, stakeholders and others are counted beside who uses services; rows 0.12 and 0.16 too."""
		rows = {row["type"]: row for row in self.run_as(self.coordinator, people)[1]}
		every = rows["Everybody"]
		self.assertEqual((every["people"], every["active"], every["paused"]), (24, 23, 1))
		self.assertEqual(rows["Uses services now"]["people"], 24)
		self.assertEqual(rows["Carer"]["people"], 0)
		at_the_village = self.run_as(self.coordinator, people, locality=self.village, unit=self.here)[1]
		self.assertEqual(at_the_village[0]["people"], 10)
		rows = self.run_as(factories.staff(roles.MANAGER), people, unit=self.elsewhere)[1]
		self.assertEqual([row["people"] for row in rows if row["type"] == "Carer"], [1])

	def test_reach_hides_small_figures_and_what_would_give_them_away(self):
		"""Row 0.17: where people live, so that one sees whom one does not reach; row 0.16: of every age."""
		columns, rows, note, chart = self.run_as(self.coordinator, reach, status="Active")
		at = {column["label"]: column["fieldname"] for column in columns}
		of = {row["locality"]: row for row in rows}
		self.assertEqual(of["Bbvillage"][at["18 to 24"]], reach.HIDDEN)
		self.assertEqual(of["Aaltown"][at["18 to 24"]], reach.HIDDEN, "else 8 less 6 is 2")
		self.assertEqual(of["Bbvillage"][at["25 to 34"]], reach.HIDDEN, "else 10 less 8 is 2")
		self.assertEqual(of["Bbvillage"][at["All ages"]], 10)
		self.assertEqual(of["Everywhere"][at["All ages"]], 23)
		self.assertEqual(of["Aaltown"][at["35 to 49"]], 0)
		self.assertIn(str(small_numbers.SMALL), note)
		self.assertEqual(chart["data"]["datasets"][0]["values"], [13, 10])

	def test_needs_and_whether_they_were_met(self):
		"""Row 0.15: what people need, and how often it was there: as far as each agreed to share it."""
		me, other = self.people[:2]
		opportunity = factories.opportunity("Published", unit=self.here)
		for person in (me, other):
			factories.engagement(opportunity, person)
			factories.access_requirement(person, "Breaks")
		factories.access_requirement(me, "Large print", share_with=NAMED)
		factories.access_requirement(self.theirs, "Breaks")
		frappe.db.set_value("Access Requirement", {"need": "Large print"}, "owner", "Administrator")
		session = factories.held_session(opportunity)
		for row, met in zip(session.attendance, ("Yes", "No"), strict=True):
			frappe.db.set_value(row.doctype, row.name, "access_met", met)
		(row,) = self.run_as(self.coordinator, needs)[1]
		self.assertEqual(
			(row["need"], row["people"], row["yes"], row["no"], row["share"]), ("Breaks", 2, 1, 1, 50)
		)
		(row,) = self.run_as(self.coordinator, needs, from_date=today(), to_date=today(), unit=self.here)[1]
		self.assertIsNone(row["share"], "yesterday's session is not of today")
		(row,) = self.run_as(factories.staff(roles.MANAGER), needs, unit=self.elsewhere)[1]
		self.assertEqual((row["people"], row["yes"]), (1, 0))

	def test_they_cost_the_same_for_one_and_for_many_and_have_a_chart(self):
		for report in (people, reach, needs):
			with self.subTest(report.__name__), self.as_user(self.coordinator):
				with counted_queries() as queries:
					*_rest, chart = report.execute({})
				self.assertIn("datasets", chart["data"])
				self.assertLess(len(queries), 20)

	def test_nobody_else_runs_them(self):
		"""Row 0.14: care staff see none of it."""
		for user in (
			factories.user("Sales User"),
			factories.staff(roles.OWNER),
			factories.staff(factories.PORTAL),
		):
			for name in NAMES:
				with self.subTest(f"{user} {name}"), self.as_user(user):
					self.assertRaises(frappe.PermissionError, doors.run_report, name)
