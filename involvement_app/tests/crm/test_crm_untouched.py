"""The CRM on the same site, as a care worker sees it: a desk user with rights on Contacts and no role of ours
(law 9, domain 4.0 no. 2). Somebody's taking part leaves no trace there."""

import frappe
import frappe.client
from frappe.desk.form import linked_with, load
from frappe.model.rename_doc import rename_doc, update_document_title
from frappe.www.printview import get_html_and_style

from involvement_app.involvement_app import enquiries, places, portal_access
from involvement_app.setup import roles
from involvement_app.tests import factories, payment_factories
from involvement_app.tests.compat import IntegrationTestCase, as_user

# what would tell: our doctypes' names, our numbers, our paths
TELLING = ("involvement", "participant", "take-part", "register", "/assets/involvement_app")


class CrmTestCase(IntegrationTestCase):
	"""One Contact a class, before and after; making users takes Frappe a second each."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		factories.empty_hands()
		cls.email = f"{frappe.generate_hash(length=8)}@example.org"
		cls.contact = factories.contact("Wilhelmina", email=cls.email, phone="07700 900001")
		cls.before = cls.row()
		cls.contacts_before = set(frappe.get_all("Contact", pluck="name"))
		cls.person = factories.participant(person=cls.contact, preferred_name="Billie")
		cls.arrange()

	@classmethod
	def arrange(cls) -> None:
		pass

	@classmethod
	def invite(cls) -> None:
		with as_user(factories.staff(roles.COORDINATOR)):
			portal_access.invite(cls.person.name)
		cls.person = frappe.get_doc("Involvement Participant", cls.person.name)

	@classmethod
	def row(cls, contact: str | None = None) -> dict:
		"""Everything the database holds about the Contact, `modified` included."""
		name = contact or cls.contact
		return {
			"Contact": frappe.get_all("Contact", {"name": name}, ["*"]),
			**{
				child: frappe.get_all(child, {"parent": name}, ["*"], order_by="name")
				for child in ("Contact Email", "Contact Phone", "Dynamic Link")
			},
			**{
				hanger: frappe.get_all(hanger, {of: name}, pluck="name")
				for hanger, of in (
					("Version", "docname"),
					("Comment", "reference_name"),
					("Communication Link", "link_name"),
					("Communication", "reference_name"),
					("ToDo", "reference_name"),
					("DocShare", "share_name"),
					("Document Follow", "ref_docname"),
					("File", "attached_to_name"),
				)
			},
		}

	def assertTellsNothing(self, answer, besides: tuple[str, ...] = ()) -> None:
		text = frappe.as_json(answer).lower()
		for word in (*TELLING, *besides):
			self.assertNotIn(word.lower(), text)


class TestUnchanged(CrmTestCase):
	@classmethod
	def arrange(cls):
		cls.invite()

	def test_joining_and_being_invited(self):
		self.assertEqual(self.row(), self.before)

	def test_signing_in(self):
		login = frappe.get_doc("User", self.person.user)
		# as signing in writes them
		login.db_set({"last_login": frappe.utils.now(), "last_active": frappe.utils.now()})
		login.reload()
		login.save()  # as a new password or picture does
		self.assertEqual(self.row(), self.before)

	def test_asking_being_offered_a_place_saying_yes_and_leaving(self):
		engagement = factories.engagement(factories.opportunity("Published"), self.person)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.leave(engagement.name, recorded_how="Phone")
		self.assertEqual(self.row(), self.before)

	def test_being_paid(self):
		batch = payment_factories.batch(payment_factories.approved(self.person))
		payment_factories.take(batch, "Lock", "Authorise", "Export", "Confirm")
		self.assertEqual(self.row(), self.before)

	def test_no_contact_is_added(self):
		self.assertEqual(set(frappe.get_all("Contact", pluck="name")), self.contacts_before)


class TestWhatACareWorkerSees(CrmTestCase):
	@classmethod
	def arrange(cls):
		cls.invite()
		factories.engagement(factories.opportunity("Published"), cls.person)
		cls.care_worker = factories.user("Sales User")

	def test_the_form_and_its_timeline(self):
		with self.as_user(self.care_worker):
			frappe.local.response = frappe._dict(docs=[])
			load.getdoc("Contact", self.contact)
			answer = frappe.local.response
			self.assertTellsNothing(answer, (self.person.name,))
			for part in (
				"communications",
				"automated_messages",
				"comments",
				"info_logs",
				"versions",
				"shared",
			):
				self.assertFalse(answer.docinfo.get(part), part)
			self.assertEqual(load.get_communications("Contact", self.contact), [])

	def test_what_is_linked(self):
		with self.as_user(self.care_worker):
			self.assertFalse(linked_with.get("Contact", self.contact))

	def test_the_print(self):
		with self.as_user(self.care_worker):
			self.assertTellsNothing(get_html_and_style(doc="Contact", name=self.contact)["html"])

	def test_the_contact_names_no_login(self):
		with self.as_user(self.care_worker):
			self.assertFalse(frappe.client.get("Contact", self.contact).get("user"))

	def test_a_new_contact_with_that_address_names_no_login(self):
		with self.as_user(self.care_worker):
			doc = frappe.get_doc(
				{
					"doctype": "Contact",
					"first_name": "Willa",
					"email_ids": [{"email_id": self.email, "is_primary": 1}],
				}
			).insert()
		self.assertFalse(frappe.db.get_value("Contact", doc.name, "user"))

	def test_a_customers_new_contact_names_their_login_as_ever(self):
		"""A login that somebody has for other reasons tells nothing, and the CRM's own portal needs the link."""
		email = factories.user("Customer" if frappe.db.exists("Role", "Customer") else self.donor())
		person = factories.participant(person=factories.contact("Robin", email=email))
		person.db_set("user", email)  # what inviting does
		name = factories.contact("Robin again", email=email)
		self.assertEqual(frappe.db.get_value("Contact", name, "user"), email)

	def donor(self) -> str:
		frappe.get_doc(doctype="Role", role_name="Donor", desk_access=0).insert(ignore_if_duplicate=True)
		return "Donor"

	def test_the_login_holds_no_role_and_no_picture_of_ours(self):
		"""Frappe tells every signed-in user who holds which role."""
		# what frappe.core.doctype.user.user answers on 15 and early 16
		told = frappe.get_roles(self.person.user)
		self.assertEqual(set(told) - {"All", "Guest"}, set())
		self.assertEqual(frappe.get_all("Has Role", {"parent": self.person.user}), [])
		self.assertTellsNothing(frappe.db.get_value("User", self.person.user, "user_image"))

	def test_no_role_is_named_after_taking_part(self):
		self.assertEqual(frappe.get_all("Role", {"name": ["like", "%Participant%"]}), [])


