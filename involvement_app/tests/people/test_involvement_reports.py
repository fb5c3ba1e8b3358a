"""Reports about involvement: empty cells, places, waiting, quiet units, the same few, promises. Each counts what its
reader may see."""

import frappe
from frappe.utils import add_days, now_datetime, today

from involvement_app.involvement_app.report.feedback_owed_and_kept import feedback_owed_and_kept as promises
from involvement_app.involvement_app.report.involvement_by_level_and_type import (
	involvement_by_level_and_type as levels,
)
from involvement_app.involvement_app.report.places_offered_and_filled import (
	places_offered_and_filled as places,
)
from involvement_app.involvement_app.report.the_same_few_people import the_same_few_people as few
from involvement_app.involvement_app.report.time_to_first_involvement import (
	time_to_first_involvement as waiting,
)
from involvement_app.involvement_app.report.units_without_involvement import (
	units_without_involvement as quiet,
)
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase, counted_queries

REPORTS = (levels, places, waiting, quiet, few, promises)


class TestInvolvementReports(IntegrationTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		factories.empty_hands()
		cls.here, cls.elsewhere = factories.unit(), factories.unit()
		cls.coordinator = factories.another(roles.COORDINATOR)
		factories.limit(cls.coordinator, cls.here)
		cls.mine = factories.opportunity("Published", unit=cls.here, organisation_level="Board", places=4)
		cls.theirs = factories.opportunity("Published", unit=cls.elsewhere, organisation_level="Team")
		cls.me, cls.other = (factories.participant(units=(cls.here,)) for _each in range(2))
		factories.engagement(cls.mine, cls.me)
		factories.engagement(cls.theirs, cls.me)
		for each in (cls.mine, cls.theirs):
			factories.held_session(each)
		frappe.db.set_value(cls.me.doctype, cls.me.name, "joined_on", add_days(today(), -11))

	@classmethod
	def tearDownClass(cls):
		super().tearDownClass()
		frappe.clear_cache(user=cls.coordinator)  # others of the pool are not limited

	def run_as(self, report, user: str | None = None, **filters):
		with self.as_user(user or self.coordinator):
			return report.execute(filters)

	def test_levels_and_types_with_what_there_is_none_of(self):
		"""Row 0.3: at which levels of the organisation people take part, and at which they do not."""
		columns, rows, _note, chart = self.run_as(levels)
		consultation = next(each["fieldname"] for each in columns if each["label"] == "Consultation")
		of = {row["level"]: row[consultation] for row in rows}
		self.assertEqual((of["Board"], of["Team"], of["Network"], of["All"]), (1, 0, 0, 1))
		self.assertEqual(chart["data"]["datasets"][0]["name"], "Consultation")
		rows = self.run_as(levels, level=levels.HOW)[1]
		self.assertEqual({row["level"]: row["all"] for row in rows}["Consultation"], 1)

	def test_places_offered_and_filled(self):
		"""Row 4.1: whether there are more and more places, and whether people take them."""
		for by, group in (("Unit", self.here), ("Type", "Consultation")):
			(row,) = self.run_as(places, by=by)[1]
			self.assertEqual(
				(row["group"], row["opportunities"], row["places"], row["filled"], row["share"]),
				(group, 1, 4, 1, 25),
			)
		self.assertEqual(self.run_as(places, to_date=add_days(today(), -1))[1], [])

	def test_how_long_people_wait_until_they_take_part(self):
		"""Row 0.9: a right to be involved is one that does not have to be waited for."""
		frappe.db.set_value(self.other.doctype, self.other.name, "joined_on", add_days(today(), -30))
		*months, still = self.run_as(waiting)[1]
		self.assertEqual([(row["people"], row["median"]) for row in months], [(1, 10)])
		self.assertEqual((still["people"], still["median"]), (1, 30))

	def test_units_where_nobody_took_part(self):
		"""Row 3.1: involvement underpins every decision, so a unit without any stands out."""
		self.assertEqual(self.run_as(quiet)[1], [])
		session = {"opportunity": self.mine.name}
		frappe.db.set_value("Involvement Session", session, "starts_on", add_days(now_datetime(), -200))
		(row,) = self.run_as(quiet, months=3)[1]
		self.assertEqual((row["unit"], row["months"]), (self.here, 6))
		self.assertEqual(self.run_as(quiet, months=9)[1], [])
		self.assertEqual(len(self.run_as(quiet, months=9, all_units=1)[1]), 1)
		units = {row["unit"]: row for row in self.run_as(quiet, factories.staff(roles.MANAGER))[1]}
		self.assertNotIn(self.elsewhere, units)

	def test_the_same_few_people(self):
		_columns, rows, note, _chart = self.run_as(few)
		self.assertEqual((rows[0]["people"], rows[0]["of_hours"]), (1, 100), "the session here, and no other")
		rows = self.run_as(few, factories.staff(roles.MANAGER))[1]
		self.assertEqual((rows[0]["people"], rows[1]["people"]), (0, 1), "both")
		self.assertIn("1 of 1", note)

	def test_what_was_promised_and_what_was_told(self):
		"""Row 4.10: whether people are answered in time is measured across the organisation."""
		for kind, values in (
			("Initial", {"status": "Not needed", "due_on": add_days(today(), -9), "kept_on": now_datetime()}),
			("Full", {"status": "Kept", "due_on": today(), "kept_on": now_datetime()}),
			("Interim", {"status": "Not needed", "due_on": today(), "kept_on": add_days(now_datetime(), -1)}),
		):
			for each in (self.mine, self.theirs):
				about = {"opportunity": each.name, "kind": kind}
				for name in frappe.get_all("Feedback Obligation", about, pluck="name"):
					frappe.db.set_value("Feedback Obligation", name, values)
		(row,) = self.run_as(promises, by="Unit")[1]
		self.assertEqual((row["group"], row["all"], row["in_time"], row["late"]), (self.here, 2, 1, 1))
		self.assertEqual(row["share"], 50)
		rows = {row["group"]: row for row in self.run_as(promises, factories.staff(roles.MANAGER))[1]}
		self.assertGreaterEqual(rows["Full"]["in_time"], 2)

	def test_they_cost_the_same_for_one_and_for_many_and_have_a_chart(self):
		for report in REPORTS:
			with self.subTest(report.__name__), self.as_user(self.coordinator):
				with counted_queries() as queries:
					*_rest, chart = report.execute({})
				self.assertIn("datasets", chart["data"])
				self.assertLess(len(queries), 20)
