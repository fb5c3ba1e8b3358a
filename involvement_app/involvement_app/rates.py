"""What time is worth under a Payment Rate Rule (domain 1.2, 4.1, 4.6). Amounts are Decimal pounds.

A rule counts for its days, its unit with those under it, and once somebody other than its author has approved it. Of the
same level of role, basis and unit, no two rules count on the same day: another amount is another rule that follows."""

from datetime import date
from decimal import ROUND_CEILING, Decimal

import frappe
from frappe import _
from frappe.utils import getdate

from involvement_app.money import money, times

RULE = "Payment Rate Rule"
SESSION, HOUR, DAY, BLOCK, TASK = (
	"Flat per session",
	"Per hour",
	"Half or full day",
	"Per block of hours",
	"Per task",
)
BY_TIME = (HOUR, DAY, BLOCK)
# of an engagement: field → field of the rule
TERMS = {
	"rate_basis": "basis",
	"rate_amount": "amount",
	"minimum_hours": "minimum_hours",
	"preparation_paid": "preparation_paid",
	"round_up_to": "round_up_to",
	"block_hours": "block_hours",
	"half_day_hours": "half_day_hours",
	"half_day_amount": "half_day_amount",
}
SNAPSHOT = tuple(TERMS)
ROUND_UP_TO = {
	"A quarter of an hour": Decimal("0.25"),
	"Half an hour": Decimal("0.5"),
	"An hour": Decimal(1),
}
# of rules that follow each other
SAME = ("role_level", "basis", "unit")


def snapshot(rule: str) -> dict:
	"""The terms of `rule` as an engagement keeps them, so that a later change of the rule changes no promise."""
	values = frappe.get_cached_value(RULE, rule, list(TERMS.values()))
	return {"rate_rule": rule, **dict(zip(TERMS, values, strict=True))}


def worth(terms, hours=0, preparation_hours=0) -> Decimal:
	"""Worth of one session. `terms` has the keys of SNAPSHOT; hours are of that session.

	Flat per session, per task: the amount. By time: hours (at least `minimum_hours`), with preparation where it is
	paid; per hour, rounded up as the rule says; half or full day, by its threshold; per block, each that is begun."""
	basis, amount = terms["rate_basis"], terms["rate_amount"]
	if basis in (SESSION, TASK):
		return money(amount)
	if basis not in BY_TIME:
		return money(0)
	paid = paid_hours(terms, max(_hours(hours), _hours(terms["minimum_hours"])), preparation_hours)
	if basis == DAY:
		return money(terms["half_day_amount"] if paid <= _hours(terms["half_day_hours"]) else amount)
	if basis == BLOCK:
		return times(amount, max(_begun(paid, _hours(terms["block_hours"])), 1))
	unit = ROUND_UP_TO.get(terms.get("round_up_to"))
	return times(amount, _begun(paid, unit) * unit if unit else paid)


def paid_hours(terms, hours=0, preparation_hours=0) -> Decimal:
	"""The hours of one session that are paid: with preparation where time is paid for and the rule pays for it."""
	paid = _hours(hours)
	if terms.get("rate_basis") in BY_TIME and terms.get("preparation_paid"):
		paid += _hours(preparation_hours)
	return paid


def _hours(value) -> Decimal:
	return max(Decimal(str(value or 0)), Decimal(0))


def _begun(hours: Decimal, unit: Decimal) -> Decimal:
	"""How many of `unit` are begun. Hours are kept to nine places: what is less than that is no time."""
	if not unit:
		return Decimal(1)
	return (hours.quantize(Decimal("1e-6")) / unit).to_integral_value(ROUND_CEILING)


def worth_in_all(terms, sessions: int, hours=0, preparation_hours=0, lengths=()) -> Decimal:
	"""Worth for one person of `sessions` sessions that take `hours` and `preparation_hours` all together. `lengths`: how long
	each is planned, which shares the hours out: a half and a whole day are not two of three quarters."""
	return money(sum(worth_of_each(terms, max(sessions, 1), hours, preparation_hours, lengths)))


def worth_of_each(terms, sessions: int, hours=0, preparation_hours=0, lengths=()) -> list[Decimal]:
	"""The same, session by session: a task is paid with the first."""
	if terms["rate_basis"] == TASK:
		return [worth(terms)] + [money(0)] * (sessions - 1)
	preparation = _hours(preparation_hours) / sessions
	planned = [_hours(length) for length in lengths]
	if len(planned) == sessions and sum(planned):
		shares = [_hours(hours) * length / sum(planned) for length in planned]
	else:
		shares = [_hours(hours) / sessions] * sessions
	return [worth(terms, share, preparation) for share in shares]


