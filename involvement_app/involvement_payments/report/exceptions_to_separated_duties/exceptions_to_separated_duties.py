"""Where one person did what two should (domain 4.9, no. 26): looked for in what was written, not in what was allowed. A site with
the level Two people finds there what that level lets through."""

import frappe
from frappe import _

from involvement_app.involvement_app.report_rows import bars, column, period
from involvement_app.involvement_payments import without_money

BATCH, PAYMENT = "Involvement Payment Batch", "Involvement Payment"


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	filters = frappe._dict(filters or {})
	rows = [*_payments(filters), *_batches(filters)] if not without_money.is_so() else []
	counts = {}
	for row in rows:
		counts[row["what"]] = counts.get(row["what"], 0) + 1
	return _columns(), rows, None, bars(list(counts), (_("Times"), list(counts.values())))


def _payments(filters) -> list[dict]:
	first, last = period(filters)
	fields = ["name", "owner", "edited_by", "approved_by", "approved_on", "amount"]
	wanted = [
		["approved_by", "is", "set"],
		["approved_on", ">=", first],
		["approved_on", "<", frappe.utils.add_days(last, 1)],
	]
	found = frappe.get_list(
		PAYMENT, filters=wanted, fields=fields, order_by="approved_on asc, name asc", limit=0
	)
	return [
		_line(PAYMENT, row, row.approved_by, row.approved_on, _("Approved what they had recorded or changed"))
		for row in found
		if row.approved_by in _hands(row)
	]


def _batches(filters) -> list[dict]:
	first, last = period(filters)
	fields = ["name", "owner", "edited_by", "locked_by", "authorised_by", "authorised_on", "total"]
	wanted = [
		["authorised_by", "is", "set"],
		["authorised_on", ">=", first],
		["authorised_on", "<", frappe.utils.add_days(last, 1)],
	]
	found = frappe.get_list(
		BATCH, filters=wanted, fields=fields, order_by="authorised_on asc, name asc", limit=0
	)
	approvers = _approvers([row.name for row in found])
	lines = []
	for row in found:
		if row.authorised_by in _hands(row) | {row.locked_by}:
			lines.append(
				_line(
					BATCH,
					row,
					row.authorised_by,
					row.authorised_on,
					_("Released a batch they had made or locked"),
				)
			)
		if row.authorised_by in approvers.get(row.name, ()):
			lines.append(
				_line(
					BATCH,
					row,
					row.authorised_by,
					row.authorised_on,
					_("Released a payment they had approved"),
				)
			)
	return lines


def _approvers(batches: list[str]) -> dict[str, set]:
	found = frappe.get_list(
		PAYMENT, filters={"batch": ["in", batches or [""]]}, fields=["batch", "approved_by"], limit=0
	)
	approvers = {}
	for row in found:
		approvers.setdefault(row.batch, set()).add(row.approved_by)
	return approvers


def _hands(row) -> set[str]:
	return {row.owner, *(row.edited_by or "").split()} - {"Administrator"}


def _line(doctype: str, row, user: str, when, words: str) -> dict:
	return {
		"what": words,
		"kind": doctype,
		"document": row.name,
		"by": user,
		"on": when,
		"amount": row.amount or row.total,
	}


def _columns() -> list[dict]:
	return [
		column("what", _("What happened"), "Data", 330),
		column("kind", _("Kind"), "Data", 190),
		column("document", _("Which"), "Dynamic Link", 130, options="kind"),
		column("by", _("By"), "Data", 220),
		column("on", _("On"), "Datetime", 160),
		column("amount", _("Amount"), "Currency", 120),
	]
