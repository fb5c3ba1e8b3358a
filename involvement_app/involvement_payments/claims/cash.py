"""Cash on the day, against a signed slip."""

import frappe
from frappe import _
from frappe.utils import cstr, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_payments.claims import CASH, CLAIM, PAYMENT, TRANSFER, people
from involvement_app.involvement_payments.slips import wrong_slip
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import COORDINATOR, FINANCE_OFFICER


def cash_with_slip(doc, move) -> None:
	"""Guard of Paid, where somebody takes the step: against a signed slip, never by who approved it."""
	if move.by != "role":
		return
	if not doc.payment:
		frappe.throw(_("{0} has nothing to pay.").format(doc.name), lifecycle.TransitionError)
	if doc.pay_by != CASH:
		frappe.throw(
			_("{0} is paid by a batch. Press “Pay in cash instead” first.").format(doc.name),
			lifecycle.TransitionError,
		)
	missing = [_(doc.meta.get_label(field)) for field in ("cash_given_on", "cash_slip") if not doc.get(field)]
	if missing:
		frappe.throw(
			_("Please fill in {0} before “{1}”.").format(", ".join(missing), _(move.transition.action)),
			lifecycle.TransitionError,
		)
	if getdate(doc.cash_given_on) > getdate(today()):
		frappe.throw(_("Given on: the date is still to come."), lifecycle.TransitionError)
	if getdate(doc.cash_given_on) < min(getdate(line.spent_on) for line in doc.lines):
		frappe.throw(_("Given on: that is before anything was spent."), lifecycle.TransitionError)
	if move.user == doc.get_doc_before_save().approved_by:
		frappe.throw(
			_("You approved {0}, so somebody else hands out the money.").format(doc.name),
			lifecycle.StepNotPermitted,
		)
	if wrong := wrong_slip(doc, doc.cash_slip):
		frappe.throw(wrong, lifecycle.TransitionError)


def stamp_cash(doc, move) -> None:
	if move.by == "role":
		doc.cash_by, doc.paid_on = move.user, getdate(doc.cash_given_on)


def slips(names: list[str]) -> dict[str, frappe._dict]:
	"""Claim → {cash_slip, cash_by} of those that were paid in cash; one query, none where `names` is empty."""
	rows = names and frappe.get_all(  # bounded: of payments that the caller puts into a batch
		CLAIM, {"name": ["in", names], "pay_by": CASH}, ["name", "cash_slip", "cash_by"]
	)
	return {row.name: row for row in rows or ()}


@frappe.whitelist(methods=["POST"])
def change_way(claim: str, pay_by: str) -> None:
	"""Cash in the place of a transfer, or the other way round: as long as no batch is locked with its payment. For who hands
	out cash and may see the claim. Raises PermissionError, TransitionError."""
	people.lock_person(frappe.db.get_value(CLAIM, cstr(claim), "participant"))
	doc = frappe.get_doc(CLAIM, cstr(claim), for_update=True)
	doc.check_permission("read")
	user = frappe.session.user
	if not roles_of(user) & {COORDINATOR, FINANCE_OFFICER}:
		raise frappe.PermissionError
	people.not_the_payee(doc, frappe._dict(by="role", user=user))
	if pay_by not in (TRANSFER, CASH):
		frappe.throw(_("Paid by: please choose {0} or {1}.").format(_(TRANSFER), _(CASH)))
	payment = frappe.db.get_value(PAYMENT, doc.payment, ["status", "batch"], as_dict=True, for_update=True)
	if doc.status != "Approved" or not payment or payment.status != "Approved" or payment.batch:
		frappe.throw(
			_("{0} is {1}: how it is paid cannot be changed now.").format(doc.name, _(doc.status)),
			lifecycle.TransitionError,
		)
	# bounded: the one claim and its payment, locked and looked at above; what is paid, and to whom, stays
	frappe.db.set_value(CLAIM, doc.name, "pay_by", pay_by)
	frappe.db.set_value(PAYMENT, doc.payment, "payment_route", route(pay_by))  # bounded: as above
	doc.add_comment("Info", _("Paid by: {0}").format(_(pay_by)))


def route(pay_by: str) -> str:
	return CASH if pay_by == CASH else "Gross"


def pay_in_cash(doc) -> None:
	"""Once the claim is Paid by hand: its payment too."""
	with lifecycle.as_job():
		lifecycle.move_many(
			PAYMENT, [doc.payment], "Pay in cash", (CLAIM, doc.name), {"paid_on": doc.paid_on}
		)
