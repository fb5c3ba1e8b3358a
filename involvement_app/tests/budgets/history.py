"""Earlier records, written straight into the tables: what a budget is tried against does not come through forms."""

import frappe


def copies(doctype: str, name: str, count: int, **changes) -> list[str]:
	"""`count` rows like the stored row `name`, with `changes` and without what is unique; their new names.

	Child rows are not copied."""
	row = frappe.db.get_value(doctype, name, "*", as_dict=True)
	for df in frappe.get_meta(doctype).fields:
		if df.unique:
			row[df.fieldname] = None
	row.update(changes)
	if not count:
		return []
	names = [f"{name}-{frappe.generate_hash(length=8)}" for _number in range(count)]
	frappe.db.bulk_insert(
		doctype, list(row), [tuple({**row, "name": new}.values()) for new in names], ignore_duplicates=False
	)
	return names


def bare_rows(doctype: str, count: int) -> None:
	"""`count` rows that hold nothing but a name and what is unique."""
	unique = [df.fieldname for df in frappe.get_meta(doctype).fields if df.unique]
	now = frappe.utils.now()
	rows = [
		(
			frappe.generate_hash(length=10),
			"Administrator",
			"Administrator",
			now,
			now,
			*(1000 + number for _f in unique),
		)
		for number in range(count)
	]
	frappe.db.bulk_insert(doctype, ["name", "owner", "modified_by", "creation", "modified", *unique], rows)
