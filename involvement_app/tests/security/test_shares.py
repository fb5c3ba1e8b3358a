"""Nothing of ours is opened beside its criterion: shared, assigned, followed, or named by its title."""

import frappe
import frappe.share
from frappe.desk.form import assign_to

from involvement_app import catalogue
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

PARTICIPANT = "Involvement Participant"


def link_title(doctype: str, name: str) -> str:
	# the doors import Frappe's mail and print, which open log files beside the site: not before there is one
	return frappe.get_attr("involvement_app.permissions.doors.get_link_title")(doctype, name)


class ShareTestCase(IntegrationTestCase):
	def made_once(self):
		super().made_once()
		self.person = factories.participant(preferred_name="Canary Billie")
		self.colleague = factories.staff(roles.FINANCE_OFFICER)

	def reads(self, user: str) -> bool:
		return bool(frappe.has_permission(PARTICIPANT, "read", doc=self.person.name, user=user))


class TestSharing(ShareTestCase):
	def ways(self) -> dict:
		to = (PARTICIPANT, self.person.name, self.colleague)
		row = {"doctype": "DocShare", "share_doctype": to[0], "share_name": to[1], "read": 1}
		return {
			"share.add": lambda: frappe.share.add(*to, read=1),
			"share.set_permission": lambda: frappe.share.set_permission(*to, "read"),
			"with the flag that asks for no right": lambda: frappe.share.add_docshare(
				*to, flags={"ignore_share_permission": True}
			),
			"a row": lambda: frappe.get_doc({**row, "user": to[2]}).insert(ignore_permissions=True),
			"to everybody": lambda: frappe.get_doc({**row, "everyone": 1}).insert(ignore_permissions=True),
		}  # ignore_permissions: what is tried

	def test_from_anybody_by_every_way(self):
		for user in ("Administrator", factories.staff(roles.MANAGER), factories.user("System Manager")):
			for name, way in self.ways().items():
				with (
					self.subTest(f"{name} by {user}"),
					self.as_user(user),
					self.assertRaises(frappe.PermissionError),
				):
					way()
		self.assertFalse(self.reads(self.colleague))

	def test_in_words_that_say_what_to_do(self):
		with self.assertRaisesRegex(frappe.PermissionError, "cannot be shared. Ask an Involvement Manager"):
			self.ways()["share.add"]()

	def test_another_records_share_is_not_turned_into_one_of_ours(self):
		note = frappe.get_doc(doctype="Note", title=frappe.generate_hash(length=8)).insert()
		share = frappe.share.add("Note", note.name, self.colleague)
		share.update({"share_doctype": PARTICIPANT, "share_name": self.person.name})
		with self.assertRaises(frappe.PermissionError):
			share.save(ignore_permissions=True)  # what is tried

	def test_every_doctype_with_a_criterion_is_guarded(self):
		about_somebody = set(catalogue.doctypes()) - set(frappe.get_hooks("involvement_masters"))
		parents = {name for name in about_somebody if not frappe.get_meta(name).istable}
		self.assertEqual(set(frappe.get_hooks("involvement_unshared")), parents)


class TestAssigning(ShareTestCase):
	def assign(self, to: str, by: str) -> None:
		with self.as_user(by):
			assign_to.add(
				{"doctype": PARTICIPANT, "name": self.person.name, "assign_to": frappe.as_json([to])}
			)

	def test_to_somebody_who_may_not_read_it(self):
		for by in (factories.staff(roles.COORDINATOR), "Administrator"):
			with self.assertRaisesRegex(frappe.PermissionError, "so it cannot be assigned to them"):
				self.assign(self.colleague, by)
		self.assertFalse(self.reads(self.colleague))

	def todo(self, to: str, by: str):
		with self.as_user(by):
			return frappe.get_doc(
				doctype="ToDo",
				reference_type=PARTICIPANT,
				reference_name=self.person.name,
				allocated_to=to,
				assigned_by=by,
				description="Ring them back",
			).insert()

	def test_by_somebody_who_may_not_read_it(self):
		for to in (self.colleague, factories.staff(roles.COORDINATOR)):
			with self.assertRaisesRegex(frappe.PermissionError, "You may not read this"):
				self.todo(to, by=self.colleague)

	def test_to_a_colleague_who_may_read_it(self):
		todo = self.todo(factories.another(roles.COORDINATOR), by=factories.staff(roles.COORDINATOR))
		todo.status = "Closed"
		todo.save()
		self.assertFalse(frappe.db.exists("DocShare", {"share_doctype": PARTICIPANT}))

	def test_nor_is_an_assignment_handed_on(self):
		todo = self.todo(factories.another(roles.COORDINATOR), by=factories.staff(roles.COORDINATOR))
		todo.allocated_to = self.colleague
		with self.assertRaises(frappe.PermissionError):
			todo.save()


class TestTitles(ShareTestCase):
	"""Frappe serves the titles of links without asking for a right, where a doctype shows them."""

	def test_of_what_has_a_criterion_only_opportunities_show_their_title_in_links(self):
		showing = {name for name in catalogue.doctypes() if frappe.get_meta(name).show_title_field_in_link}
		self.assertEqual(showing - set(frappe.get_hooks("involvement_masters")), {"Involvement Opportunity"})

	def test_the_title_of_an_opportunity_is_for_its_readers(self):
		draft = factories.opportunity()
		for user, told in ((draft.lead, draft.title), (factories.another(roles.OWNER), draft.name)):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(link_title(draft.doctype, draft.name), told)

	def test_and_where_a_site_switches_it_on_the_title_is_for_readers(self):
		frappe.make_property_setter(
			{
				"doctype": PARTICIPANT,
				"doctype_or_field": "DocType",
				"property": "show_title_field_in_link",
				"value": "1",
				"property_type": "Check",
			}
		)
		self.addCleanup(frappe.clear_cache, doctype=PARTICIPANT)
		self.assertTrue(frappe.get_meta(PARTICIPANT).show_title_field_in_link)
		for user, told in (
			(factories.staff(roles.COORDINATOR), "Canary Billie"),
			(self.colleague, self.person.name),
			("Guest", self.person.name),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(link_title(PARTICIPANT, self.person.name), told)

	def test_the_door_is_hung(self):
		self.assertEqual(
			frappe.get_hooks("override_whitelisted_methods")["frappe.desk.search.get_link_title"],
			["involvement_app.permissions.doors.get_link_title"],
		)
