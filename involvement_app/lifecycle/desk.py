"""What the forms ask for: the steps open to the reader, and taking one."""

import frappe
from frappe.utils import cstr

from involvement_app.lifecycle.declaration import all_lifecycles, of
from involvement_app.lifecycle.engine import actions, apply
from involvement_app.lifecycle.retries import retry_on_deadlock


@frappe.whitelist(methods=["GET"])
def steps(doctype: str, name: str) -> list[dict]:
	"""[{action, to, asks, warns}] for the reader on this document. Raises PermissionError where they may not read
	it."""
	doc = _opened(doctype, name)
	return [
		{"action": step.action, "to": step.to, "asks": step.asks, "warns": step.warns}
		for step in actions(doc)
	]


@frappe.whitelist(methods=["POST"])
@retry_on_deadlock
def take(doctype: str, name: str, action: str, words: str | None = None) -> str:
	"""Take the step, with the words for the field it asks for; answers the new status. Raises PermissionError,
	TransitionError."""
	doc = _opened(doctype, name)
	service, asked = of(doc.doctype).services.get(cstr(action)), _asked(doc, cstr(action), words)
	if service:
		doc.update(asked)
		frappe.get_attr(service)(doc)
	else:
		apply(doc, cstr(action), **asked)
	return frappe.db.get_value(doc.doctype, doc.name, "status")


def _opened(doctype: str, name: str):
	"""Raises PermissionError, for a doctype without a lifecycle too."""
	if doctype not in frappe.get_hooks("involvement_lifecycles"):
		raise frappe.PermissionError
	doc = frappe.get_doc(doctype, cstr(name))
	doc.check_permission("read")
	return doc


def _asked(doc, action: str, words: str | None) -> dict:
	step = next((step for step in of(doc.doctype).leaving(doc.status) if step.action == action), None)
	return {step.asks: cstr(words)} if step and step.asks and words else {}


def boot(bootinfo) -> None:
	"""Doctypes whose buttons come from `lifecycle` (the others have a Workflow)."""
	bootinfo.involvement_lifecycles = [life.doctype for life in all_lifecycles() if not life.workflow]
