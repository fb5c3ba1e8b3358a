"""Nobody approves what they had a hand in, at whatever moment that was; and what staff enter for a person is asked
for each time (architecture laws 1 and 8)."""

import frappe

from involvement_app import lifecycle
from involvement_app.involvement_app import places
from involvement_app.lifecycle import StepNotPermitted
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.compat import IntegrationTestCase

OPPORTUNITY = "Involvement Opportunity"


class TestAttendanceTypedBeforehand(pay.PaymentTestCase):
	"""A budget holder who is a coordinator too types the rows; a colleague records the session."""

	def made_once(self):
		super().made_once()
		self.holder = factories.user(roles.BUDGET_HOLDER, roles.COORDINATOR)
		self.place = pay.opportunity(unit=factories.unit(budget_holder=self.holder))
		self.engagement = factories.engagement(self.place, factories.participant())

	def session(self):
		return frappe.get_doc("Involvement Session", {"opportunity": self.place.name})

	def typed_by(self, user: str, **values):
		with self.as_user(user):
			session = self.session()
			session.fill_attendance()
			session.attendance[0].update(values)
			session.save()

	def test_whoever_typed_it_while_it_was_planned_does_not_approve(self):
		self.typed_by(self.holder, attendance="Attended", hours=9)
		pay.hold(self.place, hours=9)
		(payment,) = pay.payments(self.engagement)
		with self.as_user(self.holder), self.assertRaises(StepNotPermitted):
			lifecycle.apply(payment, "Approve")
		self.assertEqual(frappe.db.get_value(pay.PAYMENT, payment.name, "status"), "Checked")

	def test_whoever_only_moved_the_room_does(self):
		with self.as_user(self.holder):
			session = self.session()
			session.place = "The New Library"
			session.save()
		pay.hold(self.place)
		(payment,) = pay.payments(self.engagement)
		self.assertEqual(pay.approve(payment, self.holder).status, "Approved")

	def test_a_hand_is_not_forged_away(self):
		self.typed_by(self.holder, attendance="Attended")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			session = self.session()
			session.edited_by = None
			session.save()
		self.assertIn(self.holder, self.session().edited_by)


class TestEditorsOfADraft(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.manager = factories.staff(roles.MANAGER)
		self.doc = factories.opportunity()
		self.author = self.doc.owner

	def edit(self, user: str, **values):
		with self.as_user(user):
			doc = frappe.get_doc(OPPORTUNITY, self.doc.name)
			doc.update(values)
			return doc.save()

	def step(self, user: str, action: str, **values):
		with self.as_user(user):
			return lifecycle.apply(frappe.get_doc(OPPORTUNITY, self.doc.name), action, **values)

	def refuses(self, user: str):
		with self.assertRaises(StepNotPermitted):
			self.step(user, "Approve")
		self.assertEqual(frappe.db.get_value(OPPORTUNITY, self.doc.name, "status"), "Submitted")

	def test_who_edited_the_draft_does_not_approve_it(self):
		self.edit(self.manager, purpose="What the manager wants")
		self.step(self.author, "Submit for approval")
		self.refuses(self.manager)
		self.assertEqual(self.step(factories.another(roles.MANAGER), "Approve").status, "Approved")

	def test_who_edited_after_changes_were_asked_for_does_not_either(self):
		self.step(self.author, "Submit for approval")
		self.step(factories.another(roles.MANAGER), "Ask for changes", change_note="A purpose, please")
		self.edit(self.manager, purpose="What the manager wants")
		self.step(self.author, "Submit for approval")
		self.refuses(self.manager)

	def test_an_edit_that_rides_along_with_a_step_is_an_edit(self):
		self.step(self.author, "Submit for approval")
		self.step(self.manager, "Ask for changes", change_note="So", purpose="What the manager wants")
		self.step(self.author, "Submit for approval")
		self.refuses(self.manager)

	def test_asking_for_changes_is_no_edit(self):
		self.step(self.author, "Submit for approval")
		self.step(self.manager, "Ask for changes", change_note="A date, please")
		self.step(self.author, "Submit for approval")
		self.assertEqual(self.step(self.manager, "Approve").status, "Approved")

	def test_after_an_approval_it_begins_anew(self):
		other = factories.another(roles.MANAGER)
		self.edit(self.manager, purpose="What the manager wants")
		self.step(self.author, "Submit for approval")
		self.step(other, "Approve")
		self.step(other, "Ask for changes", change_note="A smaller room")
		self.step(self.author, "Submit for approval")
		self.assertEqual(self.step(self.manager, "Approve").status, "Approved")


class TestAChoiceEnteredForSomebody(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.person = factories.participant(portal=True)
		self.place = factories.engagement(factories.opportunity("Published"), self.person)
		self.staff = factories.staff(roles.COORDINATOR)

	def choose(self, choice: str, how: str | None = None):
		with self.as_user(self.staff):
			doc = frappe.get_doc(self.place.doctype, self.place.name)
			doc.payment_choice = choice
			if how:
				doc.recorded_how = how
			return doc.save()

	def stored(self) -> tuple:
		return frappe.db.get_value(
			self.place.doctype, self.place.name, ["payment_choice", "recorded_by", "told_how"]
		)

	def test_it_says_who_and_how(self):
		self.choose("Decline", "Phone")
		self.assertEqual(self.stored(), ("Decline", self.staff, "Phone"))

	def test_how_is_asked_again_for_the_next(self):
		self.choose("Decline", "Phone")
		with self.assertRaises(frappe.ValidationError):
			self.choose("Expenses only")
		self.assertEqual(self.stored(), ("Decline", self.staff, "Phone"))
		self.choose("Expenses only", "Post")
		self.assertEqual(self.stored(), ("Expenses only", self.staff, "Post"))

	def test_the_service_asks_it_too(self):
		self.choose("Decline", "Phone")
		with self.as_user(self.staff), self.assertRaises(frappe.ValidationError):
			places.change_choice(self.place.name, "Full")
		with self.as_user(self.staff):
			places.change_choice(self.place.name, "Full", recorded_how="In person")
		self.assertEqual(self.stored(), ("Full", self.staff, "In person"))

	def test_a_choice_of_ones_own_is_nobody_elses(self):
		"""Row 0.14: what the person does is shown as their own act."""
		self.choose("Decline", "Phone")
		with self.as_user(self.person.user):
			places.change_choice(self.place.name, "Expenses only")
		self.assertEqual(self.stored(), ("Expenses only", None, None))
