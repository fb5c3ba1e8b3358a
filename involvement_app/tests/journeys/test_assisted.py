"""Every journey of the portal has its counterpart in the desk: done for the person, by whom, how and when (domain 4.0
no. 10; law 8). A form that somebody adds is in one of these two lists, or fails here."""

import json

import frappe

from involvement_app.involvement_app import media, wellbeing
from involvement_app.involvement_app.participants import write_own
from involvement_app.involvement_payments import bank_details
from involvement_app.involvement_privacy import consent
from involvement_app.portal.routes import ROUTES
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

_TOLD = ("recorded_by", "told_how", "recorded_on")
# form → where staff enter the same: doctype, and its fields for by whom, how and when
DESK = {
	"join": ("Expression of Interest", ("recorded_by", "came_by", "creation")),
	"opportunities/{name}/apply": ("Involvement Application", ("recorded_by", "recorded_how", "modified")),
	"my/details": ("Involvement Participant", _TOLD),
	"my/experience": ("Lived Experience Profile", _TOLD),
	"my/preferences": ("Involvement Preference", _TOLD),
	"my/access": ("Involvement Participant", _TOLD),
	"my/access/new": ("Access Requirement", _TOLD),
	"my/access/{name}": ("Access Requirement", _TOLD),
	"my/wellbeing-plan": ("Wellbeing Support Plan", _TOLD),
	"my/payments/how": ("Participant Bank Detail", _TOLD),
	"my/payments/how/take-away": ("Participant Bank Detail", ("modified_by", "told_how", "modified")),
	"my/consents": ("Consent Record", ("recorded_by", "method", "recorded_on")),
	"my/ambassador": ("Ambassador Role", ("recorded_by", "told_how", "modified")),
	"my/ambassador/{name}/stop": ("Ambassador Assignment", ("recorded_by", "told_how", "modified")),
	"my/ambassador/{name}/rather-not": ("Ambassador Assignment", ("recorded_by", "told_how", "modified")),
	"my/media": ("Media Consent", ("recorded_by", "method", "recorded_on")),
	"my/media/withdraw": ("Media Consent", ("recorded_by", "method", "recorded_on")),
	"my/stories": ("Participant Story", ("recorded_by", "told_how", "modified")),
	"my/stories/{name}": ("Participant Story", ("recorded_by", "told_how", "modified")),
	# a signature on paper, kept as that
	"my/stories/{name}/agree": ("Participant Story", ("recorded_by", "told_how", "agreed_on")),
	"my/stories/{name}/take-back": ("Participant Story", ("recorded_by", "recorded_how", "modified")),
	"my/agreement": ("Consent Record", ("recorded_by", "method", "recorded_on")),
	"my/training": ("Reference Letter", _TOLD),
	"my/expenses/new": ("Involvement Expense Claim", _TOLD),
	# “Send again” on the claim
	"my/expenses/{name}": ("Involvement Expense Claim", ("edited_by", "modified_by", "modified")),
	"my/messages": ("Participant Question", _TOLD),
	"my/supporters": ("Participant Supporter", _TOLD),
	"my/break": ("Involvement Participant", ("moved_by", "moved_told_how", "moved_on")),
	"my/leave": ("Involvement Participant", ("moved_by", "moved_told_how", "moved_on")),
	"my/come-back": ("Involvement Participant", ("moved_by", "moved_told_how", "moved_on")),
	"my/invitations/{name}": ("Involvement Invitation", ("recorded_by", "recorded_how", "modified")),
	"my/invitations/{name}/no-thank-you": (
		"Involvement Invitation",
		("recorded_by", "recorded_how", "modified"),
	),
	"my/reviews/{name}": ("Opportunity Reviewer", ("recorded_by", "recorded_how", "answered_on")),
	"my/reviews/{name}/no-thank-you": (
		"Opportunity Reviewer",
		("recorded_by", "recorded_how", "answered_on"),
	),
	"my/choosing/{name}/{application}": ("Selection Score", ("selector_user", "recorded_how", "creation")),
	"my/choosing/{name}/no-thank-you": (
		"Opportunity Selector",
		("recorded_by", "recorded_how", "modified"),
	),
	"my/offers/{name}": ("Involvement Application", ("recorded_by", "recorded_how", "modified")),
	"my/offers/{name}/no-thank-you": ("Involvement Application", ("recorded_by", "recorded_how", "modified")),
	"my/places/{name}": ("Involvement Engagement", ("recorded_by", "told_how", "modified")),
	"my/places/{name}/leave": ("Involvement Engagement", ("recorded_by", "recorded_how", "modified")),
	"my/leading/{name}": (
		"Involvement Opportunity Co-lead",
		("modified_by", "told_how", "agreed_on"),
	),
	"my/panels/{name}/interests": ("Recruitment Panel Member", ("recorded_by", "told_how", "modified")),
	"my/panels/{name}/score/{candidate}": ("Panel Score", ("recorded_by", "told_how", "modified")),
	"my/panels/{name}/criteria/{criterion}": (
		"Recruitment Panel Criterion",
		("recorded_by", "told_how", "agreed_on"),
	),
	"my/places/{name}/access": (
		"Involvement Session Attendance",
		("modified_by", "access_told_how", "modified"),
	),
}
# nothing that staff do for somebody, and why
NOBODY_ELSES = {
	"my/calendar": "a link for their own calendar, which nobody else is to have; staff say and print the dates",
	"my/calendar/end": "ends that link, and so does leaving",
	"my/panels/{name}": "the chair's steps, which HR takes in the desk as well",
	"my/panels/{name}/questions": "HR writes down a question that somebody says, in their own name",
	"my/panels/{name}/close": "the chair's word alone: no role may open the scores",
	"my/panels/{name}/decide": "the chair's word alone: no role may decide",
	"my/payments/self-check": "puts figures beside an amount they type, and stores nothing and writes nothing",
	"my/goals": "theirs alone: staff read none, so they enter none",
	"my/access/{name}/remove": "staff with the right write that it is needed no longer, or the person says no to all",
	"my/wellbeing-plan/remove": "their no to all of it, which staff write down, deletes it",
	"my/training/letters/{name}/take-back": "staff write “not going ahead” on the letter",
	"my/messages/{name}/take-back": "theirs: staff may close a question, and take none of their words away",
	"my/places/{name}/how-it-was": "in their own words and, if they like, without their name: what they tell staff is a question of theirs",
	"acting": "for supporters, who say for whom they are here",
	"sign-in": "signing in",
	"sign-in/link": "signing in",
	"sign-in/password": "signing in",
	"sign-in/link/{token}": "signing in",
	"sign-in/new-password/{token}": "signing in",
	"sign-out": "signing out",
}
# written by a function of its own, with the same three things
BY_FUNCTION = {
	"Consent Record": consent.record_for,
	"Media Consent": media.record_for,
	"Wellbeing Support Plan": wellbeing.write_for,
	"Participant Bank Detail": bank_details.write_for,
}
# panels are HR's
BY_HR = roles.HR_OFFICER
OF_PANELS = ("Recruitment Panel Member", "Recruitment Panel Criterion", "Panel Score")
# with the document it stands in
INSIDE = {
	"Recruitment Panel Member": "Recruitment Panel",
	"Recruitment Panel Criterion": "Recruitment Panel",
	"Involvement Opportunity Co-lead": "Involvement Opportunity",
	"Involvement Session Attendance": "Involvement Session",
}


