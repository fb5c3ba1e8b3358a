"""Doors of the framework that ask for no right: what they tell about our rows (permissions/doors.py)."""

import frappe
import frappe.client
from frappe.desk.form import linked_with
from frappe.handler import execute_cmd

from involvement_app.involvement_app import places
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase


class TestDoors(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.person = factories.participant(portal=True, access_note="A canary in the access note")
		self.opportunity = factories.opportunity("Published")
		self.engagement = factories.engagement(self.opportunity, self.person)

	def call(self, user: str, cmd: str, **arguments):
		"""As a request reaches it, overrides included."""
		frappe.utils.set_request(method="POST", path="/")
		frappe.local.response = frappe._dict()
		with self.as_user(user):
			frappe.local.form_dict = frappe._dict(arguments)
			return execute_cmd(cmd) or frappe.local.response

	def tearDown(self):
		frappe.local.form_dict = frappe._dict()
		if hasattr(frappe.local, "request"):
			del frappe.local.request
		super().tearDown()

	def test_nobody_finds_a_participant_through_what_is_linked(self):
		for doctype, name in (("Contact", self.person.person), ("Involvement Participant", self.person.name)):
			found = linked_with.get(doctype, name)
			self.assertEqual([each for each in found if each.startswith(("Involvement", "Participant"))], [])

	def test_link_search_shows_a_lead_only_who_accepted(self):
		stranger = factories.participant(preferred_name="Canary")
		for cmd in ("frappe.desk.search.search_widget", "frappe.desk.search.search_link"):
			with self.subTest(cmd):
				answer = self.call(
					self.opportunity.lead,
					cmd,
					doctype="Involvement Participant",
					txt="",
					ignore_user_permissions="1",
					filter_fields='["access_note"]',
					page_length="1000",
				)
				self.assertNotIn(stranger.name, str(answer))
				self.assertNotIn("Canary", str(answer))
				self.assertNotIn("canary in the access note", str(answer))
				self.assertIn(self.person.name, str(answer))

	def test_a_form_counts_the_readers_own_rows_under_connections(self):
		factories.participant_question(self.person)
		factories.promised(self.opportunity)
		items = ["Participant Question", "Involvement Engagement", "Involvement Application"]
		told = {
			"doctype": "Involvement Participant",
			"name": self.person.name,
			"items": frappe.as_json(items),
		}
		for user, expected in (
			(self.opportunity.lead, (0, 1, 0)),  # not their named contact
			(factories.staff(roles.COORDINATOR), (1, 1, 1)),
		):
			answer = self.call(user, "frappe.desk.notifications.get_open_count", **told)
			counted = answer.get("message", answer)["count"]
			rows = counted if isinstance(counted, list) else counted["external_links_found"]
			found = {row.get("name") or row.get("doctype"): row["count"] for row in rows}
			self.assertEqual(tuple(found[item] for item in items), expected, user)

	def test_child_rows_follow_their_parent(self):
		with self.as_user(self.opportunity.lead):
			session = frappe.get_doc("Involvement Session", {"opportunity": self.opportunity.name})
			session.fill_attendance()
		for user, seen in ((self.opportunity.lead, 1), (factories.another(roles.OWNER), 0)):
			with self.as_user(user):
				rows = frappe.client.get_list(
					"Involvement Session Attendance",
					fields=["participant", "preferred_name"],
					filters={"participant": self.person.name},
					parent="Involvement Session",
				)
				self.assertEqual(len(rows), seen, user)

	def test_what_hangs_on_a_document_is_for_its_readers(self):
		with self.assertRaises(frappe.PermissionError):
			self.call(
				factories.another(roles.OWNER),
				"frappe.desk.form.linked_with.get_submitted_linked_docs",
				doctype="Involvement Engagement",
				name=self.engagement.name,
			)

	def test_a_forged_unit_opens_no_other_units_record(self):
		mine = factories.unit()
		limited = factories.another(roles.COORDINATOR)
		factories.limit(limited, mine)
		for doctype, name in (
			("Involvement Application", self.engagement.application),
			("Involvement Engagement", self.engagement.name),
			("Involvement Opportunity", self.opportunity.name),
		):
			with self.subTest(doctype), self.as_user(limited):
				doc = frappe.get_doc(doctype, name)
				doc.unit = mine
				with self.assertRaises(frappe.PermissionError):
					doc.save()

	def test_a_coordinator_enters_nobody_they_may_not_see(self):
		mine = factories.unit()
		limited = factories.another(roles.COORDINATOR)
		factories.limit(limited, mine)
		open_here = factories.opportunity("Published", unit=mine)
		with self.as_user(limited), self.assertRaises(frappe.PermissionError):
			places.apply_for(open_here.name, self.person.name, recorded_how="Phone")


class TestOwnAttendance(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.both, self.person = factories.user(roles.COORDINATOR), factories.participant()

		factories.signs_in_as(self.person, self.both)
		self.opportunity = factories.opportunity("Published")

	def test_who_takes_part_elsewhere_records_a_session_they_are_not_in(self):
		factories.engagement(self.opportunity, factories.participant())
		self.assertEqual(factories.held_session(self.opportunity, by=self.both).status, "Held")

	def test_nobody_writes_their_own_attendance(self):
		factories.engagement(self.opportunity, self.person)
		session = factories.held_session(self.opportunity, attendance="Could not attend")
		with self.as_user(self.both):
			doc = frappe.get_doc("Involvement Session", session.name)
			doc.attendance[0].update({"attendance": "Attended", "hours": 60})
			with self.assertRaisesRegex(frappe.ValidationError, "a colleague records your attendance"):
				doc.save()


class TestPromisedRate(IntegrationTestCase):
	def test_a_promised_rate_does_not_change(self):
		opportunity = factories.opportunity("Published")
		rule = frappe.get_doc("Payment Rate Rule", opportunity.rate_rule)
		rule.amount = 150
		with self.assertRaisesRegex(frappe.ValidationError, "Make a new rate"):
			rule.save()
