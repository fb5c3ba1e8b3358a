"""Doors of the framework that ask for no right on the rows they show, narrowed for our doctypes
(hook `override_whitelisted_methods`; other doctypes are Frappe's matter). Each of them was found open over HTTP;
tests/canaries tries them all, tests/security/test_doors.py one by one.

- `frappe.client.get_count` (15.0 and 16.0): counts with a filter for anybody who is signed in.
- `frappe.desk.search.search_link` and `search_widget`: with `ignore_user_permissions` every row and column of a
  doctype for whoever may read one of its rows.
- `frappe.desk.form.linked_with.get_submitted_linked_docs`: names of what hangs on any document.
- `get_workflow_state_count`: every value of any column, with counts.
- a dashboard chart of type Heatmap: figures of all rows, with any filter; any saved chart: what another reader saw,
  from a cache that all share.
- `get_monthly_goal_graph_data`: counts with any filter.
- `get_group_by_count` of "assigned to": the same. `get_open_count`, under “Connections” of a form: how many rows of
  whatever is asked for lead to it.
- tags: anybody may put one on any document, and its row copies the document's title for anybody to read.
- `linked_with.get`: comments and files of any document; `get_link_title`: the title of any document.
- `get_contact_details`: name, address and telephone of any Contact, for anybody who is signed in (mended in later
  versions of Frappe). `zip_files`, `unzip_file`: the content of any file. These two are asked of every Contact and file: a
  refusal for ours alone would say who takes part.
- likes: anybody may, on any document.
- `frappe.core.doctype.communication.email.make`: mails, and makes the writer's own, any file whose record they name.
- `getdoc` and `get_docinfo`: old values of fields of a higher level, in the versions.
- a report with a column of one's own choice (`get_data_for_custom_field`, `query_report.run` and `export_query`):
  that column of every row, any level, for whoever may read one row. `query_report.run` for another user: that user's
  rows; with the name of a prepared report: what another reader was shown (attached.py makes none of ours).
- `generate_message_preview` of Auto Repeat: any document. `get_contact_number`: the telephone of any Contact.

(`linked_with.get` leaves a doctype out whose module says `exclude_from_linked_with`: all of ours do. What
permission_query_conditions can narrow is in attached.py and columns.py.)
"""

import inspect
import json
from collections import Counter
from typing import Any

import frappe
from frappe.client import get_count as frappes_get_count
from frappe.contacts.doctype.contact import contact as contacts
from frappe.core.api import file as file_api
from frappe.core.doctype.sms_settings import sms_settings
from frappe.desk import like, listview, notifications, query_report, search
from frappe.desk.doctype.dashboard_chart import dashboard_chart
from frappe.desk.doctype.tag import tag as tagging
from frappe.desk.form import linked_with, load
from frappe.utils import cint, cstr, goal
from frappe.workflow.doctype.workflow import workflow

from involvement_app import catalogue
from involvement_app.permissions.attached import KEPT_ABOUT, is_of_our_modules

# as far as Frappe's own counts: the form says “99+”
MOST_COUNTED = 100


def is_ours(doctype: str) -> bool:
	"""A doctype of ours whose rows have a criterion."""
	return doctype in frappe.get_hooks("involvement_unshared")


def _refuse_ours(*doctypes: Any) -> None:
	if any(is_of_our_modules(cstr(doctype)) for doctype in doctypes):
		raise frappe.PermissionError


def _ask(right: str, doctype: str, name: str) -> None:
	"""Raises PermissionError where a document of ours is not the reader's to `right`."""
	if is_of_our_modules(doctype):
		frappe.get_doc(doctype, cstr(name)).check_permission(right)


# --- counts and figures --------------------------------------------------------------------------


@frappe.whitelist(methods=["GET", "POST"])
def get_count(doctype: str, filters: Any = None, debug: Any = False, cache: Any = False) -> int:
	"""How many rows of ours the reader may list."""
	if doctype not in catalogue.doctypes():
		return frappes_get_count(doctype, filters, cint(debug), cint(cache))
	if frappe.get_meta(doctype).istable or not frappe.has_permission(doctype, "read"):
		raise frappe.PermissionError  # the rows of a child table are counted by nobody: they stand in their parent
	return len(frappe.get_list(doctype, filters=frappe.parse_json(filters), pluck="name", limit=0))


