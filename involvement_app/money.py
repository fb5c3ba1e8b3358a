"""Money is Decimal, to the penny, rounded half up, whatever the site's settings say (law 6).

Currency fields arrive as floats; `money()` goes through their shortest decimal text, so 2.675 is 2.68.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

import frappe
from frappe import _

PENNY = Decimal("0.01")
CURRENCY = "GBP"


class NotMoney(frappe.ValidationError):
	pass


def money(value: Decimal | int | float | str | None) -> Decimal:
	"""`value` in pounds, quantised to pennies. Nothing is 0.00. Raises NotMoney for what is no finite number."""
	if value is None or value == "":
		return Decimal("0.00")
	try:
		amount = value if isinstance(value, Decimal) else Decimal(str(value).strip())
		if not amount.is_finite():
			raise InvalidOperation
		return amount.quantize(PENNY, rounding=ROUND_HALF_UP)
	except (InvalidOperation, ValueError):
		frappe.throw(_("{0} is not an amount of money. Write it like 25 or 25.50.").format(value), NotMoney)


def times(rate: Decimal | float | str, quantity: Decimal | float | str) -> Decimal:
	"""`rate` × `quantity` (hours, places), rounded once at the end."""
	return money(money(rate) * Decimal(str(quantity or 0)))


def total(values: Iterable) -> Decimal:
	return sum((money(value) for value in values), Decimal("0.00"))


def split(
	amount: Decimal | int | float | str, weights: Sequence[Decimal | int | float | str]
) -> list[Decimal]:
	"""`amount` shared out by `weights`, to the penny and without loss: the shares add up to it. Each share is
	within a penny of its exact part; pennies that are left go to the largest remainders, the earlier first.

	Raises ValueError when there are no weights, one is negative, or all are nothing."""
	parts = [Fraction(str(weight)) for weight in weights]
	whole = sum(parts)
	if not parts or min(parts) < 0 or not whole:
		raise ValueError("weights must be at least one, none negative, not all nothing")
	amount = money(amount)
	sign = -1 if amount < 0 else 1
	pennies = int(abs(amount) / PENNY)
	exact = [pennies * part / whole for part in parts]
	shares = [int(part) for part in exact]
	by_remainder = sorted(range(len(parts)), key=lambda at: (shares[at] - exact[at], at))
	for at in by_remainder[: pennies - sum(shares)]:
		shares[at] += 1
	return [sign * share * PENNY for share in shares]


def plain(value) -> str:
	"""12.50: for files and hashes."""
	return str(money(value))


def pounds(value) -> str:
	"""£1,234.50: for people."""
	amount = money(value)
	return f"{'−' if amount < 0 else ''}£{abs(amount):,.2f}"
