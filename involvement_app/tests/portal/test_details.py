"""Who one is to us and how one wants to hear from us."""

import frappe
from werkzeug.datastructures import MultiDict

from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import TwoPeople

PAGE = "/take-part/my/details"
REGISTER = "Involvement Participant"


class TestDetails(TwoPeople):
	def setUp(self):
		super().setUp()
		self.visitor = self.signed_in()

	def send(self, *kinds, **fields):
		sent = MultiDict({**self.visitor.get(PAGE).fields(), **fields})
		for kind in kinds:
			sent.add("kinds", kind)
		return self.visitor.post(PAGE, sent)

	def test_people_say_themselves_as_what_they_take_part(self):
		"""Row 0.18: carers, parents, stakeholders and the community, as many as fit; row 0.16: an age band, or none."""
		page = self.send("is_carer", "is_stakeholder", "docstatus", age_band="65 and over", language="ar")
		self.assertEqual(page.goes_to, f"{PAGE}?done=saved")
		fields = ["is_carer", "is_stakeholder", "is_staff", "age_band", "language", "docstatus"]
		self.assertEqual(self.value(REGISTER, self.me.name, fields), (1, 1, 0, "65 and over", "ar", 0))

	def test_staff_say_it_for_themselves_and_leads_do_not_see_it(self):
		"""Row 0.12: staff members' own lived experience: theirs to tell, and told to the team alone."""
		lead = factories.staff(roles.OWNER)
		self.send("is_staff", safe_contact_notes="Not at my desk")
		frappe.db.set_value(REGISTER, self.me.name, "named_contact", lead)
		self.refresh()
		with self.as_user(lead):
			seen = frappe.get_list(REGISTER, {"name": self.me.name}, ["name", "safe_contact_notes"])
			self.assertEqual(seen[0].safe_contact_notes, "Not at my desk")
			doc = frappe.get_doc(REGISTER, self.me.name)
			doc.apply_fieldlevel_read_permissions()
			self.assertIsNone(doc.get("is_staff"))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.get_doc(REGISTER, self.me.name)
			doc.apply_fieldlevel_read_permissions()
			self.assertEqual(doc.is_staff, 1)

	def test_that_they_work_here_is_taken_back_by_staff_alone(self):
		"""Domain 1.4: staff are never paid here, so whoever unticks it would pay themself."""
		self.send("is_staff")
		self.refresh()
		for kinds in ((), ("is_carer",)):  # the page sends no tick, and neither does a forged form
			self.assertEqual(self.send(*kinds, is_staff="0").status, 303)
			self.assertEqual(self.value(REGISTER, self.me.name, "is_staff"), 1)
		page = self.visitor.get(PAGE)
		self.assertIn("We have noted that you work here", page.text())
		self.assertNotIn('value="is_staff"', page.html)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.get_doc(REGISTER, self.me.name)
			doc.update({"is_staff": 0, "recorded_how": "Phone"})
			doc.save()
		self.refresh()
		self.assertEqual(self.value(REGISTER, self.me.name, "is_staff"), 0)
		self.assertIn('value="is_staff"', self.visitor.get(PAGE).html)

	def test_names_of_any_kind_and_a_mistake_that_keeps_them(self):
		for name in ("Ng’ang’a “Jo” O'Neill", "نور الخطيب", "🌻 Sun", "x" * 140):
			self.assertEqual(self.send(preferred_name=name).status, 303)
			self.assertEqual(self.value(REGISTER, self.me.name, "preferred_name"), name)
		page = self.send(preferred_name="x" * 141, pronouns="they")
		self.assertEqual(page.status, 422)
		self.assertEqual(page.fields()["pronouns"], "they")
		self.assertEqual(self.send(preferred_name=" ").status, 422)
		self.assertEqual(self.send(preferred_channel="Pigeon").status, 422)

	def test_what_is_not_theirs_to_write_stays(self):
		before = self.value(REGISTER, self.me.name, ["status", "named_contact", "person"])
		self.send(status="Left", named_contact="Administrator", person="x", user=self.other.user)
		self.assertEqual(self.value(REGISTER, self.me.name, ["status", "named_contact", "person"]), before)