class TestDeleting(CrmTestCase):
	WORDS = "This Contact is in use and cannot be deleted."

	@classmethod
	def arrange(cls):
		cls.care_worker, cls.deleter = factories.user("Sales User"), factories.user("Sales Master Manager")

	def assertRefused(self, call) -> None:
		frappe.clear_messages()
		with self.as_user(self.deleter), self.assertRaises(frappe.LinkExistsError) as refusal:
			call()
		self.assertEqual(str(refusal.exception), self.WORDS)
		self.assertTellsNothing(frappe.get_message_log())
		self.assertEqual(self.row(), self.before)

	def test_in_the_same_words_by_every_way(self):
		for way in (
			lambda: frappe.client.delete("Contact", self.contact),
			lambda: frappe.delete_doc("Contact", self.contact),
			lambda: frappe.get_doc("Contact", self.contact).delete(),
			lambda: frappe.delete_doc("Contact", self.contact, force=True),
		):
			self.assertRefused(way)

	def test_whoever_may_not_delete_is_told_that_and_no_more(self):
		with self.as_user(self.care_worker), self.assertRaises(frappe.PermissionError):
			frappe.client.delete("Contact", self.contact)
		self.assertTellsNothing(frappe.get_message_log())

	def test_anybody_elses_contact_is_deleted_as_ever(self):
		name = factories.contact("Agnes")
		with self.as_user(self.deleter):
			frappe.client.delete("Contact", name)
		self.assertFalse(frappe.db.exists("Contact", name))

	def test_any_other_kind_of_record_too(self):
		"""A participant may be another kind of CRM record: a Lead, a Customer."""
		note = frappe.get_doc(doctype="Note", title=frappe.generate_hash(length=8)).insert()
		frappe.db.set_value(
			"Involvement Participant", self.person.name, {"person_doctype": "Note", "person": note.name}
		)
		with self.assertRaisesRegex(frappe.LinkExistsError, "^This Note is in use and cannot be deleted.$"):
			note.delete()


