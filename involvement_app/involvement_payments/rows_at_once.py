"""The rows of a large document, written all at once (domain 5.1: 5,000 payments locked and written in 20 seconds).

Frappe writes a statement for each row at each save, whether it changed or not. Here a save costs one statement for what
all rows share (their docstatus, who saved them and when), one for each CHUNK of those that are new, and one for each of
those that differ. Which rows are new, `ServerManagedDocument.set_name_in_children` has said; those are inserted and no
more: a name that is in use is refused by the database."""

from itertools import islice

import frappe
from frappe.model.naming import set_new_name
from pypika.terms import Values

CHUNK = 1000
SHARED = ("docstatus", "modified", "modified_by")
FIRST = ("name", "creation", "owner")  # written once


def write(doc, fieldname: str) -> None:
	"""The rows of the table `fieldname` as `doc` says, in the place of Frappe's `update_child_table`: inserted, changed,
	taken away. `doc` is being saved, so its own row is locked."""
	before = doc.get_doc_before_save()
	stored = {row.name: row for row in before.get(fieldname)} if before else {}
	rows = doc.get(fieldname)
	new = [row for row in rows if row.name not in stored]
	_delete(doc, fieldname, stored.keys() - {row.name for row in rows})
	if stored:
		_share(doc, fieldname)
	_put(doc, fieldname, [row for row in rows if _differs(row, stored)], there=True)
	_put(doc, fieldname, [_named(row) for row in new])


def _delete(doc, fieldname: str, names: set[str]) -> None:
	if names:
		# bounded to rows of the document that is being saved
		frappe.db.delete(_child(doc, fieldname), {"parent": doc.name, "name": ["in", sorted(names)]})


def _share(doc, fieldname: str) -> None:
	table = frappe.qb.DocType(_child(doc, fieldname))
	query = frappe.qb.update(table)  # bounded to rows of the document that is being saved
	for column in SHARED:
		query = query.set(table[column], doc.get(column))
	query.where(
		(table.parent == doc.name) & (table.parenttype == doc.doctype) & (table.parentfield == fieldname)
	).run()


def _differs(row, stored: dict) -> bool:
	old = stored.get(row.name)
	return bool(old) and old is not row and _values(row) != _values(old)


def _named(row):
	if not row.name:  # a rule of the document has just added it
		set_new_name(row)
	return row


def _values(row) -> dict:
	values = row.get_valid_dict(convert_dates_to_str=True, ignore_virtual=True)
	return {column: value for column, value in values.items() if column not in (*SHARED, *FIRST)}


def _put(doc, fieldname: str, rows: list, there: bool = False) -> None:
	table = frappe.qb.DocType(_child(doc, fieldname))
	left = iter(rows)
	# one by one: a thousand rows each
	while chunk := list(islice(left, CHUNK)):
		values = [row.get_valid_dict(convert_dates_to_str=True, ignore_virtual=True) for row in chunk]
		columns = list(values[0])
		# bounded to rows of the document that is being saved
		query = frappe.qb.into(table).columns(columns).insert(*(tuple(each.values()) for each in values))
		for column in columns:
			if there and column not in FIRST:
				query = query.on_duplicate_key_update(table[column], Values(column))
		query.run()
	for row in rows:
		row.set("__islocal", False)


def _child(doc, fieldname: str) -> str:
	return doc.meta.get_field(fieldname).options
