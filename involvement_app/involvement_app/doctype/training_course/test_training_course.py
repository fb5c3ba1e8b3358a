import frappe
from frappe.utils import add_days, today

from involvement_app.involvement_app import course_lists, flags, places, training
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase, counted_queries


class TestTrainingCourse(IntegrationTestCase):
	def kind(self) -> str:
		return factories._master(
			"Involvement Type",
			type_name=factories._unique("Kind"),
			category="Training",
			default_level="Co-design",
		)

	def test_who_has_done_what_comes_first(self):
		"""Row 0.8: training that comes before a role is known for everybody at once, on the day it is asked about."""
		kind = self.kind()
		first = factories.training_course(comes_first=(kind,), valid_months=12)
		second = factories.training_course(comes_first=(kind,))
		factories.training_course(needed_for=[{"opportunity_type": kind, "comes_first": 0}])
		both, one, over, none = (factories.participant() for _each in range(4))
		for person in (both, one):
			factories.training_record(first, person)
		factories.training_record(first, over, completed_on=add_days(today(), -400))
		for person in (both, over):
			factories.training_record(second, person)
		names = [person.name for person in (both, one, over, none)]
		self.assertEqual(training.trained(names, kind), {both.name})
		self.assertEqual(training.trained(names, kind, add_days(today(), -300)), set())
		self.assertEqual(training.trained(names, kind, add_days(today(), 400)), set())
		self.assertEqual(training.trained(names, "Consultation"), set(names))
		self.assertEqual(training.trained([], kind), set())

		def asked(people) -> int:
			with counted_queries() as queries:
				training.trained(people, kind)
			return len(queries)

		self.assertEqual((asked(names), asked(names[:1])), (1, 1))

	def test_no_place_is_offered_before_it_and_nobody_is_turned_away(self):
		"""Row 0.8: anybody may apply; the desk is told what comes first, and an offer waits until it is done."""
		kind = self.kind()
		course = factories.training_course("Asking fair questions", comes_first=(kind,))
		opportunity = factories.opportunity("Published", opportunity_type=kind)
		me = factories.participant()
		made = factories.application(opportunity, me)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			(flag,) = flags.about(made.doctype, made.name)
			self.assertEqual(flag["training"], [{"course": course.name, "comes_first": 1}])
			with self.assertRaisesRegex(training.TrainingComesFirst, "First comes: Asking fair questions"):
				places.offer(made.name)
			self.assertEqual(frappe.db.get_value(made.doctype, made.name, "status"), "Applied")
			factories.training_record(course, me)
			self.assertEqual(flags.about(made.doctype, made.name), [])
			self.assertEqual(places.offer(made.name).status, "Offered")

	def test_it_has_to_be_in_date_on_the_day_itself(self):
		kind = self.kind()
		course = factories.training_course(comes_first=(kind,), valid_months=12)
		opportunity = factories.opportunity("Published", opportunity_type=kind, days_ahead=40)
		me = factories.participant()
		factories.training_record(course, me, completed_on=add_days(today(), -350))
		self.assertEqual(
			[row.course for row in training.still_to_do(me.name, opportunity.name)], [course.name]
		)
		with self.assertRaises(training.TrainingComesFirst):
			factories.offer(opportunity, me)

	def test_where_it_only_helps_staff_are_reminded_and_decide(self):
		kind = self.kind()
		factories.training_course(needed_for=[{"opportunity_type": kind, "comes_first": 0}])
		me = factories.participant()
		made = factories.application(factories.opportunity("Published", opportunity_type=kind), me)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertEqual(flags.about(made.doctype, made.name)[0]["training"][0]["comes_first"], 0)
			self.assertEqual(places.offer(made.name).status, "Offered")

	def test_a_free_place_goes_to_the_first_who_can_take_it_up(self):
		"""Who waits for the training first keeps their place in the queue and stops nobody else."""
		kind = self.kind()
		course = factories.training_course(comes_first=(kind,))
		opportunity = factories.opportunity("Published", opportunity_type=kind, places=2)
		early, late = factories.participant(), factories.participant()
		factories.training_record(course, late)
		waiting = []
		for minutes, person in enumerate((early, late)):
			made = factories.application(opportunity, person)
			when = frappe.utils.add_to_date(frappe.utils.now_datetime(), minutes=minutes - 10)
			values = {"status": "Waiting list", "creation": when}
			frappe.db.set_value(made.doctype, made.name, values)  # test set-up
			waiting.append(made.name)
		places.offer_on()
		status = {name: frappe.db.get_value("Involvement Application", name, "status") for name in waiting}
		self.assertEqual(list(status.values()), ["Waiting list", "Offered"])
		factories.training_record(course, early)
		places.offer_on()
		self.assertEqual(frappe.db.get_value("Involvement Application", waiting[0], "status"), "Offered")

	def test_participants_lead_it_together_with_staff(self):
		"""Row 3.9: participants help to lead courses for people and staff together; nobody is named twice, and nobody
		whom the writer may not see."""
		here = factories.unit()
		mine, theirs = factories.participant(units=(here,)), factories.participant(units=(factories.unit(),))
		user = factories.another(roles.COORDINATOR)
		factories.limit(user, here)
		doc = factories.training_course(unit=here, facilitators=[{"participant": mine.name}])
		self.assertEqual(doc.audience, "People with lived experience and staff together")
		with self.as_user(user):
			doc = frappe.get_doc(doc.doctype, doc.name)
			doc.append("facilitators", {"participant": mine.name})
			self.assertRaisesRegex(frappe.ValidationError, "row 2", doc.save)
			doc = frappe.get_doc(doc.doctype, doc.name)
			doc.append("facilitators", {"participant": theirs.name})
			self.assertRaisesRegex(frappe.PermissionError, "not one of yours", doc.save)

	def test_bad_input_names_the_field(self):
		self.assertRaisesRegex(
			frappe.ValidationError, "Counts for, in months", factories.training_course, valid_months=999
		)
		needs = [{"opportunity_type": "Consultation"}] * 2
		self.assertRaisesRegex(
			frappe.ValidationError, "Needed for, row 2", factories.training_course, needed_for=needs
		)

	def test_a_whole_course_is_written_down_at_once_and_who_is_refused_is_named(self):
		"""Row 3.13: chosen, pasted or taken from those with a place; one who is refused holds up nobody else."""
		here = factories.unit()
		user = factories.another(roles.COORDINATOR)
		factories.limit(user, here)
		opportunity = factories.opportunity("Published", places=3)
		mine, again = (factories.participant(units=(here,)) for _each in range(2))
		elsewhere = factories.participant(units=(factories.unit(),))
		for person in (mine, elsewhere):
			factories.engagement(opportunity, person)
		course = factories.training_course(valid_months=12)
		factories.training_record(course, again)
		pasted = f"{mine.name}, {again.name};{elsewhere.name}\n\nINV-NOBODY {mine.name}"
		with self.as_user(user):
			done = course_lists.write_down(course.name, today(), pasted)
			self.assertEqual([row["participant"] for row in done["made"]], [mine.name])
			why = {row["participant"]: row["why"] for row in done["refused"]}
			self.assertEqual(list(why), [again.name, elsewhere.name, "INV-NOBODY"])
			self.assertIn("written down already", why[again.name])
			self.assertEqual(why[elsewhere.name], why["INV-NOBODY"], "nobody learns who is on the register")
			for words, args in (
				("^Participants:", (today(), " , ")),
				("^Completed on:", ("", mine.name)),
				("^Participants:", (today(), " ".join(map(str, range(101))))),
			):
				with self.assertRaisesRegex(frappe.ValidationError, words):
					course_lists.write_down(course.name, *args)
			late = course_lists.write_down(course.name, add_days(today(), 1), mine.name)
			self.assertIn("still to come", late["refused"][0]["why"])
		made = frappe.get_doc("Training Record", done["made"][0]["name"])
		self.assertEqual(
			(made.participant, made.recorded_by, bool(made.valid_until)), (mine.name, user, True)
		)
		self.assertFalse(frappe.db.exists("Training Record", {"participant": elsewhere.name}))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			held = course_lists.with_a_place(opportunity.name)
			self.assertEqual({row.name for row in held}, {mine.name, elsewhere.name})
		for user in (factories.staff(roles.FINANCE_OFFICER), factories.staff(roles.OWNER)):
			with self.as_user(user):
				self.assertRaises(frappe.PermissionError, course_lists.with_a_place, opportunity.name)
				with self.assertRaises(frappe.PermissionError):
					course_lists.write_down(course.name, today(), mine.name)