class TestAssisted(IntegrationTestCase):
	def test_every_form_of_the_portal_has_a_counterpart_in_the_desk(self):
		forms = {route.pattern for route in ROUTES if route.submit}
		self.assertEqual(forms, set(DESK) | set(NOBODY_ELSES))
		self.assertEqual(set(DESK) & set(NOBODY_ELSES), set())
		self.assertTrue(all(NOBODY_ELSES.values()))

	def test_each_says_by_whom_how_and_when_and_a_coordinator_may_enter_it(self):
		matrix = json.loads(open(frappe.get_app_path("involvement_app", "permissions", "matrix.json")).read())
		framework = {"creation", "modified", "modified_by", "owner"}
		for form, (doctype, fields) in DESK.items():
			with self.subTest(form):
				there = {df.fieldname for df in frappe.get_meta(doctype).fields} | framework
				self.assertLessEqual(set(fields), there)
				if doctype in BY_FUNCTION:
					self.assertIn(BY_FUNCTION[doctype], frappe.whitelisted)
				else:
					enters = BY_HR if doctype in OF_PANELS else roles.COORDINATOR
					self.assertIn("write", matrix[INSIDE.get(doctype, doctype)][enters])

	def test_details_that_staff_write_down_are_never_the_persons_own_act(self):
		person = factories.participant(portal=True)
		coordinator = factories.staff(roles.COORDINATOR)
		with self.as_user(coordinator):
			doc = frappe.get_doc(person.doctype, person.name)
			doc.update({"preferred_channel": "Post", "recorded_how": "Phone"})
			doc.save()
		self.assertEqual((doc.recorded_by, doc.told_how, doc.recorded_how), (coordinator, "Phone", None))
		self.assertTrue(doc.recorded_on)
		with self.as_user(person.user):
			write_own(person.name, {"preferred_channel": "Email"})
		doc.reload()
		self.assertEqual((doc.recorded_by, doc.told_how, doc.recorded_on), (None, None, None))
