"""Every way of writing a state that the framework or the app opens, as one small function each.

A path is given a `Case` and tries, as the session's user, to bring its document where the case says. Three kinds:
`STATE` paths write a state, `ACTION` paths name an action, `BARE` paths name neither (they submit or cancel). Paths
of one family come through the same part of the framework. Nothing here knows what is allowed."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import frappe
from frappe.utils.verified_command import get_signed_params

from involvement_app import lifecycle
from involvement_app.tests.lifecycle.in_process import call, form, import_rows, rest

STATE, ACTION, BARE = "state", "action", "bare"


@dataclass(frozen=True)
class Case:
	"""`name` is the document; `state` and `docstatus` where to (STATE), `action` what to do (ACTION). `tools`:
	what a site may have set up for the doctype: a Web Form, a Kanban Board, a Data Import. `as_stored`: the document
	as JSON."""

	doctype: str
	name: str
	user: str
	tools: dict
	as_stored: str
	state: str = ""
	docstatus: int = 0
	action: str = ""

	@property
	def doc(self):
		return frappe.get_doc(self.doctype, self.name)

	def sent(self, **values) -> dict:
		"""The document as a browser sends it, with `values` changed."""
		return {**json.loads(self.as_stored), **values}

	@property
	def address(self) -> str:
		return f"/api/resource/{self.doctype}/{self.name}"


@dataclass(frozen=True)
class Path:
	name: str
	kind: str
	family: str
	attempt: Callable[[Case], None]
	job: bool = False

	def __str__(self) -> str:
		return self.name


PATHS: list[Path] = []


def path(kind: str, family: str, job: bool = False):
	def register(attempt):
		PATHS.append(Path(attempt.__name__, kind, family, attempt, job))
		return attempt

	return register


# Code of the app or of another app


@path(STATE, "code")
def save(case):
	doc = case.doc
	doc.status, doc.docstatus = case.state, case.docstatus
	doc.save()


@path(STATE, "code")
def submit_in_code(case):
	doc = case.doc
	doc.status = case.state
	doc.submit()


@path(STATE, "code")
def cancel_in_code(case):
	doc = case.doc
	doc.status = case.state
	doc.cancel()


@path(STATE, "code", job=True)
def save_in_a_job(case):
	with lifecycle.as_job():
		save(case)


@path(ACTION, "code")
def apply(case):
	lifecycle.apply(case.doc, case.action)


@path(ACTION, "code", job=True)
def apply_in_a_job(case):
	with lifecycle.as_job():
		lifecycle.apply(case.doc, case.action)


@path(ACTION, "code")
def move_many(case):
	lifecycle.move_many(case.doctype, [case.name], case.action, (case.doctype, case.name))


@path(ACTION, "code", job=True)
def move_many_in_a_job(case):
	with lifecycle.as_job():
		move_many(case)


# The desk's form


@path(STATE, "form")
def form_save(case):
	call("frappe.desk.form.save.savedocs", doc=json.dumps(case.sent(status=case.state)), action="Save")


@path(STATE, "form")
def form_submit(case):
	call("frappe.desk.form.save.savedocs", doc=json.dumps(case.sent(status=case.state)), action="Submit")


@path(STATE, "form")
def form_update(case):
	call("frappe.desk.form.save.savedocs", doc=json.dumps(case.sent(status=case.state)), action="Update")


@path(STATE, "form")
def form_cancel_by_saving(case):
	call("frappe.desk.form.save.savedocs", doc=json.dumps(case.sent(status=case.state)), action="Cancel")


@path(STATE, "form")
def form_cancel(case):
	call(
		"frappe.desk.form.save.cancel",
		doctype=case.doctype,
		name=case.name,
		workflow_state_fieldname="status",
		workflow_state=case.state,
	)


@path(STATE, "form")
def form_with_forged_flags(case):
	forged = {
		"flags": {"ignore_permissions": True, "ignore_validate": True},
		"_doc_before_save": None,
		"_action": "save",
		"docstatus": case.docstatus,
	}
	call("frappe.client.save", doc=json.dumps(case.sent(status=case.state, **forged)))


@path(BARE, "form")
def form_cancel_all_linked(case):
	docs = json.dumps([{"doctype": case.doctype, "name": case.name, "docstatus": 1}])
	call("frappe.desk.form.linked_with.cancel_all_linked_docs", docs=docs)


@path(STATE, "form")
def form_method_submit(case):
	call("frappe.handler.run_doc_method", docs=json.dumps(case.sent(status=case.state)), method="submit")


@path(STATE, "form")
def form_method_cancel(case):
	call("frappe.handler.run_doc_method", docs=json.dumps(case.sent(status=case.state)), method="cancel")


@path(BARE, "form")
def form_discard(case):
	"""Newer Frappe only."""
	call("frappe.desk.form.save.discard", doctype=case.doctype, name=case.name)


@path(ACTION, "form")
def form_button(case):
	call(
		"involvement_app.lifecycle.desk.take",
		doctype=case.doctype,
		name=case.name,
		action=case.action,
		words="Phone",  # an answer in words, and one of those to choose from
	)


# REST


@path(STATE, "rest")
def rest_put_state(case):
	rest("PUT", case.address, {"status": case.state})


@path(STATE, "rest")
def rest_put_state_and_docstatus(case):
	rest("PUT", case.address, {"status": case.state, "docstatus": case.docstatus})


@path(BARE, "rest")
def rest_put_submitted(case):
	rest("PUT", case.address, {"docstatus": 1})


@path(BARE, "rest")
def rest_put_cancelled(case):
	rest("PUT", case.address, {"docstatus": 2})


@path(BARE, "rest")
def rest_run_submit(case):
	rest("POST", case.address, {"run_method": "submit"})


@path(BARE, "rest")
def rest_run_cancel(case):
	rest("POST", case.address, {"run_method": "cancel"})


# frappe.client


@path(STATE, "client")
def client_set_value(case):
	call(
		"frappe.client.set_value",
		doctype=case.doctype,
		name=case.name,
		fieldname="status",
		value=case.state,
	)


@path(STATE, "client")
def client_set_values(case):
	values = json.dumps({"status": case.state, "docstatus": case.docstatus})
	call("frappe.client.set_value", doctype=case.doctype, name=case.name, fieldname=values)


@path(STATE, "client")
def client_save(case):
	call("frappe.client.save", doc=json.dumps(case.sent(status=case.state, docstatus=case.docstatus)))


@path(STATE, "client")
def client_submit(case):
	call("frappe.client.submit", doc=json.dumps(case.sent(status=case.state)))


@path(BARE, "client")
def client_submit_as_it_is(case):
	call("frappe.client.submit", doc=json.dumps(case.sent()))


@path(BARE, "client")
def client_cancel(case):
	call("frappe.client.cancel", doctype=case.doctype, name=case.name)


@path(STATE, "client")
def client_bulk_update(case):
	row = {
		"doctype": case.doctype,
		"docname": case.name,
		"status": case.state,
		"docstatus": case.docstatus,
	}
	call("frappe.client.bulk_update", docs=json.dumps([row]))


# Lists


def _list_action(case, action: str, data: dict | None = None) -> None:
	call(
		"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
		doctype=case.doctype,
		docnames=json.dumps([case.name]),
		action=action,
		data=json.dumps(data) if data else None,
	)


@path(STATE, "list")
def list_edit(case):
	_list_action(case, "update", {"status": case.state})


@path(STATE, "list")
def list_edit_with_docstatus(case):
	_list_action(case, "update", {"status": case.state, "docstatus": case.docstatus})


@path(BARE, "list")
def list_submit(case):
	_list_action(case, "submit")


@path(BARE, "list")
def list_cancel(case):
	_list_action(case, "cancel")


@path(STATE, "list")
def bulk_update_tool(case):
	doc = {
		**frappe.get_single("Bulk Update").as_dict(),
		"document_type": case.doctype,
		"field": "status",
		"update_value": case.state,
		"condition": f"name = '{case.name}'",
		"limit": 1,
	}
	call("frappe.handler.run_doc_method", docs=frappe.as_json(doc), method="bulk_update")


@path(STATE, "list")
def kanban_card(case):
	call(
		"frappe.desk.doctype.kanban_board.kanban_board.update_order",
		board_name=case.tools["Kanban Board"],
		order=json.dumps({case.state: [case.name]}),
	)


@path(STATE, "list")
def calendar_drop(case):
	args = {"doctype": case.doctype, "name": case.name, "status": case.state}
	field_map = {"start": "status", "end": "change_note"}
	call("frappe.desk.calendar.update_event", args=json.dumps(args), field_map=json.dumps(field_map))


# The framework's Workflow


@path(ACTION, "workflow")
def workflow_menu(case):
	call("frappe.model.workflow.apply_workflow", doc=json.dumps(case.sent()), action=case.action)


@path(ACTION, "workflow")
def workflow_in_bulk(case):
	call(
		"frappe.model.workflow.bulk_workflow_approval",
		docnames=json.dumps([case.name]),
		doctype=case.doctype,
		action=case.action,
	)


@path(ACTION, "workflow")
def workflow_link_in_a_mail(case):
	"""By whom it was sent to, signed in (for others: test_mail_links.py)."""
	params = {"action": case.action, "doctype": case.doctype, "docname": case.name, "user": case.user}
	call(
		"involvement_app.lifecycle.mail_links.confirm_action",
		verb="GET",
		query=get_signed_params(params),
		**params,
	)


# Import, Web Form, portal


@path(STATE, "import")
def data_import(case):
	run = frappe.get_doc("Data Import", case.tools["Data Import"])
	import_rows(case.doctype, [["ID", "Status"], [case.name, case.state]], run)


@path(STATE, "web form")
def web_form(case):
	data = json.dumps({"name": case.name, "status": case.state, "doctype": case.doctype})
	call("frappe.website.doctype.web_form.web_form.accept", web_form=case.tools["Web Form"], data=data)


def _page(address: str, **fields):
	def attempt(case):
		form(address.format(name=case.name), status=case.state, action=case.action, **fields)

	return attempt


for name, address, fields in (
	("portal_yes", "/take-part/my/offers/{name}", {"choice": "Full"}),
	("portal_no_thank_you", "/take-part/my/offers/{name}/no-thank-you", {}),
	("portal_leave", "/take-part/my/places/{name}/leave", {}),
	("portal_choice", "/take-part/my/places/{name}", {"choice": "Decline"}),
):
	PATHS.append(Path(name, BARE, "portal", _page(address, **fields)))
