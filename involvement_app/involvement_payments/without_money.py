"""Finance mode None: no money is paid through this site, and the desk does not speak of it (domain 4.6, hand-over None). The
workspace goes, reports are empty, forms hide their fields (`public/js/people/without_money.js`).

What was kept before stays in its tables, for erasure, retention, what a person asks to see, and for the day the mode
is chosen back; but nobody is shown it, by any path: each doctype about money has its criterion from here (`pair`), the
masters among them have `conditions` and `has_permission`. Jobs and what a person's own rights need read the tables."""

from collections.abc import Callable

import frappe

from involvement_app import permissions
from involvement_app.permissions import NOTHING, Rule

WORKSPACE = "Involvement money"


def is_so() -> bool:
	return frappe.get_cached_doc("Involvement Settings").finance_mode == "None"


def pair(doctype: str, criterion: Rule, change: Rule | None = None) -> tuple[Callable, Callable]:
	"""As `permissions.pair`; where no money is paid, nobody sees a row or makes one."""
	conditions, allowed = permissions.pair(doctype, hidden(criterion), change and hidden(change))

	def has_permission(doc, ptype=None, user=None, **kwargs) -> bool:
		return _is_shown_to(user) and allowed(doc, ptype, user, **kwargs)

	return conditions, has_permission


def child_conditions(child: str, parent: str, criterion: Rule) -> Callable:
	return permissions.child_conditions(child, parent, hidden(criterion))


def hidden(criterion: Rule) -> Rule:
	def rule(user, roles, table):
		return NOTHING if is_so() else criterion(user, roles, table)

	return rule


def conditions(user: str | None = None, **kwargs) -> str:
	"""permission_query_conditions of masters about money."""
	return "" if _is_shown_to(user) else "1=0"


def has_permission(doc, ptype=None, user=None, **kwargs) -> bool:
	"""The same of one of them, also of a new one."""
	return _is_shown_to(user)


def _is_shown_to(user: str | None) -> bool:
	return (user or frappe.session.user) == "Administrator" or not is_so()


def boot(bootinfo) -> None:
	"""Hook extend_bootinfo: what the desk's script asks."""
	bootinfo.involvement_without_money = is_so()


def on_settings(doc, method=None) -> None:
	"""Involvement Settings, on_update."""
	_hide(doc.finance_mode == "None")


def after_migrate() -> None:
	"""A workspace that a release brings anew comes as it is shipped."""
	_hide(is_so())


def _hide(hidden: bool) -> None:
	if frappe.db.get_value("Workspace", WORKSPACE, "is_hidden") in (None, int(hidden)):
		return
	# bounded: one workspace of ours; whoever may change the settings need not be a workspace manager
	frappe.db.set_value("Workspace", WORKSPACE, "is_hidden", int(hidden))
	frappe.clear_document_cache("Workspace", WORKSPACE)
	frappe.cache.delete_key("bootinfo")
