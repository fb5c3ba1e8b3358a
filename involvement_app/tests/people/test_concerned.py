"""Who is bound up with a person and so decides nothing about their money (domain 4.6, 4.12)."""

import frappe
from frappe.utils import add_days, today

from involvement_app.involvement_app import concerned
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

PERSON = "Involvement Participant"


class TestConcerned(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.user = factories.staff(roles.BUDGET_HOLDER)
		self.person = factories.participant()

	def asked(self, user: str | None = None) -> bool:
		"""By name, and as a term of a query: the same answer."""
		user = user or self.user
		row = frappe.qb.DocType(PERSON)
		term = frappe.qb.from_(row).select(concerned.is_bound(user, row)).where(row.name == self.person.name)
		found = bool(term.run()[0][0])
		self.assertEqual(concerned.concerned_in(user, self.person.name), found)
		return found

	def change(self, doc, **values) -> None:
		frappe.db.set_value(doc.doctype, doc.name, values)

	def test_nobody_is_who_has_nothing_to_do_with_them(self):
		factories.participant(user=self.user)
		for user in (self.user, "Administrator", "Guest"):
			self.assertFalse(self.asked(user))

	def test_the_person_themself(self):
		self.change(self.person, user=self.user)
		self.assertTrue(self.asked())
		self.assertFalse(self.asked(factories.staff(roles.MANAGER)))

	def test_by_the_crm_s_record(self):
		contact = frappe.get_doc("Contact", self.person.person)
		for field in ("user", "email_id"):
			self.change(contact, **{field: self.user})
			self.assertTrue(self.asked(), field)
			self.change(contact, **{field: None})
			self.assertFalse(self.asked(), field)
		contact.append("email_ids", {"email_id": self.user.upper()}).db_insert()
		self.assertTrue(self.asked())

	def test_by_a_record_that_became_one_with_theirs(self):
		for how in ("user", "person"):
			value = self.user if how == "user" else factories.contact(email=self.user)
			other = factories.participant(**{how: value})
			self.assertFalse(self.asked())
			self.change(other, merged_into=self.person.name)
			self.assertTrue(self.asked(), how)
			self.change(other, merged_into=None)
			self.change(self.person, merged_into=other.name)
			self.assertTrue(self.asked(), how)
			beside = factories.participant()
			self.change(beside, merged_into=other.name)
			self.assertEqual(
				concerned.among(self.user, {beside.name, self.person.name, factories.participant().name}),
				{beside.name, self.person.name},
			)
			self.change(self.person, merged_into=None)
			self.change(other, user=None, person=frappe.generate_hash())

	def test_whoever_acts_for_them_as_long_as_they_do(self):
		row = factories.supporter(self.person)
		self.change(row, user=self.user)
		self.assertTrue(self.asked())
		self.change(row, until=add_days(today(), -1))
		self.assertFalse(self.asked())
		self.change(row, until=today())
		self.assertTrue(self.asked())
		self.change(row, ended_on=today())
		self.assertFalse(self.asked())
		self.change(row, ended_on=None, user=None, email=self.user)
		self.assertTrue(self.asked())

	def test_one_query_however_many(self):
		people = {self.person.name, *(factories.participant().name for _each in range(3))}
		self.change(self.person, user=self.user)
		with self.assertQueryCount(1):
			self.assertEqual(concerned.among(self.user, people), {self.person.name})
