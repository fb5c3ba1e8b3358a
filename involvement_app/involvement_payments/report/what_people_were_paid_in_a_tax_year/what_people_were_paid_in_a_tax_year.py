"""What each person was paid in a tax year (domain 4.6, statement; 4.9): time, expenses and what went to a charity apart. By code:
finance has the names in its batches."""

import frappe
from frappe import _

from involvement_app.involvement_app.report_rows import bars, column
from involvement_app.involvement_payments import money_rows
from involvement_app.involvement_payments.accrual import CHARITY
from involvement_app.money import money
from involvement_app.periods import tax_year

FIELDS = ["name", "participant", "unit", "claim", "amount", "payment_choice", "payment_route", "paid_on"]


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	filters = frappe._dict(filters or {})
	year = tax_year(filters.day or frappe.utils.today())
	filters.from_date, filters.to_date = year.start, year.end
	people = {}
	for row in money_rows.payments(filters, FIELDS, day="paid_on"):
		line = people.setdefault(row.participant, dict.fromkeys(("time", "given", "expenses"), money(0)))
		line[_sort(row)] += money(row.amount)
		line["through_payroll"] = line.get("through_payroll") or row.payment_route == "PAYE"
	lines = [_line(name, people[name]) for name in sorted(people)]
	return _columns(), lines, None, _chart(lines)


def _sort(row) -> str:
	if row.claim:
		return "expenses"
	return "given" if row.payment_choice == CHARITY else "time"


def _line(participant: str, line: dict) -> dict:
	sums = {key: float(line[key]) for key in ("time", "given", "expenses")}
	return {
		"participant": participant,
		**sums,
		"through_payroll": _("Yes") if line["through_payroll"] else "",
	}


def _columns() -> list[dict]:
	return [
		column("participant", _("Participant code"), "Data", 150),
		column("time", _("For time"), "Currency"),
		column("given", _("Given to a charity"), "Currency", 160),
		column("expenses", _("Expenses paid back"), "Currency", 160),
		column("through_payroll", _("Through payroll"), "Data", 130),
	]


STEPS = (100, 250, 500, 1000, 2500)


def _chart(lines: list) -> dict:
	"""How many people had how much: no bar is one person's."""
	labels = [_("up to £{0}").format(step) for step in STEPS] + [_("more")]
	counts = [0] * len(labels)
	for line in lines:
		counts[next((place for place, step in enumerate(STEPS) if line["time"] <= step), len(STEPS))] += 1
	return bars(labels, (_("People"), counts))
