"""Who holds a role and can sign in."""

import frappe


def holders(*roles: str):
	"""The names of enabled users with one of `roles`, as a query: for a sub-select, or `.run(pluck=True)`."""
	held, user = frappe.qb.DocType("Has Role"), frappe.qb.DocType("User")
	return (
		frappe.qb.from_(held)
		.join(user)
		.on((user.name == held.parent) & (held.parenttype == "User"))
		.select(user.name)
		.distinct()
		.where((user.enabled == 1) & held.role.isin(roles))
	)
