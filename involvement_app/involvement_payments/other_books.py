"""What no batch of ours pays, on an invoice or by a single entry of payroll, stands in the books of others (domain 4.6: Paid →
Reconciled). Finance writes down where it stands there, and it is reconciled if both say the same to the penny. What
somebody paid back of it comes back in those books, and stays Repaid."""

import frappe
from frappe import _
from frappe.utils import cstr, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_app.role_status import ELSEWHERE
from involvement_app.involvement_payments import payees
from involvement_app.involvement_payments.states import PAYMENT, REPAID
from involvement_app.money import money, pounds, total
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import FINANCE_OFFICER

NUMBER_LENGTH = 140


class NotTheSame(frappe.ValidationError):
	"""The books of others say another sum, or nothing yet."""


def handed_over() -> dict:
	"""Filters: passed on to who pays it, and nobody has said yet that it was paid."""
	return {"status": "Scheduled", "payment_route": ["in", ELSEWHERE], "batch": ["is", "not set"]}


def not_compared() -> dict:
	"""Filters: came or went through the books of others, and nobody has looked there yet."""
	return {
		"status": ["in", ("Paid", REPAID)],
		"payment_route": ["in", ELSEWHERE],
		"batch": ["is", "not set"],
		"book_number": ["is", "not set"],
	}


@frappe.whitelist(methods=["POST"])
def agree(payment: str, number: str, day: str, amount: str | float) -> list[str]:
	"""The books of payroll, or of whoever pays invoices, show `amount` under `number` on `day`. It is the sum of all that was
	handed over for this person under the same invoice or pay run. Answers the names of those payments, which are
	reconciled. Raises PermissionError, NotTheSame."""
	doc = frappe.get_doc(PAYMENT, cstr(payment))
	doc.check_permission("read")
	_check_who(doc)
	rows = _together(doc)
	values = _checked(rows, number, day, amount)
	names = [row.name for row in rows]
	if doc.status == REPAID:
		# bounded: the one row that was just locked; it stays what it is
		frappe.db.set_value(PAYMENT, doc.name, values)
		doc.add_comment("Info", _("It came back in the ledger as {0}.").format(_number(number)))
		return names
	with lifecycle.as_job():  # by a finance officer, asked above
		lifecycle.move_many(PAYMENT, names, "Agrees there", (PAYMENT, doc.name), values)
	return names


def _check_who(doc) -> None:
	user = frappe.session.user
	if FINANCE_OFFICER not in roles_of(user):
		raise frappe.PermissionError
	payees.refuse_own({doc.participant})


def _together(doc) -> list[frappe._dict]:
	"""What the number stands for, locked: all that was handed over for the person under the same invoice or pay run."""
	payment = frappe.qb.DocType(PAYMENT)
	query = frappe.qb.from_(payment).select(
		payment.name, payment.amount, payment.status, payment.session_on, payment.book_number, payment.batch
	)
	of_the_same = payment.name == doc.name
	if doc.handed_over_as and doc.status != REPAID:
		of_the_same |= (
			(payment.participant == doc.participant)
			& (payment.payment_route == doc.payment_route)
			& (payment.handed_over_as == doc.handed_over_as)
			& payment.status.isin(("Scheduled", "Paid"))
		)
	rows = query.where(of_the_same).orderby(payment.name).for_update().run(as_dict=True)
	here = next(row for row in rows if row.name == doc.name)
	if (
		doc.payment_route not in ELSEWHERE
		or here.status not in ("Paid", REPAID)
		or here.batch
		or here.book_number
	):
		frappe.throw(
			_("{0} is {1}: there is nothing to compare with the books of others now.").format(
				doc.name, _(here.status)
			),
			NotTheSame,
		)
	if len(frappe.get_list(PAYMENT, {"name": ["in", [row.name for row in rows]]}, pluck="name")) < len(rows):
		frappe.throw(
			_("Some of this invoice or pay run is of another unit: whoever sees all of it compares it."),
			frappe.PermissionError,
		)
	waiting = [row.name for row in rows if row.status == "Scheduled"]
	if waiting:
		frappe.throw(
			_("{0}: not all of it is paid yet: {1}.").format(
				frappe.utils.escape_html(doc.handed_over_as), ", ".join(waiting)
			),
			NotTheSame,
		)
	return rows


def _checked(rows: list, number: str, day: str, amount) -> dict:
	words, on = _number(number), day and getdate(day)
	if not words:
		frappe.throw(_("Number in the ledger: please say where it stands there."), NotTheSame)
	if not on or not min(getdate(row.session_on) for row in rows) <= on <= getdate(today()):
		frappe.throw(
			_("Day in the ledger: please say which, not before the session and not in the future."),
			NotTheSame,
		)
	due, said = total(row.amount for row in rows), money(amount)
	if said != due:
		parts = ", ".join(f"{row.name} {pounds(row.amount)}" for row in rows)
		frappe.throw(
			_("The ledger says {0}, and here it is {1} ({2}).").format(pounds(said), pounds(due), parts),
			NotTheSame,
		)
	return {
		"book_number": words,
		"book_day": on,
		"book_amount": float(said),
		"book_by": frappe.session.user,
	}


def _number(number: str) -> str:
	return " ".join(cstr(number).split())[:NUMBER_LENGTH]
