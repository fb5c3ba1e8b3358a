"""What time is worth under a Payment Rate Rule (domain 4.1, 4.6). Amounts are Decimal pounds."""

from decimal import Decimal

import frappe

from involvement_app.money import money, times

SNAPSHOT = ("rate_basis", "rate_amount", "minimum_hours", "preparation_paid")


def snapshot(rule: str) -> dict:
	"""The terms of `rule` as an engagement keeps them, so that a later change of the rule changes no promise."""
	basis, amount, minimum, preparation = frappe.get_cached_value(
		"Payment Rate Rule", rule, ["basis", "amount", "minimum_hours", "preparation_paid"]
	)
	return {
		"rate_rule": rule,
		"rate_basis": basis,
		"rate_amount": amount,
		"minimum_hours": minimum,
		"preparation_paid": preparation,
	}


def worth(terms, hours=0, preparation_hours=0) -> Decimal:
	"""Worth of one session. `terms` has the keys of SNAPSHOT; hours are of that session.

	Flat per session: the amount. Per hour: hours (at least `minimum_hours`), plus preparation where paid."""
	if terms["rate_basis"] == "Flat per session":
		return money(terms["rate_amount"])
	if terms["rate_basis"] != "Per hour":
		return money(0)
	paid = max(_hours(hours), _hours(terms["minimum_hours"]))
	if terms["preparation_paid"]:
		paid += _hours(preparation_hours)
	return times(terms["rate_amount"], paid)


def _hours(value) -> Decimal:
	return max(Decimal(str(value or 0)), Decimal(0))


def worth_in_all(terms, sessions: int, hours=0, preparation_hours=0) -> Decimal:
	"""Worth for one person of `sessions` sessions that take `hours` and `preparation_hours` all together."""
	sessions = max(sessions, 1)
	each = worth(terms, _hours(hours) / sessions, _hours(preparation_hours) / sessions)
	return money(each * sessions)
