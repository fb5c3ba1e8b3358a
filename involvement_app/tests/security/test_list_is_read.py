"""In the list ⇔ may be read (law 2), for random people and random relations; and what counts, and child rows, alike."""

import frappe
import frappe.client
from frappe.desk import reportview
from hypothesis import HealthCheck, event, given, settings

from involvement_app.tests.compat import DEEP, IntegrationTestCase, as_user
from involvement_app.tests.security.world import CHILDREN, ME, NARROWER, TESTED, World, worlds

EXAMPLES = 400 if DEEP else 50


def listed(doctype: str, names: set[str]) -> set[str]:
	try:
		return set(frappe.get_list(doctype, {"name": ["in", sorted(names)]}, pluck="name", limit=0))
	except frappe.PermissionError:
		return set()


def read(doctype: str, names: set[str]) -> set[str]:
	return {name for name in names if frappe.has_permission(doctype, "read", doc=name)}


def counted(door, doctype: str, names: set[str]) -> int:
	try:
		return door(doctype, {"name": ["in", sorted(names)]})
	except frappe.PermissionError:
		return 0


def our_count(doctype: str, filters: dict) -> int:
	# the doors import Frappe's mail and print, which open log files beside the site: not before there is one
	return frappe.get_attr("involvement_app.permissions.doors.get_count")(doctype, filters)


def reportviews_count(doctype: str, filters: dict) -> int:
	frappe.local.form_dict = frappe._dict(
		doctype=doctype,
		filters=frappe.as_json([[doctype, key, *value] for key, value in filters.items()]),
		limit=1001,  # as lists ask; without it Frappe 16 takes the name “Selection Score” for a sub-query
	)
	try:
		return reportview.get_count()
	finally:
		frappe.local.form_dict = frappe._dict()


def parents_of_listed(child: str, parent: str, names: set[str]) -> set[str]:
	try:
		rows = frappe.client.get_list(
			child,
			fields=["parent"],
			filters={"parent": ["in", sorted(names)]},
			parent=parent,
			limit_page_length=0,
		)
		return {row.parent for row in rows}
	except frappe.PermissionError:
		return set()


class TestListIsRead(IntegrationTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.world = World()

	def test_every_doctype_with_a_criterion_is_in_the_world(self):
		criteria = set(frappe.get_hooks("involvement_unshared")) - set(
			frappe.get_hooks("involvement_undeclared")
		)
		self.assertEqual(criteria, set(TESTED))
		children = set(frappe.get_hooks("permission_query_conditions")) & {
			name
			for name in frappe.get_all(
				"DocType", {"istable": 1, "module": ["like", "Involvement%"]}, pluck="name"
			)
		}
		self.assertEqual(children, set(CHILDREN))

	@settings(
		max_examples=EXAMPLES,
		deadline=None,
		derandomize=not DEEP,
		database=None,
		suppress_health_check=list(HealthCheck),
	)
	@given(worlds)
	def test_in_the_list_and_counted_and_child_rows_are_what_may_be_read(self, described):
		colleague, rows = described
		self.world.become(colleague, rows)
		readable = {}
		with as_user(self.world.people[ME]):
			for doctype in TESTED:
				names = self.world.names(doctype)
				readable[doctype] = seen = read(doctype, names)
				event(f"{doctype}: {'none' if not seen else 'all' if seen == names else 'some'}")
				self.assertEqual(listed(doctype, names), seen, doctype)
				for door in (our_count, reportviews_count):
					self.assertEqual(counted(door, doctype, names), len(seen), (doctype, door.__name__))
			for child, parent in CHILDREN.items():
				having = set(frappe.get_all(child, {"parenttype": parent}, pluck="parent"))
				listed_of = parents_of_listed(child, parent, self.world.names(parent))
				if child in NARROWER:
					self.assertLessEqual(listed_of, readable[parent] & having, child)
				else:
					self.assertEqual(listed_of, readable[parent] & having, child)
