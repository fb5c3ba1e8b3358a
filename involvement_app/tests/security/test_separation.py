"""Separated duties at both levels, walked by three people from an idea to money; and who may choose the level."""

import frappe
from frappe.utils import today

from involvement_app import lifecycle
from involvement_app.involvement_app import places
from involvement_app.permissions import separation
from involvement_app.permissions.separation import RELAXED, STRICT, TWO_PEOPLE
from involvement_app.setup import roles
from involvement_app.tests import factories, payment_factories
from involvement_app.tests.compat import IntegrationTestCase

ORGANISER, DECIDER, PAYER = (name for name in roles.PROFILES if name.endswith("(small charity)"))


def choose(level: str) -> None:
	settings = frappe.get_single("Involvement Settings")
	settings.separation = level
	settings.save(ignore_version=False)  # in tests Frappe keeps none


class SeparationTestCase(IntegrationTestCase):
	"""Three people hold the profiles of a small charity. The manager leads, as managers of small charities do."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.organiser, cls.manager, cls.payer = (
			factories.user(*roles.PROFILES[name]) for name in (ORGANISER, DECIDER, PAYER)
		)

	def setUp(self):
		super().setUp()
		self.refused: list[str] = []
		choose(TWO_PEOPLE)

	def step(self, user: str, doc, action: str, relaxed_as: str | None = None, instead: str | None = None):
		"""`user` takes the step. Refused under the name `relaxed_as`, that is noted, and `instead` takes it."""
		try:
			with self.as_user(user):
				return lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), action)
		except lifecycle.StepNotPermitted:
			if not relaxed_as:
				raise
			self.refused.append(relaxed_as)
		with self.as_user(instead):
			return lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), action)

	def published(self, author: str | None = None):
		unit = factories.unit(budget_holder=self.manager)
		doc = factories.opportunity(author=author or self.organiser, lead=self.manager, unit=unit)
		self.step(doc.owner, doc, "Submit for approval")
		self.step(
			self.manager,
			doc,
			"Approve",
			"lead and approver of an opportunity",
			factories.staff(roles.MANAGER),
		)
		return self.step(self.organiser, doc, "Publish")

	def payment(self, opportunity, person=None):
		with self.as_user(self.organiser):
			made = places.apply_for(
				opportunity.name, (person or factories.participant()).name, recorded_how="Phone"
			)
			places.offer(made.name)
			places.accept(made.name, recorded_how="Phone")
		session = payment_factories.hold(opportunity, by=self.organiser)
		return payment_factories.payments(session=session.name)[0]

	def approved(self, payment):
		unit = frappe.get_doc("Involvement Unit", payment.unit)

		def another_budget_holder() -> str:
			# the charity finds somebody else
			unit.db_set("budget_holder", factories.staff(roles.BUDGET_HOLDER))
			return unit.budget_holder

		try:
			return self.step(self.manager, payment, "Approve")
		except lifecycle.StepNotPermitted:
			self.refused.append("lead and approver of a payment")
			return self.step(another_budget_holder(), payment, "Approve")

	def batch(self, *payments, by: str | None = None):
		with self.as_user(by or self.payer):
			doc = frappe.get_doc(
				{
					"doctype": "Involvement Payment Batch",
					"title": "Weekly payments",
					"payment_on": today(),
					"lines": [{"payment": payment.name} for payment in payments],
				}
			).insert()
		return self.step(by or self.payer, doc, "Lock")

	def walk(self):
		"""From an idea to money. Answers the payment; what was refused to the three is in `refused`."""
		payment = self.approved(self.payment(self.published()))
		batch = self.batch(payment)
		self.step(
			self.manager,
			batch,
			"Authorise",
			"approver and authoriser of a payment",
			factories.staff(roles.FINANCE_AUTHORISER),
		)
		self.step(self.payer, batch, "Export")
		self.step(self.payer, batch, "Confirm")
		return payment.reload() or payment


class TestSeparatedDuties(SeparationTestCase):
	def test_three_people_go_all_the_way_at_the_level_two_people(self):
		self.assertEqual(self.walk().status, "Paid")
		self.assertEqual(self.refused, [])

	def test_the_same_walk_is_refused_where_two_people_are_too_few_for_strict(self):
		"""The approver's and the lead's hands again: once a payment is approved by another, the manager may release."""
		choose(STRICT)
		self.walk()
		self.assertEqual(
			self.refused, ["lead and approver of an opportunity", "lead and approver of a payment"]
		)

	def test_strict_keeps_approving_and_releasing_apart(self):
		choose(STRICT)
		batch = self.batch(self.approved(self.led_by_another()))
		with self.assertRaisesRegex(lifecycle.StepNotPermitted, "You approved a payment"):
			self.step(self.manager, batch, "Authorise")

	def test_strict_keeps_checking_and_releasing_apart(self):
		"""Domain 4.12: checked by one, approved by another, authorised by a third."""
		both = factories.user(roles.COORDINATOR, roles.FINANCE_AUTHORISER)
		opportunity = payment_factories.opportunity()
		place = factories.engagement(opportunity, factories.participant())
		payment_factories.hold(opportunity, by=both)
		recorded = payment_factories.approve(payment_factories.payments(place)[0])
		claim = payment_factories.claimed()
		payment_factories.take_claim(claim, "Check", both)
		checked = payment_factories.payment_of(payment_factories.approve_claim(claim))
		for payment in (recorded, checked):
			batch = self.batch(payment)
			choose(STRICT)
			with self.assertRaisesRegex(lifecycle.StepNotPermitted, "You recorded or checked"):
				self.step(both, batch, "Authorise")
			choose(TWO_PEOPLE)
			self.assertEqual(self.step(both, batch, "Authorise").status, "Authorised")

	def led_by_another(self):
		opportunity = factories.opportunity(
			"Published", unit=factories.unit(budget_holder=self.manager), author=factories.staff(roles.OWNER)
		)
		return self.payment(opportunity)

	def assertRefused(self, user: str, doc, action: str) -> None:
		with self.assertRaises(lifecycle.StepNotPermitted):
			self.step(user, doc, action)

	def test_nobody_approves_what_they_wrote_or_handed_in(self):
		mine = factories.opportunity(author=self.manager)
		self.step(self.manager, mine, "Submit for approval")
		self.assertRefused(self.manager, mine, "Approve")
		handed_in = factories.opportunity(author=self.organiser, lead=self.organiser)
		self.step(self.manager, handed_in, "Submit for approval")
		self.assertRefused(self.manager, handed_in, "Approve")

	def test_the_payee_does_not_approve(self):
		payment = self.payment(self.published(), factories.takes_part(self.manager))
		self.assertRefused(self.manager, payment, "Approve")

	def test_whoever_recorded_the_attendance_does_not_approve(self):
		opportunity = self.published()
		engagement = factories.engagement(opportunity, factories.participant())
		payment_factories.hold(opportunity, by=self.manager)
		self.assertRefused(self.manager, payment_factories.payments(engagement)[0], "Approve")

	def test_the_maker_does_not_authorise(self):
		both = self.payer
		factories.give_role(both, roles.FINANCE_AUTHORISER)
		batch = self.batch(self.approved(self.payment(self.published())), by=both)
		self.assertRefused(both, batch, "Authorise")

	def test_the_payee_does_not_authorise(self):
		payee = factories.another(roles.FINANCE_AUTHORISER)
		batch = self.batch(self.approved(self.payment(self.published(), factories.takes_part(payee))))
		self.assertRefused(payee, batch, "Authorise")


class TestTheLevel(IntegrationTestCase):
	def choose_as(self, user: str, level: str) -> None:
		with self.as_user(user):
			choose(level)

	def test_every_relaxation_is_declared_and_used_once(self):
		used = [
			guard.relaxed_as
			for life in lifecycle.all_lifecycles()
			for guards in life.guards.values()
			for guard in guards
			if hasattr(guard, "relaxed_as")
		]
		self.assertEqual(sorted(used), sorted(RELAXED))
		with self.assertRaises(KeyError):
			separation.strictly("something nobody declared", choose)

	def test_strict_is_what_nothing_else_was_chosen(self):
		for stored in (None, "", STRICT, "two people"):
			frappe.db.set_single_value("Involvement Settings", "separation", stored)
			self.assertEqual(separation.level(), STRICT, stored)

	def test_who_gains_does_not_loosen_it(self):
		for user in (
			factories.staff(roles.MANAGER),
			factories.user("System Manager", roles.BUDGET_HOLDER),
		):
			with self.assertRaisesRegex(frappe.PermissionError, "who holds no Involvement role"):
				self.choose_as(user, TWO_PEOPLE)
		self.assertEqual(separation.level(), STRICT)

	def test_nobody_else_writes_it_at_all(self):
		for user in (factories.staff(roles.COORDINATOR), factories.staff(roles.FINANCE_AUTHORISER)):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.choose_as(user, TWO_PEOPLE)

	def test_a_system_manager_without_a_role_of_ours_loosens_it_and_it_is_kept_who_did(self):
		user = factories.user("System Manager")
		self.choose_as(user, TWO_PEOPLE)
		self.assertEqual(separation.level(), TWO_PEOPLE)
		version = frappe.get_last_doc("Version", {"ref_doctype": "Involvement Settings"})
		self.assertEqual(version.owner, user)
		self.assertIn(["separation", STRICT, TWO_PEOPLE], frappe.parse_json(version.data)["changed"])

	def test_a_manager_tightens_it_and_changes_anything_else(self):
		choose(TWO_PEOPLE)
		with self.as_user(factories.staff(roles.MANAGER)):
			settings = frappe.get_single("Involvement Settings")
			settings.reply_days = 8
			settings.save()
			self.assertEqual(separation.level(), TWO_PEOPLE)
			choose(STRICT)
		self.assertEqual(separation.level(), STRICT)


class TestProfiles(IntegrationTestCase):
	def test_a_small_charitys_three_hold_every_role_between_them(self):
		held = [role for name in (ORGANISER, DECIDER, PAYER) for role in roles.PROFILES[name]]
		# who watches over data does not decide on it, so is none of the three
		self.assertEqual(sorted(held), sorted(roles.DESK_ROLES - {roles.DATA_PROTECTION}))

	def test_they_stand_on_the_site_as_they_are_shipped(self):
		for name, held in roles.PROFILES.items():
			rows = frappe.get_doc("Role Profile", name).roles
			self.assertEqual({row.role for row in rows}, set(held), name)

	def test_one_that_the_site_deleted_stays_deleted_and_one_it_changed_stays_changed(self):
		frappe.delete_doc("Role Profile", ORGANISER)
		changed = frappe.get_doc("Role Profile", PAYER)
		changed.append("roles", {"role": "Sales User"})
		changed.save()
		roles.create_profiles()
		self.assertFalse(frappe.db.exists("Role Profile", ORGANISER))
		self.assertEqual(len(frappe.get_doc("Role Profile", PAYER).roles), 2)

	def test_uninstall_takes_them_away_unless_somebody_has_one(self):
		user = frappe.get_doc("User", factories.staff(roles.FINANCE_OFFICER))
		user.db_set("role_profile_name", PAYER)  # as a site would give it
		roles.remove()
		self.assertTrue(frappe.db.exists("Role Profile", PAYER))
		self.assertEqual(frappe.get_all("Has Role", {"parent": PAYER, "parenttype": "Role Profile"}), [])
		self.assertFalse(frappe.db.exists("Role Profile", ORGANISER))
