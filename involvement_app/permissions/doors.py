"""Doors of the framework that ask for no right on the rows they show, narrowed for our doctypes
(hook `override_whitelisted_methods`; other doctypes are Frappe's matter). docs/security.md says what each lets through.

- `frappe.client.get_count` (15.0 and 16.0): counts with a filter for anybody who is signed in.
- `frappe.desk.search.search_link` and `search_widget`: with `ignore_user_permissions` every row and column of a
  doctype for whoever may read one of its rows.
- `frappe.desk.search.get_link_title`: the title of any row, where a site shows titles in links.
- `frappe.desk.form.linked_with.get_submitted_linked_docs`: names of what hangs on any document.

(`linked_with.get` leaves a doctype out whose module says `exclude_from_linked_with`: all of ours do.)
"""

from typing import Any

import frappe
from frappe.client import get_count as frappes_get_count
from frappe.desk import search
from frappe.desk.form import linked_with
from frappe.utils import cint, cstr

from involvement_app import catalogue


def is_ours(doctype: str) -> bool:
	return doctype in frappe.get_hooks("involvement_unshared")


@frappe.whitelist(methods=["GET", "POST"])
def get_count(doctype: str, filters: Any = None, debug: Any = False, cache: Any = False) -> int:
	"""How many rows of ours the reader may list."""
	if doctype not in catalogue.doctypes():
		return frappes_get_count(doctype, filters, cint(debug), cint(cache))
	if frappe.get_meta(doctype).istable or not frappe.has_permission(doctype, "read"):
		raise frappe.PermissionError  # the rows of a child table are counted by nobody: they stand in their parent
	return len(frappe.get_list(doctype, filters=frappe.parse_json(filters), pluck="name", limit=0))


@frappe.whitelist(methods=["GET", "POST"])
def search_link(doctype: str, txt: str, **kwargs: Any) -> Any:
	"""Link search that shows the reader's own rows."""
	return frappe.call(search.search_link, doctype=doctype, txt=txt, **_fenced(doctype, kwargs))


@frappe.whitelist(methods=["GET", "POST"])
def search_widget(doctype: str, txt: str, **kwargs: Any) -> Any:
	"""Link search with columns: the reader's own rows, and no further columns of ours."""
	return frappe.call(search.search_widget, doctype=doctype, txt=txt, **_fenced(doctype, kwargs))


@frappe.whitelist(methods=["GET", "POST"])
def get_link_title(doctype: str, docname: str) -> str:
	"""The title of a row, for whoever may read it; its name for anybody else, and where there is no such row."""
	doctype, docname = cstr(doctype), cstr(docname)
	if is_ours(doctype) and not (
		frappe.db.exists(doctype, docname) and frappe.has_permission(doctype, "read", doc=docname)
	):
		return docname
	return search.get_link_title(doctype, docname)


def _fenced(doctype: str, kwargs: dict) -> dict:
	kwargs.pop("cmd", None)
	if is_ours(doctype):
		kwargs.pop("filter_fields", None)
		kwargs["ignore_user_permissions"] = 0
	return kwargs


@frappe.whitelist(methods=["GET", "POST"])
def get_submitted_linked_docs(doctype: str, name: str, **kwargs: Any) -> Any:
	"""What hangs on a document, for whoever may read the document."""
	frappe.get_doc(cstr(doctype), cstr(name)).check_permission("read")
	return frappe.call(linked_with.get_submitted_linked_docs, doctype=doctype, name=name, **kwargs)
