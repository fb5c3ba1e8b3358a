"""Who sees which rows: entitled, wrong role, another's record, plain desk user, portal user, guest.

Each rule is asked twice, as list and as document, because the framework asks two different hooks."""

import frappe

from involvement_app.involvement_app import places
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase


def listed(doctype: str) -> set[str]:
	try:
		return set(frappe.get_list(doctype, pluck="name", limit=0))
	except frappe.PermissionError:
		return set()


class RowTestCase(IntegrationTestCase):
	def assertSees(self, user, doc):
		with self.as_user(user):
			self.assertIn(doc.name, listed(doc.doctype), f"{user} in the list")
			self.assertTrue(frappe.has_permission(doc.doctype, "read", doc.name), f"{user} on the document")

	def assertBlind(self, user, doc):
		with self.as_user(user):
			self.assertNotIn(doc.name, listed(doc.doctype), f"{user} in the list")
			self.assertFalse(frappe.has_permission(doc.doctype, "read", doc.name), f"{user} on the document")

	def limit_to(self, user: str, unit: str) -> str:
		"""To one Involvement Unit and what is below it."""
		factories.limit(user, unit)
		return user


class TestRegister(RowTestCase):
	def test_a_coordinator_sees_the_register(self):
		self.assertSees(factories.staff(roles.COORDINATOR), factories.participant())

	def test_nobody_else_learns_who_is_on_it(self):
		"""Row 0.14: care staff learn nothing (domain 4.0 no. 2 and 7)."""
		person = factories.participant(portal=True)
		for user in (
			factories.staff(roles.OWNER),
			factories.staff(roles.BUDGET_HOLDER),
			factories.staff(roles.FINANCE_OFFICER),
			factories.staff(roles.FINANCE_AUTHORISER),
			factories.user("Sales User"),
			factories.another(factories.PORTAL),
			person.user,
			"Guest",
		):
			with self.subTest(user):
				self.assertBlind(user, person)

	def test_a_coordinator_of_units_sees_the_people_of_those_units_and_below(self):
		county = factories.unit(is_group=1)
		town = factories.unit(parent=county)
		here, elsewhere, nowhere = (
			factories.participant(units=(town,)),
			factories.participant(units=(factories.unit(),)),
			factories.participant(),
		)
		user = self.limit_to(factories.another(roles.COORDINATOR), county)
		self.assertSees(user, here)
		self.assertBlind(user, elsewhere)
		self.assertBlind(user, nowhere)

	def test_a_lead_sees_who_accepted_a_place_and_not_who_only_asked(self):
		opportunity = factories.opportunity("Published")
		accepted, asked = factories.participant(), factories.participant()
		factories.engagement(opportunity, accepted)
		made = factories.application(opportunity, asked)
		self.assertSees(opportunity.lead, accepted)
		self.assertBlind(opportunity.lead, asked)
		self.assertBlind(opportunity.lead, made)
		self.assertBlind(factories.another(roles.OWNER), accepted)


class TestOpportunityRows(RowTestCase):
	def test_a_draft_is_its_leads_and_the_coordinators(self):
		draft = factories.opportunity()
		self.assertSees(draft.lead, draft)
		self.assertSees(factories.staff(roles.COORDINATOR), draft)
		self.assertBlind(factories.another(roles.OWNER), draft)
		self.assertBlind(factories.staff(roles.FINANCE_OFFICER), draft)

	def test_other_leads_may_read_a_published_one_and_not_change_it(self):
		published, other = factories.opportunity("Published"), factories.another(roles.OWNER)
		self.assertSees(other, published)
		with self.as_user(other):
			self.assertFalse(frappe.has_permission(published.doctype, "write", published.name))

	def test_a_coordinator_of_units_sees_their_opportunities_only(self):
		mine, other = factories.opportunity(), factories.opportunity()
		user = self.limit_to(factories.another(roles.COORDINATOR), mine.unit)
		self.assertSees(user, mine)
		self.assertBlind(user, other)

	def test_a_budget_holder_sees_what_is_planned_from_their_budget(self):
		holder = factories.staff(roles.BUDGET_HOLDER)
		mine = factories.opportunity(unit=factories.unit(budget_holder=holder))
		self.assertSees(holder, mine)
		self.assertBlind(holder, factories.opportunity())


