"""What install did to a site, kept in the site's global defaults so that uninstall can undo just that."""

import json

import frappe


def remember(key: str, value) -> None:
	frappe.db.set_global(key, None if value is None else json.dumps(value))


def recall(key: str, otherwise=None):
	# read from the table: while an app is being installed Frappe does not clear its cache of defaults
	stored = frappe.db.get_value("DefaultValue", {"parent": "__global", "defkey": key}, "defvalue")
	return json.loads(stored) if stored else otherwise
