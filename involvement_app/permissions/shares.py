"""What Frappe does around its rights, and we do not: a record of ours is opened to nobody beside the criterion.

A share grants read over a denying `has_permission`, and assigning shares with whoever may not read.
`involvement_unshared` lists our doctypes. (Following, tags and files: `attached.py`.)"""

import frappe
from frappe import _

from involvement_app.permissions.attached import is_of_our_modules


def refuse_share(doc, method=None) -> None:
	"""DocShare before_validate: from anybody, before Frappe asks for its own right to share."""
	if _is_ours(doc.share_doctype):
		frappe.throw(
			_("{0} cannot be shared. Ask an Involvement Manager for access.").format(_(doc.share_doctype)),
			frappe.PermissionError,
		)


def refuse_assignment(doc, method=None) -> None:
	"""ToDo before_validate: assigned by and to people who may read the record, whatever makes the ToDo."""
	if not (is_of_our_modules(doc.reference_type) and doc.reference_name and _is_new_assignment(doc)):
		return
	record = _(doc.reference_type)
	if not _may_read(doc, frappe.session.user):
		frappe.throw(_("You may not read this {0}.").format(record), frappe.PermissionError)
	if not _may_read(doc, doc.allocated_to):
		frappe.throw(
			_(
				"{0} may not read this {1}, so it cannot be assigned to them. Ask an Involvement Manager for access first."
			).format(doc.allocated_to, record),
			frappe.PermissionError,
		)


def _is_ours(doctype: str | None) -> bool:
	return bool(doctype) and doctype in frappe.get_hooks("involvement_unshared")


def _is_new_assignment(doc) -> bool:
	before = doc.get_doc_before_save()
	fields = ("reference_type", "reference_name", "allocated_to")
	return not before or any(doc.get(field) != before.get(field) for field in fields)


def _may_read(doc, user: str | None) -> bool:
	return not user or bool(
		frappe.has_permission(doc.reference_type, "read", doc=doc.reference_name, user=user)
	)
