"""The level that was there before there were levels, so that the form shows it."""

import frappe


def execute() -> None:
	if not frappe.db.get_single_value("Involvement Settings", "separation"):
		# one field of one row, to what holds anyway
		frappe.db.set_single_value("Involvement Settings", "separation", "Strict")
