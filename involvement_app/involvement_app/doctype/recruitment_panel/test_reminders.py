"""A member whose own score is missing is reminded once, and nobody learns whose is (row 4.8)."""

import json

import frappe
from frappe.utils import add_days, now_datetime

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.doctype.recruitment_panel.test_recruitment_panel import PanelTestCase
from involvement_app.involvement_app.panels import reminders, scores
from involvement_app.setup import roles
from involvement_app.tests import factories

MESSAGE = "Involvement Message"


class TestReminders(PanelTestCase):
	def made_once(self):
		super().made_once()
		self.colleague = factories.staff(roles.PANEL_MEMBER)
		self.done, self.silent = (factories.participant(used_services=1) for _n in range(2))
		self.panel = factories.recruitment_panel("Scoring", people=(self.done, self.silent))
		for reference in ("C-1", "C-2"):
			factories.panel_score(self.panel, self.done.name, reference)

	def since(self, days: int) -> None:
		frappe.db.set_value(
			panels.PANEL, self.panel.name, "scoring_since", add_days(now_datetime(), -days)
		)  # test set-up

	def reminded(self) -> set[str]:
		reminders.remind()
		# a test's own look at the outbox
		return set(frappe.get_all(MESSAGE, {"template": reminders.TEMPLATE}, pluck="recipient"))

	def test_who_is_silent_hears_once_after_two_working_days(self):
		self.assertTrue(self.stored(self.panel, "scoring_since"))
		self.assertEqual(self.reminded(), set())
		self.since(7)
		modified = self.stored(self.panel, "modified")
		self.assertEqual(self.reminded(), {self.silent.name, self.colleague})
		self.assertEqual(self.reminded(), {self.silent.name, self.colleague})
		self.assertEqual(frappe.db.count(MESSAGE, {"template": reminders.TEMPLATE}), 2)
		self.assertEqual(self.stored(self.panel, "modified"), modified)

	def test_part_of_ones_scores_is_not_all_and_a_shadow_is_left_alone(self):
		factories.panel_score(self.panel, self.colleague, "C-1")
		shadow = next(row for row in self.panel.members if row.participant == self.silent.name)
		frappe.db.set_value(panels.MEMBER, shadow.name, "role", "Shadow")  # test set-up
		self.since(7)
		self.assertEqual(self.reminded(), {self.colleague})

	def test_nobody_is_reminded_of_what_is_open_or_over(self):
		self.since(7)
		for values in ({"opened_on": now_datetime()}, {"status": "Called off"}):
			frappe.db.savepoint("try")
			frappe.db.set_value(panels.PANEL, self.panel.name, values)
			with self.subTest(values):
				self.assertEqual(self.reminded(), set())
			frappe.db.rollback(save_point="try")

	def test_the_outbox_shows_nobody_whom_it_went_to(self):
		self.since(7)
		self.reminded()
		for user in (
			factories.staff(roles.COORDINATOR),
			factories.staff(roles.MANAGER),
			factories.staff(roles.HR_OFFICER),
			self.colleague,
			*factories.others(),
		):
			with self.subTest(user), self.as_user(user):
				try:
					listed = frappe.get_list(MESSAGE, {"template": reminders.TEMPLATE}, pluck="name", limit=0)
				except frappe.PermissionError:
					listed = []
				self.assertEqual(listed, [])
				# the one to the participant: what they hear otherwise is the coordinators' to see
				name = frappe.db.get_value(
					MESSAGE, {"template": reminders.TEMPLATE, "recipient": self.silent.name}
				)
				self.assertFalse(frappe.has_permission(MESSAGE, "read", name))
		kept = frappe.get_all(
			MESSAGE, {"template": reminders.TEMPLATE}, ["reference_doctype", "reference_name"]
		)
		self.assertEqual({tuple(row.values()) for row in kept}, {(None, None)})

	def test_whoever_rings_them_learns_nothing_from_it(self):
		"""Who hears by hand hears the same, whether theirs is in or not."""
		for person in (self.done, self.silent):
			frappe.db.set_value("Involvement Participant", person.name, "preferred_channel", "Phone")
		self.since(7)
		self.assertEqual(self.reminded(), {self.done.name, self.silent.name, self.colleague})
		# a test's own look at the outbox
		rows = frappe.get_all(
			MESSAGE,
			{"template": reminders.TEMPLATE, "recipient": ["in", [self.done.name, self.silent.name]]},
			["subject", "body", "short_text"],
		)
		said = {
			json.dumps(row).replace(person.preferred_name, "")
			for row, person in ((row, person) for row in rows for person in (self.done, self.silent))
			if person.preferred_name in row.body
		}
		self.assertEqual(len(said), 1)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertEqual(
				len(frappe.get_list(MESSAGE, {"template": reminders.TEMPLATE}, pluck="name", limit=0)), 2
			)

	def test_what_the_panel_says_of_it_is_the_same_whoever_was_reminded(self):
		self.since(7)
		for who, reference in sorted(scores.expected(self.panel) - set(scores.given(self.panel.name)))[:-1]:
			factories.panel_score(self.panel, who, reference)
		self.assertEqual(len(self.reminded()), 1)
		self.assertTrue(self.stored(self.panel, "scores_reminded_on"))
		self.assertFalse(
			[row for row in self.panel.members if row.as_dict().get("reminded_on")]
		)  # nothing beside a member's name
