import frappe

from involvement_app import lifecycle
from involvement_app.involvement_app import letters_of_reference, prints
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

LETTER = "Reference Letter"


class TestReferenceLetter(IntegrationTestCase):
	def told(self, to: str) -> list[str]:
		return frappe.get_all("Involvement Message", {"recipient": to}, pluck="template", order_by="creation")

	def test_from_asking_to_the_letter(self):
		"""Row 0.7: the person asks, the named contact is told and writes it, the person is told and fetches it."""
		contact = factories.staff(roles.COORDINATOR)
		me = factories.participant(portal=True, named_contact=contact)
		before = self.told(contact)
		with self.as_user(me.user):
			letters_of_reference.ask(me.name, "For a college place")
		name = frappe.db.get_value(LETTER, {"participant": me.name})
		self.assertEqual(self.told(contact)[len(before) :], ["Involvement letter asked for"])
		with self.as_user(contact):
			doc = frappe.get_doc(LETTER, name)
			self.assertRaisesRegex(
				lifecycle.TransitionError, "The letter", lifecycle.apply, doc, "Make it ready"
			)
			doc = frappe.get_doc(LETTER, name)
			doc.letter = "They listen well."
			doc.save()
			doc = lifecycle.apply(doc, "Make it ready")
			self.assertEqual((doc.signed_by, str(doc.ready_on)), (contact, frappe.utils.today()))
			doc.letter = "Something else"
			self.assertRaisesRegex(lifecycle.TransitionError, "it is signed", doc.save)
			doc.reload()
			doc = lifecycle.apply(doc, "Write it again")
			self.assertIsNone(doc.signed_by)
			self.assertIn("Not signed yet", prints.html(doc, LETTER))
		self.assertEqual(self.told(me.name), ["Involvement letter ready"])

	def test_a_letter_that_is_not_written_is_answered_kindly(self):
		me = factories.participant()
		doc = factories.reference_letter(me)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertRaises(lifecycle.TransitionError, lifecycle.apply, doc, "We cannot write it")
			doc = frappe.get_doc(LETTER, doc.name)
			lifecycle.apply(doc, "We cannot write it", kind_words="Ask us again in spring")
		self.assertEqual(self.told(me.name), ["Involvement letter not written"])

	def test_what_staff_enter_says_how_they_were_told(self):
		me = factories.participant()
		with self.assertRaisesRegex(frappe.ValidationError, "How the person told us"):
			factories.reference_letter(me, recorded_how=None)
		doc = factories.reference_letter(me)
		self.assertEqual((doc.recorded_by, doc.told_how), (factories.staff(roles.COORDINATOR), "Phone"))
		with self.as_user(factories.staff(roles.MANAGER)):
			doc = lifecycle.apply(frappe.get_doc(LETTER, doc.name), "Take back", recorded_how="Post")
		self.assertEqual((doc.recorded_by, doc.told_how), (factories.staff(roles.MANAGER), "Post"))

	def test_nobody_asks_for_somebody_else_or_takes_back_theirs(self):
		me, other = factories.participant(portal=True), factories.participant(portal=True)
		doc = factories.reference_letter(other)
		with self.as_user(me.user):
			with self.assertRaises(frappe.PermissionError):
				letters_of_reference.ask(other.name, "For me")
			with self.assertRaises(frappe.DoesNotExistError):
				letters_of_reference.take_back(me.name, doc.name)
			with self.assertRaises(frappe.DoesNotExistError):
				letters_of_reference.take_back(other.name, doc.name)

	def test_it_follows_the_person_and_is_nobody_elses(self):
		here = factories.unit()
		me = factories.participant(units=(here,), portal=True)
		doc = factories.reference_letter(me)
		elsewhere = factories.another(roles.COORDINATOR)
		factories.limit(elsewhere, factories.unit())
		for user, sees in (
			(factories.staff(roles.COORDINATOR), True),
			(factories.staff(roles.MANAGER), True),
			(elsewhere, False),
			(me.user, False),
			*((user, False) for user in factories.others()),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(frappe.has_permission(LETTER, "read", doc.name), sees)
