"""Our doctypes, from the site itself: one that is added is planted and crawled, or fails the harness."""

from functools import cache

import frappe


@cache
def our_doctypes() -> list[str]:
	modules = frappe.get_all("Module Def", {"app_name": "involvement_app"}, pluck="name")
	return frappe.get_all(
		"DocType", {"module": ["in", modules], "is_virtual": 0, "custom": 0}, pluck="name", order_by="name"
	)


@cache
def singles() -> set[str]:
	return {doctype for doctype in our_doctypes() if frappe.get_meta(doctype).issingle}


@cache
def child_doctypes() -> list[str]:
	return [doctype for doctype in our_doctypes() if frappe.get_meta(doctype).istable]


@cache
def main_doctypes() -> list[str]:
	return [doctype for doctype in our_doctypes() if not frappe.get_meta(doctype).istable]


@cache
def parents_of(child: str) -> list[str]:
	return [
		doctype
		for doctype in main_doctypes()
		if any(df.options == child for df in frappe.get_meta(doctype).get_table_fields())
	]


def forget() -> None:
	"""A new world: doctypes may have come or gone."""
	for each in (our_doctypes, singles, child_doctypes, main_doctypes, parents_of):
		each.cache_clear()
