"""What a mile is worth (domain 1.4): the rate of the day, and its threshold counted for each person and tax year.

Under the threshold there is one rate for each mile, beyond it another; a passenger who takes part too adds to both. What a
year comes to is worked out from its journeys alone, in the order of the days they were driven on, each at the rate of its
day (`Year`). A line is worth the difference between the year with it and the year without it, to the penny: so what a person
gets does not depend on how the miles are cut into claims, or on which of them is approved first, and no approval changes
what was approved before. Where a rate changed within the year, a journey that is claimed late takes its part of the
threshold from later days: it is worth that much less.

Where an approved claim is cancelled, the miles approved after it are worth something else: `again` works them out anew, in
the order in which they were approved, and `claims.miles` makes good the difference.

What is worked out before approval is an estimate. On approval the person's row is locked, the miles of all approved lines
are read behind that lock, and the worth is fixed (5.2; law 5)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Concat, Max, Sum
from frappe.utils import cint, getdate

from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_app.rates import holds_on
from involvement_app.involvement_payments import opening_totals
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


@dataclass(frozen=True)
class Miles:
	"""Miles at one rate; `with_passengers`: each mile once for each passenger."""

	alone: Decimal = Decimal(0)
	with_passengers: Decimal = Decimal(0)

	def __add__(self, more: "Miles") -> "Miles":
		return Miles(self.alone + more.alone, self.with_passengers + more.with_passengers)


def exact(miles) -> Decimal:
	"""To a tenth of a mile."""
	return Decimal(str(miles or 0)).quantize(Decimal("0.1"))


def in_tenths(miles) -> bool:
	"""Whether the figure is one that we count; asked of all that is written, so that what is shown is what is paid."""
	return Decimal(str(miles or 0)) == exact(miles)


@dataclass(frozen=True)
class Year:
	"""All miles of one person and mode in one tax year: those at each rate, by the day from which the rate holds."""

	at: dict = field(default_factory=dict)

	@property
	def alone(self) -> Decimal:
		return sum((miles.alone for _rate, miles in self.at.values()), Decimal(0))

	def plus(self, rate: dict, miles, passengers) -> "Year":
		return self.with_miles(rate, Miles(exact(miles), exact(miles) * cint(passengers)))

	def with_miles(self, rate: dict, more: Miles) -> "Year":
		since = getdate(rate["valid_from"])
		_rate, there = self.at.get(since, (rate, Miles()))
		return Year({**self.at, since: (rate, there + more)})

	def worth(self) -> Decimal:
		"""The earlier days have the threshold first; rounded once."""
		so_far, exactly = Decimal(0), Decimal(0)
		for since in sorted(self.at):
			rate, miles = self.at[since]
			exactly += _exactly(rate, so_far, miles)
			so_far += miles.alone
		return money(exactly)


def _exactly(rate: dict, before: Decimal, miles: Miles) -> Decimal:
	"""What `miles` are worth after so many of the same year."""
	threshold = Decimal(cint(rate["threshold_miles"]))
	first = min(miles.alone, max(threshold - before, Decimal(0))) if threshold else miles.alone
	return (
		first * money(rate["per_mile"])
		+ (miles.alone - first) * money(rate["per_mile_after"])
		+ miles.with_passengers * money(rate["per_passenger"])
	)


def rates() -> list[frappe._dict]:
	return frappe.get_all(RATE, fields=list(FIELDS), limit=200)  # figures, about nobody


def rate_on(day, mode: str, known: list | None = None) -> frappe._dict:
	"""Raises NoRate."""
	row = _rate_if_any(day, mode, rates() if known is None else known)
	if row:
		return row
	frappe.throw(
		_("There is no mileage rate for {0} on {1}. Ask a manager.").format(
			_(mode), frappe.format(day, "Date")
		),
		NoRate,
	)


def _rate_if_any(day, mode: str, known: list) -> frappe._dict | None:
	return next((row for row in known if row.mode == mode and holds_on(row, getdate(day))), None)


def last_approved_at(rate):
	"""The last day of which miles were approved at `rate` (its stored row); None where there are none."""
	line = frappe.qb.DocType(LINE)
	query = (
		frappe.qb.from_(line)
		.select(Max(line.spent_on))
		.where((line.mode == rate.mode) & (line.mileage_key != "") & (line.spent_on >= rate.valid_from))
	)
	if rate.valid_to:
		query = query.where(line.spent_on <= rate.valid_to)
	return query.run()[0][0]


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
	rows, known = sorted(lines, key=lambda line: (getdate(line.spent_on), line.idx or 0)), rates()
	for line, so_far, amount in in_turn(rows, _approved(records, lines, for_update, known), known):
		line.miles_before, line.amount = float(so_far.alone), float(amount)


def in_turn(lines, before: dict, known: list):
	"""(line, the year before it, what it adds to that year) of each, one after another. `before`: as `_approved`. Figures
	only."""
	so_far = dict(before)
	# one by one: without a query, the rates are known
	for line in lines:
		group = _group(line)
		there = so_far.get(group, Year())
		rate = rate_on(line.spent_on, line.mode, known)
		so_far[group] = there.plus(rate, line.miles, line.passengers)
		yield line, there, so_far[group].worth() - there.worth()


def again(records: set[str], keys: set[str]) -> list[frappe._dict]:
	"""Works the miles of these `keys` (of cancelled lines) out anew; [{name, parent, was, amount}] of the lines that are worth
	something else now, in the order of approval. The caller holds the lock on the person's row."""
	groups = {tuple(name.split("|")[1:]) for name in keys}
	rows = _counted({"|".join((record, *group)) for record in records for group in groups})
	before: dict[tuple[int, str], Year] = {}
	for group, miles in opening_totals.miles(records, {(int(year), mode) for year, mode in groups}).items():
		_count_before(before, group, miles)
	changed = []
	# one by one: the lines that change
	for row, so_far, amount in in_turn(rows, before, rates()):
		row.was, row.amount = money(row.amount), amount
		if row.was != row.amount or exact(row.miles_before) != so_far.alone:
			values = {"amount": float(amount), "miles_before": float(so_far.alone)}
			# bounded: lines of approved claims of the one person, by the rates
			frappe.db.set_value(LINE, row.name, values, update_modified=False)
		if row.was != row.amount:
			changed.append(row)
	return changed


