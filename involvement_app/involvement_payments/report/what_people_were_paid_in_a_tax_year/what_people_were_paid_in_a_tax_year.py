"""What each person was paid in a tax year (domain 4.6, statement; 4.9): time, expenses and what went to a charity apart. By code:
finance has the names in its batches."""

import frappe
from frappe import _

from involvement_app.involvement_app.participants import kept_of
from involvement_app.involvement_app.report_rows import bars, column
from involvement_app.involvement_payments import money_rows, opening_totals
from involvement_app.involvement_payments.states import ADVANCE, CHARITY, NO_PAY, PAYMENT
from involvement_app.money import money
from involvement_app.periods import tax_year

FIELDS = [
	"name",
	"participant",
	"unit",
	"kind",
	"claim",
	"engagement",
	"amount",
	"payment_choice",
	"payment_route",
	"paid_on",
]

SUMS = ("time", "given", "expenses", "before_time", "before_expenses")


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	filters = frappe._dict(filters or {})
	year = tax_year(filters.day or frappe.utils.today())
	filters.from_date, filters.to_date = year.start, year.end
	people = {}
	rows = money_rows.payments(filters, FIELDS, day="paid_on")
	rows += _kept(rows)
	before = [] if filters.unit or filters.opportunity else opening_totals.readable(year.start)
	# what was paid under an old record is the person's who it is now
	kept = kept_of({row.participant for row in (*rows, *before)})
	for row in (*rows, *before):
		row.participant = kept.get(row.participant, row.participant)
	for row in rows:
		line = people.setdefault(row.participant, dict.fromkeys(SUMS, money(0)))
		line[_sort(row)] += money(row.amount)
		line["through_payroll"] = line.get("through_payroll") or row.payment_route == "PAYE"
	_add_what_was_before(people, before)
	lines = [_line(name, people[name]) for name in sorted(people)]
	return _columns(), lines, None, _chart(lines)


def _kept(rows: list) -> list[frappe._dict]:
	"""What somebody got for expenses, did not spend and keeps: as much less of expenses, and more for time, as their
	statement has it."""
	of = {row.name: row for row in rows if row.kind in NO_PAY}
	found = frappe.get_list(
		PAYMENT,
		filters={"corrects": ["in", sorted(of) or [""]], "status": "Written off"},
		fields=["corrects", "amount"],
		limit=0,
	)
	kept = []
	for row in found:
		payment = of[row.corrects]
		kept.append(frappe._dict(payment, amount=row.amount))
		kept.append(frappe._dict(payment, amount=-row.amount, kept=True))
	return kept


def _add_what_was_before(people: dict, before: list) -> None:
	"""It belongs to a person and a year, to no unit and no project."""
	for row in before:
		line = people.setdefault(row.participant, dict.fromkeys(SUMS, money(0)))
		line["before_time"] += money(row.amount_time)
		line["before_expenses"] += money(row.amount_expenses)


def _sort(row) -> str:
	if row.kept:
		return "time"
	# an advance, and what is given back of one, is of no place
	if row.claim or row.kind == ADVANCE or not row.engagement:
		return "expenses"
	return "given" if row.payment_choice == CHARITY else "time"


def _line(participant: str, line: dict) -> dict:
	sums = {key: float(line[key]) for key in SUMS}
	return {
		"participant": participant,
		**sums,
		"through_payroll": _("Yes") if line.get("through_payroll") else "",
	}


def _columns() -> list[dict]:
	return [
		column("participant", _("Participant code"), "Data", 150),
		column("time", _("For time"), "Currency"),
		column("given", _("Given to a charity"), "Currency", 160),
		column("expenses", _("Expenses paid back"), "Currency", 160),
		column("before_time", _("For time, before this system"), "Currency", 200),
		column("before_expenses", _("Expenses, before this system"), "Currency", 200),
		column("through_payroll", _("Through payroll"), "Data", 130),
	]


STEPS = (100, 250, 500, 1000, 2500)


def _chart(lines: list) -> dict:
	"""How many people had how much: no bar is one person's."""
	labels = [_("up to £{0}").format(step) for step in STEPS] + [_("more")]
	counts = [0] * len(labels)
	for line in lines:
		counts[
			next(
				(place for place, step in enumerate(STEPS) if line["time"] + line["before_time"] <= step),
				len(STEPS),
			)
		] += 1
	return bars(labels, (_("People"), counts))
