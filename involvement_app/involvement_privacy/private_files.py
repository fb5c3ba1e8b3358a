"""A private file that is fetched by its address, past our own buttons: who fetched it is in the access log, and who may not
read the record it hangs on gets nothing (architecture law 7; domain 4.11).

Frappe hands a file to whoever uploaded it, for ever, and to whoever may read the record; it notes that in a log of its own
that is emptied. The hook `involvement_logged_files` names doctypes whose files are more than that: bank files with accounts,
receipts, signed slips. One of `after_request`: by then every way of signing in has been tried."""

import frappe
from werkzeug.wrappers import Response

from involvement_app.involvement_privacy import sensitive
from involvement_app.permissions.attached import may_read_files_of

HOOK = "involvement_logged_files"
FOLDER = "/private/files/"
COMMAND = "download_file"
REASON = "Fetched by its address: {0}"


def after_request(response: Response | None = None, request=None) -> None:
	if not (response and request) or response.status_code >= 300:
		return
	url = _asked_for(request)
	if not url:
		return
	try:
		refused = _refused(url)
	except Exception:
		_refuse(response)  # Frappe goes on where a hook fails: not with a file that nobody wrote down
		raise
	if refused:
		_refuse(response)


def _asked_for(request) -> str | None:
	if request.path.startswith(FOLDER):
		return request.path
	command = frappe.local.form_dict.get("cmd") or request.path.rsplit("/", 1)[-1]
	if str(command).rsplit(".", 1)[-1] == COMMAND:
		return frappe.local.form_dict.get("file_url")
	return None


def _refused(url: str) -> bool:
	"""Whether `url` hangs on our records alone and the session user may read none of them."""
	rows = frappe.get_all(  # each record is asked below
		"File",
		{"file_url": url, "is_private": 1},
		["name", "attached_to_doctype", "attached_to_name"],
	)
	ours = [row for row in rows if row.attached_to_doctype in frappe.get_hooks(HOOK)]
	# one by one: the few records that one content hangs on
	readable = next((row for row in ours if _may_read(row)), None)
	if readable:
		_write_down(readable, url)
	return bool(ours) and not readable and len(ours) == len(rows)


def _may_read(row) -> bool:
	return may_read_files_of(row.attached_to_doctype, row.attached_to_name)


def _write_down(row, url: str) -> None:
	document = (row.attached_to_doctype, row.attached_to_name)
	sensitive.log_many(document, REASON.format(url.rsplit("/", 1)[-1]), ("file",), _person(*document))
	frappe.db.commit()  # the file leaves the house with this answer, and Frappe keeps nothing of a GET


def _person(doctype: str, name: str) -> tuple[str, str] | None:
	field = frappe.get_meta(doctype).get_field("participant")
	if not field or field.fieldtype != "Link":
		return None
	# of the record that the reader may read
	return field.options, frappe.db.get_value(doctype, name, field.fieldname)


def _refuse(response: Response) -> None:
	response.headers.clear()
	response.direct_passthrough = False
	response.status_code = 403
	response.headers["Content-Type"] = "application/json"
	response.set_data(b'{"exc_type":"PermissionError"}')