@frappe.whitelist(methods=["GET", "POST"])
def get_workflow_state_count(doctype: str, workflow_state_field: str, states: Any) -> list:
	"""How many of the reader's rows are in which other state."""
	if not is_ours(doctype):
		return workflow.get_workflow_state_count(doctype, workflow_state_field, states)
	if workflow_state_field != "status":
		raise frappe.PermissionError
	others = {"status": ["not in", frappe.parse_json(states)]}
	counted = Counter(frappe.get_list(doctype, filters=others, pluck="status", limit=0))
	return [{"status": status, "count": count} for status, count in counted.items()]


@frappe.whitelist(methods=["GET", "POST"])
def get_chart(**kwargs: Any) -> Any:
	"""A dashboard chart. Of ours: no heat map, and made for this reader, not taken from the shared cache."""
	kwargs.pop("cmd", None)
	# as Frappe's own cache does before it asks: a browser sends an empty date for none
	kwargs = {key: value or None for key, value in kwargs.items()}
	chart = kwargs.get("chart")
	if kwargs.get("chart_name"):
		chart = frappe.get_doc("Dashboard Chart", kwargs["chart_name"]).as_dict()
	chart = frappe._dict(frappe.parse_json(chart) or {})
	if not is_of_our_modules(chart.document_type):
		return frappe.call(dashboard_chart.get, **kwargs)
	if chart.type == "Heatmap":
		raise frappe.PermissionError
	return frappe.call(inspect.unwrap(dashboard_chart.get), **kwargs)


@frappe.whitelist(methods=["GET", "POST"])
def get_monthly_goal_graph_data(doctype: str, goal_doctype: str, **kwargs: Any) -> dict:
	"""Not with rows of ours: it asks for no right on them."""
	_refuse_ours(goal_doctype)
	return frappe.call(goal.get_monthly_goal_graph_data, doctype=doctype, goal_doctype=goal_doctype, **kwargs)


@frappe.whitelist(methods=["GET", "POST"])
def get_group_by_count(doctype: str, current_filters: str, field: str) -> list[dict]:
	"""Groups of the reader's rows."""
	if is_ours(doctype) and field == "assigned_to":
		own = frappe.get_list(doctype, filters=frappe.parse_json(current_filters), pluck="name", limit=0)
		current_filters = json.dumps([[doctype, "name", "in", own or [""]]])
	return listview.get_group_by_count(doctype, current_filters, field)


@frappe.whitelist(methods=["GET", "POST"])
def get_open_count(doctype: str, name: str, items: Any = None) -> dict:
	"""What is connected with a document, counted: of ours, the reader's own rows."""
	answer = notifications.get_open_count(doctype, name, items)
	links = frappe.get_meta(doctype).get_dashboard_data()
	for row in _connections(answer["count"]):  # one by one: the few kinds of one form
		other = row.get("name") or row.get("doctype")
		if is_of_our_modules(other):
			field = links.get("non_standard_fieldnames", {}).get(other, links.get("fieldname"))
			row.pop("open_count", None)
			row["count"] = _own_rows(other, {field: name})
	return answer


def _connections(counted: Any) -> list[dict]:
	"""A list, or (in newer versions) two: of what leads here, and of what the document itself leads to."""
	if isinstance(counted, list):
		return counted
	return [row for rows in counted.values() for row in rows if not row.get("names")]


def _own_rows(doctype: str, filters: dict) -> int:
	if not frappe.has_permission(doctype, "read"):
		return 0
	return len(frappe.get_list(doctype, filters=filters, pluck="name", limit=MOST_COUNTED))


# --- reports -------------------------------------------------------------------------------------


@frappe.whitelist(methods=["GET", "POST"])
def get_data_for_custom_field(doctype: str, field: str, **kwargs: Any) -> dict:
	"""One column, by name of the row; of ours, the reader's own rows."""
	kwargs.pop("cmd", None)
	if not is_of_our_modules(doctype):
		return frappe.call(query_report.get_data_for_custom_field, doctype=doctype, field=field, **kwargs)
	rows = frappe.get_list(doctype, fields=["name", field], limit=0)
	return {row.name: row.get(field) for row in rows}


