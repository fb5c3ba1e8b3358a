"""The files of a new doctype, as small as they can be and complete."""

from __future__ import annotations

import json
from dataclasses import dataclass

MANAGER_RIGHTS = ("read", "write", "create", "report", "export", "print")
COORDINATOR_RIGHTS = ("read", "write", "create", "report", "print")
STATES = {"Open": "Blue", "Done": "Green"}


@dataclass(frozen=True)
class Shape:
	"""`name`: the doctype. `module`: its module's folder in the package. `lifecycle`: has it a status?"""

	name: str
	module: str = "involvement_app"
	lifecycle: bool = False

	@property
	def slug(self) -> str:
		return self.name.lower().replace(" ", "_").replace("-", "_")

	@property
	def class_name(self) -> str:
		return self.name.replace(" ", "").replace("-", "")

	@property
	def package(self) -> str:
		return f"involvement_app/{self.module}"

	@property
	def folder(self) -> str:
		return f"{self.package}/doctype/{self.slug}"

	@property
	def dotted(self) -> str:
		return self.folder.replace("/", ".")

	def files(self) -> dict[str, str]:
		files = {
			"__init__.py": "",
			f"{self.slug}.json": self.json(),
			f"{self.slug}.py": CONTROLLER.format(**self.words()),
			"criterion.py": CRITERION.format(**self.words()),
			f"test_{self.slug}.py": self.test(),
		}
		if self.lifecycle:
			files["lifecycle.py"] = LIFECYCLE.format(**self.words())
		return files

	def words(self) -> dict[str, str]:
		return {
			"name": self.name,
			"slug": self.slug,
			"class_name": self.class_name,
			"base": "LifecycleDocument" if self.lifecycle else "ServerManagedDocument",
		}

	# --- beside the doctype ----------------------------------------------------------------------

	def json(self) -> str:
		fields = self.fields()
		data = {
			"actions": [],
			"autoname": "hash",
			"creation": "2026-11-22 00:00:00.000000",
			"description": f"What {self.name} holds, in a sentence. Add the first one when there is a reason to.",
			"doctype": "DocType",
			"engine": "InnoDB",
			"field_order": [df["fieldname"] for df in fields],
			"fields": fields,
			"index_web_pages_for_search": 0,
			"links": [],
			"modified": "2026-11-22 00:00:00.000000",
			"modified_by": "Administrator",
			"module": self.module.replace("_", " ").title(),
			"name": self.name,
			"naming_rule": "Random",
			"owner": "Administrator",
			"permissions": [
				{"role": role, **dict.fromkeys(rights, 1), "share": 0}
				for role, rights in (
					("Involvement Manager", MANAGER_RIGHTS),
					("Involvement Coordinator", COORDINATOR_RIGHTS),
				)
			],
			"sort_field": "modified",
			"sort_order": "DESC",
			"states": [{"color": colour, "title": state} for state, colour in STATES.items()]
			if self.lifecycle
			else [],
			"title_field": "title",
			"track_changes": 0,
		}
		return json.dumps(data, indent=1, ensure_ascii=False) + "\n"

	def fields(self) -> list[dict]:
		fields = [
			{"fieldname": "title", "fieldtype": "Data", "label": "Title", "reqd": 1, "in_list_view": 1},
			{
				"fieldname": "unit",
				"fieldtype": "Link",
				"label": "Unit",
				"options": "Involvement Unit",
				"in_list_view": 1,
				"in_standard_filter": 1,
				"search_index": 1,
			},
		]
		status = {
			"fieldname": "status",
			"fieldtype": "Select",
			"label": "Status",
			"options": "\n".join(STATES),
			"read_only": 1,
			"no_copy": 1,
			"in_list_view": 1,
			"in_standard_filter": 1,
			"search_index": 1,
			"default": next(iter(STATES)),
		}
		return [*fields, status] if self.lifecycle else fields

	def test(self) -> str:
		return (TEST + (TEST_LIFECYCLE if self.lifecycle else "")).format(
			lifecycle_import="from involvement_app import lifecycle\n" if self.lifecycle else "",
			errors_import="from involvement_app.lifecycle import StepNotPermitted, TransitionError\n"
			if self.lifecycle
			else "",
			**self.words(),
		)

	# --- in files that are there -----------------------------------------------------------------

	def matrix_row(self) -> dict[str, str]:
		return {
			"Involvement Manager": " ".join(MANAGER_RIGHTS),
			"Involvement Coordinator": " ".join(COORDINATOR_RIGHTS),
		}

	def personal_data(self) -> str:
		return f'\t"{self.name}": NotPersonal("what the organisation plans; no field is about a person"),\n'

	def factory(self) -> str:
		return FACTORY.format(**self.words())

	def demo(self) -> str:
		first = f'\t\t_insert("{self.name}", title="The first of its kind", unit="Otterford Hub")\n'
		if not self.lifecycle:
			return first
		return (
			first
			+ f'\t\t_step(_insert("{self.name}", title="One that is done", unit="Riverside"), "Finish")\n'
		)