# Which rule counts


def holds_on(rule, day: date) -> bool:
	"""Whether `day` is among the days of `rule` (valid_from, valid_to)."""
	start, end = (rule.get(key) and getdate(rule.get(key)) for key in ("valid_from", "valid_to"))
	return (not start or start <= day) and (not end or day <= end)


def on_day(rules, day):
	"""Of `rules` that follow each other, the one that counts on `day`; None where there is none."""
	return next((rule for rule in rules if holds_on(rule, getdate(day))), None)


def overlaps(one, other) -> bool:
	"""Whether two rules share a day."""
	first, second = (
		(getdate(rule["valid_from"] or date.min), getdate(rule["valid_to"] or date.max))
		for rule in (one, other)
	)
	return first[0] <= second[1] and second[0] <= first[1]


def refuse_overlap(doc, kind: str, words: str) -> None:
	"""No two rows of a table of figures with the same `kind` (a field) hold on one day; `words` say so. Whoever saves
	another at the same moment waits, and is read past the snapshot. Bounded to the few rows of one kind."""
	# bounded: the name of the table alone, so that its rows are written one after another
	frappe.db.get_value("DocType", doc.doctype, "name", for_update=True)
	table = frappe.qb.DocType(doc.doctype)
	query = frappe.qb.from_(table).select(table.valid_from, table.valid_to).for_update()
	others = query.where((table[kind] == doc.get(kind)) & (table.name != (doc.name or ""))).run(as_dict=True)
	if any(overlaps(row, doc.as_dict()) for row in others):
		frappe.throw(words)


def overlapping(rule) -> str | None:
	"""An approved rule of the same level, basis and unit that shares a day with `rule` (a document). Its like are locked,
	so that two that are approved at the same moment see each other."""
	others = [row for row in _alike(rule, for_update=True) if row.name != rule.name]
	return next((row.name for row in others if overlaps(row, rule.as_dict())), None)


def follows(rule: str, day) -> str | None:
	"""The approved rule that counts on `day` in the place of `rule`, which may be itself."""
	row = on_day(_alike(frappe.get_cached_doc(RULE, rule)), day)
	return row.name if row else None


def _alike(rule, for_update: bool = False) -> list:
	table = frappe.qb.DocType(RULE)
	query = (
		frappe.qb.from_(table)
		.select(table.name, table.valid_from, table.valid_to)
		.where((table.status == "Approved") & (table.basis == rule.basis))
		.orderby(table.valid_from)
	)
	for fieldname in ("role_level", "unit"):
		value = rule.get(fieldname)
		empty = table[fieldname].isnull() | (table[fieldname] == "")
		query = query.where(table[fieldname] == value if value else empty)
	return (query.for_update() if for_update else query).run(as_dict=True)


def problem(rule: str, unit: str, first, last) -> str | None:
	"""What keeps `rule` from being offered in `unit` from the day `first` to `last`, with what to do; None where nothing
	does."""
	row = frappe.get_cached_doc(RULE, rule)
	if row.status != "Approved":
		return _(
			"“{0}” is not approved yet. Ask a manager who did not write it, or choose another rate."
		).format(rule)
	if row.unit and not is_under(unit, row.unit):
		return _("“{0}” is for {1} alone. Choose another rate.").format(rule, row.unit)
	# one by one: the two days
	for day in (first, last):
		if day and not holds_on(row, getdate(day)):
			instead = follows(rule, day)
			words = _("“{0}” does not count on {1}.").format(rule, frappe.format(day, "Date"))
			return f"{words} " + (
				_("“{0}” does: choose that one.").format(instead) if instead else _("Choose another rate.")
			)
	return None


def is_under(unit: str | None, top: str) -> bool:
	"""Whether `unit` is `top` or stands below it. At most one query."""
	if not unit or unit == top:
		return unit == top
	rows = frappe.get_all(  # the organisation's own tree, two rows of it
		"Involvement Unit", {"name": ["in", [unit, top]]}, ["name", "lft", "rgt"]
	)
	found = {row.name: row for row in rows}
	inner, outer = found[unit], found[top]
	return outer.lft <= inner.lft and inner.rgt <= outer.rgt
