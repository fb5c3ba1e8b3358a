"""What somebody who is not signed in is told of a document they may not read: the same, whether or not there is one.

Frappe looks for a document before it asks who wants it, so its error tells a stranger whether an e-mail address has
a login here, or whether the CRM holds somebody of a name. `run_doc_method` tells anybody when a document was last
changed: here nobody who may not read it. One of `after_request`: by then every way of signing in has been tried."""

from urllib.parse import quote

import frappe
from frappe.utils import cstr
from werkzeug.wrappers import Response

TELLING = (403, 404, 417, 500)
REST = ("resource", "document")
PRINT = "printview"
RUN_METHOD = ("run_doc_method", "runserverobj")
# how Frappe's functions call it
DOCTYPE = ("doctype", "dt", "reference_doctype")
# forms for guests, whose errors are theirs to read
FORMS = ("upload_file", "frappe.handler.upload_file", "frappe.website.doctype.web_form.")


def after_request(response: Response | None = None, request=None) -> None:
	if not (response and request) or response.status_code not in TELLING:
		return
	steps = request.path.strip("/").split("/")
	command = cstr(frappe.local.form_dict.get("cmd") or (steps[-1] if steps[0] == "api" else ""))
	if not _is_guest() and command.rsplit(".", 1)[-1] not in RUN_METHOD:
		return
	doctype, name = _named(steps, command)
	if doctype and not _may_read(doctype, name):
		_refuse(response, request)


def _is_guest() -> bool:
	session = getattr(frappe.local, "session", None)
	return bool(session) and session.user == "Guest"


def _named(steps: list[str], command: str) -> tuple[str | None, str | None]:
	"""The doctype of which the request names a document; with its name where it sends the document itself."""
	sent = frappe.local.form_dict
	if steps[0] == "api" and any(word in steps[1:3] for word in REST):
		place = next(place for place, step in enumerate(steps) if step in REST) + 1
		return (steps[place], None) if len(steps) > place + 1 else (None, None)
	if not (command or steps[0] == PRINT) or command.startswith(FORMS):
		return None, None
	document = _document(sent.get("docs"))
	if document.get("doctype"):
		return cstr(document["doctype"]), cstr(document.get("name"))
	return cstr(next((sent[key] for key in DOCTYPE if sent.get(key)), "")), None


def _document(docs) -> dict:
	try:
		found = frappe.parse_json(docs)
	except ValueError:
		found = None
	return found if isinstance(found, dict) else {}


def _may_read(doctype: str, name: str | None) -> bool:
	if not (frappe.db.exists("DocType", doctype) and frappe.has_permission(doctype, "read")):
		return False
	return not (name and frappe.db.exists(doctype, name)) or frappe.has_permission(doctype, "read", name)


def _refuse(response: Response, request) -> None:
	response.headers.clear()
	if request.path.startswith(f"/{PRINT}"):
		response.status_code = 302
		response.headers["Location"] = f"/login?redirect-to={quote(request.full_path)}"
		response.set_data(b"")
	else:
		response.status_code = 403
		response.headers["Content-Type"] = "application/json"
		response.set_data(b'{"exc_type":"PermissionError"}')
