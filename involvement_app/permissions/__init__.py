"""Who may see which rows: one criterion per doctype, behind the list and the document alike (law 2).

Beside a doctype, `criterion.py` holds

	def criterion(user, roles, table): ...      # a pypika criterion, or EVERYTHING, or NOTHING
	conditions, has_permission = permissions.pair("Involvement Participant", criterion)

and hooks.py names both functions. Roles come from the matrix (`matrix.json`, reviewed; every DocType
JSON is compared with it), rows from the criterion. What has neither is shown to nobody (`involvement_app/catalogue.py`).
"""

from collections.abc import Callable
from typing import Any

import frappe
from pypika.terms import Criterion, ValueWrapper

from involvement_app.permissions import columns, units
from involvement_app.setup.roles import DESK_ROLES

Rule = Callable[[str, set[str], Any], Criterion]
EVERYTHING = ValueWrapper(1) == ValueWrapper(1)
NOTHING = ValueWrapper(1) == ValueWrapper(0)


# rights that show a document and change nothing
READING = {None, "read", "select", "report", "export", "print", "email"}


def pair(doctype: str, criterion: Rule, change: Rule | None = None) -> tuple[Callable, Callable]:
	"""(permission_query_conditions, has_permission) for `doctype`, both from `criterion`. `change` narrows
	the rows a person may write, submit, cancel or delete, where those are fewer than they may read."""

	def conditions(user: str | None = None, **kwargs) -> str:
		user = user or frappe.session.user
		if user == "Administrator":
			return ""
		columns.refuse_hidden(doctype, user)
		# Frappe takes an empty answer for "no restriction", so NOTHING is spelled out as 1=0
		return _sql(_rule(doctype, criterion, user, frappe.qb.DocType(doctype)))

	def has_permission(doc, ptype=None, user=None, **kwargs) -> bool:
		user = user or frappe.session.user
		if user == "Administrator" or ptype == "create" or doc.is_new():
			return (
				True  # no opinion on a row that is not there yet: DocPerm decides, the controller validates
			)
		if ptype == "write" and doc.flags.asked_again:
			return True  # the same question for submit or cancel follows within this save (lifecycle.apply)
		table = frappe.qb.DocType(doctype)
		applies = criterion if ptype in READING or not change else change
		rule = _rule(doctype, applies, user, table)
		if rule is EVERYTHING or rule is NOTHING:
			return rule is EVERYTHING
		return bool(
			frappe.qb.from_(table).select(table.name).where(table.name == doc.name).where(rule).limit(1).run()
		)

	return conditions, has_permission


def child_conditions(child: str, parent: str, criterion: Rule) -> Callable:
	"""permission_query_conditions for the rows of a child table: those of the parents the reader may see."""

	def conditions(user: str | None = None, **kwargs) -> str:
		user = user or frappe.session.user
		if user == "Administrator":
			return ""
		columns.refuse_hidden(child, user)
		row, table = frappe.qb.DocType(child), frappe.qb.DocType(parent)
		seen = frappe.qb.from_(table).select(table.name).where(_rule(parent, criterion, user, table))
		return _sql(row.parent.isin(seen))

	return conditions


def _rule(doctype: str, criterion: Rule, user: str, table) -> Criterion:
	"""The criterion, within the reader's units where they are limited to some: asked of the stored row, because
	Frappe's own check reads the document as it was sent."""
	rule = criterion(user, set(frappe.get_roles(user)), table)
	if rule is NOTHING or not units.is_limited(user):
		return rule
	df = frappe.get_meta(doctype).get_field("unit")
	if not df or df.options != "Involvement Unit":
		return rule
	# as with Frappe's own User Permissions, a row that names no unit is fenced by nothing
	return rule & (table.unit.isin(units.permitted(user)) | table.unit.isnull() | (table.unit == ""))


def _sql(criterion: Criterion) -> str:
	return criterion.get_sql(with_namespace=True, quote_char="`", secondary_quote_char="'")


def roles_of(user: str | None = None) -> set[str]:
	return set(frappe.get_roles(user or frappe.session.user))


def undeclared_conditions(user: str | None = None, **kwargs) -> str:
	"""The list of a doctype that nobody has declared: empty."""
	return "" if (user or frappe.session.user) == "Administrator" else _sql(NOTHING)


def undeclared_has_permission(doc, ptype=None, user=None, **kwargs) -> bool:
	"""A document of such a doctype: nothing, not even a new one."""
	return (user or frappe.session.user) == "Administrator"


def has_app_permission() -> bool:
	"""Whether the app's tile is shown: for staff with one of our desk roles."""
	return bool(DESK_ROLES & roles_of())
