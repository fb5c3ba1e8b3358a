"""The one way to read a sensitive record (architecture law 7, domain 4.2, 4.11).

A sensitive doctype gives no right to anybody and shows no row to anybody. What it holds is read here, by whom
its own declaration allows, for a reason that is written down: a row of Sensitive Access Log for every attempt,
in the same transaction as the reading. Declarations stand beside the doctype, under the hook
`involvement_sensitive`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr, now_datetime

from involvement_app import lifecycle

READ, REFUSED = "Read", "Refused"
SHORTEST_REASON, LONGEST_REASON = 3, 500


@dataclass(frozen=True)
class Sensitive:
	"""`fields` that are handed out; `person` (doctype, name) whom a document is about; `may_read` whether the
	user may have it now; `opened`: the fields' values where the document holds them sealed."""

	fields: tuple[str, ...]
	person: Callable[[Document], tuple[str, str]]
	may_read: Callable[[str, Document], bool]
	opened: Callable[[Document], dict] | None = None


def declarations() -> dict[str, str]:
	"""{doctype: path of its declaration}"""
	return {doctype: paths[-1] for doctype, paths in frappe.get_hooks("involvement_sensitive").items()}


def of(doctype: str) -> Sensitive | None:
	path = declarations().get(doctype)
	return frappe.get_attr(path) if path else None


@frappe.whitelist(methods=["POST"])
def read(doctype: str, name: str, reason: str) -> dict:
	"""{values: {field: value}}, or {refused: sentence} with status 403, the same for a record that is not there.

	A refusal is answered, not raised: Frappe would roll the row of the log back with it."""
	values = look_up(doctype, name, reason)
	if values is None:
		frappe.response["http_status_code"] = 403
		return {"refused": _("You cannot read this. That you asked has been written down.")}
	return {"values": values}


def look_up(doctype: str, name: str, reason: str) -> dict | None:
	"""The fields of a sensitive document for the session user, None when they may not have them. Writes the log
	either way. Raises ValidationError without a reason, PermissionError for a doctype that is not sensitive."""
	doctype, name = cstr(doctype), cstr(name)[:140]
	declaration = of(doctype)
	if not declaration:
		raise frappe.PermissionError
	reason = _reason(reason)
	# no right is asked: nobody holds one; `may_read` decides
	doc = frappe.get_doc(doctype, name) if frappe.db.exists(doctype, name) else None
	allowed = bool(doc) and declaration.may_read(frappe.session.user, doc)
	_log(doctype, name, reason, allowed, declaration, doc)
	if not allowed:
		return None
	values = declaration.opened(doc) if declaration.opened else doc
	return {fieldname: values.get(fieldname) for fieldname in declaration.fields}


def log_many(
	document: tuple[str, str], reason: str, fields: tuple[str, ...], person: tuple[str, str] | None = None
) -> None:
	"""One row for a reading of many records at once, or of a file; `document` (doctype, name): what they are read for, and
	where one sees whose they were. The caller has asked whether the user may."""
	_write_down(*document, reason, True, person, fields)


def _reason(text: str) -> str:
	reason = " ".join(cstr(text).split())[:LONGEST_REASON]
	if len(reason) < SHORTEST_REASON:
		frappe.throw(_("Why: say in a few words what you need it for. It is written down."))
	return reason


def _log(doctype: str, name: str, reason: str, allowed: bool, declaration: Sensitive, doc) -> None:
	person = declaration.person(doc) if doc else None
	_write_down(doctype, name, reason, allowed, person, declaration.fields)


def _write_down(doctype: str, name: str, reason: str, allowed: bool, person, fields: tuple[str, ...]) -> None:
	person_doctype, person = person or (None, None)
	entry = frappe.new_doc("Sensitive Access Log")
	entry.update(
		{
			"user": frappe.session.user,
			"acting_as": _impersonator(),
			"read_on": now_datetime(),
			"outcome": READ if allowed else REFUSED,
			"reason": reason,
			"document_type": doctype,
			"document_name": name,
			"person_doctype": person_doctype,
			"person": person,
			"fields_read": ", ".join(fields) if allowed else None,
		}
	)
	with lifecycle.server_side():
		entry.insert(ignore_permissions=True)  # nobody holds `create`: the log is written here alone


def _impersonator() -> str | None:
	"""Newer Frappe lets an administrator use somebody's account; the log names them too."""
	return (frappe.session.get("data") or {}).get("impersonated_by")
