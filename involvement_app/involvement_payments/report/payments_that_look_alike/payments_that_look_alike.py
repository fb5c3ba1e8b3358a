"""Payments that may be one and the same twice (domain 4.9, no. 27): one person, one day, one amount, two payments, or
two claims with a line alike. Each may be right; somebody looks."""

from collections import defaultdict

import frappe
from frappe import _

from involvement_app.involvement_app.participants import kept_of
from involvement_app.involvement_app.report_rows import bars, column
from involvement_app.involvement_payments import money_rows
from involvement_app.involvement_payments.states import CAME, EXPENSES, WAITING

FIELDS = [
	"name",
	"participant",
	"unit",
	"kind",
	"session",
	"session_on",
	"amount",
	"status",
	"batch",
	"claim",
]


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	payments = money_rows.payments(frappe._dict(filters or {}), FIELDS, statuses=(*CAME, *WAITING))
	groups = defaultdict(list)
	kept = kept_of({row.participant for row in payments})
	for row in payments:
		if row.kind != "Correction":
			groups[(kept.get(row.participant, row.participant), row.session_on, row.amount)].append(row)
	alike = [rows for rows in groups.values() if len(rows) > 1]
	alike += _claimed_twice(payments, kept, {row.claim for rows in alike for row in rows})
	lines = [row for rows in alike for row in rows]
	months = {}
	for rows in alike:
		month = money_rows.month_of(rows[0].session_on)
		months[month] = months.get(month, 0) + 1
	return _columns(), lines, None, bars(list(months), (_("Times"), list(months.values())))


def _claimed_twice(payments, kept: dict, found: set) -> list[list]:
	"""Lines of two claims: one person, one day, one kind, one amount, whatever else they claimed with it. Not of pairs that
	are `found` already as whole payments."""
	claims = {row.claim: row for row in payments if row.kind == EXPENSES and row.claim}
	line = frappe.qb.DocType("Involvement Expense Claim Line")
	rows = (
		frappe.qb.from_(line)
		.select(line.parent, line.expense_type, line.spent_on, line.amount)
		.where(line.parent.isin(sorted(claims) or [""]))  # of payments that the reader may see
		.orderby(line.spent_on)
		.orderby(line.parent)
		.run(as_dict=True)
	)
	groups = defaultdict(dict)
	for row in rows:
		paid = claims[row.parent]
		groups[(kept.get(paid.participant, paid.participant), row.expense_type, row.spent_on, row.amount)][
			row.parent
		] = frappe._dict(
			paid,
			# who may not read the day of a visit reads the day that the payment shows them
			session_on=paid.session_on if "shown_on" in paid else row.spent_on,
			amount=row.amount,
		)
	return [list(group.values()) for group in groups.values() if len(group) > 1 and not set(group) <= found]


def _columns() -> list[dict]:
	return [
		column("participant", _("Participant code"), "Data", 140),
		column("session_on", _("Day"), "Date", 120),
		column("amount", _("Amount"), "Currency", 120),
		column("name", _("Payment"), "Link", 130, options="Involvement Payment"),
		column("session", _("Session"), "Data", 130),
		column("claim", _("Claim"), "Link", 130, options="Involvement Expense Claim"),
		column("unit", _("Unit"), "Link", 160, options="Involvement Unit"),
		column("status", _("Status"), "Data", 130),
		column("batch", _("Batch"), "Data", 120),
	]