CONTROLLER = """from involvement_app.lifecycle import {base}

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class {class_name}({base}):
	def validate(self):
		self.validate_title()

	def validate_title(self):
		self.title = " ".join((self.title or "").split())
"""

CRITERION = '''"""Coordinators and managers, within their units."""

from involvement_app.permissions import EVERYTHING, NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, MANAGER


def criterion(user, roles, {slug}):
	return EVERYTHING if roles & {{COORDINATOR, MANAGER}} else NOTHING


conditions, has_permission = pair("{name}", criterion)
'''

LIFECYCLE = '''"""From open to done."""

from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.lifecycle.guards import required
from involvement_app.setup.roles import COORDINATOR, MANAGER

STAFF = (COORDINATOR, MANAGER)

LIFECYCLE = Lifecycle(
	doctype="{name}",
	states=(State("Open"), State("Done")),
	transitions=(
		Transition("Finish", ("Open",), "Done", roles=STAFF),
		Transition("Open again", ("Done",), "Open", roles=STAFF),
	),
	guards={{"Done": (required("unit"),)}},
)
'''

FACTORY = """

def {slug}(**values):
	values = {{"title": _unique("{name}"), "unit": values.pop("unit", None) or unit(), **values}}
	with as_user(staff(roles.COORDINATOR)):
		return frappe.get_doc({{"doctype": "{name}", **values}}).insert()
"""

TEST = '''import frappe

{lifecycle_import}{errors_import}from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase


class Test{class_name}(IntegrationTestCase):
	def assertSees(self, user: str, doc, sees: bool) -> None:
		"""As a document and in the list: the framework asks two hooks."""
		with self.subTest(user), self.as_user(user):
			self.assertEqual(frappe.has_permission(doc.doctype, "read", doc.name), sees)
			try:
				listed = doc.name in frappe.get_list(doc.doctype, pluck="name", limit=0)
			except frappe.PermissionError:
				listed = False
			self.assertEqual(listed, sees)

	def test_coordinators_and_managers_see_it_and_nobody_else(self):
		doc = factories.{slug}()
		for user, sees in (
			(factories.staff(roles.COORDINATOR), True),
			(factories.staff(roles.MANAGER), True),
			(factories.staff(roles.OWNER), False),
			(factories.staff(roles.FINANCE_OFFICER), False),
			(factories.user("Sales User"), False),
			(factories.staff(factories.PORTAL), False),
			("Guest", False),
		):
			self.assertSees(user, doc, sees)

	def test_a_coordinator_of_other_units_does_not(self):
		here, elsewhere = factories.{slug}(), factories.{slug}()
		user = factories.another(roles.COORDINATOR)
		frappe.get_doc(
			doctype="User Permission", user=user, allow="Involvement Unit", for_value=here.unit
		).insert()
		self.assertSees(user, here, True)
		self.assertSees(user, elsewhere, False)
'''

TEST_LIFECYCLE = """
	def test_a_coordinator_finishes_it(self):
		doc = factories.{slug}()
		with self.as_user(factories.staff(roles.COORDINATOR)):
			lifecycle.apply(doc, "Finish")
		self.assertEqual(frappe.db.get_value(doc.doctype, doc.name, "status"), "Done")

	def test_nobody_else_does(self):
		doc = factories.{slug}()
		with self.as_user(factories.staff(roles.OWNER)), self.assertRaises(StepNotPermitted):
			lifecycle.apply(doc, "Finish")

	def test_it_is_not_born_done(self):
		with self.as_user(factories.staff(roles.COORDINATOR)), self.assertRaises(TransitionError):
			frappe.get_doc(doctype="{name}", title="Done before it began", status="Done").insert()

	def test_without_a_unit_it_cannot_be_finished(self):
		doc = factories.{slug}()
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc.unit = None
			with self.assertRaises(TransitionError):
				lifecycle.apply(doc, "Finish")
"""
