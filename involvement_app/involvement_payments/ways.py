"""By which way each line of a batch is paid (domain 4.6): to an account, or by hand, with a proof of its own.

Where the file is written by a layout, a line that goes to an account needs one in use when the batch is locked, and
the same one when it is exported. Whose way was changed within seven days is flagged, whatever it is, and whoever authorises says that they
have looked at it.
"""

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce
from frappe.utils import add_days, cstr, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_app.concerned import concerned_in
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_payments import bank_details, slips, transfers
from involvement_app.involvement_payments.bank_details import BANK, CASH, CHEQUE, NO_VOUCHERS, VOUCHER
from involvement_app.involvement_payments.claims import cash
from involvement_app.involvement_payments.payees import CHARITY
from involvement_app.involvement_payments.states import NO_PAY, PAYMENT, REPAID
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import FINANCE_AUTHORISER, FINANCE_OFFICER

PAYROLL, PAID_BACK = "Payroll", "Paid back"
BY_HAND = (CHEQUE, CASH, VOUCHER)
NEW_FOR = 7  # days
LINE = "Involvement Payment Batch Line"


class NoAccount(frappe.ValidationError):
	"""A line that goes to an account has none in use, or another one than when the batch was locked."""


class NoVoucher(frappe.ValidationError):
	"""A line that would go by voucher, and may not."""


class NotProven(frappe.ValidationError):
	"""A line that is paid by hand has no proof yet."""


class ProofRefused(frappe.ValidationError):
	"""The number or the file is the proof of something else, or none at all."""


def put(batch, payments: dict) -> None:
	"""Set each line's way and account; one query. `payments`: name → {participant, charity, …}."""
	used = bank_details.in_use({payment.participant for payment in payments.values()})
	in_cash = cash.slips([payment.claim for payment in payments.values() if payment.status == "Paid"])
	since = getdate(add_days(today(), -NEW_FOR))
	payroll = batch.route == PAYROLL
	for line in batch.lines:
		payment = payments[line.payment]
		detail = None if payment.charity else used.get(payment.participant)
		if payroll:
			detail = None
		paid_by = PAYROLL if payroll else detail.way if detail else BANK
		line.way = CHARITY if payment.charity else paid_by
		line.bank_detail = detail.name if detail and detail.way == BANK else None
		# by hand too: a cheque or cash is diverted more easily than a transfer
		new = detail and getdate(detail.active_since) >= since
		line.bank_changed_on = getdate(detail.active_since) if new else None
		if detail and payment.followed:  # approved for another record of theirs
			line.bank_changed_on = line.bank_changed_on or getdate()
		# of a claim that was paid in cash a further payment may come by the bank
		_handed_over(line, payment, in_cash.get(payment.claim) if payment.status == "Paid" else None)
	batch.changed_accounts = sum(1 for line in batch.lines if line.bank_changed_on)


def _handed_over(line, payment, slip) -> None:
	"""Paid in cash before the batch: its proof is the slip on its claim. Paid back to us: the payment itself says how.
	Any other proof is written down once the batch is locked (`prove`)."""
	line.proof = line.proof_file = line.proved_by = None
	if payment.status == REPAID:
		line.handed_over_on, line.way = payment.paid_on, PAID_BACK
		line.bank_detail = line.bank_changed_on = None
		return
	line.handed_over_on = payment.paid_on if slip else None
	if slip:
		line.way, line.bank_detail, line.bank_changed_on = CASH, None, None
		line.proof_file, line.proved_by = slip.cash_slip, slip.cash_by


def refuse_without_account(batch) -> None:
	"""Where the file names accounts. Raises NoAccount naming the rows."""
	if batch.file_layout:
		_refuse([line for line in batch.lines if line.way == BANK and not line.bank_detail])