@frappe.whitelist(methods=["GET", "POST"])
def run_report(report_name: str, **kwargs: Any) -> Any:
	"""A report for whoever asks for it, nobody else, and without columns of ours that it does not have itself."""
	for each in ("cmd", "user"):
		kwargs.pop(each, None)
	_refuse_columns_of_ours(report_name, kwargs.get("custom_columns"))
	if is_of_our_modules(frappe.get_cached_value("Report", report_name, "ref_doctype")):
		kwargs["ignore_prepared_report"] = True
	return query_report.run(report_name, **frappe.get_newargs(inspect.unwrap(query_report.run), kwargs))


@frappe.whitelist(methods=["GET", "POST"])
def export_report() -> None:
	"""The same as a file."""
	asked = frappe.local.form_dict
	_refuse_columns_of_ours(asked.report_name, asked.custom_columns)
	query_report.export_query()


def _refuse_columns_of_ours(report_name: str, columns: Any) -> None:
	"""Columns sent along, or kept with a report that somebody has made of another."""
	kept = frappe.parse_json(frappe.db.get_value("Report", report_name, "json") or "{}")
	kept = kept.get("columns") if isinstance(kept, dict) else None
	columns = [*(frappe.parse_json(columns) or ()), *(kept or ())]
	_refuse_ours(*(column.get("doctype") for column in columns if isinstance(column, dict)))


# --- link search ---------------------------------------------------------------------------------


@frappe.whitelist(methods=["GET", "POST"])
def search_link(doctype: str, txt: str, **kwargs: Any) -> Any:
	"""Link search that shows the reader's own rows."""
	return frappe.call(search.search_link, doctype=doctype, txt=txt, **_fenced(doctype, kwargs))


@frappe.whitelist(methods=["GET", "POST"])
def search_widget(doctype: str, txt: str, **kwargs: Any) -> Any:
	"""Link search with columns: the reader's own rows, and no further columns of ours."""
	return frappe.call(search.search_widget, doctype=doctype, txt=txt, **_fenced(doctype, kwargs))


def _fenced(doctype: str, kwargs: dict) -> dict:
	kwargs.pop("cmd", None)
	if is_ours(doctype) or doctype in KEPT_ABOUT:
		kwargs.pop("filter_fields", None)
		kwargs["ignore_user_permissions"] = 0
	return kwargs


# --- documents -----------------------------------------------------------------------------------


@frappe.whitelist(methods=["GET", "POST"])
def get_submitted_linked_docs(doctype: str, name: str, **kwargs: Any) -> Any:
	"""What hangs on a document, for whoever may read the document."""
	frappe.get_doc(cstr(doctype), cstr(name)).check_permission("read")
	return frappe.call(linked_with.get_submitted_linked_docs, doctype=doctype, name=name, **kwargs)


@frappe.whitelist(methods=["GET", "POST"])
def getdoc(doctype: str, name: str, user: Any = None) -> Any:
	"""The form, with the history of the fields that the reader may see."""
	answer = load.getdoc(doctype, name)
	_hide_old_values(doctype)
	return answer


@frappe.whitelist(methods=["GET", "POST"])
def get_docinfo(doctype: str | None = None, name: str | None = None, doc: Any = None) -> None:
	"""The form's history, of the fields that the reader may see. A document is named, not sent."""
	load.get_docinfo(doctype=doctype, name=name)
	_hide_old_values(doctype)


def _hide_old_values(doctype: str) -> None:
	info = frappe.response.get("docinfo")
	if not info or not is_ours(doctype):
		return
	meta = frappe.get_meta(doctype)
	levels = set(meta.get_permlevel_access("read"))
	hidden = {df.fieldname for df in meta.get_high_permlevel_fields() if df.permlevel not in levels}
	for version in info.get("versions") or () if hidden else ():
		data = frappe.parse_json(version.data)
		data["changed"] = [row for row in data.get("changed") or () if row[0] not in hidden]
		version.data = json.dumps(data)


@frappe.whitelist(methods=["POST"])
def make_mail(attachments: Any = "[]", **kwargs: Any) -> dict:
	"""Mail from the desk, with files that the writer may read."""
	kwargs.pop("cmd", None)
	for file in frappe.parse_json(attachments) or ():  # one by one: the few files of one mail
		if isinstance(file, str) and frappe.db.exists("File", file):
			frappe.get_doc("File", file).check_permission("read")
	# opens a log file of the site as it is imported
	from frappe.core.doctype.communication import email

	return frappe.call(email.make, attachments=attachments, **kwargs)


