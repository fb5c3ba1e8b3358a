import frappe

from involvement_app import lifecycle
from involvement_app.involvement_app import opportunity_templates, readability
from involvement_app.involvement_app.opportunity_templates import TEMPLATE
from involvement_app.lifecycle import TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase


class TestTemplates(IntegrationTestCase):
	def start(self, kind: str) -> list[dict]:
		with self.as_user(factories.staff(roles.OWNER)):
			return opportunity_templates.of_type(kind)

	def test_each_type_has_one_in_plain_words(self):
		"""Row 4.1: opportunities grow: each type has words to start from, easy to read."""
		frappe.db.delete(TEMPLATE)  # test set-up
		opportunity_templates.create()
		opportunity_templates.create()  # what is there stays
		kinds = frappe.get_all(
			"Involvement Type", {"name": ["in", list(opportunity_templates.STARTS)]}, pluck="name"
		)
		self.assertEqual(len(kinds), len(opportunity_templates.STARTS))
		for kind in kinds:
			with self.subTest(kind):
				(template,) = self.start(kind)
				measured = readability.of_opportunity(template["values"])
				self.assertTrue(measured.easy and measured.fits_a_page, measured.said)
				doc = factories.opportunity(
					**{"opportunity_type": kind, "lived_experience_places": 2, **template["values"]}
				)
				self.assertTrue(opportunity_templates.gaps(doc))

	def test_staff_edit_them_and_a_gap_is_not_handed_in(self):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.get_doc(
				doctype=TEMPLATE,
				template_name="Walks",
				opportunity_type="Training",
				purpose="To walk [where]",
				needs=" Good shoes \n\nTime\n",
				places=7,
			).insert()
		(walks,) = [row for row in self.start("Training") if row["name"] == "Walks"]
		self.assertEqual(walks["values"], {"purpose": "To walk [where]", "places": 7})
		self.assertEqual(walks["needs"], ["Good shoes", "Time"])
		made = factories.opportunity(purpose=walks["values"]["purpose"])
		with self.as_user(made.lead):
			with self.assertRaisesRegex(TransitionError, "square brackets.*: Why we are doing this"):
				lifecycle.apply(made, "Submit for approval")
			made = frappe.get_doc(made.doctype, made.name)
			made.purpose = "To walk by the river"
			made.save()
			lifecycle.apply(made, "Submit for approval")
		doc.disabled = 1
		doc.save()
		self.assertNotIn("Walks", [row["name"] for row in self.start("Training")])
		for values, words in (
			({"needs": "1\n2\n3\n4\n5\n6"}, "What people need: at most 5 lines"),
			({"purpose": "<b>Now</b>"}, "Why we are doing this: write plain words"),
			({"role_description": "word " * 10_000}, "Your role: at most 4000 letters"),
		):
			with self.subTest(words), self.assertRaisesRegex(frappe.ValidationError, words):
				frappe.get_doc(TEMPLATE, doc.name).update(values).save()

	def test_who_may_not(self):
		for who in (factories.staff(roles.FINANCE_OFFICER), factories.staff(factories.PORTAL), "Guest"):
			with self.subTest(who), self.as_user(who), self.assertRaises(frappe.PermissionError):
				opportunity_templates.of_type("Consultation")
			with self.subTest(who), self.as_user(who), self.assertRaises(frappe.PermissionError):
				readability.how_it_reads("We meet.")
		with self.as_user(factories.staff(roles.OWNER)), self.assertRaises(frappe.PermissionError):
			frappe.get_doc(doctype=TEMPLATE, template_name="Mine", opportunity_type="Training").insert()
