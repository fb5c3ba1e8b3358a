"""Who fits, who does not and why: one world of people who each differ in one thing."""

import ast
import inspect
import re
from pathlib import Path

import frappe
from frappe.utils import add_days, getdate, now_datetime

from involvement_app.involvement_app import matching
from involvement_app.involvement_app.matching import desk, people, reasons, topics, work
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase, counted_queries

TABLE = re.compile(r"`tab([^`]+)`")
# a column of the register's own table, by its name or its alias
COLUMN = re.compile(r"`tabInvolvement Participant`\.`(\w+)`")


class TestWhoFits(IntegrationTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		frappe.db.savepoint("who_fits")
		cls.unit = factories.unit(locality=factories.locality())
		# on a weekday, and to meet
		days = next(n for n in range(28, 33) if add_days(getdate(), n).weekday() < 5)
		cls.about = factories.opportunity(
			"Published",
			days_ahead=days,
			unit=cls.unit,
			title="A leaflet about hospital food",
			online=0,
			by_telephone=0,
			one_to_one=1,
		)
		cls.person = {key: cls.somebody(key) for key in (*WISHES, "nothing_said")}
		for key, wishes in WISHES.items():
			factories.preference(cls.person[key], **{"topics_wanted": "", "topics_never": "", **wishes})

	@classmethod
	def somebody(cls, key: str):
		return factories.participant(
			units=(cls.unit,), preferred_name=f"{key} {frappe.generate_hash(length=4)}"
		)

	@classmethod
	def tearDownClass(cls):
		frappe.db.rollback(save_point="who_fits")
		super().tearDownClass()

	def reasons(self, *keys: str, about=None, reader: str = "Administrator") -> dict:
		found = people.People(work.read((about or self.about).name), reader)
		names = {self.person[key].name: key for key in keys or self.person}
		return {names[name]: reason for name, reason in found.reasons_of(list(names)).items()}

	def test_each_of_the_persons_own_wishes_keeps_an_invitation_away(self):
		"""Row 0.13: people decide for themselves how much they take part: what they want is a filter, not a hint."""
		found = self.reasons()
		self.assertEqual(
			{key: reason for key, reason in found.items() if reason},
			{
				"other_type": "type",
				"other_level": "level",
				"online_only": "way",
				"weekends_only": "times",
				"one_hour": "hours",
				"never_this": "never",
				"asks_us": "they_ask",
			},
		)

	def test_what_each_wants_speaks_for_them_in_words(self):
		rows = {
			row.name: row for row in people.People(work.read(self.about.name), "Administrator").fitting(500)
		}
		about = work.read(self.about.name)
		told = lambda key: "; ".join(reasons.for_them(rows[self.person[key].name], about))  # noqa: E731
		self.assertIn("wants this: Consultation", told("this_type"))
		self.assertIn("likes this topic: food", told("this_topic"))
		self.assertIn("was never asked before", told("nothing_said"))
		points = {
			key: rows[self.person[key].name].points for key in ("this_type", "this_topic", "nothing_said")
		}
		self.assertEqual(points["this_type"] - points["nothing_said"], 3 + 2)
		self.assertEqual(points["this_topic"] - points["nothing_said"], 3)

	def test_a_break_a_goodbye_and_a_guardians_yes(self):
		young = factories.participant(age_band="Under 18", status="Interested")
		away, gone = factories.participant(), factories.participant()
		for person, status in ((away, "Paused"), (gone, "Left")):
			frappe.db.set_value(person.doctype, person.name, "status", status)  # test set-up
		found = people.People(work.read(self.about.name), "Administrator")
		self.assertEqual(
			found.reasons_of([young.name, away.name, gone.name]),
			{young.name: "not_welcomed", away.name: "paused"},
		)

	def test_who_has_to_do_with_it_already(self):
		"""Row 0.14: who said no is not asked again."""
		takes_part, applied, said_no, invited = (factories.participant() for _n in range(4))
		factories.engagement(self.about, takes_part)
		factories.application(self.about, applied)
		frappe.db.set_value(
			"Involvement Application",
			factories.application(self.about, said_no).name,
			{"status": "Not going ahead", "live_key": None},
		)
		factories.involvement_invitation(invited, self.about)
		found = people.People(work.read(self.about.name), "Administrator")
		names = [doc.name for doc in (takes_part, applied, said_no, invited)]
		self.assertEqual(
			[found.reasons_of(names)[name] for name in names], ["place", "applied", "applied", "invited"]
		)

	def test_how_often_they_want_to_be_asked(self):
		"""Row 0.13: asked last week is too lately for who said once a month, and for nobody else."""
		keys = ("once_a_week", "once_a_month", "whenever", "nothing_said")
		other = factories.opportunity("Published", unit=self.unit)
		for days, expected in (
			(2, [True, True, False, True]),
			(8, [False, True, False, False]),
			(40, [False, False, False, False]),
		):
			frappe.db.savepoint("how_often")
			for key in keys:
				factories.involvement_invitation(
					self.person[key], other, creation=add_days(now_datetime(), -days)
				)
			found = self.reasons(*keys)
			with self.subTest(days):
				self.assertEqual([found[key] == "asked_lately" for key in keys], expected)
			frappe.db.rollback(save_point="how_often")

	def test_hours_and_money_promised_already_count(self):
		someone, capped = (self.somebody(key) for key in ("full", "capped"))
		factories.preference(someone, hours_a_month=3, topics_never="")
		factories.preference(capped, own_payment_cap=30, cap_period="Month", topics_never="")
		found = lambda: people.People(work.read(self.about.name), "Administrator").reasons_of(  # noqa: E731
			[someone.name, capped.name]
		)
		self.assertEqual(found(), {someone.name: None, capped.name: None})
		other = factories.opportunity("Published", unit=self.unit)
		for person in (someone, capped):
			factories.engagement(other, person)
		self.assertEqual(found(), {someone.name: "hours", capped.name: "payment"})

	def test_a_training_that_comes_first(self):
		factories.training_course(comes_first=("Consultation",))
		self.assertEqual(set(self.reasons("nothing_said", "whenever").values()), {"training"})

	def test_a_weight_of_nothing_counts_for_nothing_and_the_points_are_stored_nowhere(self):
		for fieldname in people.WEIGHTS:
			frappe.db.set_single_value("Involvement Settings", fieldname, 0)
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		rows = people.People(work.read(self.about.name), "Administrator").fitting(500)
		self.assertEqual({float(row.points) for row in rows}, {0.0})
		fields = {df.fieldname for doctype in people.TABLES for df in frappe.get_meta(doctype).fields}
		self.assertFalse([name for name in fields if re.search("point|score|rating|rank", name)])

	def test_the_reader_is_shown_their_own_people_and_a_number_of_the_others(self):
		elsewhere = factories.participant(units=(factories.unit(),))
		user = factories.another(roles.COORDINATOR)
		factories.limit(user, self.unit)
		with self.as_user(user):
			found = {**desk.look(self.about.name), **desk.counts(self.about.name)}
		shown = {row["name"] for row in found["rows"]}
		self.assertIn(self.person["whenever"].name, shown)
		self.assertNotIn(elsewhere.name, str(found))
		self.assertGreaterEqual(found["beyond"], 1)
		self.assertEqual(len(shown) + sum(row["count"] for row in found["away"]), len(self.person))

	def test_nobody_else_looks(self):
		for user in factories.others():
			with self.subTest(user), self.as_user(user):
				for ask in (desk.look, desk.counts, desk.export, desk.progress):
					self.assertRaises(frappe.PermissionError, ask, self.about.name)
				self.assertRaises(frappe.PermissionError, desk.invite, self.about.name, '["x"]')

	def test_a_list_goes_to_a_file_for_who_may_export_people(self):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertRaises(frappe.PermissionError, desk.export, self.about.name)
		with self.as_user(factories.staff(roles.MANAGER)):
			desk.export(self.about.name)
		self.assertIn(self.person["whenever"].name.encode(), frappe.response.filecontent)


class TestWhatItReads(IntegrationTestCase):
	"""No access to equality data, wellbeing, access needs or lived experience: by construction."""

	def test_every_statement_of_it_reads_what_is_listed_and_nothing_else(self):
		user = factories.another(roles.COORDINATOR)
		unit = factories.unit(locality=factories.locality())
		factories.limit(user, unit)
		about = factories.opportunity("Published", unit=unit)
		person = factories.participant(units=(unit,))
		factories.preference(person, own_payment_cap=5, cap_period="Week", topics_never="The weather")
		found = people.People(work.read(about.name), user)
		with self.as_user(user):
			found.counts()  # who asks is known: a release reads the User again, which is not what is asked here
		with self.as_user(user), counted_queries() as statements:
			(
				found.counts(),
				found.beyond(),
				found.fitting(50),
				found.kept_away("never", 50),
				found.reasons_of(["x"]),
			)
		self.assertGreaterEqual(len(statements), 6)
		read = {table for statement in statements for table in TABLE.findall(statement)}
		self.assertEqual(read - people.TABLES, set())
		columns = {name for statement in statements for name in COLUMN.findall(statement)}
		self.assertEqual(columns - people.OF_A_PERSON - {"name"}, set())
		self.assertIn("status", columns, "the columns were found")

	def test_no_source_of_it_names_anything_else_about_people(self):
		"""Also what this run did not come by."""
		fields = {df.fieldname for df in frappe.get_meta("Involvement Participant").fields}
		closed = fields - people.OF_A_PERSON - {"unit", "units", "user"}
		doctypes = {
			"Wellbeing Support Plan",
			"Access Requirement",
			"Lived Experience Profile",
			"Diversity Response",
			"Participant Check",
			"Past Involvement",
		}
		for path in Path(inspect.getfile(matching)).parent.glob("*.py"):
			tree = ast.parse(path.read_text())
			used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
			used |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
			with self.subTest(path.name):
				self.assertEqual(used & (closed | doctypes), set())

	def test_the_number_of_statements_does_not_grow_with_people(self):
		about = factories.opportunity("Published")
		user = factories.staff(roles.COORDINATOR)
		counts = []
		for _round in range(2):
			for _person in range(3):
				factories.preference(factories.participant(), topics_never="Leaflets")
			with self.as_user(user), counted_queries() as statements:
				found = people.People(work.read(about.name), user)
				found.counts(), found.beyond(), found.fitting(50)
			counts.append(len(statements))
		self.assertEqual(counts[0], counts[1])
		self.assertLessEqual(counts[0], 9)


class TestTopics(IntegrationTestCase):
	def test_words_that_mean_something(self):
		self.assertEqual(topics.meaning("Anything about the hospitals, please!"), {"hospital"})
		self.assertEqual(topics.meaning("People in groups, meetings and services"), set())
		self.assertTrue(topics.shared("My families", {"family"}))

	def test_a_person_cannot_break_the_search_with_signs(self):
		about = factories.opportunity("Published", title="Food (.*) a+? \\b | ' \" ; --")
		person = factories.participant()
		factories.preference(person, topics_never="(food)*")
		found = people.People(work.read(about.name), "Administrator")
		self.assertEqual(found.reasons_of([person.name]), {person.name: "never"})


WISHES = {
	"this_type": {"types": [{"opportunity_type": "Consultation"}], "levels": [{"level": "Consultation"}]},
	"other_type": {"types": [{"opportunity_type": "Mystery shopping"}]},
	"other_level": {"levels": [{"level": "Co-design"}]},
	"online_only": {"way": "Online"},
	"weekends_only": {"weekends": 1},
	"one_hour": {"hours_a_month": 1},
	"never_this": {"topics_never": "Anything about hospitals"},
	"this_topic": {"topics_wanted": "Food, gardens"},
	"asks_us": {"contact_frequency": "Only when they ask us"},
	"once_a_week": {"contact_frequency": "At most once a week"},
	"once_a_month": {"contact_frequency": "At most once a month"},
	"whenever": {
		"contact_frequency": "Whenever something fits",
		"mornings": 1,
		"afternoons": 1,
		"evenings": 1,
		"weekends": 1,
	},
}
