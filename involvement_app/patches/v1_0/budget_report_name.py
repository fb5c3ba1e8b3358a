"""The report on budgets had a comma in its name, by which Frappe could not find its code."""

import frappe


def execute() -> None:
	frappe.delete_doc_if_exists("Report", "Budget, commitment and actual", force=True)
