"""Finance mode None: no money is paid through this site, and the desk does not speak of it (domain 4.6, hand-over None). The
workspace goes, reports are empty, forms hide their fields (`public/js/people/without_money.js`)."""

import frappe

WORKSPACE = "Involvement money"


def is_so() -> bool:
	return frappe.get_cached_doc("Involvement Settings").finance_mode == "None"


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
