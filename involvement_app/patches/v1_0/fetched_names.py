import frappe
from frappe.query_builder.functions import Coalesce

FETCHED = "participant.preferred_name"


def execute():
	"""Rows whose name of the person was put back to nothing when it was fetched: it is read again, so that lists show
	whose they are. Nothing else of the row changes, nor when it was last changed. Bounded: where it is empty."""
	modules = frappe.get_module_list("involvement_app")
	fields = frappe.get_all(
		"DocField",
		{"fetch_from": FETCHED, "parenttype": "DocType"},
		["parent", "fieldname"],
	)
	ours = set(frappe.get_all("DocType", {"module": ["in", modules]}, pluck="name"))
	# one by one: each is a table of its own
	for field in fields:
		if field.parent in ours:
			_read_again(field.parent, field.fieldname)


def _read_again(doctype: str, fieldname: str) -> None:
	table, person = frappe.qb.DocType(doctype), frappe.qb.DocType("Involvement Participant")
	name = frappe.qb.from_(person).select(person.preferred_name).where(person.name == table.participant)
	empty = table[fieldname].isnull() | (table[fieldname] == "")
	somebody = table.participant.isnotnull() & (table.participant != "")
	# bounded to rows of somebody whose name is missing there
	frappe.qb.update(table).set(table[fieldname], Coalesce(name, "")).where(empty & somebody).run()
