import frappe
from frappe.utils import add_days, add_months, getdate, today

from involvement_app.involvement_app import access, consents, flags
from involvement_app.involvement_app.doctype.access_requirement.criterion import LEADS, NAMED, TEAM
from involvement_app.involvement_privacy import consent
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

REQUIREMENT = "Access Requirement"


def messages(participant, template):
	return frappe.get_all("Involvement Message", {"recipient": participant.name, "template": template})


class TestAccessRequirement(IntegrationTestCase):
	def test_what_staff_enter_says_who_told_them_how(self):
		"""Row 0.15: what is entered for somebody is recorded as that; agreeing what to do is the staff's own word."""
		doc = factories.access_requirement(factories.participant())
		self.assertEqual((doc.recorded_by, doc.told_how), (factories.staff(roles.COORDINATOR), "Phone"))
		doc.agreed = "A break every hour"
		doc.save()
		doc.detail = "Longer breaks"
		self.assertRaisesRegex(frappe.ValidationError, "How the person told us", doc.save)

	def test_it_is_shared_only_as_agreed(self):
		"""Row 0.15: named contact, team, whoever runs the session: each as the person said."""
		lead, contact = factories.staff(roles.OWNER), factories.another(roles.COORDINATOR)
		me = factories.participant(portal=True, named_contact=contact)
		factories.engagement(factories.opportunity("Published", author=lead), me)
		made = {share: self.written_by(me, share) for share in (NAMED, TEAM, LEADS)}
		for user, may_see in (
			(contact, {NAMED, TEAM, LEADS}),
			(factories.staff(roles.COORDINATOR), {TEAM, LEADS}),
			(factories.staff(roles.MANAGER), {TEAM, LEADS}),
			(lead, {LEADS}),
			(factories.another(roles.OWNER), set()),
		):
			with self.subTest(user), self.as_user(user):
				seen = frappe.get_list(REQUIREMENT, {"participant": me.name}, pluck="share_with")
				self.assertEqual(set(seen), may_see)
				for share, name in made.items():
					may_read = frappe.has_permission(REQUIREMENT, "read", name)
					self.assertEqual(may_read, share in may_see)

	def test_a_lead_is_told_nothing_before_somebody_has_said_yes(self):
		lead = factories.staff(roles.OWNER)
		me = factories.participant(portal=True)
		opportunity = factories.opportunity("Published", author=lead)
		self.written_by(me, LEADS)
		made = factories.offer(opportunity, me)
		with self.as_user(lead):
			self.assertEqual(frappe.get_list(REQUIREMENT, {"participant": me.name}), [])
			self.assertRaises(frappe.PermissionError, flags.about, made.doctype, made.name)

	def test_it_is_flagged_on_every_form_about_the_person(self):
		"""Row 0.15: participant, application, engagement and session say what somebody needs, and what never to ask."""
		me = factories.participant(access_note="Short breaks")
		factories.preference(me, topics_never="My family")
		factories.access_requirement(me, "Breaks", detail="Ten minutes", share_with=LEADS)
		factories.access_requirement(me, "Large print", share_with=NAMED)
		place = factories.engagement(factories.opportunity("Published"), me)
		session = frappe.get_all("Involvement Session", {"opportunity": place.opportunity}, pluck="name")[0]
		for doctype, name in (
			(me.doctype, me.name),
			("Involvement Application", place.application),
			(place.doctype, place.name),
			("Involvement Session", session),
		):
			with self.subTest(doctype), self.as_user(factories.staff(roles.MANAGER)):
				(flag,) = flags.about(doctype, name)
				self.assertEqual((flag["note"], flag["never"]), ("Short breaks", "My family"))
				self.assertEqual(
					[(row["need"], row["detail"]) for row in flag["needs"]], [("Breaks", "Ten minutes")]
				)
		with self.as_user(factories.staff(roles.OWNER)):
			(flag,) = flags.about("Involvement Session", session)
			self.assertEqual(([row["need"] for row in flag["needs"]], flag["never"]), (["Breaks"], ""))
		with self.as_user(factories.another(roles.OWNER)):
			self.assertRaises(frappe.PermissionError, flags.about, "Involvement Session", session)

	def test_flags_cost_the_same_for_one_and_for_many(self):
		opportunity = factories.opportunity("Published", places=5, lived_experience_places=2)
		session = frappe.get_all("Involvement Session", {"opportunity": opportunity.name}, pluck="name")[0]
		counts = []
		for _each in range(3):
			me = factories.participant()
			factories.access_requirement(me)
			factories.engagement(opportunity, me)
			flags.about("Involvement Session", session)
			with self.count() as queries:
				flags.about("Involvement Session", session)
			counts.append(len(queries))
		self.assertEqual(len(set(counts)), 1, counts)

	def count(self):
		from involvement_app.tests.compat import counted_queries

		return counted_queries()

	def test_a_no_stands_above_it_and_deletes_it(self):
		"""Taking back the yes deletes every line at once, without a copy; entering a new one is refused."""
		me = factories.participant()
		person, how = (me.doctype, me.name), consent.How("Phone")
		consent.give(person, consents.ACCESS, how)
		name = factories.access_requirement(me).name
		consent.withdraw(person, consents.ACCESS, how)
		self.assertFalse(frappe.db.exists(REQUIREMENT, name))
		self.assertFalse(frappe.db.exists("Deleted Document", {"deleted_name": name}))
		self.assertRaisesRegex(frappe.ValidationError, "said no", factories.access_requirement, me)

	def test_it_is_asked_again_after_a_year_and_once(self):
		"""Row 0.15: reviewed: the person is asked, need not answer, and loses nothing."""
		me = factories.participant()
		doc = factories.access_requirement(me)
		self.assertEqual(getdate(doc.review_on), getdate(add_months(today(), 12)))
		access.ask_again()
		self.assertFalse(messages(me, "Involvement access review"))
		frappe.db.set_value(REQUIREMENT, doc.name, "review_on", today())
		for _again in range(2):
			access.ask_again()
		self.assertEqual(len(messages(me, "Involvement access review")), 1)
		self.assertTrue(frappe.db.exists(REQUIREMENT, doc.name))

	def test_a_paused_person_is_not_asked(self):
		me = factories.participant()
		frappe.db.set_value(me.doctype, me.name, "status", "Paused")
		doc = factories.access_requirement(me)
		frappe.db.set_value(REQUIREMENT, doc.name, "review_on", add_days(today(), -1))
		access.ask_again()
		self.assertFalse(messages(me, "Involvement access review"))

	def test_who_came_and_needs_something_is_asked_whether_it_was_there(self):
		"""Row 0.15: met: asked after a session of those who came, and of nobody else."""
		opportunity = factories.opportunity("Published")
		me, without = factories.participant(), factories.participant()
		factories.access_requirement(me)
		for person in (me, without):
			factories.engagement(opportunity, person)
		session = factories.held_session(opportunity)
		self.assertEqual(len(messages(me, "Involvement access met")), 1)
		self.assertFalse(messages(without, "Involvement access met"))
		session = frappe.get_doc(session.doctype, session.name)
		session.attendance[0].access_met = "Partly"
		self.assertRaisesRegex(frappe.ValidationError, "how they told you", session.save)
		session.reload()
		session.attendance[0].update({"access_met": "Partly", "access_told_how": "Phone"})
		session.save()

	def written_by(self, me, share: str) -> str:
		with self.as_user(me.user):
			doc = frappe.get_doc(
				doctype=REQUIREMENT, participant=me.name, need="Breaks", share_with=share
			).insert(ignore_permissions=True)  # as the portal does
		self.assertIsNone(doc.recorded_by)
		return doc.name
