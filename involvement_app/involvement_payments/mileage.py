"""What a mile is worth (domain 1.4): the rate of the day, and its threshold counted for each person and tax year.

Under the threshold there is one rate for each mile, beyond it another; a passenger who takes part too adds to both. A line is
worth the difference between all miles with it and all miles without it, each to the penny: so what a person gets in a
year does not depend on how the miles are cut into claims, or on which of them is approved first.

What is worked out before approval is an estimate. On approval the person's row is locked, the miles of all approved lines
are read behind that lock, and the worth is fixed (5.2; law 5)."""

from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Sum
from frappe.utils import cint, getdate

from involvement_app.involvement_app.rates import holds_on
from involvement_app.money import money
from involvement_app.periods import tax_year

RATE = "Mileage Rate"
LINE = "Involvement Expense Claim Line"
MODES = ("Car or van", "Motorcycle", "Bicycle")
FIELDS = (
	"mode",
	"per_mile",
	"threshold_miles",
	"per_mile_after",
	"per_passenger",
	"valid_from",
	"valid_to",
)
MOST_MILES = 1000  # one line


class NoRate(frappe.ValidationError):
	"""No rate holds for this way of travelling on that day."""


@dataclass
class Miles:
	"""Miles of one person, mode and tax year; `with_passengers`: each mile once for each passenger."""

	alone: Decimal = Decimal(0)
	with_passengers: Decimal = Decimal(0)

	def plus(self, miles, passengers) -> "Miles":
		miles = exact(miles)
		return Miles(self.alone + miles, self.with_passengers + miles * cint(passengers))


def exact(miles) -> Decimal:
	"""To a tenth of a mile."""
	return Decimal(str(miles or 0)).quantize(Decimal("0.1"))


def worth_of_all(rate: dict, miles: Miles) -> Decimal:
	"""What so many miles are worth together, to the penny. Figures only."""
	threshold = cint(rate["threshold_miles"])
	first = min(miles.alone, Decimal(threshold)) if threshold else miles.alone
	exactly = (
		first * money(rate["per_mile"])
		+ (miles.alone - first) * money(rate["per_mile_after"])
		+ miles.with_passengers * money(rate["per_passenger"])
	)
	return money(exactly)


def worth(rate: dict, before: Miles, miles, passengers=0) -> Decimal:
	"""What these miles are worth after those `before`. Figures only."""
	return worth_of_all(rate, before.plus(miles, passengers)) - worth_of_all(rate, before)


def rates() -> list[frappe._dict]:
	return frappe.get_all(RATE, fields=list(FIELDS), limit=200)  # figures, about nobody


def rate_on(day, mode: str, known: list | None = None) -> frappe._dict:
	"""Raises NoRate."""
	for row in rates() if known is None else known:
		if row.mode == mode and holds_on(row, getdate(day)):
			return row
	frappe.throw(
		_("There is no mileage rate for {0} on {1}. Ask a manager.").format(
			_(mode), frappe.format(day, "Date")
		),
		NoRate,
	)


def key(participant: str, day, mode: str) -> str:
	return f"{participant}|{tax_year(day).start.year}|{mode}"


def fix(participant: str, records: set[str], lines: list) -> None:
	"""Sets what each of `lines` (mileage, of one claim that is approved now) is worth, for good. The caller holds the lock
	on the person's row. `records`: theirs and earlier ones, whose miles count too. Two queries, however many lines."""
	_work_out(records, lines, for_update=True)
	for line in lines:
		line.mileage_key = key(participant, line.spent_on, line.mode)


def estimate(participant: str, lines: list) -> None:
	"""Sets what each of `lines` would be worth now."""
	_work_out({participant}, lines, for_update=False)


def _work_out(records: set[str], lines: list, for_update: bool) -> None:
	if not lines:
		return
	known = rates()
	before = _approved(records, lines, for_update)
	# one by one: without a query, the rates are known
	for line in sorted(lines, key=lambda line: (getdate(line.spent_on), line.idx or 0)):
		group = _group(line)
		rate, so_far = rate_on(line.spent_on, line.mode, known), before.get(group, Miles())
		line.miles_before = float(so_far.alone)
		line.amount = float(worth(rate, so_far, line.miles, line.passengers))
		before[group] = so_far.plus(line.miles, line.passengers)


def _group(line) -> tuple[int, str]:
	return tax_year(line.spent_on).start.year, line.mode


def _approved(records: set[str], lines: list, for_update: bool) -> dict[tuple[int, str], Miles]:
	"""Miles approved so far under these records of a person, for the years and modes of `lines`."""
	groups = {_group(line) for line in lines}
	keys = {f"{record}|{year}|{mode}": (year, mode) for record in records for year, mode in groups}
	line = frappe.qb.DocType(LINE)
	query = (
		frappe.qb.from_(line)
		.select(
			line.mileage_key,
			Sum(line.miles).as_("alone"),
			Sum(line.miles * Coalesce(line.passengers, 0)).as_("with_passengers"),
		)
		.where(line.mileage_key.isin(sorted(keys)))
		.groupby(line.mileage_key)
	)
	found: dict[tuple[int, str], Miles] = {}
	for row in (query.for_update() if for_update else query).run(as_dict=True):
		so_far = found.get(keys[row.mileage_key], Miles())
		found[keys[row.mileage_key]] = Miles(
			so_far.alone + exact(row.alone), so_far.with_passengers + exact(row.with_passengers)
		)
	return found
