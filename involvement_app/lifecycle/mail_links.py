"""The links in Frappe's own workflow mails, for our doctypes (hook `override_whitelisted_methods`).

Frappe takes the step for whoever opens the link, signed in or not: a mail that is passed on, or read at an unlocked
desk, approves in somebody's name. Here the link leads to signing in, then to Frappe's page that asks once more, and the
step is taken by the person who is signed in, if the mail was theirs; for somebody else it opens the form, where their own
rights count. What we ship sends no such mails; a site may switch them on.
"""

from urllib.parse import quote

import frappe
from frappe.utils import get_url_to_form
from frappe.utils.verified_command import verify_request
from frappe.workflow.doctype.workflow_action import workflow_action


@frappe.whitelist(allow_guest=True, methods=["GET"])
def apply_action(
	action: str,
	doctype: str,
	docname: str,
	current_state: str,
	user: str | None = None,
	last_modified: str | None = None,
) -> None:
	"""Instead of workflow_action.apply_action: the page that asks once more."""
	if not _is_ours(doctype) or _may_go_on(doctype, docname, user):
		workflow_action.apply_action(action, doctype, docname, current_state, user, last_modified)


@frappe.whitelist(allow_guest=True, methods=["GET"])
def confirm_action(doctype: str, docname: str, user: str, action: str) -> None:
	"""Instead of workflow_action.confirm_action: the step itself."""
	if not _is_ours(doctype) or _may_go_on(doctype, docname, user):
		workflow_action.confirm_action(doctype, docname, user, action)


def _is_ours(doctype: str) -> bool:
	return doctype in frappe.get_hooks("involvement_lifecycles")


def _may_go_on(doctype: str, docname: str, user: str | None) -> bool:
	"""Whoever is signed in is whom the mail was for. Answers the request itself where not."""
	if not verify_request():
		return False  # which has said so
	if frappe.session.user == "Guest":
		address = frappe.safe_decode(frappe.request.full_path).rstrip("?")
		_send_to("/login?redirect-to=" + quote(address, safe=""))
		return False
	if user and frappe.session.user != user:
		_send_to(get_url_to_form(doctype, docname))
		return False
	return True


def _send_to(address: str) -> None:
	frappe.local.response.update({"type": "redirect", "location": address})