class TestEngagementAndSessionRows(RowTestCase):
	def test_the_lead_reads_places_and_sessions_of_their_own(self):
		opportunity = factories.opportunity("Published")
		engagement = factories.engagement(opportunity, factories.participant())
		session = frappe.get_doc("Involvement Session", {"opportunity": opportunity.name})
		other = factories.another(roles.OWNER)
		for doc in (engagement, session):
			self.assertSees(opportunity.lead, doc)
			self.assertBlind(other, doc)

	def test_nobody_learns_names_by_adding_a_session_to_anothers_opportunity(self):
		opportunity = factories.opportunity("Published")
		factories.engagement(opportunity, factories.participant())
		planned = opportunity.dates[0]
		session = {
			"doctype": "Involvement Session",
			"opportunity": opportunity.name,
			"starts_on": planned.starts_on,
			"ends_on": planned.ends_on,
		}
		other = factories.another(roles.OWNER)
		with self.as_user(other), self.assertRaises(frappe.PermissionError):
			frappe.get_doc({**session, "lead": other}).insert()
		with self.as_user(opportunity.lead):
			self.assertTrue(frappe.get_doc({**session, "lead": opportunity.lead}).insert().name)

	def test_the_person_reads_nothing_through_the_framework(self):
		"""Law 3: a participant's login holds no role and so no DocPerm: the API is shut and the portal is the only door."""
		person = factories.participant(portal=True)
		opportunity = factories.opportunity("Published")
		engagement = factories.engagement(opportunity, person)
		application = frappe.get_doc("Involvement Application", engagement.application)
		for doc in (opportunity, engagement, application, frappe.get_doc(person.doctype, person.name)):
			self.assertBlind(person.user, doc)


class TestShares(RowTestCase):
	def test_a_record_of_ours_cannot_be_shared_even_by_a_manager(self):
		person, colleague = factories.participant(), factories.user("Sales User")
		with self.as_user(factories.staff(roles.MANAGER)), self.assertRaises(frappe.PermissionError):
			frappe.share.add("Involvement Participant", person.name, colleague, read=1)
		with self.assertRaises(frappe.PermissionError):
			# past every permission: the guard alone refuses it
			frappe.get_doc(
				doctype="DocShare",
				share_doctype="Involvement Participant",
				share_name=person.name,
				user=colleague,
				read=1,
			).insert(ignore_permissions=True)
		self.assertBlind(colleague, person)


class TestForgery(RowTestCase):
	def test_a_read_only_field_sent_by_a_request_is_put_back(self):
		opportunity = factories.opportunity("Published")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.get_doc(opportunity.doctype, opportunity.name)
			doc.update(
				{
					"places_confirmed": 99,
					"approved_by": factories.staff(roles.COORDINATOR),
					"estimate": 1,
					"gates": [],
				}
			)
			doc.save()
		stored = frappe.get_doc(opportunity.doctype, opportunity.name)
		self.assertGreater(len(opportunity.gates), 4)
		self.assertEqual(
			(stored.places_confirmed, stored.approved_by, len(stored.gates)),
			(0, opportunity.approved_by, len(opportunity.gates)),
		)

	def test_a_coordinator_cannot_raise_a_promised_rate(self):
		engagement = factories.engagement(factories.opportunity("Published"), factories.participant())
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.get_doc(engagement.doctype, engagement.name)
			doc.update({"rate_amount": 500, "offered_amount": 9999})
			doc.save()
		self.assertEqual(frappe.db.get_value(engagement.doctype, engagement.name, "rate_amount"), 15)

	def test_an_application_is_not_born_accepted(self):
		opportunity, person = factories.opportunity("Published"), factories.participant()
		with self.as_user(factories.staff(roles.COORDINATOR)), self.assertRaises(frappe.ValidationError):
			frappe.get_doc(
				doctype="Involvement Application",
				opportunity=opportunity.name,
				participant=person.name,
				recorded_how="Phone",
				status="Accepted",
			).insert()

	def test_an_engagement_is_not_made_by_hand(self):
		opportunity, person = factories.opportunity("Published"), factories.participant()
		made = factories.offer(opportunity, person)
		with self.assertRaises(frappe.ValidationError):
			frappe.get_doc(
				doctype="Involvement Engagement",
				opportunity=opportunity.name,
				participant=person.name,
				application=made.name,
			).insert()

	def test_the_participant_of_an_application_cannot_be_swapped(self):
		opportunity, me, other = (
			factories.opportunity("Published"),
			factories.participant(),
			factories.participant(),
		)
		made = factories.application(opportunity, me)
		made.participant = other.name
		with self.assertRaises(frappe.ValidationError):
			made.save()


class TestPaused(RowTestCase):
	def test_a_paused_person_gets_no_offer_mail(self):
		"""Row 0.13: pausing is honoured by mailings."""
		person, opportunity = factories.participant(), factories.opportunity("Published")
		made = factories.application(opportunity, person)
		frappe.db.set_value("Involvement Participant", person.name, "status", "Paused")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.offer(made.name)
		self.assertFalse(frappe.db.exists("Involvement Message", {"reference_name": made.name}))
