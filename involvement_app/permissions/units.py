"""A staff member's units: User Permissions on Involvement Unit, a group standing for all below it, unless the
User Permission hides what is below."""

import frappe


def is_limited(user: str) -> bool:
	"""Whether `user` is limited to some units. Read from Frappe's per-user cache."""
	from frappe.core.doctype.user_permission.user_permission import get_user_permissions

	return bool(get_user_permissions(user).get("Involvement Unit"))


def permitted(user: str):
	"""Sub-select of the unit names `user` may see (meant for a user who is limited)."""
	permission = frappe.qb.DocType("User Permission")
	top = frappe.qb.DocType("Involvement Unit").as_("top")
	unit = frappe.qb.DocType("Involvement Unit").as_("below")
	return (
		frappe.qb.from_(permission)
		.join(top)
		.on(top.name == permission.for_value)
		.join(unit)
		.on((unit.lft >= top.lft) & (unit.rgt <= top.rgt))
		.select(unit.name)
		.where((permission.user == user) & (permission.allow == "Involvement Unit"))
		# “Hide Descendants” on the User Permission: that unit and nothing below it
		.where((permission.hide_descendants == 0) | (unit.name == top.name))
	)


def has_a_permitted_unit(user: str, parent, child_doctype: str):
	"""Criterion: `parent` has a row in its units table that `user` may see."""
	row = frappe.qb.DocType(child_doctype)
	return parent.name.isin(frappe.qb.from_(row).select(row.parent).where(row.unit.isin(permitted(user))))