def refuse_vouchers(batch) -> None:
	"""A voucher counts as pay: what somebody spent is not paid by one, nor anything to people who get none, nor where none are
	offered any more. Raises NoVoucher naming the rows."""
	lines = [line for line in batch.lines if line.way == VOUCHER and not line.handed_over_on]
	if not lines:
		return
	of_kind, eligibility = _what_it_is(lines)
	switched_off = VOUCHER not in bank_details.offered()
	problems = []
	for line in lines:
		if of_kind[line.payment] in NO_PAY:
			words = _("Row {0}: {1} is for expenses, which are not paid by voucher")
		elif eligibility.get(line.participant) == NO_VOUCHERS:
			words = _("Row {0}: {1} is for somebody who gets no vouchers")
		elif switched_off:
			words = _("Row {0}: {1} would be a voucher, and vouchers are switched off")
		else:
			continue
		problems.append(words.format(line.idx, line.payment))
	if problems:
		frappe.throw(
			_(
				"These payments are not made by voucher. Ask the people to choose cash, cheque or bank, press “Pay in cash instead” on an expense claim, or take the rows out:"
			)
			+ "<br>"
			+ "<br>".join(problems),
			NoVoucher,
		)


def _what_it_is(lines: list) -> tuple[dict, dict]:
	"""Payment → its kind, or that of what it takes back; participant → what their record says of paying them."""
	payment = frappe.qb.DocType(PAYMENT)
	corrected = payment.as_("corrected")
	rows = (
		frappe.qb.from_(payment)
		.left_join(corrected)
		.on(corrected.name == payment.corrects)
		.select(payment.name, Coalesce(corrected.kind, payment.kind).as_("of_kind"))
		.where(payment.name.isin([line.payment for line in lines]))
		.run(as_dict=True)
	)
	people = frappe.get_all(  # bounded to who is paid by this batch; nothing of it is shown but the row
		PARTICIPANT,
		{"name": ["in", sorted({line.participant for line in lines})]},
		["name", "payment_eligibility"],
	)
	return {row.name: row.of_kind for row in rows}, {row.name: row.payment_eligibility for row in people}


def accounts_as_locked(batch, move) -> None:
	"""Guard: nobody took their account away, or changed it, since the batch was locked."""

	if not batch.file_layout:
		return
	lines = [line for line in transfers.standing(batch) if line.way == BANK]
	used = bank_details.in_use({line.participant for line in lines})
	_refuse([line for line in lines if (used.get(line.participant) or {}).get("name") != line.bank_detail])


def _refuse(lines: list) -> None:
	if lines:
		rows = "<br>".join(_("Row {0}: {1}").format(line.idx, line.payment) for line in lines)
		frappe.throw(
			_("There is no verified account for these payments. Ask the people, or take the rows out:")
			+ f"<br>{rows}",
			NoAccount,
		)


def changes_were_seen(batch, move) -> None:
	"""Guard: whoever authorises has looked at whose way of payment is new, and not somebody for them."""
	if batch.changed_accounts and not (batch.changes_seen and batch.changes_seen_by == move.user):
		rows = ", ".join(cstr(line.idx) for line in batch.lines if line.bank_changed_on)
		frappe.throw(
			_(
				"How these people are paid is new, or was changed, within seven days (rows {0}). Ask them whether they changed it, and whether an account is theirs, tick “I have looked at how they are paid”, and save."
			).format(rows),
			lifecycle.TransitionError,
		)


def note_who_looked(batch) -> None:
	if batch.has_value_changed("changes_seen"):
		if FINANCE_AUTHORISER not in roles_of(frappe.session.user):
			frappe.throw(
				_("“I have looked at how they are paid” is ticked by whoever authorises the batch."),
				frappe.PermissionError,
			)
		batch.changes_seen_by = frappe.session.user if batch.changes_seen else None


def by_hand(batch, line) -> bool:
	"""What no file pays. A file of names and sums tells the bank of charities too; one of accounts cannot."""
	return line.way in BY_HAND or (line.way == CHARITY and bool(batch.file_layout))


