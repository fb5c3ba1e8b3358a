"""Our doctypes, from the site itself: one that is added is planted and crawled, or fails the harness."""

import frappe


def our_doctypes() -> list[str]:
	modules = frappe.get_all("Module Def", {"app_name": "involvement_app"}, pluck="name")
	return frappe.get_all(
		"DocType", {"module": ["in", modules], "is_virtual": 0, "custom": 0}, pluck="name", order_by="name"
	)


def singles() -> set[str]:
	return {doctype for doctype in our_doctypes() if frappe.get_meta(doctype).issingle}


def child_doctypes() -> list[str]:
	return [doctype for doctype in our_doctypes() if frappe.get_meta(doctype).istable]


def main_doctypes() -> list[str]:
	return [doctype for doctype in our_doctypes() if not frappe.get_meta(doctype).istable]


def parents_of(child: str) -> list[str]:
	return [
		doctype
		for doctype in main_doctypes()
		if any(df.options == child for df in frappe.get_meta(doctype).get_table_fields())
	]
