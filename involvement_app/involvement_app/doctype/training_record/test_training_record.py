import frappe
from frappe.utils import add_days, add_months, getdate, today

from involvement_app.involvement_app import prints, training
from involvement_app.involvement_app.doctype.training_record.training_record import TOLD
from involvement_app.involvement_app.report.training_in_date import training_in_date as report
from involvement_app.messages.neutral import telling
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase, counted_queries

RECORD = "Training Record"


class TestTrainingRecord(IntegrationTestCase):
	def limited(self, unit: str) -> str:
		user = factories.another(roles.COORDINATOR)
		factories.limit(user, unit)
		return user

	def test_it_follows_the_person_and_is_nobody_elses(self):
		here = factories.unit()
		me = factories.participant(units=(here,), portal=True)
		doc = factories.training_record(factories.training_course(), me)
		for user, sees in (
			(factories.staff(roles.COORDINATOR), True),
			(factories.staff(roles.MANAGER), True),
			(self.limited(here), True),
			(self.limited(factories.unit()), False),
			(me.user, False),
			*((user, False) for user in factories.others()),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(frappe.has_permission(RECORD, "read", doc.name), sees)

	def test_until_when_it_counts_follows_from_the_course(self):
		course = factories.training_course(valid_months=24)
		day = add_days(today(), -10)
		doc = factories.training_record(course, factories.participant(), completed_on=day)
		self.assertEqual(getdate(doc.valid_until), getdate(add_months(day, 24)))
		course.reload()
		course.valid_months = 1
		course.save()
		doc.reload()
		doc.valid_until = None  # forged
		doc.save()
		self.assertEqual(getdate(doc.valid_until), getdate(add_months(day, 24)), "as it was given")
		doc.completed_on = today()
		doc.save()
		self.assertEqual(getdate(doc.valid_until), getdate(add_months(today(), 1)))

	def test_bad_input_names_the_field(self):
		course, me = factories.training_course(), factories.participant(portal=True)
		for problem, whose, values in (
			("choose one of the two", None, {}),
			("choose one of the two", me, {"staff": factories.staff(roles.OWNER)}),
			("does not work here", None, {"staff": me.user}),
			("still to come", me, {"completed_on": add_days(today(), 1)}),
			("How the person told us", me, {"known_from": TOLD}),
		):
			with self.subTest(problem), self.assertRaisesRegex(frappe.ValidationError, problem):
				factories.training_record(course, whose, **values)
		factories.training_record(course, me)
		with self.assertRaisesRegex(frappe.DuplicateEntryError, "written down already"):
			factories.training_record(course, me)

	def test_who_entered_it_and_for_training_elsewhere_how_they_told_us(self):
		course, me = factories.training_course(), factories.participant()
		user = factories.staff(roles.COORDINATOR)
		doc = factories.training_record(course, me)
		self.assertEqual((doc.recorded_by, doc.told_how), (user, None))
		doc = factories.training_record(
			course, me, completed_on=add_days(today(), -3), known_from=TOLD, recorded_how="Phone"
		)
		self.assertEqual((doc.recorded_by, doc.told_how), (user, "Phone"))

	def test_the_list_says_whose_it_is_and_nobody_forges_that(self):
		me = factories.participant(preferred_name="Robin")
		doc = factories.training_record(factories.training_course(), me, preferred_name="Somebody")
		self.assertEqual(frappe.db.get_value(RECORD, doc.name, "preferred_name"), "Robin")
		doc.preferred_name = "Somebody"
		doc.save()
		self.assertEqual(frappe.db.get_value(RECORD, doc.name, "preferred_name"), "Robin")

	def test_a_coordinator_of_another_unit_enters_nothing_for_them(self):
		course, me = factories.training_course(), factories.participant(units=(factories.unit(),))
		mine = factories.participant(units=(here := factories.unit(),))
		with self.as_user(self.limited(here)):
			made = frappe.get_doc(doctype=RECORD, course=course.name, participant=mine.name).insert()
			made.participant = me.name
			self.assertRaisesRegex(frappe.PermissionError, "not one of yours", made.save)

	def test_who_ends_soon_is_told_once_and_the_named_contact_too(self):
		"""Row 0.8: a month before it ends, in neutral words; not who has left, takes a break or did it again."""
		contact = factories.staff(roles.COORDINATOR)
		course = factories.training_course("Sitting on a panel", valid_months=12)
		soon = add_days(add_months(today(), -12), 20)
		me, again, paused, left = (factories.participant(named_contact=contact) for _each in range(4))
		for person in (me, again, paused, left):
			factories.training_record(course, person, completed_on=soon)
		factories.training_record(course, again)
		factories.training_record(course, staff=factories.staff(roles.OWNER), completed_on=soon)
		later = factories.training_record(course, factories.participant(), completed_on=add_days(soon, 30))
		for person, status in ((paused, "Paused"), (left, "Left")):
			frappe.db.set_value(person.doctype, person.name, "status", status)  # test set-up
		before = set(frappe.get_all("Involvement Message", pluck="name"))
		for _twice in range(2):
			training.remind()
		sent = frappe.get_all(
			"Involvement Message", {"name": ["not in", before or [""]]}, ["recipient", "subject", "body"]
		)
		self.assertEqual(
			sorted(row.recipient for row in sent),
			sorted([me.name, contact, contact, factories.staff(roles.OWNER)]),
		)
		self.assertEqual([telling(row.subject) for row in sent], [None] * 4)
		self.assertFalse(frappe.db.get_value(RECORD, later.name, "reminded_on"))

	def test_reminding_costs_no_more_than_its_messages(self):
		course = factories.training_course(valid_months=12)
		soon = add_days(add_months(today(), -12), 20)
		for _each in range(3):
			factories.training_record(course, factories.participant(), completed_on=soon)
		with counted_queries() as queries:
			found = training._ending()
		self.assertEqual((len(found), len(queries)), (3, 1))

	def test_report_training_in_date(self):
		"""Row 3.13: whose training counts, of the people the reader may see; done again counts once."""
		frappe.db.delete(RECORD)
		here = factories.unit()
		course = factories.training_course("Speaking up", valid_months=12)
		fresh, old = factories.participant(units=(here,)), factories.participant(units=(factories.unit(),))
		for days in (0, 30):
			factories.training_record(course, fresh, completed_on=add_days(today(), -days))
		factories.training_record(course, old, completed_on=add_days(today(), -500))
		factories.training_record(
			course, staff=factories.staff(roles.OWNER), completed_on=add_days(today(), -350)
		)
		_columns, rows, _message, chart = report.execute({})
		self.assertEqual([row["state"] for row in rows], ["No longer", "Ends soon", "In date"])
		self.assertEqual([each["values"] for each in chart["data"]["datasets"]], [[1], [1], [1]])
		self.assertEqual(len(report.execute({"state": "No longer"})[1]), 1)
		with self.as_user(self.limited(here)):
			seen = report.execute({})[1]
			self.assertEqual([row["participant"] for row in seen if row["participant"]], [fresh.name])
		from frappe.desk.query_report import run

		self.assertTrue(run("Training in date", filters={})["result"])
		for user in (factories.staff(roles.OWNER), factories.staff(roles.FINANCE_OFFICER)):
			with self.as_user(user), self.assertRaises(frappe.PermissionError):
				run("Training in date", filters={})

	def test_the_certificate_says_what_staff_wrote_and_no_more(self):
		"""Row 0.7: a certificate for what people learned; nothing in it names what the organisation does."""
		course = factories.training_course("Speaking & asking", covers="How to ask & answer")
		me = factories.participant()
		frappe.db.set_value(
			me.doctype, me.name, "preferred_name", "Ann & <i>Bo</i>"
		)  # as an import may bring it
		before = frappe.db.get_single_value("Involvement Settings", "organisation_name")
		frappe.db.set_single_value("Involvement Settings", "organisation_name", "Riverside")
		self.addCleanup(frappe.db.set_single_value, "Involvement Settings", "organisation_name", before)
		page = prints.html(factories.training_record(course, me), "Training Certificate")
		self.assertIn("Ann &amp; &lt;i&gt;Bo&lt;/i&gt;", page)
		for words in (
			"Speaking &amp; asking",
			"How to ask &amp; answer",
			"Riverside",
			frappe.utils.format_date(today(), "d MMMM yyyy"),
		):
			self.assertIn(words, page)
		self.assertIsNone(telling(page), page)
		letter = factories.reference_letter(me, ready=True)
		page = prints.html(letter, "Reference Letter")
		self.assertIn("They listen well.", page)
		self.assertIsNone(telling(page.replace(prints.staff_name(letter.signed_by), "")), page)
