"""What was spent, unit by unit and month by month (domain 4.9, no. 22), of the payments that the caller may see."""

import frappe
from frappe import _

from involvement_app.involvement_app.report_rows import bars, column
from involvement_app.involvement_payments import money_rows

FIELDS = ["name", "unit", "kind", "amount", "paid_on", "engagement"]


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	rows = money_rows.payments(frappe._dict(filters or {}), FIELDS, day="paid_on")
	return _columns(), _lines(rows), None, _chart(rows)


def _lines(rows) -> list[dict]:
	titles = money_rows.projects(rows)
	sums = money_rows.by(
		rows,
		lambda row: money_rows.month_of(row.paid_on),
		lambda row: row.unit,
		lambda row: titles[row.engagement].title if row.engagement in titles else _("Not for a project"),
		money_rows.what,
	)
	return [
		{"month": month, "unit": unit, "project": project, "kind": _(kind), "amount": float(amount)}
		for (month, unit, project, kind), amount in sums.items()
	]


def _columns() -> list[dict]:
	return [
		column("month", _("Month"), "Data", 150),
		column("unit", _("Unit"), "Link", 180, options="Involvement Unit"),
		column("project", _("Project"), "Data", 280),
		column("kind", _("Kind"), "Data", 120),
		column("amount", _("Amount"), "Currency", 130),
	]


def _chart(rows) -> dict:
	months = list(dict.fromkeys(money_rows.month_of(row.paid_on) for row in rows))
	sums = money_rows.by(rows, lambda row: money_rows.month_of(row.paid_on), lambda row: row.unit)
	names = sorted({row.unit or "" for row in rows})
	return bars(months, *((name, [float(sums.get((month, name), 0)) for month in months]) for name in names))
