"""What people did before the register was kept: who sees it, and the list it comes from."""

import frappe
from frappe.utils import add_days, getdate, today

from involvement_app.involvement_app.doctype.participant_import import participant_import
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase, counted_queries
from involvement_app.tests.people import lists

PAST = "Past Involvement"
HEADER = "Full name,E-mail,What it was,Date,Hours,Role,Type"
KIND = {"kind": "Past involvement"}


class TestPastInvolvement(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.unit = factories.unit()
		contact = factories.contact("Ada", email="ada@example.org")
		self.me = factories.participant(person=contact, preferred_name="Ada Example", units=(self.unit,))
		self.coordinator = factories.staff(roles.COORDINATOR)

	def setUp(self):
		super().setUp()
		frappe.clear_cache(user=self.coordinator)
		frappe.set_user(self.coordinator)

	def limited(self, unit: str) -> str:
		user = factories.another(roles.COORDINATOR)
		with self.as_user("Administrator"):
			factories.limit(user, unit)
		return user

	def rows(self) -> list:
		fields = ["title", "took_part_on", "hours", "part", "opportunity_type", "source", "owner", "name"]
		return frappe.get_all(PAST, {"participant": self.me.name}, fields, order_by="took_part_on")

	def test_those_of_the_persons_unit_see_it_and_nobody_else(self):
		doc = factories.past_involvement(self.me)
		for user, sees in (
			(self.coordinator, True),
			(factories.staff(roles.MANAGER), True),
			(self.limited(self.unit), True),
			(self.limited(factories.unit()), False),
			(factories.staff(roles.OWNER), False),
			(factories.staff(roles.FINANCE_OFFICER), False),
			(factories.staff(factories.PORTAL), False),
			("Guest", False),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(frappe.has_permission(PAST, "read", doc.name), sees)
				try:
					listed = doc.name in frappe.get_list(PAST, pluck="name", limit=0)
				except frappe.PermissionError:
					listed = False
				self.assertEqual(listed, sees)

	def test_written_down_once_and_never_of_a_day_to_come(self):
		factories.past_involvement(self.me)
		with self.assertRaises((frappe.DuplicateEntryError, frappe.UniqueValidationError)):
			factories.past_involvement(self.me, title="named THE new  building")
		with self.assertRaisesRegex(frappe.ValidationError, "Took part on"):
			factories.past_involvement(self.me, took_part_on=add_days(today(), 1))

	def test_a_list_is_looked_at_then_imported_line_by_line(self):
		"""Row 0.11: what people did for us before is not lost when a register is begun."""
		content = lists.table(
			"Ada Example,ada@example.org,Named the new building,16/05/2023,6,Member,Consultation",
			"Ada Example,ADA@example.org,Chose a manager,2022-11-02,,,",
			"Ada Example,ada@example.org,named the new building,16.05.2023,,,",
			"Nobody Known,nobody@example.org,Something,1 May 2021,,,",
			"Ada Example,,By name alone,2021-05-01,,,",
			"Ada Example,ada@example.org,=cmd(),32/13/2021,many,,Juggling",
			header=HEADER,
		)
		doc = lists.checked(content, **KIND)
		self.assertEqual((doc.stage, doc.good_rows, doc.faulty_rows), ("Checked", 2, 4))
		self.assertEqual(self.rows(), [], "nothing before somebody has looked at it")
		first = participant_import.report(doc.name)["first"][0]
		self.assertEqual((first["title"], first["took_part_on"]), ("Named the new building", "2023-05-16"))
		reasons = lists.reasons(doc)
		for line, words in {
			4: "written down already, or stands in an earlier line",
			5: "Import them as people first",
			6: "not sure who this is",
			7: "Date: “32/13/2021” is not a date",
		}.items():
			self.assertIn(words, reasons[line])
		self.assertIn("Hours: “many”", reasons[7])
		self.assertIn("Type: “Juggling” is not in our list", reasons[7])
		participant_import.start(doc.name)
		lists.work_off(doc.name)
		doc = lists.fresh(doc)
		self.assertEqual((doc.stage, doc.imported_rows), ("Done", 2))
		manager, building = self.rows()
		self.assertEqual(
			(manager.title, str(getdate(manager.took_part_on))), ("Chose a manager", "2022-11-02")
		)
		self.assertEqual(
			(building.hours, building.part, building.opportunity_type, building.owner),
			(6, "Member", "Consultation", self.coordinator),
		)
		self.assertIn(doc.name, building.source)
		participant_import.faulty_rows(doc.name)
		back = lists.cells(frappe.response.filecontent)
		self.assertEqual((len(back), back[0][-2:]), (5, ["Line", "Reason"]))
		self.assertIn("'=cmd()", back[-1], "no cell is a formula")

	def test_the_same_list_again_adds_nothing(self):
		content = lists.table("Ada Example,ada@example.org,Named it,2023-05-16,,,", header=HEADER)
		lists.imported(content, **KIND)
		again = lists.checked(content, **KIND)
		self.assertEqual((again.good_rows, len(self.rows())), (0, 1))

	def test_people_elsewhere_are_not_written_about(self):
		with self.as_user(self.limited(factories.unit())):
			mine = frappe.get_list("Involvement Unit", pluck="name", limit=1)
			content = lists.table("Ada Example,ada@example.org,Named it,2023-05-16,,,", header=HEADER)
			doc = lists.checked(content, unit=mine[0], **KIND)
			self.assertEqual(doc.good_rows, 0)
			self.assertNotIn(self.me.name, str(lists.reasons(doc)))

	def test_a_list_without_a_date_says_so(self):
		doc = lists.checked(lists.table("Ada,Named it", header="Name,What it was"), **KIND)
		self.assertIn("Took part on", doc.problem)
		people = lists.checked(lists.table("Ada,Named it", header="Name,What it was"))
		self.assertEqual(people.faulty_rows + people.good_rows, 1, "a list of people needs none")

	def test_many_lines_ask_no_more_than_few(self):
		def asked(count: int) -> int:
			rows = [f"Ada Example,ada@example.org,Thing {n},2023-05-16,,," for n in range(count)]
			doc = lists.attached(lists.table(*rows, header=HEADER), **KIND)
			with counted_queries() as queries:
				participant_import.check(doc.name)
			return len(queries)

		asked(1)
		self.assertEqual(asked(1), asked(40))
