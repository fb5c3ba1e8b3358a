"""What the accounts show of a batch (domain 4.6, hand-over; law 12): sums by account, cost centre and project on the
one side, one control account on the other. Never a name, nor a participant's code: a ledger is read by many.

The codes are words in Involvement Settings (accounts), the unit (cost centre; a unit without one takes that of the
unit above) and the opportunity (project). `lines` is what every hand-over to a ledger is made of."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import frappe

from involvement_app.involvement_payments import transfers
from involvement_app.involvement_payments.states import ADVANCE
from involvement_app.money import money

PAYMENT = "Involvement Payment"


@dataclass(frozen=True)
class Line:
	"""One line of a journal; amounts in pounds, one of them nought."""

	account: str
	cost_centre: str
	project: str
	debit: Decimal
	credit: Decimal


def lines(batch) -> list[Line]:
	"""Debits by account, cost centre and project (a sum below nought stands as a credit), then the control account.
	Both sides are the same to the penny. No line is of nothing, so there may be none: then nothing is posted."""
	sums = defaultdict(Decimal)
	where = _where([line.payment for line in transfers.standing(batch)])
	for line in transfers.standing(batch):
		sums[where[line.payment]] += money(line.amount)
	settings = frappe.get_cached_doc("Involvement Settings")
	control = (settings.ledger_control_account or "", "", "")
	places = [*sorted(sums.items()), (control, -sum(sums.values(), money(0)))]
	return [_line(place, amount) for place, amount in places if amount]


def _line(place: tuple[str, str, str], amount: Decimal) -> Line:
	return Line(*place, debit=max(amount, money(0)), credit=max(-amount, money(0)))


def _where(payments: list[str]) -> dict[str, tuple[str, str, str]]:
	"""payment → (account, cost centre, project)."""
	settings = frappe.get_cached_doc("Involvement Settings")
	centres = _cost_centres()
	return {
		row.name: (
			((row.claim or ADVANCE in (row.kind, row.of)) and settings.ledger_expenses_account)
			or settings.ledger_time_account
			or "",
			centres.get(row.unit, ""),
			row.project or "",
		)
		for row in _of(payments)
	}


def _of(payments: list[str]) -> list:
	payment, engagement, opportunity = map(
		frappe.qb.DocType, (PAYMENT, "Involvement Engagement", "Involvement Opportunity")
	)
	corrected = frappe.qb.DocType(PAYMENT).as_("corrected")
	return (
		frappe.qb.from_(payment)
		.left_join(engagement)
		.on(engagement.name == payment.engagement)
		.left_join(opportunity)
		.on(opportunity.name == engagement.opportunity)
		.left_join(corrected)
		.on(corrected.name == payment.corrects)
		.select(payment.name, payment.claim, payment.kind, payment.unit, opportunity.project)
		.select(corrected.kind.as_("of"))
		.where(payment.name.isin(payments or [""]))
		.run(as_dict=True)
	)


def _cost_centres() -> dict[str, str]:
	"""unit → its own cost centre, or that of the nearest unit above that has one."""
	unit, above = frappe.qb.DocType("Involvement Unit"), frappe.qb.DocType("Involvement Unit").as_("above")
	rows = (
		frappe.qb.from_(unit)
		.join(above)
		.on((above.lft <= unit.lft) & (above.rgt >= unit.rgt) & (above.cost_centre != ""))
		.select(unit.name, above.cost_centre)
		.orderby(above.lft)
		.run()
	)
	return dict(rows)
