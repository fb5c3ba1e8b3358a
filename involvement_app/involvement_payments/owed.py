"""What is on its way to somebody, for the top of their form (hook `involvement_owed`)."""

import frappe
from frappe import _
from frappe.utils import format_date

from involvement_app.involvement_app.at_a_glance import rows_of
from involvement_app.involvement_app.participants import records_of
from involvement_app.involvement_payments.claims import CLAIM
from involvement_app.involvement_payments.states import CHANGEABLE, PAYMENT
from involvement_app.money import pounds

ON_THE_WAY = (*CHANGEABLE, "Scheduled", "Failed at bank")


def payments(participant: str) -> list[dict]:
	"""Also those that were promised under an earlier record of theirs."""
	if frappe.get_cached_doc("Involvement Settings").finance_mode == "None":
		return []
	waiting = {
		"participant": ["in", list(records_of(participant))],
		"status": ["in", ON_THE_WAY],
		"withdrawn": 0,
	}
	rows = rows_of(PAYMENT, waiting, ["name", "amount", "status", "due_on"], order_by="due_on")
	return [{"text": _said(row), "doctype": PAYMENT, "name": row.name} for row in rows]


def expenses(participant: str) -> list[dict]:
	"""What waits to be checked, answered or approved; what is approved is among the payments."""
	if frappe.get_cached_doc("Involvement Settings").finance_mode == "None":
		return []
	waiting = {
		"participant": ["in", list(records_of(participant))],
		"status": ["in", ("Submitted", "Checked", "Returned", "Failed at bank")],
	}
	rows = rows_of(CLAIM, waiting, ["name", "to_pay", "status"], order_by="claimed_on")
	return [
		{
			"text": _("Expenses of {0} ({1})").format(pounds(row.to_pay), _(row.status)),
			"doctype": CLAIM,
			"name": row.name,
		}
		for row in rows
	]


def _said(row) -> str:
	if not row.due_on:
		return _("{0} ({1})").format(pounds(row.amount), _(row.status))
	return _("{0} by {1} ({2})").format(pounds(row.amount), format_date(row.due_on), _(row.status))
