import frappe
from frappe.utils import add_days, today

from involvement_app.involvement_app import checks, flags, places
from involvement_app.messages.neutral import telling
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

CHECK = checks.CHECK


class TestParticipantCheck(IntegrationTestCase):
	def test_only_with_a_reason_and_nothing_of_the_certificate(self):
		"""Row 4.2: no blanket checks: each names why the role is eligible; outcome words, and never a number."""
		me = factories.participant()
		for problem, values in (
			("Why this role may be checked: say", {"eligibility": "Just in case"}),
			("leave out the number", {"eligibility": "Works alone with young people, 0012 3456 7890"}),
			("Outcome", {"outcome": "Two convictions", "checked_on": today()}),
			("Checked on: say when", {"outcome": "Nothing stands in the way"}),
			("still to come", {"outcome": "Nothing stands in the way", "checked_on": add_days(today(), 1)}),
			(
				"Renew on",
				{"outcome": "Nothing stands in the way", "checked_on": today(), "renew_on": today()},
			),
		):
			with self.subTest(problem), self.assertRaisesRegex(frappe.ValidationError, problem):
				factories.participant_check(me, **values)
		kept = {
			df.fieldname for df in frappe.get_meta(CHECK).fields if df.fieldtype in ("Data", "Attach", "Text")
		}
		self.assertEqual(kept, {"preferred_name"}, "no field for a number, a copy or what it says")

	def test_managers_see_it_and_nobody_else(self):
		me = factories.participant(portal=True, units=(factories.unit(),))
		doc = factories.participant_check(me)
		limited = factories.another(roles.MANAGER)
		factories.limit(limited, factories.unit())
		for user, sees in (
			(factories.staff(roles.MANAGER), True),
			(limited, False),
			(factories.staff(roles.COORDINATOR), False),
			(me.user, False),
			*((user, False) for user in factories.others()),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(frappe.has_permission(CHECK, "read", doc.name), sees)

	def test_it_is_no_strike(self):
		"""Row 4.2: whatever the outcome, a place can be offered, and no screen that deals with the person says it."""
		me = factories.participant()
		values = {"outcome": "Talked over with the person", "checked_on": today()}
		factories.participant_check(me, **values)
		made = factories.application(factories.opportunity("Published"), me)
		with self.as_user(factories.staff(roles.MANAGER)):
			self.assertEqual(flags.about(made.doctype, made.name), [])
			self.assertEqual(flags.about(me.doctype, me.name), [])
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertEqual(places.offer(made.name).status, "Offered")

	def test_renewal_is_said_once_in_neutral_words(self):
		me, left = factories.participant(), factories.participant()
		for person in (me, left):
			factories.participant_check(
				person,
				outcome="Nothing stands in the way",
				checked_on=add_days(today(), -700),
				renew_on=add_days(today(), 30),
			)
		frappe.db.set_value(left.doctype, left.name, "status", "Left")  # test set-up
		before = frappe.get_all("Involvement Message", pluck="name")
		for _twice in range(2):
			checks.remind()
		sent = frappe.get_all(
			"Involvement Message", {"name": ["not in", before or [""]]}, ["recipient", "subject", "body"]
		)
		self.assertEqual({row.recipient for row in sent}, {me.name, factories.staff(roles.MANAGER)})
		self.assertEqual([telling(row.subject) for row in sent], [None, None])
		(theirs,) = [row for row in sent if row.recipient == me.name]
		self.assertNotIn("check", theirs.body.lower())