def _counted(keys: set[str]) -> list[frappe._dict]:
	line = frappe.qb.DocType(LINE)
	fields = ("name", "parent", "spent_on", "mode", "miles", "passengers", "amount", "miles_before")
	return (
		frappe.qb.from_(line)
		.select(*(line[field] for field in fields))
		.where(line.mileage_key.isin(sorted(keys)))
		.orderby(line.miles_before)
		.orderby(line.parent)
		.orderby(line.idx)
		.for_update()
		.run(as_dict=True)
	)


def _group(line) -> tuple[int, str]:
	return tax_year(line.spent_on).start.year, line.mode


def _approved(records: set[str], lines: list, for_update: bool, known: list) -> dict[tuple[int, str], Year]:
	"""What is approved so far under these records of a person, for the years and modes of `lines`, and what was driven
	before this system was used."""
	groups = {_group(line) for line in lines}
	found: dict[tuple[int, str], Year] = {}
	# one by one: the days of a claim are of one tax year, or of two
	for year in {year for year, _mode in groups}:
		modes = {mode for of_year, mode in groups if of_year == year}
		rows = _of_year(records, year, modes, for_update)
		for record in {row.record: row for row in rows}.values():
			for mode in modes:
				_count_before(found, (year, mode), record[opening_totals.FIELD_OF[mode]])
		for row in rows:
			if not row.mileage_key:
				continue
			group = (year, row.mileage_key.split("|")[2])
			rate = _rate_if_any(row.spent_on, group[1], known) or _of_no_rate(row.spent_on)
			miles = Miles(exact(row.alone), exact(row.with_passengers))
			found[group] = found.get(group, Year()).with_miles(rate, miles)
	return found


def _of_year(records: set[str], year: int, modes: set[str], for_update: bool) -> list[frappe._dict]:
	"""A row for each record, and each mode and day that is approved under it; what was driven before stands in each."""
	person, line = frappe.qb.DocType(PARTICIPANT), frappe.qb.DocType(LINE)
	keys = sorted(f"{record}|{year}|{mode}" for record in records for mode in modes)
	query = (
		frappe.qb.from_(person)
		.left_join(line)
		.on(line.mileage_key.isin(keys) & line.mileage_key.like(Concat(person.name, "|%")))
		.where(person.name.isin(sorted(records)))
		.groupby(person.name, line.mileage_key, line.spent_on)
	)
	query, times = opening_totals.with_miles(query, person, line, year)
	query = query.select(
		person.name.as_("record"),
		line.mileage_key,
		line.spent_on,
		(Sum(line.miles) / times).as_("alone"),
		(Sum(line.miles * Coalesce(line.passengers, 0)) / times).as_("with_passengers"),
	)
	return (query.for_update() if for_update else query).run(as_dict=True)


def _count_before(found: dict, group: tuple[int, str], miles) -> None:
	"""What was paid back before this system was used comes before every day, and is worth nothing more."""
	if miles:
		found[group] = found.get(group, Year()).with_miles(_of_no_rate(date.min), Miles(exact(miles)))


def _of_no_rate(day) -> dict:
	"""The rate of an approved journey is there no longer: its miles count, what they were worth does not change."""
	return dict.fromkeys(FIELDS, 0) | {"valid_from": day}
