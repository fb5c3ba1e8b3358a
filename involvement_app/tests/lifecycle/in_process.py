"""Requests inside a test: the framework's own entry points, with its commits and rollbacks kept within the test.

What a request commits is what a visitor can make last, so it is told apart from what was only written: a commit
moves the point to which a later rollback goes back, and a request that ends in an error is rolled back to it."""

import csv
import inspect
import itertools
import json
from contextlib import contextmanager
from pathlib import Path

import frappe
import frappe.api
import frappe.handler
from frappe.core.doctype.data_import.importer import Importer

from involvement_app.involvement_app.participants import forget_known

COMMITTED = "involvement_committed"
_number = itertools.count(1)
_addresses = itertools.count(1)
FLAGS = ("in_import", "in_web_form", "mute_emails", "signed_query_string")


@contextmanager
def one_request(user: str):
	"""As `user`. Raises nothing of the request's, what it raised is in the list that this answers; afterwards the
	database is as after the request's end. The session stays theirs for the next request: changing it is what takes
	the framework longest."""
	problems: list[Exception] = []
	become(user)
	commit, rollback = _taken_over()
	try:
		yield problems
		frappe.db.commit()  # a savepoint by now, see _taken_over
	except Exception as problem:
		problems.append(problem)
		frappe.db.rollback()
	finally:
		frappe.db.commit, frappe.db.rollback = commit, rollback
		_forget()
		become(user)


def become(user: str) -> None:
	if frappe.session.user != user:
		frappe.set_user(user)
	forget_known()


def _taken_over():
	commit, rollback = frappe.db.commit, frappe.db.rollback

	def until_here(*args, **kwargs):
		frappe.db.savepoint(COMMITTED)

	def back(*args, save_point=None, **kwargs):
		rollback(save_point=save_point or COMMITTED)

	frappe.db.savepoint(COMMITTED)
	frappe.db.commit, frappe.db.rollback = until_here, back
	return commit, rollback


def _forget() -> None:
	frappe.clear_messages()
	frappe.flags.currently_saving = []
	for flag in FLAGS:
		frappe.flags.pop(flag, None)
	frappe.local.form_dict = frappe._dict()
	if hasattr(frappe.local, "request"):
		del frappe.local.request


@contextmanager
def undone():
	"""Whatever is written inside is taken back."""
	savepoint = f"involvement_before_{next(_number)}"
	frappe.db.savepoint(savepoint)
	try:
		yield
	finally:
		frappe.db.rollback(save_point=savepoint)


def call(cmd: str, verb: str = "POST", query: str | None = None, **arguments):
	"""A whitelisted function, as a request reaches it: overrides, whitelist and HTTP method included. Each request
	comes from an address of its own, so that a limit by address refuses none of them."""
	frappe.utils.set_request(method=verb, path=f"/api/method/{cmd}", query_string=query)
	frappe.local.request_ip = f"test-{next(_addresses)}"
	frappe.local.response = frappe._dict(docs=[])
	frappe.local.form_dict = frappe._dict(arguments)
	return frappe.handler.execute_cmd(cmd)


def rest(method: str, path: str, data: dict | None = None):
	"""A request to /api/resource."""
	frappe.utils.set_request(
		method=method, path=path, data=json.dumps(data or {}, default=str), content_type="application/json"
	)
	frappe.local.response = frappe._dict(docs=[])
	frappe.local.form_dict = frappe._dict(data or {})
	takes_request = inspect.signature(frappe.api.handle).parameters
	return frappe.api.handle(frappe.request) if takes_request else frappe.api.handle()


def import_rows(doctype: str, rows: list[list], run) -> None:
	"""A table of words through `run`, a Data Import. Its log knows no transaction, and rows that it names are skipped
	the next time."""
	name = f"test-{frappe.generate_hash(length=10)}.csv"
	place = Path(frappe.get_site_path("private", "files", name))
	file = frappe.get_doc({"doctype": "File", "file_name": name, "file_url": f"/private/files/{name}"})
	file.update({"name": name, "is_private": 1})
	file.db_insert()
	try:
		with place.open("w", newline="") as sheet:
			csv.writer(sheet).writerows(rows)
		Importer(doctype, data_import=run, file_path=file.file_url).import_data()
	finally:
		place.unlink()
		frappe.db.delete("Data Import Log", {"data_import": run.name})


def form(path: str, **fields):
	"""A POST to a page of the portal, with the session's own token."""
	from involvement_app.portal import Renderer
	from involvement_app.portal.forms import FIELD

	frappe.session.data[FIELD] = "the session's token"
	frappe.utils.set_request(method="POST", path=path, data={FIELD: "the session's token", **fields})
	frappe.local.form_dict = frappe._dict(fields)
	return Renderer(path).render()
