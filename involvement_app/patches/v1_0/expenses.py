"""Bounded to what is not there yet. Sites that kept payments before expenses: what people can claim, what a mile is worth, and until when."""

import frappe

from involvement_app.setup import masters


def execute():
	masters.expenses()
	if not frappe.db.get_single_value("Involvement Settings", "claim_months"):
		# bounded: the one that is new
		frappe.db.set_single_value("Involvement Settings", "claim_months", 3, update_modified=False)