class TestRenaming(CrmTestCase):
	@classmethod
	def arrange(cls):
		cls.deleter = factories.user("Sales Master Manager")

	def renamed(self, new: str, **kw) -> str:
		with self.as_user(self.deleter):
			return update_document_title(doctype="Contact", docname=self.contact, name=new, **kw)

	def test_the_participant_follows_and_nobody_hears(self):
		frappe.clear_messages()
		new = f"Wilma {frappe.generate_hash(length=5)}"
		self.renamed(new)
		self.assertEqual(frappe.db.get_value("Involvement Participant", self.person.name, "person"), new)
		self.assertTellsNothing([frappe.get_message_log(), self.row(new)], (self.person.name,))

	def test_a_double_merges_into_it(self):
		double = factories.contact("Wilhelmina the second")
		with self.as_user(self.deleter):
			rename_doc("Contact", double, self.contact, merge=True)
		self.assertEqual(
			frappe.db.get_value("Involvement Participant", self.person.name, "person"), self.contact
		)

	def test_it_merges_into_a_double_and_the_participant_follows(self):
		double = factories.contact("Wilhelmina the second")
		frappe.clear_messages()
		with self.as_user(self.deleter):
			rename_doc("Contact", self.contact, double, merge=True)
		self.assertEqual(frappe.db.get_value("Involvement Participant", self.person.name, "person"), double)
		self.assertTellsNothing([frappe.get_message_log(), self.row(double)], (self.person.name,))

	def test_two_participants_do_not_merge_and_the_refusal_is_neutral(self):
		other = factories.participant(person=factories.contact("Agnes"))
		frappe.clear_messages()
		with self.as_user(self.deleter), self.assertRaises(frappe.ValidationError) as refusal:
			rename_doc("Contact", self.contact, other.person, merge=True)
		self.assertTellsNothing([str(refusal.exception), frappe.get_message_log()])


class TestJoiningFromAnEnquiry(CrmTestCase):
	"""Somebody the CRM knows asks to join, is found, joins and is invited."""

	@classmethod
	def arrange(cls):
		cls.known = factories.contact("Ada", email=f"{frappe.generate_hash(length=8)}@example.org")
		cls.before = cls.row(cls.known)
		with as_user(factories.staff(roles.COORDINATOR)):
			email = cls.before["Contact"][0].email_id
			asked = factories.expression_of_interest(
				person_name="Ada Lovelace", email=email, phone="07700 900123"
			)
			cls.done = enquiries.join(asked.name, notice_method="Phone", invite=True)

	def test_the_record_is_linked_and_stays_as_it_was(self):
		"""Row 0.20: the register links to the person the CRM has already; the CRM learns nothing."""
		person = frappe.get_doc("Involvement Participant", self.done["participant"])
		self.assertEqual((person.person, person.user), (self.known, self.before["Contact"][0].email_id))
		self.assertEqual(self.row(self.known), self.before)
