"""What the forms ask for: the steps open to the reader, and taking one."""

import frappe
from frappe.utils import cstr

from involvement_app.lifecycle.declaration import all_lifecycles
from involvement_app.lifecycle.engine import actions, apply


@frappe.whitelist(methods=["GET"])
def steps(doctype: str, name: str) -> list[dict]:
	"""[{action, to}] for the reader on this document. Raises PermissionError where they may not read it."""
	doc = frappe.get_doc(cstr(doctype), cstr(name))
	doc.check_permission("read")
	return [{"action": step.action, "to": step.to} for step in actions(doc)]


@frappe.whitelist(methods=["POST"])
def take(doctype: str, name: str, action: str) -> str:
	"""Take the step; answers the new status. Raises PermissionError, TransitionError."""
	doc = frappe.get_doc(cstr(doctype), cstr(name), for_update=True)
	doc.check_permission("read")
	return apply(doc, cstr(action)).status


def boot(bootinfo) -> None:
	"""Doctypes whose buttons come from `lifecycle` (the others have a Workflow)."""
	bootinfo.involvement_lifecycles = [life.doctype for life in all_lifecycles() if not life.workflow]
