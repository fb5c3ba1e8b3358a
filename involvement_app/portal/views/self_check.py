"""An amount beside the public figures of benefits (domain 1.3 no. 1 and 2). It tells what the figures are and decides nothing;
what somebody writes here is answered and forgotten: no row, no log, no address with it inside."""

from frappe import _
from frappe.utils import flt

from involvement_app.involvement_payments import thresholds
from involvement_app.money import money, pounds
from involvement_app.portal import choices
from involvement_app.portal.responses import page
from involvement_app.portal.visit import Missing, Problem, Refused

OF = {"Week": "Pounds a week", "Month": "Pounds a month"}


def show(visit, beside=()):
	if not visit.with_money:
		raise Missing
	figures = thresholds.current()
	return page(
		visit,
		"self_check.html",
		_("Benefits: the figures"),
		figures=[(row, said(row)) for row in figures],
		beside=beside,
		checked=max((row.checked_on for row in figures if row.checked_on), default=None),
	)


def compare(visit):
	"""The page once more, with the answer on it: no redirect, for nothing is kept to show after one."""
	amount = choices.pounds_typed(visit, "amount")
	if not amount or amount < 0:
		raise Refused(Problem(_("Write an amount above £0.00"), "amount"))
	period = visit.typed("period", 20)
	if period not in OF:
		raise Refused(Problem(_("Choose a week or a month"), "period"))
	rows = [row for row in thresholds.current() if row.unit == OF[period]]
	return show(visit, beside=[(row, said(row), against(amount, row.figure)) for row in rows])


def against(amount, figure) -> str:
	"""How an amount stands to a figure, in words that leave open what follows."""
	amount, figure = money(amount), money(figure)
	if amount == figure:
		return _("{0} is just this.").format(pounds(amount))
	words = _("{0} is less than this.") if amount < figure else _("{0} is more than this.")
	return words.format(pounds(amount))


def said(row) -> str:
	words = {
		"Pounds a week": _("{0} a week"),
		"Pounds a month": _("{0} a month"),
		"Pounds an hour": _("{0} an hour"),
	}
	if row.unit in words:
		return words[row.unit].format(pounds(row.figure))
	return _("{0} in every {1}").format(f"{flt(row.figure):g}p", pounds(1))