@frappe.whitelist(methods=["GET", "POST"])
def get_linked(doctype: str, docname: str) -> dict:
	"""What links to a document; of ours, for whoever may read the document."""
	_ask("read", doctype, docname)
	return linked_with.get(doctype, docname)


@frappe.whitelist(methods=["GET", "POST"])
def get_link_title(doctype: str, docname: str) -> str | None:
	"""The title of a document; of ours, for whoever may read it, and its name for others."""
	doctype, docname = cstr(doctype), cstr(docname)
	if is_of_our_modules(doctype) and not (
		frappe.db.exists(doctype, docname) and frappe.has_permission(doctype, "read", docname)
	):
		return docname
	return search.get_link_title(doctype, docname)


@frappe.whitelist(methods=["GET", "POST"])
def get_contact_details(contact: str) -> dict:
	"""A Contact's name and addresses, for whoever may read the Contact."""
	frappe.get_doc("Contact", contact).check_permission("read")
	return contacts.get_contact_details(contact)


@frappe.whitelist(methods=["GET", "POST"])
def get_contact_number(contact_name: str, ref_doctype: str, ref_name: str) -> str:
	"""A Contact's telephone, for whoever may read the Contact."""
	frappe.get_doc("Contact", contact_name).check_permission("read")
	return sms_settings.get_contact_number(contact_name, ref_doctype, ref_name)


@frappe.whitelist(methods=["GET", "POST"])
def generate_message_preview(
	reference_dt: str, reference_doc: str, message: Any = None, subject: Any = None
) -> dict:
	"""A mail about a document; of ours, for whoever may read the document."""
	_ask("read", reference_dt, reference_doc)
	# opens a log file of the site as it is imported
	from frappe.automation.doctype.auto_repeat import auto_repeat

	return auto_repeat.generate_message_preview(reference_dt, reference_doc, message, subject)


@frappe.whitelist(methods=["GET", "POST"])
def zip_files(files: Any) -> None:
	"""Files that the reader may read, in one."""
	for name in frappe.parse_json(files):  # one by one: each file follows its own document
		frappe.get_doc("File", name if isinstance(name, str) else name["name"]).check_permission("read")
	file_api.zip_files(frappe.as_json(frappe.parse_json(files)))


@frappe.whitelist(methods=["POST"])
def unzip_file(name: str) -> Any:
	"""The files in an archive that the reader may read."""
	frappe.get_doc("File", name).check_permission("read")
	return file_api.unzip_file(name)


# --- tags and likes ------------------------------------------------------------------------------


@frappe.whitelist(methods=["POST"])
def add_tag(tag: str, dt: str, dn: str, color: Any = None) -> str:
	"""A tag on a document that the reader may change."""
	_ask("write", dt, dn)
	return tagging.add_tag(tag, dt, dn, color)


@frappe.whitelist(methods=["POST"])
def add_tags(tags: Any, dt: str, docs: Any, color: Any = None) -> None:
	"""Tags on documents that the reader may change."""
	for name in frappe.parse_json(docs):  # one by one: each document decides for itself
		_ask("write", dt, name)
	tagging.add_tags(tags, dt, docs, color)


@frappe.whitelist(methods=["POST"])
def remove_tag(tag: str, dt: str, dn: str) -> None:
	_ask("write", dt, dn)
	tagging.remove_tag(tag, dt, dn)


@frappe.whitelist(methods=["GET", "POST"])
def get_tagged_docs(doctype: str, tag: str) -> Any:
	"""Names of the reader's rows with this tag."""
	if not is_ours(doctype):
		return tagging.get_tagged_docs(doctype, tag)
	return frappe.get_list(doctype, filters={"_user_tags": ["like", tag]}, as_list=True, limit=0)


@frappe.whitelist(methods=["POST"])
def toggle_like(doctype: str, name: str, add: Any = False) -> None:
	"""A like on a document that the reader may read."""
	_ask("read", doctype, name)
	like.toggle_like(doctype, name, add)
