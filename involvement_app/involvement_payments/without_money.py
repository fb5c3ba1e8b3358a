"""Finance mode None: no money is paid through this site, and the desk does not speak of it (domain 4.6, hand-over None). The
workspace goes, and the links to masters about money in others; reports are empty, forms hide their fields
(`public/js/people/without_money.js`). What an offer was worth is on a level that no role reads.

What was kept before stays in its tables, for erasure, retention, what a person asks to see, and for the day the mode
is chosen back; but nobody is shown it, by any path: each doctype about money has its criterion from here (`pair`), the
masters among them have `conditions` and `has_permission`. Jobs and what a person's own rights need read the tables."""

from collections.abc import Callable

import frappe

from involvement_app import permissions
from involvement_app.permissions import NOTHING, Rule

WORKSPACE = "Involvement money"
# masters about money that other rooms' workspaces lead to, and where their links wait meanwhile
ELSEWHERE = ("Payment Rate Rule", "Role Status Determination")
ASIDE = "links_about_money"
# what somebody was offered, promised and chose; no role holds this level
LEVEL = 9
OFFERS = {
	"Involvement Application": (
		"offered_amount",
		"rate_rule",
		"payment_on",
		"payment_choice",
		"chosen_amount",
		"charity",
		"advice_told",
	),
	"Involvement Engagement": (
		"rate_rule",
		"rate_basis",
		"rate_amount",
		"minimum_hours",
		"preparation_paid",
		"round_up_to",
		"block_hours",
		"half_day_hours",
		"half_day_amount",
		"role_determination",
		"payment_route",
		"offered_amount",
		"payment_choice",
		"chosen_amount",
		"charity",
		"payment_on",
		"advice_read_on",
		"advice_given_by",
		"advice_told",
	),
}


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
	_hide_workspace(hidden)
	_hide_links(hidden)
	for doctype in OFFERS:  # one by one: two doctypes
		_hide_offers(doctype, hidden)


def _hide_workspace(hidden: bool) -> None:
	if frappe.db.get_value("Workspace", WORKSPACE, "is_hidden") in (None, int(hidden)):
		return
	# bounded: one workspace of ours; whoever may change the settings need not be a workspace manager
	frappe.db.set_value("Workspace", WORKSPACE, "is_hidden", int(hidden))
	frappe.clear_document_cache("Workspace", WORKSPACE)
	frappe.cache.delete_key("bootinfo")


def _hide_links(hidden: bool) -> None:
	"""Put aside, not taken away: a workspace is the site's own to arrange."""
	there, then = ("links", ASIDE) if hidden else (ASIDE, "links")
	rows = {"parentfield": there, "parent": ["!=", WORKSPACE], "link_to": ["in", ELSEWHERE]}
	workspaces = frappe.get_all("Workspace Link", rows, pluck="parent", distinct=True)  # links, of no person
	if not workspaces:
		return
	# bounded: links to two masters, in workspaces
	frappe.db.set_value("Workspace Link", rows, "parentfield", then, update_modified=False)
	for name in workspaces:  # one by one: one or two
		frappe.clear_document_cache("Workspace", name)


def _hide_offers(doctype: str, hidden: bool) -> None:
	"""By Frappe's own levels: what is read, listed, exported, reported and printed goes by them, and so do `columns`."""
	raised = {"doc_type": doctype, "property": "permlevel", "value": str(LEVEL)}
	if hidden == bool(frappe.db.exists("Property Setter", raised)):
		return
	if not hidden:
		# bounded: what was put there below
		frappe.db.delete("Property Setter", raised)
		frappe.clear_cache(doctype=doctype)
		return
	for fieldname in OFFERS[doctype]:  # one by one: the few fields of an offer
		frappe.get_doc(
			doctype="Property Setter",
			doctype_or_field="DocField",
			field_name=fieldname,
			property_type="Int",
			is_system_generated=1,
			**raised,
		).insert(ignore_permissions=True)  # bounded: these fields; whoever may change the settings
