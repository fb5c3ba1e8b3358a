"""Payments that may be one and the same twice (domain 4.9, no. 27): one person, one day, one amount, two payments. Each may be
right; somebody looks."""

from collections import defaultdict

import frappe
from frappe import _

from involvement_app.involvement_app.participants import kept_of
from involvement_app.involvement_app.report_rows import bars, column
from involvement_app.involvement_payments import money_rows
from involvement_app.involvement_payments.accrual import CAME, WAITING

FIELDS = ["name", "participant", "unit", "kind", "session", "session_on", "amount", "status", "batch"]


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	groups = defaultdict(list)
	rows = money_rows.payments(frappe._dict(filters or {}), FIELDS, statuses=(*CAME, *WAITING))
	kept = kept_of({row.participant for row in rows})
	for row in rows:
		if row.kind != "Correction":
			groups[(kept.get(row.participant, row.participant), row.session_on, row.amount)].append(row)
	alike = [rows for rows in groups.values() if len(rows) > 1]
	lines = [row for rows in alike for row in rows]
	months = {}
	for rows in alike:
		month = money_rows.month_of(rows[0].session_on)
		months[month] = months.get(month, 0) + 1
	return _columns(), lines, None, bars(list(months), (_("Times"), list(months.values())))


def _columns() -> list[dict]:
	return [
		column("participant", _("Participant code"), "Data", 140),
		column("session_on", _("Session on"), "Date", 120),
		column("amount", _("Amount"), "Currency", 120),
		column("name", _("Payment"), "Link", 130, options="Involvement Payment"),
		column("session", _("Session"), "Data", 130),
		column("unit", _("Unit"), "Link", 160, options="Involvement Unit"),
		column("status", _("Status"), "Data", 130),
		column("batch", _("Batch"), "Data", 120),
	]
