"""The invitation on a person's own page: yes, I would like to know more, no thank you."""

import frappe

from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import TwoPeople

INVITATION, NEED = "Involvement Invitation", "Access Requirement"


class TestInvited(TwoPeople):
	@classmethod
	def arrange(cls):
		super().arrange()
		cls.invited = cls.opportunity(visibility="Invited")
		cls.asked_to = factories.involvement_invitation(cls.me, cls.invited, words="We thought of you.").name
		for need, share in (("Large print", "The involvement team"), ("A quiet room", "My named contact")):
			factories.access_requirement(cls.me, need=need, detail=f"{need} please", share_with=share)

	def test_yes_and_more_and_no(self):
		"""Row 0.14: each answer is one press of a button, and none needs a reason."""
		me, other = self.signed_in(), self.signed_in(self.other)
		here, about = (
			f"/take-part/my/invitations/{self.asked_to}",
			f"/take-part/opportunities/{self.invited.name}",
		)
		self.assertEqual([other.get(path).status for path in (here, about)], [404, 404])
		self.assertIn(self.invited.title, me.get("/take-part/my").html)
		self.assertIn("We thought of you.", me.get(here).html)
		me.submit(here, question="Is there a lift?")
		self.assertEqual(self.value(INVITATION, self.asked_to), "Would like to know more")
		self.assertTrue(
			frappe.db.exists(
				"Participant Question",
				{"participant": self.me.name, "question": ["like", "%Is there a lift?"]},
			)
		)
		me.post(f"{here}/no-thank-you", me.get(here).fields())
		self.assertEqual(self.value(INVITATION, self.asked_to), "Not going ahead")
		self.assertIn("You can still apply", me.get(here).html)
		apply = me.get(f"{about}/apply").html
		self.assertIn("Large print please", apply)
		self.assertNotIn("A quiet room please", apply, "only their named contact may know it")
		me.submit(f"{about}/apply", access_needs="A ramp")
		self.assertEqual(self.value(INVITATION, self.asked_to), "Taken up")
		applied = {"opportunity": self.invited.name, "participant": self.me.name}
		self.assertEqual(frappe.db.get_value("Involvement Application", applied, "access_needs"), "A ramp")
		kept = {"participant": self.me.name, "detail": "Large print please"}
		self.assertTrue(
			frappe.db.exists("Access Requirement", kept), "what they told us before stays as it is"
		)
