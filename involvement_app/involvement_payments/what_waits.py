"""What waits for those who decide on money and pay it, on “To do today” (hook involvement_to_do; domain 4.10)."""

from functools import partial

import frappe
from frappe import _
from frappe.utils import add_days, today

from involvement_app.involvement_app.to_do import SOON_DAYS, Kind
from involvement_app.involvement_payments import (
	approval_limits,
	batches,
	claims,
	other_books,
	overpaid,
	without_money,
)
from involvement_app.involvement_payments.batches import BATCH
from involvement_app.involvement_payments.states import ADVANCE, PAYMENT, RECEIVED
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import (
	BUDGET_HOLDER,
	COORDINATOR,
	FINANCE_AUTHORISER,
	FINANCE_OFFICER,
	MANAGER,
)

# who agrees with a person that something is taken back (corrections.propose)
AGREE = (COORDINATOR, MANAGER, FINANCE_OFFICER)

# since when it waits, and for whom
OF_FINANCE = partial(Kind, dated=False, only=FINANCE_OFFICER)


def kinds() -> tuple[Kind, ...]:
	"""Where no money is paid nothing waits. One question more for who decides on payments: in which units."""
	if without_money.is_so():
		return ()
	found = [
		OF_FINANCE(
			"sent-back",
			"Payment that the bank sent back: ask the person, then pay again",
			PAYMENT,
			(("status", "=", "Failed at bank"),),
			"modified",
			person="participant",
		),
		OF_FINANCE(
			"disagree",
			"Batch that does not agree",
			BATCH,
			(("disagreement", "is", "set"), ("reconciled_on", "is", "not set")),
			"payment_on",
			title="title",
		),
		Kind(
			"to-authorise",
			"Batch to authorise",
			BATCH,
			(("status", "=", "Locked"),),
			"payment_on",
			title="title",
			only=FINANCE_AUTHORISER,
		),
		Kind(
			"to-export",
			"Batch that is authorised: make its file",
			BATCH,
			(("status", "=", "Authorised"),),
			"payment_on",
			title="title",
			only=FINANCE_OFFICER,
		),
		Kind(
			"to-confirm",
			"Batch to confirm, once the bank has paid it",
			BATCH,
			(("status", "=", "Exported"), ("payment_on", "is", "set"), ("payment_on", "<=", today())),
			"payment_on",
			title="title",
			only=FINANCE_OFFICER,
		),
		Kind(
			"handed-over",
			"Handed over to payroll or on an invoice: was it paid?",
			PAYMENT,
			_as_rows(other_books.handed_over()),
			"handed_over_on",
			person="participant",
			dated=False,
			only=FINANCE_AUTHORISER,
		),
		OF_FINANCE(
			"cash",
			"Cash that was handed over and is in no batch yet",
			PAYMENT,
			_as_rows(batches.handed_over()),
			"paid_on",
			person="participant",
		),
		OF_FINANCE(
			"paid-back",
			"Money that was paid back and is in no batch yet",
			PAYMENT,
			_as_rows(batches.paid_back()),
			"paid_on",
			person="participant",
		),
		OF_FINANCE(
			"other-books",
			"Paid on an invoice or through payroll: does the ledger show it?",
			PAYMENT,
			_as_rows(other_books.not_compared()),
			"paid_on",
			person="participant",
		),
	]
	found.append(
		Kind(
			"advance",
			"Advance that is not accounted for: ask what was spent",
			PAYMENT,
			(("kind", "=", ADVANCE), ("status", "in", RECEIVED), ("settled_on", "is", "not set")),
			"session_on",
			person="participant",
			dated=False,
			only=COORDINATOR,
		)
	)
	if COORDINATOR in roles_of():
		found.append(
			Kind(
				"expenses-to-check",
				"Expenses to check",
				claims.CLAIM,
				(("status", "=", "Submitted"),),
				"due_on",
				person="participant",
				only=COORDINATOR,
			)
		)
		found.append(
			Kind(
				"expenses-returned",
				"Expenses with a question: ask the person",
				claims.CLAIM,
				(
					("status", "=", "Returned"),
					("due_on", "is", "set"),
					("due_on", "<=", add_days(today(), SOON_DAYS)),
				),
				"due_on",
				person="participant",
				only=COORDINATOR,
			)
		)
	if roles_of() & set(AGREE):
		found.append(
			Kind(
				"overpaid",
				"Paid more than the session is worth: talk with the person",
				PAYMENT,
				(("name", "in", overpaid.listed() or [""]),),
				"paid_on",
				person="participant",
				dated=False,
				only=AGREE,
			)
		)
	if BUDGET_HOLDER in roles_of():
		units = _decided_on() or [""]
		found.append(
			Kind(
				"expenses-to-approve",
				"Expenses to approve",
				claims.CLAIM,
				(
					("status", "=", "Checked"),
					("due_on", "is", "set"),
					("due_on", "<=", add_days(today(), SOON_DAYS)),
					("unit", "in", units),
				),
				"due_on",
				person="participant",
				only=BUDGET_HOLDER,
			)
		)
		found.append(
			Kind(
				"to-approve",
				"Payment to approve",
				PAYMENT,
				(
					("status", "=", "Checked"),
					("due_on", "is", "set"),
					("due_on", "<=", add_days(today(), SOON_DAYS)),
					("unit", "in", units),
				),
				"due_on",
				person="participant",
				only=BUDGET_HOLDER,
			)
		)
	return tuple(found)


def _as_rows(filters: dict) -> tuple:
	return tuple(
		(field, *(wanted if isinstance(wanted, list) else ("=", wanted))) for field, wanted in filters.items()
	)


def _decided_on() -> list[str]:
	"""Units whose payments the session's user decides on, also where a role of another kind lets them read more."""
	unit, user = frappe.qb.DocType("Involvement Unit"), frappe.session.user
	return (
		frappe.qb.from_(unit)
		.select(unit.name)
		.where((unit.budget_holder == user) | unit.name.isin(approval_limits.units_of(user)))
		.run(pluck=True)
	)


def labels() -> list[str]:
	"""Every label, so that the translation tools find it."""
	return [
		_("Payment that the bank sent back: ask the person, then pay again"),
		_("Batch that does not agree"),
		_("Batch to authorise"),
		_("Batch that is authorised: make its file"),
		_("Batch to confirm, once the bank has paid it"),
		_("Cash that was handed over and is in no batch yet"),
		_("Money that was paid back and is in no batch yet"),
		_("Paid on an invoice or through payroll: does the ledger show it?"),
		_("Payment to approve"),
		_("Paid more than the session is worth: talk with the person"),
		_("Advance that is not accounted for: ask what was spent"),
		_("Expenses to check"),
		_("Expenses with a question: ask the person"),
		_("Expenses to approve"),
	]
