"""What a person may choose about payment: all of it, less, none, or expenses only (domain 4.0 no. 3)."""

from decimal import Decimal

from frappe import _

from involvement_app.involvement_app.places import CHARITY, MOST_CHARITY
from involvement_app.money import NotMoney, money, pounds
from involvement_app.portal.visit import Problem, Refused


def offered(visit, terms, changed: bool = False) -> list[dict]:
	"""{value, text, hint} of each choice; none where there is no money to choose about. `changed`: the dates pay something else
	by now than was offered, and are listed."""
	if not visit.with_money or not money(terms.offered_amount):
		return []
	full = {"value": "Full", "text": _("{0}, the full amount").format(pounds(terms.offered_amount))}
	if changed:
		full["text"] = _("All of it, for each date that I come to")
	lower = {"value": "Lower amount", "text": _("A lower amount")}
	charity = {
		"value": CHARITY,
		"text": _("Give it to a charity"),
		"hint": _("We pay the charity, and not you."),
	}
	if not terms.expenses_covered:
		return [full, lower, charity, {"value": "Decline", "text": _("No payment")}]
	return [
		full,
		lower,
		charity,
		{
			"value": "Expenses only",
			"text": _("No payment, only my expenses"),
			"hint": _("We pay back costs such as travel. Keep your tickets and receipts."),
		},
		{"value": "Decline", "text": _("No payment and no expenses")},
	]


def taken(visit, terms) -> tuple[str, str | None, str | None]:
	"""(choice, amount, charity) from the form. Raises Refused, naming the field."""
	values = [choice["value"] for choice in offered(visit, terms)]
	if not values:
		return "Full", None, None
	choice = visit.typed("choice", 40)
	if choice not in values:
		raise Refused(Problem(_("Choose how you would like to be paid"), "choice"))
	amount = _amount(visit, terms) if choice == "Lower amount" else None
	return choice, amount, _charity(visit) if choice == CHARITY else None


def _charity(visit) -> str:
	name = " ".join(visit.typed("charity", MOST_CHARITY, _("The name of the charity")).split())
	if not name:
		raise Refused(Problem(_("Write which charity"), "charity"))
	if "<" in name or ">" in name:
		raise Refused(Problem(_("Write its name without signs such as <"), "charity"))
	return name


def _amount(visit, terms) -> str:
	amount = pounds_typed(visit, "amount")
	if amount is None:
		raise Refused(Problem(_("Write the amount you would like"), "amount"))
	if not 0 < amount <= money(terms.offered_amount):
		most = pounds(terms.offered_amount)
		raise Refused(Problem(_("Write an amount above £0.00 and up to {0}").format(most), "amount"))
	return str(amount)


def pounds_typed(visit, name: str) -> Decimal | None:
	"""The amount in the box `name`, with or without a pound sign; None when it is empty. Raises Refused."""
	typed = visit.typed(name, 20, _("The amount")).replace("£", "").replace(",", "").strip()
	try:
		return money(typed) if typed else None
	except NotMoney:
		raise Refused(Problem(_("Write the amount as a number, like 25 or 25.50"), name))
