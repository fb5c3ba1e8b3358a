"""Bare twins: custom DocTypes with the same fields, links, child rows and naming as ours, and no controller.

What Frappe needs for a twin is the floor under ours. Twins are made by a test module for its own run and taken away
again; one that a killed run left behind is replaced."""

import frappe

from involvement_app import lifecycle

COPIED = (
	"fieldname",
	"fieldtype",
	"label",
	"options",
	"reqd",
	"unique",
	"default",
	"read_only",
	"search_index",
	"allow_on_submit",
	"no_copy",
	"in_list_view",
)
SETTINGS = ("track_changes", "is_submittable", "sort_field", "sort_order", "naming_rule")


def name_of(doctype: str) -> str:
	return f"Twin {doctype}"


def make(doctype: str, with_workflow: bool = False) -> str:
	"""Creating a DocType commits, as DDL does."""
	remove(doctype)
	meta = frappe.get_meta(doctype)
	series = (meta.autoname or "").endswith("#")
	frappe.get_doc(
		{
			"doctype": "DocType",
			"name": name_of(doctype),
			"module": "Custom",
			"custom": 1,
			"autoname": f"TWIN-{meta.autoname}" if series else meta.autoname,
			**{key: meta.get(key) for key in SETTINGS},
			"fields": [_like(df) for df in meta.fields],
			"permissions": [
				{"role": role, "read": 1, "write": 1, "create": 1}
				| ({"submit": 1, "cancel": 1} if meta.is_submittable else {})
				for role in _roles(meta)
			],
		}
	).insert(ignore_permissions=True)  # a factory
	if with_workflow:
		_make_workflow(doctype)
	frappe.db.commit()  # as the DDL before it did
	return name_of(doctype)


def _like(df) -> dict:
	"""One row of ours has several twins, with the same links."""
	left_out = {"unique"} if df.fieldtype == "Link" else set()
	return {key: df.get(key) for key in COPIED if df.get(key) and key not in left_out}


def _roles(meta) -> list[str]:
	return sorted({"System Manager", *(row.role for row in meta.permissions)})


def _make_workflow(doctype: str) -> None:
	"""With the states and steps that our own Workflow has, whatever a site made of it."""
	shipped = frappe.get_doc("Workflow", lifecycle.of(doctype).workflow)
	twin = frappe.copy_doc(shipped)
	twin.workflow_name, twin.document_type, twin.is_active = name_of(doctype), name_of(doctype), 1
	twin.insert(ignore_permissions=True)  # a factory


def remove(doctype: str) -> None:
	twin = name_of(doctype)
	if frappe.db.exists("Workflow", twin):
		frappe.delete_doc("Workflow", twin, force=True, delete_permanently=True)
	for left in ("Workflow Action", "Version", "Comment"):
		column = "ref_doctype" if left == "Version" else "reference_doctype"
		frappe.db.delete(left, {column: twin})
	if frappe.db.exists("DocType", twin):
		frappe.delete_doc("DocType", twin, force=True, delete_permanently=True)
	# Frappe leaves the table of a deleted DocType
	frappe.db.sql_ddl(frappe.qb.drop_table(f"tab{twin}").if_exists().get_sql())
	series = frappe.qb.DocType("Series")
	frappe.qb.from_(series).delete().where(series.name.like("TWIN-%")).run()
	frappe.db.commit()  # as the DDL before it did


def values(doc, **changes) -> dict:
	"""The values of one of our documents for its twin, child rows and all; not saved."""
	# a link is looked up, unique or not
	unique = {df.fieldname: None for df in doc.meta.fields if df.unique and df.fieldtype != "Link"}
	return {**doc.as_dict(no_default_fields=True), **unique, "doctype": name_of(doc.doctype), **changes}


def of(doc, **changes):
	"""A stored twin of one of our documents."""
	return insert(frappe.get_doc(values(doc, **changes)))


def insert(twin):
	"""The floor under an insert."""
	return twin.insert(ignore_permissions=True)  # bounded to a twin, which goes with the test


def save(twin):
	"""The floor under a save."""
	return twin.save(ignore_permissions=True)  # bounded to a twin, which goes with the test
