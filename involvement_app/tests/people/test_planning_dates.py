"""What belongs to a date beside its time: a series of them, papers, a checklist, the sheet at the door, staff time."""

from datetime import date

import frappe
from frappe.desk.calendar import get_events
from frappe.desk.query_report import run
from frappe.utils import add_days, add_to_date, getdate, now_datetime, today

from involvement_app.involvement_app import papers, prints, series, to_do
from involvement_app.messages.neutral import telling
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

SESSION = "Involvement Session"


def days(*args, **kw) -> list[date]:
	return [getdate(row["starts_on"]) for row in series.preview(*args, **kw)["dates"]]


class TestSeries(IntegrationTestCase):
	def setUp(self):
		super().setUp()
		frappe.db.set_single_value("Involvement Settings", "bank_holidays", "England and Wales")
		self.addCleanup(frappe.clear_document_cache, "Involvement Settings", "Involvement Settings")
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")

	def test_the_weekday_stays_and_bank_holidays_are_said(self):
		"""Row 0.10: dates are planned well ahead, as a series."""
		with self.as_user(factories.staff(roles.OWNER)):
			mondays = series.preview("2027-04-26 10:00", "2027-04-26 12:00", series.WEEKLY, 3)
			self.assertEqual(mondays["left_out"], ["2027-05-03"])  # the early May bank holiday
			self.assertEqual(
				[row["starts_on"] for row in mondays["dates"]],
				["2027-04-26 10:00:00", "2027-05-10 10:00:00", "2027-05-17 10:00:00"],
			)
			kept = days("2027-04-26 10:00", "2027-04-26 12:00", series.WEEKLY, 3, True)
			self.assertEqual(kept[1], date(2027, 5, 3))
			apart = days("2027-03-23 10:00", "2027-03-23 12:00", series.FORTNIGHTLY, 2)
			self.assertEqual((apart[1] - apart[0]).days, 14)
			second = days("2027-01-12 10:00", "2027-01-12 12:00", series.MONTHLY, 6)  # a second Tuesday
			self.assertEqual({(day.weekday(), (day.day - 1) // 7) for day in second}, {(1, 1)})
			last = days("2027-01-29 10:00", "2027-01-29 12:00", series.MONTHLY, 12, True)  # a fifth Friday
			self.assertTrue(all(day.weekday() == 4 and add_days(day, 7).month != day.month for day in last))
			self.assertEqual(len({day.month for day in last}), 12)

	def test_bad_input_is_named_by_its_field_and_others_are_refused(self):
		good = {
			"starts_on": "2027-04-26 10:00",
			"ends_on": "2027-04-26 12:00",
			"rhythm": series.WEEKLY,
			"how_many": 3,
		}
		with self.as_user(factories.staff(roles.OWNER)):
			for values, named in (
				({"starts_on": "2020-01-01 10:00"}, "First day"),
				({"starts_on": "soon"}, "Starts at"),
				({"ends_on": "2027-04-26 09:00"}, "Ends at"),
				({"rhythm": "Every full moon"}, "How often"),
				({"how_many": 1_000_000}, "How many dates"),
				({"how_many": 0}, "How many dates"),
			):
				with self.subTest(values), self.assertRaisesRegex(frappe.ValidationError, named):
					series.preview(**{**good, **values})
		with self.as_user(factories.staff(roles.FINANCE_OFFICER)), self.assertRaises(frappe.PermissionError):
			series.preview(**good)


class TestADate(IntegrationTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		frappe.db.set_value(
			"Involvement Type", "Consultation", "session_checklist", "Hearing loop\n\nName badges"
		)
		frappe.clear_document_cache("Involvement Type", "Consultation")
		cls.opportunity = factories.opportunity("Published")
		cls.name = frappe.db.get_value(SESSION, {"opportunity": cls.opportunity.name})
		cls.ann = factories.participant(
			person=factories.contact("Ann"),
			preferred_name="Ann Smith",
			preferred_format="Easy read",
			access_note="Ramp",
		)
		factories.engagement(cls.opportunity, cls.ann)

	@classmethod
	def tearDownClass(cls):
		super().tearDownClass()
		frappe.clear_document_cache("Involvement Type", "Consultation")

	def coordinator(self):
		return self.as_user(factories.staff(roles.COORDINATOR))

	def file(self, **values) -> str:
		doc = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": "agenda.pdf",
				"content": factories.pdf(),
				"is_private": 1,
				"attached_to_doctype": SESSION,
				"attached_to_name": self.name,
				**values,
			}
		)
		return doc.insert(ignore_permissions=True).file_url  # a factory

	def kinds(self) -> set[str]:
		with self.coordinator():
			return {row["kind"] for row in to_do.rows()["rows"] if row["name"] == self.name}

	def test_papers_are_measured_told_in_the_persons_format_and_asked_for_in_time(self):
		"""Row 0.10: papers come in time, in formats that people can read."""
		frappe.db.set_value(
			SESSION, self.name, {"papers_due_on": add_days(today(), 3), "papers_ready_on": None}
		)
		self.assertIn("papers", self.kinds())
		doc = frappe.get_doc(SESSION, self.name)
		self.assertFalse(papers.late(doc))
		self.assertIsNone(papers.in_time(doc))
		doc.papers_due_on = add_days(today(), -1)
		self.assertTrue(papers.late(doc))
		elsewhere = self.file(attached_to_name=frappe.generate_hash(length=8), attached_to_doctype="ToDo")
		with self.coordinator():
			doc = frappe.get_doc(SESSION, self.name)
			with self.assertRaisesRegex(frappe.ValidationError, "Papers: attach"):
				papers.tell(self.name)
			doc.append("papers", {"title": "Agenda", "format": "Easy read", "file": elsewhere})
			with self.assertRaisesRegex(frappe.ValidationError, "Papers, row 1"):
				doc.save()
			doc = frappe.get_doc(SESSION, self.name)
			doc.append("papers", {"title": "Agenda", "format": "Easy read", "file": self.file()})
			doc.save()
			self.assertEqual(papers.tell(self.name), 1)
			with self.assertRaisesRegex(frappe.ValidationError, "people were told of all of them"):
				papers.tell(self.name)
			doc.reload()
			doc.papers_due_on = add_days(doc.starts_on, 1)
			with self.assertRaisesRegex(frappe.ValidationError, "Papers due on"):
				doc.save()
		self.assertTrue(doc.papers_ready_on and doc.papers[0].attached_on)
		self.assertTrue(papers.in_time(frappe.get_doc(SESSION, self.name)))
		self.assertNotIn("papers", self.kinds())
		said = frappe.get_last_doc("Involvement Message", {"template": "Involvement papers ready"})
		self.assertIn("the format you asked for: Easy read", said.body)
		self.assertFalse(telling(said.subject))

	def test_the_checklist_comes_from_the_type_and_says_who_ticked(self):
		user = factories.staff(roles.COORDINATOR)
		with self.coordinator():
			doc = frappe.get_doc(SESSION, self.name)
			self.assertEqual([row.task for row in doc.checklist], ["Hearing loop", "Name badges"])
			doc.checklist[0].done, doc.checklist[0].done_by = 1, "Administrator"
			doc.save()
			self.assertEqual((doc.checklist[0].done_by, bool(doc.checklist[0].done_on)), (user, True))
			doc.checklist[0].done = 0
			doc.save()
		self.assertIsNone(doc.checklist[0].done_by)

	def test_the_sheet_at_the_door_has_short_names_and_nothing_else(self):
		html = prints.html(frappe.get_doc(SESSION, self.name), "Sign-in sheet")
		self.assertIn("Ann S.", html)
		for hidden in ("Smith", "Ramp", self.ann.name, self.opportunity.title):
			self.assertNotIn(hidden, html)

	def test_before_and_after_are_offered_and_ticked_off(self):
		frappe.db.set_value(
			SESSION, self.name, {"starts_on": add_to_date(now_datetime(), days=1), "checked_in": 0}
		)
		self.assertIn("check-ins", self.kinds())
		frappe.db.set_value(SESSION, self.name, "checked_in", 1)
		self.assertNotIn("check-ins", self.kinds())
		frappe.db.set_value(SESSION, self.name, {"status": "Held", "ends_on": now_datetime()})
		self.assertIn("debriefs", self.kinds())
		frappe.db.set_value(SESSION, self.name, "debriefed", 1)
		self.assertNotIn("debriefs", self.kinds())

	def test_reports_and_the_calendar_show_the_readers_dates_alone(self):
		"""Row 0.10: staff time is planned, and looked at afterwards."""
		frappe.db.set_value(
			SESSION,
			self.name,
			{
				"starts_on": add_days(today(), -1),
				"ends_on": add_to_date(add_days(today(), -1), hours=2),
				"staff_hours_planned": 3,
				"staff_hours": 5,
				"papers_due_on": add_days(today(), -10),
				"papers_ready_on": add_days(today(), -2),
			},
		)

		def seen() -> dict:
			found = {}
			for report in ("Staff hours planned and actual", "Notice and papers in time"):
				answer = run(report, filters={"from_date": add_days(today(), -60)})
				self.assertTrue(answer["chart"]["data"]["datasets"])
				rows = [row for row in answer["result"] if isinstance(row, dict)]
				found[report] = next((row for row in rows if row["name"] == self.name), None)
			return found

		with self.coordinator():
			hours, notice = seen().values()
			self.assertEqual((hours["more"], notice["papers_in_time"]), (2, "No"))
			times = (str(add_days(today(), -5)), str(add_days(today(), 5)))
			field_map = frappe.as_json({"start": "starts_on", "end": "ends_on", "title": "title"})
			self.assertIn(self.name, [row.name for row in get_events(SESSION, *times, field_map)])
		elsewhere = factories.another(roles.COORDINATOR)
		factories.limit(elsewhere, factories.unit("Elsewhere"))  # a factory
		with self.as_user(elsewhere):
			self.assertEqual(set(seen().values()), {None})
			self.assertNotIn(self.name, [row.name for row in get_events(SESSION, *times, field_map)])
		with self.as_user(factories.staff(roles.FINANCE_OFFICER)), self.assertRaises(frappe.PermissionError):
			run("Staff hours planned and actual", filters={})
