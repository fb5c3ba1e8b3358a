"""Who is paid for taking part, and who is not, without why (domain 1.4, 4.2)."""

import frappe
from frappe.client import set_value

from involvement_app.involvement_app import eligibility, merging, places
from involvement_app.setup import roles
from involvement_app.tests import factories, payment_factories
from involvement_app.tests.payment_factories import PAYMENT, PaymentTestCase

PERSON = "Involvement Participant"
NOT_PAID = (
	{"is_staff": 1},
	{"trustee_or_connected": 1},
	{"trustee_or_connected": 1, "authority_reference": "  "},
	{"payment_eligibility": "Expenses only"},
)
PAID = (
	{},
	{"payment_eligibility": "May be paid"},
	{"payment_eligibility": "Not vouchers"},
	{"trustee_or_connected": 1, "authority_reference": "Minute 14"},
)


class TestEligibility(PaymentTestCase):
	def change(self, person, **values):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.get_doc(PERSON, person.name)
			doc.update(values)
			doc.save()

	def states(self, engagement) -> list[tuple]:
		return [(row.status, row.withdrawn) for row in payment_factories.payments(engagement)]

	def test_staff_trustees_and_who_is_not_paid_are_offered_a_place_and_no_money(self):
		"""Row 0.12: staff with lived experience take part and are paid by their work, never here."""
		opportunity = payment_factories.opportunity(places=8)
		people = [(values, factories.participant(**values)) for values in (*NOT_PAID, *PAID)]
		found = eligibility.of([person.name for _values, person in people])
		for values, person in people:
			with self.subTest(values):
				paid = values in PAID
				self.assertEqual(found[person.name] == eligibility.PAID, paid)
				place = factories.engagement(opportunity, person)
				self.assertEqual(
					(place.offered_amount, place.payment_choice),
					(30, "Full") if paid else (0, "Expenses only"),
				)
		payment_factories.hold(opportunity)
		owed = set(frappe.get_all(PAYMENT, {"session": ["is", "set"]}, pluck="participant"))
		for values, person in people:
			self.assertEqual(person.name in owed, values in PAID, values)

	def test_nobody_is_offered_money_before_they_were_asked(self):
		person = factories.participant(payment_eligibility="Ask first")
		opportunity = payment_factories.opportunity()
		made = factories.application(opportunity, person)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertRaisesRegex(places.AskFirst, "Ask first", places.offer, made.name)
		self.change(person, payment_eligibility="May be paid")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertEqual(places.offer(made.name).offered_amount, 30)

	def test_what_waits_follows_the_record_and_what_is_locked_stays(self):
		person = factories.participant()
		waits, approved = payment_factories.checked(person), payment_factories.approved(person)
		locked = payment_factories.approved(person)
		payment_factories.take(payment_factories.batch(locked), "Lock")
		self.change(person, trustee_or_connected=1)
		for payment, stands in ((waits, ("Void", 1)), (approved, ("Void", 1)), (locked, ("Scheduled", 0))):
			row = frappe.db.get_value(PAYMENT, payment.name, ["status", "withdrawn"])
			self.assertEqual(row, stands)
		self.change(person, authority_reference="Minute 14 of 3 March")
		again = payment_factories.payments(frappe._dict(name=approved.engagement))[-1]
		self.assertEqual((again.status, again.amount, again.revision), ("Checked", 30, 1))
		# whoever writes the row past the record: the approval asks once more
		frappe.db.set_value(PERSON, person.name, "authority_reference", None)
		with self.assertRaisesRegex(frappe.PermissionError, "only their expenses"):
			payment_factories.approve(again)

	def test_who_was_offered_a_place_without_money_is_owed_none_later_either(self):
		"""They may be paid by now, and the choice says Full: what they said yes to was £0."""
		person, opportunity = factories.participant(is_staff=1), payment_factories.opportunity()
		place = factories.engagement(opportunity, person)
		self.change(person, is_staff=0)
		frappe.db.set_value(place.doctype, place.name, "payment_choice", "Full")
		payment_factories.hold(opportunity)
		self.assertEqual(payment_factories.payments(place), [])

	def test_a_person_with_a_promise_chooses_expenses_when_they_say_yes(self):
		"""The trustees' rule holds on the day of the yes, whatever the offer said before."""
		person = factories.participant()
		offered = factories.offer(payment_factories.opportunity(), person)
		self.change(person, is_staff=1)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.accept(offered.name, "Full", recorded_how="Phone")
		self.assertEqual(
			frappe.db.get_value("Involvement Engagement", {"application": offered.name}, "payment_choice"),
			"Expenses only",
		)

	def test_nobody_writes_down_whether_they_are_paid_themself(self):
		"""Domain 1.4, 4.7: a coordinator or manager on the register, by their login, their CRM record or an old record, and
		whoever acts for somebody; through the form, and through `set_value`."""
		for role in (roles.COORDINATOR, roles.MANAGER):
			user = factories.staff(role)
			by_contact = factories.participant(person=factories.contact(email=user), is_staff=1)
			merged = factories.participant(is_staff=1)
			old = factories.participant(user=user)
			frappe.db.set_value(PERSON, old.name, {"merged_into": merged.name, "status": "Merged"})
			supported = factories.participant(is_staff=1)
			acts = factories.supporter(supported)
			frappe.db.set_value(acts.doctype, acts.name, "user", user)
			for person in (by_contact, merged, supported):
				for values in (
					{"is_staff": 0},
					{"payment_eligibility": "May be paid"},
					{"trustee_or_connected": 1, "authority_reference": "Minute 1"},
				):
					with self.subTest(role=role, person=person.name, values=values), self.as_user(user):
						doc = frappe.get_doc(PERSON, person.name)
						doc.update({**values, "recorded_how": "Phone"})
						self.assertRaisesRegex(frappe.PermissionError, "a colleague writes it down", doc.save)
						self.assertRaises(
							frappe.PermissionError,
							set_value,
							PERSON,
							person.name,
							{**values, "recorded_how": "Phone"},
						)
				with self.as_user(user):  # anything else of it is theirs to keep right
					doc = frappe.get_doc(PERSON, person.name)
					doc.update({"pronouns": "they", "recorded_how": "Phone"})
					doc.save()
			self.assertEqual(
				set(
					frappe.get_all(
						PERSON,
						{"name": ["in", [by_contact.name, merged.name, supported.name]]},
						pluck="is_staff",
					)
				),
				{1},
			)
			frappe.db.set_value(PERSON, by_contact.name, "is_staff", 0)
			with self.as_user(user):  # what takes their own money away they may say
				doc = frappe.get_doc(PERSON, by_contact.name)
				doc.update({"is_staff": 1, "recorded_how": "Phone"})
				doc.save()

	def test_nobody_merges_their_own_record(self):
		"""What one of two records says of payment may be on neither afterwards."""
		user = factories.staff(roles.MANAGER)
		own, other = factories.participant(person=factories.contact(email=user)), factories.participant()
		with self.as_user(user):
			self.assertRaisesRegex(
				frappe.PermissionError, "your own record", merging.merge, own.name, other.name, "I know"
			)

	def test_leads_do_not_see_it(self):
		fields = {df.fieldname: df.permlevel for df in frappe.get_meta(PERSON).fields}
		self.assertEqual({fields[name] for name in eligibility.FIELDS}, {1})
