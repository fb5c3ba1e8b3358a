"""Many payments approved with one press: each through its own guards (domain 4.12; law 1: nobody approves their own)."""

import frappe

from involvement_app.involvement_payments import approving
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

PAYMENT = pay.PAYMENT


class TestApprovingMany(pay.PaymentTestCase):
	def checked(self, count: int) -> list:
		place = pay.opportunity(places=max(count, 2), budget=100000)
		for _number in range(count):
			factories.engagement(place, factories.participant())
		return pay.payments(session=pay.hold(place).name)

	def approve(self, names, user: str | None = None) -> dict:
		with self.as_user(user or pay.budget_holder()):
			return approving.approve(names)

	def statuses(self, names) -> set[str]:
		return set(frappe.get_all(PAYMENT, {"name": ["in", names]}, pluck="status"))

	def test_all_with_one_press_and_each_person_is_told(self):
		names = [payment.name for payment in self.checked(3)]
		answer = self.approve(frappe.as_json(names))
		self.assertEqual(answer, {"approved": names, "refused": {}})
		self.assertEqual(self.statuses(names), {"Approved"})
		told = frappe.get_all("Involvement Message", {"reference_name": ["in", names]}, pluck="template")
		self.assertEqual(told, ["Involvement payment approved"] * 3)

	def test_what_may_not_be_approved_is_named_and_the_others_are(self):
		mine, theirs = self.checked(2), pay.checked(unit=factories.unit(budget_holder=factories.user()))
		frappe.db.set_value("Involvement Participant", mine[0].participant, "user", pay.budget_holder())
		answer = self.approve([mine[0].name, mine[1].name, theirs.name, "IPAY-none"])
		self.assertEqual(answer["approved"], [mine[1].name])
		self.assertEqual(set(answer["refused"]), {mine[0].name, theirs.name, "IPAY-none"})
		self.assertIn("your own payment", answer["refused"][mine[0].name])
		self.assertEqual(self.statuses([mine[0].name, theirs.name]), {"Checked"})

	def test_one_that_is_approved_already_stays_so(self):
		payment = pay.approved()
		answer = self.approve([payment.name, payment.name])
		self.assertEqual((answer["approved"], list(answer["refused"])), ([], [payment.name]))

	def test_by_nobody_else(self):
		names = [payment.name for payment in self.checked(1)]
		portal = factories.participant(portal=True).user
		for user in (
			pay.officer(),
			pay.authoriser(),
			factories.staff(roles.COORDINATOR),
			factories.user(),
			portal,
			"Guest",
		):
			with self.subTest(user):
				self.assertEqual(self.approve(names, user)["approved"], [])
		self.assertEqual(self.statuses(names), {"Checked"})

	def test_not_without_end_and_not_anything(self):
		for given in ([f"IPAY-{number}" for number in range(approving.MOST + 1)], "{}", '"x"'):
			with self.subTest(str(given)[:20]), self.assertRaises(frappe.ValidationError):
				self.approve(given)
