"""From co-design up, somebody with lived experience says yes beside the manager, and nobody goes round them."""

import frappe

from involvement_app import lifecycle
from involvement_app.involvement_app import departures, reviewers
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.tests.portal.visitor import TwoPeople

REVIEWER = "Opportunity Reviewer"


class ReviewerTestCase(IntegrationTestCase):
	def plan(self, **values):
		return factories.opportunity("Submitted", level="Co-design", **values)

	def approve(self, doc, by: str | None = None):
		with self.as_user(by or factories.staff(roles.MANAGER)):
			return lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Approve")

	def status(self, doc) -> str:
		return frappe.db.get_value(doc.doctype, doc.name, "status")

	def edit(self, doc, **values):
		with self.as_user(doc.lead):
			read = frappe.get_doc(doc.doctype, doc.name)
			read.update(values)
			return read.save()

	def say(self, row, action: str, by: str | None = None, **values):
		with self.as_user(by or factories.staff(roles.COORDINATOR)):
			return lifecycle.apply(frappe.get_doc(REVIEWER, row.name), action, **values)


class TestApprovalNeedsAReviewer(ReviewerTestCase):
	def test_a_managers_yes_alone_is_not_enough_whoever_and_whatever_writes_it(self):
		"""Row 2.2: an equal role: from co-design up, one yes of staff decides nothing."""
		doc = self.plan()
		factories.opportunity_reviewer(doc)  # asked, and has not answered
		with self.assertRaisesRegex(TransitionError, "lived experience beside yours"):
			self.approve(doc)
		with self.as_user(factories.staff(roles.MANAGER)):
			written = frappe.get_doc(doc.doctype, doc.name)
			written.status = "Approved"  # as a PUT does
			with self.assertRaisesRegex(TransitionError, "lived experience beside yours"):
				written.save()
		factories.reviewers_yes(doc)
		self.assertEqual(self.approve(doc).status, "Approved")

	def test_below_co_design_the_manager_decides(self):
		self.assertEqual(
			self.approve(
				factories.opportunity("Submitted", level="Engagement", reason_below_co_design="The law")
			).status,
			"Approved",
		)

	def test_another_yes_does_not_go_round_somebody_who_asks_for_changes(self):
		doc = self.plan()
		row = factories.opportunity_reviewer(doc)
		self.say(row, "Ask for changes", recorded_how="Phone", words="Say who decides")
		factories.reviewers_yes(doc)
		with self.assertRaisesRegex(TransitionError, "asks for changes"):
			self.approve(doc)
		with self.as_user(doc.lead):
			said = reviewers.said(doc.name)["rows"]
		self.assertIn(("Changes wanted", "Say who decides"), [(row.status, row.words) for row in said])
		self.assertNotIn(row.preferred_name, str(said))
		told = frappe.get_all(
			"Involvement Message", {"template": "Involvement reviewer wants changes"}, ["recipient", "body"]
		)
		self.assertIn(doc.lead, [message.recipient for message in told])
		self.assertNotIn(row.preferred_name, str(told))

	def test_a_material_change_makes_a_yes_void_and_asks_again(self):
		doc = self.plan()
		row = factories.reviewers_yes(doc)
		self.edit(doc, support_contact="Devon, 01865 555 0101")
		self.assertEqual(self.status(row), "Yes")
		self.edit(doc, what_can_change="Only the pictures")
		self.assertEqual(self.status(row), "Asked")
		asked = {"recipient": row.participant, "template": "Involvement review asked"}
		self.assertEqual(frappe.db.count("Involvement Message", asked), 2)
		with self.assertRaises(TransitionError):
			self.approve(doc)
		# one who writes round us, past every hook, is found out by what was read
		self.say(row, "Yes", recorded_how="Phone")
		frappe.db.set_value(doc.doctype, doc.name, "purpose", "Something else")
		with self.assertRaisesRegex(TransitionError, "lived experience beside yours"):
			self.approve(doc)

	def test_nobody_with_a_hand_in_it_says_the_reviewers_yes(self):
		person = factories.participant(user=factories.another(roles.OWNER), is_staff=1)
		doc = self.plan(author=person.user)
		with self.assertRaisesRegex(frappe.ValidationError, "hand in the plan"):
			factories.opportunity_reviewer(doc, person)
		# asked first, and then somebody who worked on it
		other = self.plan()
		row = factories.opportunity_reviewer(other)
		editor = factories.another(roles.COORDINATOR)
		with self.as_user(editor):
			read = frappe.get_doc(other.doctype, other.name)
			read.purpose = "Clearer"
			read.save()
		with self.assertRaises(StepNotPermitted):
			self.say(row, "Yes", by=editor, recorded_how="Phone")
		# and who wrote the yes down is not the second yes
		manager = factories.staff(roles.MANAGER)
		self.say(row, "Yes", by=manager, recorded_how="Phone")
		with self.assertRaisesRegex(TransitionError, "lived experience beside yours"):
			self.approve(other, by=manager)
		self.assertEqual(self.approve(other, by=factories.another(roles.MANAGER)).status, "Approved")

	def test_what_staff_write_down_says_so(self):
		row = factories.opportunity_reviewer(self.plan())
		with self.assertRaisesRegex(frappe.ValidationError, "How the person told us"):
			self.say(row, "Yes")
		row = self.say(row, "Yes", recorded_how="In person")
		self.assertEqual(
			(row.recorded_by, row.recorded_how), (factories.staff(roles.COORDINATOR), "In person")
		)

	def test_only_people_with_lived_experience_who_are_here_are_asked(self):
		doc = self.plan()
		for values in ({"is_stakeholder": 1}, {"status": "Left"}):
			with self.subTest(**values), self.assertRaisesRegex(frappe.ValidationError, "Participant"):
				factories.opportunity_reviewer(doc, factories.participant(**values))
		factories.opportunity_reviewer(doc, factories.participant(is_stakeholder=1, is_carer=1))

	def test_who_leaves_is_waited_for_no_longer(self):
		person = factories.participant()
		row = factories.opportunity_reviewer(self.plan(), person)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			departures.leave(person.name, "Phone")
		self.assertEqual(self.status(row), "Not reviewing")

	def test_a_draft_asks_nobody_before_it_is_handed_in(self):
		doc = factories.opportunity(level="Co-design")
		row = factories.opportunity_reviewer(doc)
		self.assertEqual(self.status(row), "Named")
		with self.as_user(doc.lead):
			lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Submit for approval")
		self.assertEqual(self.status(row), "Asked")

	def test_a_coordinator_of_other_units_and_a_lead_do_not_see_who(self):
		row = factories.opportunity_reviewer(self.plan())
		limited = factories.another(roles.COORDINATOR)
		factories.limit(limited, factories.unit())
		for user, sees in (
			(factories.staff(roles.COORDINATOR), True),
			(limited, False),
			*((user, False) for user in factories.others()),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(frappe.has_permission(REVIEWER, "read", row.name), sees)
				try:
					listed = row.name in frappe.get_list(REVIEWER, pluck="name", limit=0)
				except frappe.PermissionError:
					listed = False
				self.assertEqual(listed, sees)


class TestReviewersPage(TwoPeople):
	def setUp(self):
		super().setUp()
		self.doc = factories.opportunity("Submitted", level="Co-design", purpose="So that forms are short")
		self.at = f"/take-part/my/reviews/{factories.opportunity_reviewer(self.doc, self.me).name}"
		self.refresh()

	def test_they_read_what_people_will_read_and_their_yes_counts(self):
		"""Row 2.2: the yes beside the manager's is given in the portal, to what people will read."""
		visitor = self.signed_in()
		self.assertIn(self.at, visitor.get("/take-part/my").html)
		page = visitor.get(self.at)
		self.assertTrue(page.tree)
		self.assertIn("So that forms are short", page.text())
		self.assertIn("The Old Library", page.text())
		missed = visitor.post(self.at, page.fields())
		self.assertEqual(missed.status, 422)
		self.assertIn("Choose yes, or ask for changes", missed.text())
		wordless = visitor.post(self.at, {**page.fields(), "answer": "changes"})
		self.assertIn("Tell us what you would change", wordless.text())
		# what they read has changed under them
		with self.as_user(factories.staff(roles.MANAGER)):
			changed = frappe.get_doc(self.doc.doctype, self.doc.name)
			changed.purpose = "So that forms are long"
			changed.save()
		self.refresh()
		late = visitor.post(self.at, {**page.fields(), "answer": "yes"})
		self.assertEqual(late.status, 422)
		self.assertIn("just changed this plan", late.text())
		done = visitor.submit(self.at, answer="yes")
		self.assertEqual(done.goes_to, "/take-part/my?done=reviewed")
		name = self.at.rpartition("/")[2]
		self.assertEqual(self.value(REVIEWER, name), "Yes")
		self.assertIsNone(self.value(REVIEWER, name, "recorded_by"))
		self.assertIn("You said yes", visitor.get(self.at).text())
		self.assertNotIn(self.at, visitor.get("/take-part/my").html)

	def test_it_is_nobody_elses_and_no_thank_you_needs_no_reason(self):
		"""Row 0.14: no, without a reason, to being asked as well."""
		stranger, visitor = self.signed_in(self.other), self.signed_in()
		for path in (self.at, f"{self.at}/no-thank-you", f"{self.at}/easy-read"):
			self.assertEqual(stranger.get(path).status, 404)
		done = visitor.submit(f"{self.at}/no-thank-you")
		self.assertEqual(done.goes_to, "/take-part/my?done=not-reviewing")
		self.assertEqual(self.value(REVIEWER, self.at.rpartition("/")[2]), "Not reviewing")
		self.assertNotIn("So that forms", visitor.get(self.at).text())
