"""What a participant's form says on top: what comes next, and what we owe them."""

import frappe

from involvement_app.involvement_app import at_a_glance
from involvement_app.setup import roles
from involvement_app.tests import factories, payment_factories
from involvement_app.tests.compat import counted_queries
from involvement_app.tests.payment_factories import PaymentTestCase


class TestAtAGlance(PaymentTestCase):
	def test_what_comes_next_and_what_we_owe_as_far_as_the_reader_may_read(self):
		"""Row 3.14: who looks after somebody sees at once what is promised to them."""
		here = factories.unit()
		me, other = (factories.participant(units=(here,)) for _each in range(2))
		payment = payment_factories.checked(me)
		payment_factories.checked(other)
		coming = factories.opportunity("Published", sessions=2)
		factories.engagement(coming, me)
		question, letter = factories.participant_question(me), factories.reference_letter(me)
		factories.participant_question(other)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			found = at_a_glance.about(me.name)
			self.assertEqual(
				{row["name"] for row in found["sessions"]},
				set(frappe.get_all("Involvement Session", {"opportunity": coming.name}, pluck="name")),
			)
			self.assertIn("The Old Library", found["sessions"][0]["text"])
			owed = {row["name"]: row["text"] for row in found["owed"]}
			self.assertEqual(set(owed), {payment.name, question.name, letter.name})
			self.assertIn("£", owed[payment.name])
			with counted_queries() as few:
				at_a_glance.about(me.name)
			for _each in range(4):
				factories.participant_question(me)
			with counted_queries() as many:
				at_a_glance.about(me.name)
			self.assertEqual(len(few), len(many))
		elsewhere = factories.another(roles.COORDINATOR)
		factories.limit(elsewhere, factories.unit())
		for user in (elsewhere, factories.staff(roles.FINANCE_OFFICER), factories.staff(factories.PORTAL)):
			for name in (me.name, "INV-NOBODY"):
				with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
					at_a_glance.about(name)
		lead = factories.another(roles.OWNER)
		frappe.db.set_value(me.doctype, me.name, "named_contact", lead)
		with self.as_user(lead):
			seen = at_a_glance.about(me.name)
			self.assertEqual(seen["sessions"], [], "led by somebody else")
			self.assertEqual({row["doctype"] for row in seen["owed"]}, {"Participant Question"})