def proven(batch, move) -> None:
	"""Guard: what was paid by hand has its number, or a signed slip. Raises NotProven naming the rows."""

	missing = [
		line
		for line in transfers.not_reversed(batch)
		if by_hand(batch, line) and not (line.proof_file or (line.proof and line.way != CASH))
	]
	if missing:
		rows = ", ".join(cstr(line.idx) for line in missing)
		frappe.throw(
			_(
				"Paid by hand, and without a proof: rows {0}. Write down the number, or add the signed slip."
			).format(rows),
			NotProven,
		)


def handed_over(batch) -> list:
	"""The lines paid by hand whose proof is written down: somebody has that money, so no other batch pays it."""
	return [
		line
		for line in transfers.not_reversed(batch)
		if by_hand(batch, line) and not line.handed_over_on and (line.proof or line.proof_file)
	]


def none_handed_over(batch, move) -> None:
	"""Guard: what is made void is paid again. Raises TransitionError naming the rows."""
	if lines := handed_over(batch):
		frappe.throw(
			_(
				"Rows {0} of {1} were handed over, for their proof is written down: made void, they would be paid once more. Take out the rows that were not handed over, then export and confirm the rest."
			).format(", ".join(cstr(line.idx) for line in lines), batch.name),
			lifecycle.TransitionError,
		)


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def prove(batch: str, row: int, number: str = "", slip: str = "") -> None:
	"""The finance officer writes down the number of a cheque, a voucher or a transfer to a charity, or which attached file
	is the signed slip. Not of their own money, nor of somebody they act for; nor what proves another row already.
	Raises PermissionError, StepNotPermitted, ProofRefused, ValidationError."""
	doc = frappe.get_doc("Involvement Payment Batch", cstr(batch), for_update=True)
	doc.check_permission("write")
	if FINANCE_OFFICER not in roles_of(frappe.session.user):
		raise frappe.PermissionError
	line = next((line for line in transfers.standing(doc) if line.idx == row), None)
	if doc.status not in ("Authorised", "Exported") or not line or not by_hand(doc, line):
		frappe.throw(_("There is nothing to prove in this row now."))
	if concerned_in(frappe.session.user, line.participant):
		frappe.throw(
			_(
				"Row {0}: this is your own payment, or of somebody you act for, so somebody else writes down the proof."
			).format(row),
			lifecycle.StepNotPermitted,
		)
	if line.way == CASH and not slip:
		frappe.throw(_("Row {0} is paid in cash: add the slip that the person signed.").format(row))
	number = " ".join(cstr(number).split())[:140]
	if not number and not slip:
		frappe.throw(_("Write down the number, or choose the signed slip."))
	lines = _handed_over_with(doc, line)
	if wrong := (number and slips.wrong_number(doc, lines, number)) or (
		slip and slips.wrong_slip(doc, cstr(slip), lines)
	):
		frappe.throw(_("Row {0}: {1}").format(row, wrong), ProofRefused)
	values = {"proof": number or None, "proof_file": cstr(slip) or None, "proved_by": frappe.session.user}
	# a line is fixed once it is locked: only its proof is added, by whom the batch was just asked for
	frappe.db.set_value(LINE, {"name": ["in", [each.name for each in lines]]}, values)
	rows = ", ".join(cstr(each.idx) for each in lines)
	doc.add_comment(
		"Info", _("Proof for row {0}: {1}").format(rows, frappe.utils.escape_html(number or slip))
	)


def _handed_over_with(batch, line) -> list:
	"""The lines that are one cheque, voucher or envelope with it: what was taken off it, and with a layout all that is theirs."""
	names = next(
		(
			names
			for transfer in transfers.of(batch)
			if line.payment in (names := transfers.payments_of(transfer))
		),
		[line.payment],
	)
	return [each for each in batch.lines if each.payment in names]
