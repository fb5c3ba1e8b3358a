"""What we owe people after they took part: written down by itself, told in their way, and in the way of completing."""

import frappe
from frappe.utils import add_days, add_to_date, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_app import at_a_glance, feedback, to_do
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.working_days import add_working_days, closed

OBLIGATION = "Feedback Obligation"
OPPORTUNITY = "Involvement Opportunity"
SAID = {"what_was_said": "Fewer <b>words</b>", "what_changed": "It has half of them"}


class TestFeedbackObligation(IntegrationTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		factories.empty_hands()
		cls.lead = factories.another(roles.OWNER)
		cls.unit = factories.unit()
		cls.opportunity = factories.opportunity(
			"Published", author=cls.lead, unit=cls.unit, decision_date=add_days(today(), 150)
		)
		cls.me, cls.gone, cls.left = (factories.participant(units=(cls.unit,)) for _each in range(3))
		places = [factories.engagement(cls.opportunity, who) for who in (cls.me, cls.gone, cls.left)]
		cls.place = places[0]
		factories.held_session(cls.opportunity, by=cls.lead)
		for place in places[1:]:
			frappe.db.set_value(place.doctype, place.name, "status", "Ended early")
		# said no before: owed nothing
		frappe.db.set_value(
			"Involvement Session Attendance", {"engagement": places[2].name}, "attendance", "Sent apologies"
		)

	def owed(self, kind: str = "Full"):
		return factories.promised(self.opportunity, kind)

	def reach(self, status: str) -> None:
		frappe.db.set_value(OPPORTUNITY, self.opportunity.name, "status", status)
		frappe.clear_document_cache(OPPORTUNITY, self.opportunity.name)

	def keep(self, doc, user: str | None = None, **words):
		with self.as_user(user or self.lead):
			return lifecycle.apply(frappe.get_doc(OBLIGATION, doc.name), "Tell people", **(words or SAID))

	def told(self, template: str, **filters) -> list:
		fields = ["recipient", "subject", "body", "short_text", "owed"]
		return frappe.get_all("Involvement Message", {"template": template, **filters}, fields)

	def assertSees(self, user: str, doc, sees: bool) -> None:
		"""As a document and in the list: the framework asks two hooks."""
		with self.subTest(user), self.as_user(user):
			self.assertEqual(frappe.has_permission(doc.doctype, "read", doc.name), sees)
			try:
				listed = doc.name in frappe.get_list(doc.doctype, pluck="name", limit=0)
			except frappe.PermissionError:
				listed = False
			self.assertEqual(listed, sees)

	def test_publishing_writes_down_what_is_owed_once(self):
		"""Row 3.14: what people hear, and by when, is promised before anybody takes part."""
		rows = {
			row.kind: row
			for row in frappe.get_all(
				OBLIGATION,
				{"opportunity": self.opportunity.name},
				["kind", "due_on", "status", "feedback_owner", "unit", "promised"],
				order_by="due_on desc",
			)
		}
		self.assertEqual(set(rows), {"Initial", "Interim", "Full"})
		first = self.opportunity.first_date()
		self.assertEqual(rows["Initial"].due_on, add_working_days(first, 5, closed))
		self.assertEqual(rows["Interim"].due_on, getdate(add_days(rows["Initial"].due_on, 60)), "the first")
		self.assertEqual(rows["Full"].due_on, getdate(add_days(today(), 180)))
		self.assertEqual({row.feedback_owner for row in rows.values()}, {self.lead})
		self.assertEqual({row.unit for row in rows.values()}, {self.unit})
		self.assertEqual(feedback.promise(self.opportunity), [])
		colleague = factories.staff(roles.COORDINATOR)
		doc = frappe.get_doc(OPPORTUNITY, self.opportunity.name)
		doc.feedback_owner = colleague
		with self.as_user(colleague):
			doc.save()
		self.assertEqual(self.owed().feedback_owner, colleague)

	def test_thanks_follow_the_first_date(self):
		doc = factories.opportunity("Published")
		session = frappe.get_doc("Involvement Session", {"opportunity": doc.name})
		later = add_to_date(session.starts_on, days=30)
		session.update({"starts_on": later, "ends_on": add_to_date(later, hours=2)})
		session.save()
		due = frappe.db.get_value(OBLIGATION, {"opportunity": doc.name, "kind": "Initial"}, "due_on")
		self.assertEqual(due, add_working_days(getdate(later), 5, closed))

	def test_what_is_owed_keeps_an_opportunity_from_being_completed(self):
		"""Row 3.14: nothing is finished before people heard what came of it, whatever writes the state."""
		self.reach("Awaiting feedback")
		doc = frappe.get_doc(OPPORTUNITY, self.opportunity.name)
		with self.as_user(self.lead):
			with self.assertRaisesRegex(TransitionError, "still wait"):
				lifecycle.apply(doc, "Complete")
			from frappe.client import set_value
			from frappe.model.workflow import apply_workflow

			with self.assertRaises(TransitionError):
				set_value(doc.doctype, doc.name, "status", "Completed")
			with self.assertRaises(TransitionError):
				apply_workflow(frappe.get_doc(doc.doctype, doc.name), "Complete")
		frappe.db.set_value(OBLIGATION, {"opportunity": doc.name, "kind": "Full"}, "kind", "Interim")
		frappe.db.set_value(OBLIGATION, {"opportunity": doc.name}, "status", "Kept")
		with self.as_user(self.lead), self.assertRaisesRegex(TransitionError, "what came of it"):
			lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Complete")
		self.assertRaises(frappe.ValidationError, frappe.delete_doc, OBLIGATION, self.owed("Initial").name)

	def test_what_came_of_it_reaches_who_takes_part_or_was_there_and_then_it_is_completed(self):
		"""Row 3.14: everybody who took part hears what changed and what could not, each in their own way."""
		frappe.db.set_value(self.gone.doctype, self.gone.name, "user", factories.another(factories.PORTAL))
		frappe.db.set_value(self.me.doctype, self.me.name, "status", "Paused")
		with self.assertRaisesRegex(TransitionError, "not over yet"):
			self.keep(self.owed())
		self.reach("Awaiting feedback")
		with self.assertRaisesRegex(TransitionError, "What changed"):
			self.keep(self.owed(), what_was_said="Fewer words")
		with self.as_user(self.lead):
			self.assertEqual(feedback.who_hears(self.owed().name)["people"], 2)
		doc = self.keep(self.owed())
		self.assertEqual((doc.status, doc.told, doc.kept_by), ("Kept", 2, self.lead))
		found = {row.recipient: row for row in self.told("Involvement feedback", reference_name=doc.name)}
		self.assertEqual(set(found), {self.me.name, self.gone.name})
		self.assertIn("Fewer &lt;b&gt;words", found[self.me.name].body)
		self.assertNotIn("words", found[self.gone.name].body, "who has a page reads it there")
		self.assertEqual(found[self.me.name].owed, 1, "also during a break")
		self.assertNotIn(self.opportunity.title, found[self.me.name].subject + found[self.me.name].short_text)
		self.assertEqual(self.owed("Initial").status, "Not needed", "the last word has overtaken it")
		doc.what_changed = "Nothing, really"
		self.assertRaisesRegex(frappe.ValidationError, "have read it", doc.save)
		with self.as_user(self.lead):
			done = lifecycle.apply(frappe.get_doc(OPPORTUNITY, self.opportunity.name), "Complete")
		self.assertEqual(done.status, "Completed")

	def test_thanks_come_first_and_say_when_people_hear_again(self):
		doc = self.owed("Initial")
		self.reach("In progress")
		doc = self.keep(doc, what_was_said="Everything you said is written down")
		between = {"opportunity": self.opportunity.name, "kind": "Interim"}
		self.assertEqual(getdate(doc.next_on), min(frappe.get_all(OBLIGATION, between, pluck="due_on")))
		coming = factories.opportunity("Published", author=self.lead)
		with self.assertRaisesRegex(TransitionError, "still to come"):
			self.keep(factories.promised(coming, "Initial"))

	def test_who_owes_it_does_not_let_themself_off_and_the_reason_is_told(self):
		doc = self.owed()
		coordinator = factories.staff(roles.COORDINATOR)
		frappe.db.set_value(OBLIGATION, doc.name, "feedback_owner", coordinator)
		for user, reason, error in (
			(self.lead, "No time", StepNotPermitted),
			(coordinator, "No time", StepNotPermitted),
			(factories.staff(roles.MANAGER), " ", TransitionError),
		):
			with self.subTest(user), self.as_user(user), self.assertRaises(error):
				lifecycle.apply(
					frappe.get_doc(OBLIGATION, doc.name), "Cannot be given", reason=reason.strip()
				)
		with self.as_user(factories.staff(roles.MANAGER)):
			doc = lifecycle.apply(
				frappe.get_doc(OBLIGATION, doc.name), "Cannot be given", reason="It was sold"
			)
			self.assertEqual(doc.told, 2)
			self.assertIn("It was sold", self.told("Involvement feedback not possible")[0].body)
			doc = lifecycle.apply(frappe.get_doc(OBLIGATION, doc.name), "Owe it again")
		self.assertEqual((doc.status, doc.reason), ("Owed", None))

	def test_called_off_before_anybody_took_part_nobody_waits_for_anything(self):
		coordinator = factories.staff(roles.COORDINATOR)
		coming = factories.opportunity("Published")
		factories.engagement(coming, factories.participant())
		with self.as_user(coordinator):
			lifecycle.apply(frappe.get_doc(OPPORTUNITY, coming.name), "Cancel opportunity")
			lifecycle.apply(frappe.get_doc(OPPORTUNITY, self.opportunity.name), "Cancel opportunity")
		about = {"opportunity": coming.name}
		self.assertEqual(set(frappe.get_all(OBLIGATION, about, pluck="status")), {"Not needed"})
		self.assertEqual(self.owed().status, "Owed", "somebody was there")
		self.assertFalse(self.told("Involvement feedback not possible"))

	def test_everybody_is_thanked_when_the_sessions_are_over(self):
		"""Row 1.2: everybody is thanked for their expertise, in their own way, when what they took part in is over."""
		self.reach("In progress")
		with self.as_user(self.lead):
			lifecycle.apply(frappe.get_doc(OPPORTUNITY, self.opportunity.name), "Sessions are over")
		self.assertEqual(frappe.db.get_value(self.place.doctype, self.place.name, "status"), "Completed")
		(thanks,) = self.told("Involvement thank you")
		self.assertEqual((thanks.recipient, thanks.subject), (self.me.name, "Thank you"))
		self.assertIn(self.opportunity.title, thanks.body)

	def test_the_owner_is_reminded_once_and_managers_hear_when_it_is_late(self):
		limited = factories.another(roles.MANAGER)
		factories.limit(limited, factories.unit())
		doc, manager = self.owed(), factories.staff(roles.MANAGER)
		frappe.db.set_value(OBLIGATION, doc.name, "due_on", add_days(today(), 2))
		feedback.remind()
		feedback.remind()
		self.assertEqual(len(self.told("Involvement feedback owed", recipient=self.lead)), 1)
		self.assertFalse(self.told("Involvement feedback late"))
		frappe.db.set_value(OBLIGATION, doc.name, "due_on", add_days(today(), -1))
		feedback.remind()
		feedback.remind()
		(late,) = self.told("Involvement feedback late", recipient=manager)
		self.assertIn(self.opportunity.title, late.body)
		self.assertFalse(self.told("Involvement feedback late", recipient=limited), "of another unit")
		with self.as_user(manager):
			rows = [row for row in to_do.rows()["rows"] if row["name"] == doc.name]
			self.assertEqual([row["group"] for row in rows], ["late"])
			glance = {row["name"]: row["text"] for row in at_a_glance.about(self.me.name)["owed"]}
		self.assertIn("was to be told", glance[doc.name])

	def test_coordinators_of_the_unit_and_the_lead_see_it_and_nobody_else(self):
		doc = self.owed()
		limited = factories.another(roles.COORDINATOR)
		factories.limit(limited, factories.unit())
		for user, sees in (
			(factories.staff(roles.COORDINATOR), True),
			(factories.staff(roles.MANAGER), True),
			(self.lead, True),
			(limited, False),
			*((other, False) for other in factories.others()),
		):
			self.assertSees(user, doc, sees)

	def test_what_is_promised_to_one_person_is_for_who_may_see_them(self):
		alone = factories.feedback_obligation(participant=self.me, kind="Full")
		elsewhere = factories.another(roles.COORDINATOR)
		factories.limit(elsewhere, factories.unit())
		self.assertSees(factories.staff(roles.COORDINATOR), alone, True)
		self.assertSees(elsewhere, alone, False)
		self.assertSees(self.lead, alone, False)
		self.keep(alone, user=factories.staff(roles.COORDINATOR))
		(message,) = self.told("Involvement feedback", reference_name=alone.name)
		self.assertEqual(message.recipient, self.me.name)
		for values, words in (
			({"feedback_owner": factories.staff(roles.FINANCE_OFFICER)}, "may see this person"),
			({"due_on": add_days(today(), -1)}, "By when"),
			({"promised": "x" * 5000}, "at most"),
		):
			with self.subTest(words), self.assertRaisesRegex(frappe.ValidationError, words):
				factories.feedback_obligation(participant=self.me, **values)
		with self.assertRaisesRegex(frappe.ValidationError, "takes no part"):
			factories.feedback_obligation(self.opportunity, factories.participant())
		with self.as_user(factories.staff(roles.OWNER)), self.assertRaises(frappe.PermissionError):
			values = {
				"doctype": OBLIGATION,
				"kind": "Full",
				"due_on": today(),
				"opportunity": self.opportunity.name,
			}
			frappe.get_doc({**values, "feedback_owner": frappe.session.user}).insert()

	def test_a_promise_to_one_person_tells_nobody_who_asked(self):
		asked = factories.application(self.opportunity, factories.participant())
		for person in (asked.participant, factories.participant().name):
			with self.as_user(self.lead), self.assertRaisesRegex(frappe.PermissionError, "not one of yours"):
				frappe.get_doc(
					doctype=OBLIGATION,
					opportunity=self.opportunity.name,
					participant=person,
					kind="Interim",
					due_on=add_days(today(), 1),
					feedback_owner=factories.staff(roles.COORDINATOR),
				).insert()
		theirs = factories.feedback_obligation(
			self.opportunity,
			frappe.get_doc("Involvement Participant", asked.participant),
			feedback_owner=factories.staff(roles.COORDINATOR),
		)
		self.assertSees(self.lead, theirs, False)

	def test_who_gave_it_away_does_not_let_themself_off(self):
		coordinator = factories.staff(roles.COORDINATOR)
		owed = factories.feedback_obligation(self.opportunity, feedback_owner=coordinator)
		with self.as_user(coordinator):
			owed = frappe.get_doc(owed.doctype, owed.name)
			owed.feedback_owner = factories.staff(roles.MANAGER)
			owed.save()
			with self.assertRaises(StepNotPermitted):
				lifecycle.apply(owed, "Cannot be given", reason="Nobody knows any more")

	def test_it_is_not_born_kept(self):
		with self.as_user(factories.staff(roles.COORDINATOR)), self.assertRaises(TransitionError):
			frappe.get_doc(
				doctype=OBLIGATION,
				opportunity=self.opportunity.name,
				kind="Full",
				due_on=today(),
				feedback_owner=self.lead,
				status="Kept",
			).insert()
