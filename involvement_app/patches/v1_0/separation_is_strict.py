"""The level that was there before there were levels, so that the form shows it."""

import frappe


def execute() -> None:
	if not frappe.db.get_single_value("Involvement Settings", "separation"):
		frappe.db.set_single_value("Involvement Settings", "separation", "Strict")
