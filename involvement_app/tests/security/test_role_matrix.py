"""The reviewed matrix (permissions/matrix.json), the DocType files and the site answer alike (law 2, domain 4.7)."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import frappe
import frappe.client

from involvement_app import catalogue, permissions
from involvement_app.involvement_app.doctype.access_requirement.criterion import NAMED
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import DEEP, IntegrationTestCase
from involvement_app.tests.security.world import ME, TESTED, UNITS, Colleague, Row, World

RIGHTS = (
	"read",
	"write",
	"create",
	"delete",
	"submit",
	"cancel",
	"amend",
	"report",
	"export",
	"print",
	"import",
	"select",
)
OURS = ("Involvement App", "Involvement Payments", "Involvement Privacy")


def matrix() -> dict:
	return json.loads(Path(frappe.get_app_path("involvement_app", "permissions", "matrix.json")).read_text())


def doctype_files() -> dict[str, dict]:
	found = Path(frappe.get_app_path("involvement_app")).glob("*/doctype/*/*.json")
	return {
		d["name"]: d for d in (json.loads(path.read_text()) for path in found) if d["doctype"] == "DocType"
	}


def granted(rows) -> dict[str, str]:
	answer = {}
	for row in rows:
		role = row["role"] + (f" (level {row['permlevel']})" if row.get("permlevel") else "")
		answer[role] = " ".join(right for right in RIGHTS if row.get(right))
	return answer


class TestRoleMatrix(IntegrationTestCase):
	maxDiff = None

	def test_every_doctype_file_grants_what_the_matrix_says(self):
		files = {
			name: granted(d["permissions"]) for name, d in doctype_files().items() if not d.get("istable")
		}
		self.assertEqual(files, matrix())

	def test_the_site_grants_what_the_matrix_says(self):
		for doctype, expected in matrix().items():
			with self.subTest(doctype):
				rows = [row.as_dict() for row in frappe.get_meta(doctype).permissions]
				self.assertEqual(granted(rows), expected)

	def test_nobody_may_share_and_no_right_is_everybodys(self):
		"""Law 3: a participant's login holds no role, so a right could only be everybody's."""
		for name, d in doctype_files().items():
			with self.subTest(name):
				self.assertFalse([row["role"] for row in d["permissions"] if row.get("share")])
				held = {row["role"] for row in d["permissions"]}
				self.assertEqual(held - roles.DESK_ROLES - {"System Manager"}, set())

	def test_every_doctype_is_declared(self):
		"""A row in the matrix, and a criterion for list and document or a place among the masters."""
		self.assertEqual(frappe.get_hooks("involvement_undeclared"), [])
		lists, documents = frappe.get_hooks("permission_query_conditions"), frappe.get_hooks("has_permission")
		masters = {
			"Involvement Settings",
			"Involvement Opportunity Template",
			"Involvement Type",
			"Involvement Unit",
			"Involvement Locality",
			"Involvement Theme",
			"Access Need Type",
			"Lived Experience Area",
			"Involvement Skill",
			"Participation Level",
			"Payment Rate Rule",
			"Approval Limit",
			"Benefit Threshold",
			"Expense Type",
			"Mileage Rate",
			"Role Status Determination",
			"Consent Statement",
		}  # about nobody: a new one is somebody's decision
		# where no money is paid they are not shown (without_money.py)
		of_money = {
			"Payment Rate Rule",
			"Approval Limit",
			"Benefit Threshold",
			"Expense Type",
			"Mileage Rate",
			"Role Status Determination",
		}
		self.assertEqual(set(frappe.get_hooks("involvement_masters")), masters)
		for name, d in doctype_files().items():
			with self.subTest(name):
				shown_by_rights = name in masters - of_money
				self.assertEqual(name in lists, not shown_by_rights)
				self.assertEqual(name in documents, not shown_by_rights and not d.get("istable"))

	def test_every_doctype_names_its_sort_order(self):
		for name, d in doctype_files().items():
			with self.subTest(name):
				self.assertTrue(d.get("sort_field") and d.get("sort_order"))

	def test_titles_of_participants_are_never_served_in_links(self):
		self.assertFalse(doctype_files()["Involvement Participant"].get("show_title_field_in_link"))


class TestDenyByDefault(IntegrationTestCase):
	"""A doctype that somebody adds and does not declare."""

	def undeclared(self, file: dict, row: bool = True, criterion: bool = True) -> list[str]:
		with tempfile.TemporaryDirectory() as folder:
			app = Path(folder)
			for path, content in (
				("module/doctype/new/new.json", {"doctype": "DocType", "name": "New", **file}),
				("permissions/matrix.json", {"New": {}} if row else {}),
			):
				(app / path).parent.mkdir(parents=True)
				(app / path).write_text(json.dumps(content))
			named = {"New"} if criterion else set()
			return catalogue.undeclared(named, set(), named, app)

	def test_it_is_found_without_a_row_or_without_a_criterion(self):
		self.assertEqual(self.undeclared({}), [])
		self.assertEqual(self.undeclared({}, row=False), ["New"])
		self.assertEqual(self.undeclared({}, criterion=False), ["New"])

	def test_a_child_table_needs_conditions_and_no_row(self):
		self.assertEqual(self.undeclared({"istable": 1}, row=False), [])
		self.assertEqual(self.undeclared({"istable": 1}, criterion=False), ["New"])

	def test_it_is_shown_to_nobody(self):
		rule = frappe.get_doc("Payment Rate Rule", factories.rate_rule())
		for user in (factories.staff(roles.MANAGER), factories.user("System Manager"), "Guest"):
			with self.subTest(user):
				for right in ("read", "write", "create", "delete", "export"):
					self.assertIs(permissions.undeclared_has_permission(rule, right, user), False)
				self.assertEqual(permissions.undeclared_conditions(user), "1=0")


class TestWhatTheSiteAnswers(IntegrationTestCase):
	"""Answer = matrix, for somebody with one role whom every row concerns. (Over HTTP: test_over_http.py.)"""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.world = World()
		cls.me = cls.world.people[ME]
		for doctype in ("Involvement Payment", "Involvement Payment Batch", "Involvement Expense Claim"):
			# a row that could be cancelled
			frappe.db.set_value(doctype, cls.world.name(doctype, 2), "docstatus", 1)

	def become(self, role: str | None) -> None:
		held = frozenset({role} if role else ())
		mine = Row("town", frozenset({"town"}), ME, ME, ME, ME, "Published", NAMED)
		self.world.become(Colleague(held, frozenset(), False, frozenset(UNITS)), [mine] * 3)

	def test_each_right_of_each_role(self):
		for role in (*sorted(roles.DESK_ROLES), "System Manager", "Sales User", None):
			self.become(role)
			for doctype, row in matrix().items():
				told = " ".join(
					right for right in RIGHTS if frappe.has_permission(doctype, right, user=self.me)
				)
				with self.subTest(f"{role}: {doctype}"):
					self.assertEqual(self.asked(doctype, told), self.asked(doctype, row.get(role, "")))

	def asked(self, doctype: str, rights: str) -> set[str]:
		"""Frappe lets whoever reads select, and knows no right to submit where nothing is submitted."""
		return set(rights.split()) - {"select"}

	def ways(self, doctype: str) -> dict[str, Callable]:
		name, submitted = self.world.name(doctype, 1), self.world.name(doctype, 2)
		ways = {
			"read": lambda: frappe.client.get(doctype, name),
			"create": lambda: frappe.client.insert({"doctype": doctype}),
			"write": lambda: frappe.client.save(frappe.get_doc(doctype, name).as_dict()),
			"delete": lambda: frappe.client.delete(doctype, name),
		}
		if not frappe.get_meta(doctype).is_submittable:
			return ways
		return {
			**ways,
			"submit": lambda: frappe.get_doc(doctype, name).submit(),
			"cancel": lambda: frappe.get_doc(doctype, submitted).cancel(),
		}

	def test_without_the_right_nothing_is_read_or_written(self):
		asked = (None, *sorted(roles.DESK_ROLES), "System Manager", "Sales User")
		for role in asked if DEEP else asked[::3]:
			self.become(role)
			with self.as_user(self.me):
				for doctype in TESTED:
					held = matrix()[doctype].get(role, "").split()
					for right, way in self.ways(doctype).items():
						if right not in held:
							with (
								self.subTest(f"{role}: {right} {doctype}"),
								self.assertRaises(frappe.PermissionError),
							):
								way()
