"""The reviewed matrix (permissions/matrix.json), the DocType files and the site answer alike (law 2, domain 4.7)."""

import json
from pathlib import Path

import frappe

from involvement_app.setup import roles
from involvement_app.tests.compat import IntegrationTestCase

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

	def test_nobody_may_share_and_the_portal_role_holds_nothing(self):
		for name, d in doctype_files().items():
			with self.subTest(name):
				self.assertFalse([row["role"] for row in d["permissions"] if row.get("share")])
				self.assertNotIn(roles.PARTICIPANT, [row["role"] for row in d["permissions"]])
				self.assertFalse({"All", "Guest", "Desk User"} & {row["role"] for row in d["permissions"]})

	def test_every_doctype_about_people_has_a_criterion_for_list_and_document(self):
		"""Deny by default: what is no master and has no pair of hooks fails here."""
		masters = {
			"Involvement Settings",
			"Involvement Type",
			"Involvement Unit",
			"Involvement Locality",
			"Participation Level",
			"Payment Rate Rule",
			"Consent Statement",
		}
		lists, documents = frappe.get_hooks("permission_query_conditions"), frappe.get_hooks("has_permission")
		for name, d in doctype_files().items():
			if d.get("istable") or name in masters:
				continue
			with self.subTest(name):
				self.assertTrue(name in lists)
				self.assertTrue(name in documents)

	def test_every_doctype_names_its_sort_order(self):
		for name, d in doctype_files().items():
			with self.subTest(name):
				self.assertTrue(d.get("sort_field") and d.get("sort_order"))

	def test_titles_of_participants_are_never_served_in_links(self):
		self.assertFalse(doctype_files()["Involvement Participant"].get("show_title_field_in_link"))
