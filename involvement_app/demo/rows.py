"""Every row the demonstration makes, remembered while it is made and taken away again.

The memory is a file among the site's private ones: it is not data, and a backup without files may lose it.
Bounded: rows that the demonstration made, and what hangs on them; read and deleted by a command on the server."""

import json
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path

import frappe
from frappe.model.base_document import BaseDocument
from frappe.sessions import clear_sessions
from frappe.utils.password import delete_all_passwords_for

from involvement_app.setup import leftovers

# what hangs on a record by its name: (doctype, field of the doctype, field of the name)
HANGERS = (
	("Version", "ref_doctype", "docname"),
	("Comment", "reference_doctype", "reference_name"),
	("Communication", "reference_doctype", "reference_name"),
	("File", "attached_to_doctype", "attached_to_name"),
	("Activity Log", "reference_doctype", "reference_name"),
	("View Log", "reference_doctype", "reference_name"),
	("Notification Log", "document_type", "document_name"),
	("Workflow Action", "reference_doctype", "reference_name"),
	("ToDo", "reference_type", "reference_name"),
	("DocShare", "share_doctype", "share_name"),
	("Consent Record", "person_doctype", "person"),
	("Sensitive Access Log", "person_doctype", "person"),
	("Involvement Message", "reference_doctype", "reference_name"),
	("Involvement Message", "recipient_doctype", "recipient"),
)
KNOWN_SERIES = "counters that were there before"
OURS = ("Involvement App", "Involvement Payments", "Involvement Privacy")


class NothingLoaded(Exception):
	pass


def memory() -> Path:
	return Path(frappe.get_site_path("private", "involvement-demo.json"))


@contextmanager
def remembered():
	"""Inside, every inserted row is noted; afterwards the notes are on disk. Answers doctype → names."""
	made: dict[str, list[str]] = defaultdict(list)
	known = [name for (name,) in _series()]
	insert = BaseDocument.db_insert

	def noting(self, *args, **kwargs):
		answer = insert(self, *args, **kwargs)
		made[self.doctype].append(self.name)
		return answer

	BaseDocument.db_insert = noting
	try:
		yield made
	finally:
		BaseDocument.db_insert = insert
	memory().write_text(json.dumps({**made, KNOWN_SERIES: known}))


def remove() -> int:
	"""Take away what was made, and what somebody tried out on it since. Returns the number of rows."""
	if not memory().exists():
		raise NothingLoaded
	made = {doctype: set(names) for doctype, names in json.loads(memory().read_text()).items()}
	known_series = made.pop(KNOWN_SERIES)
	_add_what_was_tried_out(made)
	_add_hangers(made)
	count = sum(_delete(doctype, names) for doctype, names in made.items())
	for user in made.get("User", ()):
		_forget_user(user)
	_forget_series(known_series)
	memory().unlink()
	frappe.clear_cache()
	return count


def _forget_user(user: str) -> None:
	"""What Frappe keeps about a user outside its row. (Its own deletion asks for a System Manager to stay.)"""
	delete_all_passwords_for("User", user)
	clear_sessions(user, force=True)
	frappe.db.delete("Notification Settings", {"name": user})
	frappe.db.delete("DefaultValue", {"parent": user})
	frappe.db.delete("User Permission", {"user": user})


def _add_what_was_tried_out(made: dict[str, set]) -> None:
	"""Rows of ours that link to a removed row, until none is added; and the Contacts Frappe makes for users."""
	links = _links_between_ours()
	added = True
	while added:
		added = False
		for doctype, fieldname, target in links:
			targets = made.get(target)
			if not targets:
				continue
			found = set(frappe.get_all(doctype, {fieldname: ["in", list(targets)]}, pluck="name", limit=0))
			if new := found - made.get(doctype, set()):
				made.setdefault(doctype, set()).update(new)
				added = True
	users = list(made.get("User", ())) or [""]
	made.setdefault("Contact", set()).update(frappe.get_all("Contact", {"user": ["in", users]}, pluck="name"))
	for doctype in list(made):
		for df in frappe.get_meta(doctype).get_table_fields():
			rows = frappe.get_all(
				df.options, {"parenttype": doctype, "parent": ["in", list(made[doctype])]}, pluck="name"
			)
			made.setdefault(df.options, set()).update(rows)


def _links_between_ours() -> list[tuple[str, str, str]]:
	ours = frappe.get_all(
		"DocType", {"module": ["in", OURS], "istable": 0, "issingle": 0}, pluck="name"
	)  # our own files
	return [
		(doctype, df.fieldname, df.options)
		for doctype in ours
		for df in frappe.get_meta(doctype).get_link_fields()
		if df.options in ours
	]


def _add_hangers(made: dict[str, set]) -> None:
	for doctype, names in list(made.items()):
		for hanger, type_field, name_field in HANGERS:
			found = frappe.get_all(
				hanger, {type_field: doctype, name_field: ["in", list(names) or [""]]}, pluck="name"
			)
			if found:
				made.setdefault(hanger, set()).update(found)


def _delete(doctype: str, names: set) -> int:
	if not names:
		return 0
	if doctype == "File":
		for name in names:
			frappe.delete_doc("File", name, force=True, ignore_missing=True, delete_permanently=True)
		return len(names)
	frappe.db.delete(doctype, {"name": ["in", list(names)]})
	return len(names)


def _series():
	series = frappe.qb.DocType("Series")
	return frappe.qb.from_(series).select(series.name).run()


def _forget_series(known: set) -> None:
	"""A counter that was not there before, and whose documents are all gone, goes too."""
	ours = leftovers.series().items()
	leftovers.forget_series(
		prefix for prefix, doctype in ours if prefix not in known and not frappe.db.count(doctype)
	)
