"""Figures of benefits that have ended, or that nobody has compared with their source for a year (domain 1.3, 4.1)."""

import frappe
from frappe import _

from involvement_app.involvement_app.report_rows import bars, column
from involvement_app.involvement_payments import thresholds, without_money


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	if not frappe.has_permission(thresholds.THRESHOLD, "report"):
		raise frappe.PermissionError
	if without_money.is_so():
		return _columns(), [], None, {}
	stale = thresholds.stale()
	rows = [{key: row[key] for key in (*thresholds.FIELDS, "why")} for row in stale]
	good = len({row.code for row in thresholds.current()} - {row.code for row in stale})
	chart = bars([_("Checked"), _("To check")], (_("Figures"), [good, len(stale)]), stacked=False)
	return _columns(), rows, None, chart


def _columns() -> list[dict]:
	return [
		column("code", _("Code"), "Data", 160),
		column("title", _("In words"), "Data", 260),
		column("figure", _("Figure"), "Float"),
		column("unit", _("Of"), "Data"),
		column("valid_to", _("Valid to"), "Date"),
		column("checked_on", _("Checked on"), "Date"),
		column("why", _("Why"), "Data", 300),
		column("source", _("Source"), "Data", 300),
	]
