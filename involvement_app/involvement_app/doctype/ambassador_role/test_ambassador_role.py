"""Row 4.6: people speak for us where they choose to; appointed by somebody else, begun and ended by themselves."""

import frappe
from frappe.utils import add_days, today

from involvement_app import lifecycle
from involvement_app.involvement_app import ambassadors
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

ROLE = "Ambassador Role"


class TestAmbassadorRole(IntegrationTestCase):
	def take(self, doc, action: str, by: str, **values):
		with self.as_user(by):
			return lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), action, **values)

	def test_from_a_draft_to_the_persons_own_yes_break_and_end(self):
		"""Row 4.6: an option of the person's: approved by a manager, accepted, paused and ended by themself."""
		me = factories.participant(portal=True)
		doc = factories.ambassador(me, "Approved")
		self.assertEqual(doc.approved_by, factories.staff(roles.MANAGER))
		told = {"recipient": me.name, "template": "Involvement role to answer"}
		self.assertEqual(frappe.db.count("Involvement Message", told), 1)
		with self.as_user(me.user):
			for what, status in (
				("accept", "Active"),
				("pause", "Paused"),
				("resume", "Active"),
				("end", "Ended"),
			):
				ambassadors.take_own(me.name, doc.name, what)
				self.assertEqual(frappe.db.get_value(ROLE, doc.name, "status"), status)
		doc.reload()
		self.assertEqual((doc.recorded_by, doc.told_how), (None, None))

	def test_who_wrote_handed_in_or_changed_it_does_not_approve(self):
		manager = factories.staff(roles.MANAGER)
		doc = factories.ambassador(status="Submitted")
		with self.as_user(manager):
			changed = frappe.get_doc(ROLE, doc.name)
			changed.purpose = "Something more"
			changed.save()
		with self.assertRaises(StepNotPermitted):
			self.take(doc, "Approve", manager)
		self.assertEqual(self.take(doc, "Approve", factories.another(roles.MANAGER)).status, "Approved")
		for user in (factories.staff(roles.COORDINATOR), factories.staff(roles.COMMUNICATIONS)):
			other = factories.ambassador(status="Submitted")
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.take(other, "Approve", user)

	def test_nobody_appoints_themself(self):
		manager = factories.another(roles.MANAGER)
		doc = factories.ambassador(factories.participant(user=manager, is_staff=1), "Submitted")
		with self.assertRaises(StepNotPermitted):
			self.take(doc, "Approve", manager)

	def test_what_staff_enter_says_how_they_were_told_each_time(self):
		coordinator = factories.staff(roles.COORDINATOR)
		doc = factories.ambassador(status="Approved")
		with self.assertRaisesRegex(frappe.ValidationError, "How the person told us"):
			self.take(doc, "Accept", coordinator)
		doc = self.take(doc, "Accept", coordinator, recorded_how="Post")
		self.assertEqual((doc.recorded_by, doc.told_how, doc.recorded_how), (coordinator, "Post", None))
		with self.assertRaisesRegex(frappe.ValidationError, "How the person told us"):
			self.take(doc, "Pause", coordinator)

	def test_what_was_approved_does_not_change_under_them(self):
		doc = factories.ambassador()
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.get_doc(ROLE, doc.name)
			doc.wont_talk = "Nothing"
			self.assertRaisesRegex(TransitionError, "cannot change", doc.save)

	def test_it_ends_after_its_last_day_and_with_it_what_is_ahead(self):
		doc = factories.ambassador()
		assignment = factories.assignment(doc, "Accepted")
		frappe.db.set_value(ROLE, doc.name, "ends_on", add_days(today(), -1))
		lasting = factories.ambassador()
		frappe.db.set_value(ROLE, lasting.name, "ends_on", None)
		ambassadors.over()
		self.assertEqual(frappe.db.get_value(ROLE, doc.name, "status"), "Ended")
		self.assertEqual(frappe.db.get_value(ROLE, lasting.name, "status"), "Active", "it has no last day")
		self.assertEqual(
			frappe.db.get_value(assignment.doctype, assignment.name, "status"), "Not going ahead"
		)

	def test_it_is_nobody_elses_to_answer(self):
		me, other = factories.participant(portal=True), factories.participant(portal=True)
		doc = factories.ambassador(me, "Approved")
		with self.as_user(other.user):
			with self.assertRaises(frappe.DoesNotExistError):
				ambassadors.take_own(other.name, doc.name, "accept")
			with self.assertRaises(frappe.PermissionError):
				ambassadors.take_own(me.name, doc.name, "accept")

	def test_it_follows_the_person_and_is_nobody_elses(self):
		me = factories.participant(units=(factories.unit(),), portal=True)
		doc = factories.ambassador(me)
		elsewhere = factories.another(roles.COMMUNICATIONS)
		factories.limit(elsewhere, factories.unit())
		for user, sees in (
			(factories.staff(roles.COORDINATOR), True),
			(factories.staff(roles.MANAGER), True),
			(factories.staff(roles.COMMUNICATIONS), True),
			(elsewhere, False),
			(me.user, False),
			*((user, False) for user in factories.others()),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(frappe.has_permission(ROLE, "read", doc.name), sees)
