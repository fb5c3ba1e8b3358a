"""Files that are attached by their address."""

import frappe
from frappe import _


def own_private_file(url: str, attached_to: tuple[str, str] | None = None) -> str:
	"""The address of the file to use, made private: what is attached to our records is about people. Raises
	PermissionError for a file the session user neither uploaded nor may read (nor finds attached to the record
	`attached_to`): giving an address must not open somebody else's file."""
	found = frappe.get_all("File", filters={"file_url": url}, pluck="name")  # each is asked below
	# one by one: the few files of one content, each asked for its own rights
	files = [frappe.get_doc("File", file) for file in found]
	own = (file for file in files if file.owner == frappe.session.user or _hangs_on(file, attached_to))
	file = next(own, None) or next((f for f in files if f.is_private and f.has_permission("read")), None)
	if not file:
		frappe.throw(_("File: upload the file here instead of giving an address."), frappe.PermissionError)
	if not file.is_private:
		file.is_private = 1
		file.save(ignore_permissions=True)  # the reader's own upload, or this record's
	return file.file_url


def _hangs_on(file, record: tuple[str, str] | None) -> bool:
	return bool(record and record[1]) and (file.attached_to_doctype, file.attached_to_name) == record
