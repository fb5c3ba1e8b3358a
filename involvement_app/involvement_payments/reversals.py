"""What is taken back from a locked batch (domain 4.6: corrections by reversing line only).

Lines, total and control hash stay what was locked. A row beside them says which payment no longer goes with it, by whose
hand and why: one taken out before the file was made, or one that the bank sent back. The payment itself goes on: to
another batch, or to nobody."""

import frappe
from frappe import _
from frappe.utils import cint, cstr, now_datetime

from involvement_app import lifecycle, messages
from involvement_app.involvement_app.participants import recipients
from involvement_app.involvement_payments import (
	accrual,
	advances,
	batches,
	corrections,
	own_limits,
	payees,
	transfers,
	ways,
)
from involvement_app.involvement_payments.batches import BATCH, PAYMENT
from involvement_app.involvement_payments.claims import HERE
from involvement_app.involvement_payments.transfers import SENT_BACK, TAKEN_OUT
from involvement_app.money import pounds, total
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import FINANCE_OFFICER

PARTICIPANT = "Involvement Participant"
LONGEST = 500


class CannotTakeBack(frappe.ValidationError):
	"""The batch is past that, the line is not in it, or it was taken back before."""


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def take_out(batch: str, payment: str, reason: str, void: str | int = 0) -> str:
	"""One payment out of a locked or authorised batch: back among the approved, or void for good. Answers the batch's status:
	what was authorised waits to be authorised anew, by somebody else than who took the line out.

	Raises PermissionError, CannotTakeBack, BatchChanged."""
	doc = locked(batch, ("Locked", "Authorised"))
	line, why = _line(doc, payment), _reason(reason)
	if cint(void):
		_refuse_handed_over(line)
		corrections.nothing_was_taken_of_it(frappe.get_doc(PAYMENT, line.payment, for_update=True))
	payees.refuse_own({line.participant})
	batches.unchanged_since_locked(doc, None)
	_refuse_proven(doc, [line.payment])
	if len(transfers.not_reversed(doc)) == 1:
		frappe.throw(
			_("This is the only payment left in {0}. Make the batch void instead.").format(doc.name),
			CannotTakeBack,
		)
	transfers.refuse_nothing_left([each for each in transfers.not_reversed(doc) if each is not line])
	own_limits.refuse_room_gone(doc, line)
	_write_down(doc, TAKEN_OUT, {line.payment: why})
	doc.edited_by = "\n".join(sorted({*(doc.edited_by or "").split(), frappe.session.user}))
	if doc.status == "Authorised":
		doc.status = "Locked"
	_save(doc)
	if line.handed_over_on:
		batches.put_down([line.payment], None)
	elif cint(void):
		batches.move(doc, [line.payment], "Void in its batch", {"note": why})
		voided = frappe.get_doc(PAYMENT, line.payment)
		advances.not_taken_back(voided)
		corrections.end_with_it(voided)
		accrual.of_correction(voided)
		_tell_void(doc, line.payment)
	else:
		batches.move(doc, [line.payment], "Release", {"batch": None, "pay_on": None})
		accrual.wait_again([line.payment], (BATCH, doc.name))
	own_limits.set_free({line.participant})
	return doc.status


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def sent_back(batch: str, payment: str, reason: str) -> None:
	"""The bank sent one payment back. Raises PermissionError, CannotTakeBack, BatchChanged."""
	mark_failed(locked(batch, ("Exported", "Confirmed")), {cstr(payment): reason})


def mark_failed(doc, reasons: dict[str, str]) -> None:
	"""`reasons`: payment → what the bank said. `doc`: the batch, read for update by whoever may say so. Whoever is concerned
	is told, once, that the money is not lost and what comes next."""
	for name in reasons:
		_refuse_handed_over(_line(doc, name))
	reasons = _whole_transfers(doc, {_line(doc, name).payment: _reason(why) for name, why in reasons.items()})
	# what came back is paid once more
	payees.refuse_own({line.participant for line in doc.lines if line.payment in reasons})
	batches.unchanged_since_locked(doc, None)
	_write_down(doc, SENT_BACK, reasons)
	doc.reconciled_on = None  # it has to agree once more
	_save(doc)
	by_reason = {}
	for payment, why in reasons.items():
		by_reason.setdefault(why, []).append(payment)
	for why, names in by_reason.items():  # one by one: a few reasons, each over its payments
		batches.move(doc, names, "Mark failed", {"paid_on": None, "note": why})
	_tell_failed(doc, list(reasons))


def locked(batch: str, statuses: tuple[str, ...]):
	"""The batch, read for update, by a finance officer who may change it. Raises PermissionError, CannotTakeBack."""
	doc = frappe.get_doc(BATCH, cstr(batch), for_update=True)
	doc.check_permission("write")
	if FINANCE_OFFICER not in roles_of(frappe.session.user):
		frappe.throw(
			_("{0}: a finance officer takes payments back.").format(doc.name), lifecycle.StepNotPermitted
		)
	if doc.status not in statuses:
		frappe.throw(
			_("{0} is {1}: this is not possible now.").format(doc.name, _(doc.status)), CannotTakeBack
		)
	return doc


def _line(doc, payment: str):
	line = next((line for line in transfers.not_reversed(doc) if line.payment == cstr(payment)), None)
	if not line:
		frappe.throw(
			_("{0} is not in {1}, or was taken back before.").format(
				frappe.utils.escape_html(cstr(payment)[:140]), doc.name
			),
			CannotTakeBack,
		)
	return line


def _refuse_handed_over(line) -> None:
	if line.handed_over_on:
		words = (
			_("{0} was paid back by the person: there is nothing to send back or to make void.")
			if line.way == ways.PAID_BACK
			else _("{0} was handed over in cash. If it was too much, correct the payment itself.")
		)
		frappe.throw(words.format(line.payment), CannotTakeBack)


def _whole_transfers(doc, reasons: dict[str, str]) -> dict[str, str]:
	"""What the bank sends back is a transfer: what was taken off it comes back with it."""
	left = {line.payment for line in transfers.not_reversed(doc)}
	whole = {}
	for line in transfers.of(doc):
		names = [name for name in transfers.payments_of(line) if name in left]
		if why := next((reasons[name] for name in names if name in reasons), None):
			whole |= dict.fromkeys(names, why)
	return whole


def pay_the_rest_again(payment) -> None:
	"""Once a payment that came back is to be paid again: so is what was one transfer with it, and what was taken off it is
	taken off it again. What may not be paid any more stays as it is, and whoever pays the rest is told."""
	before = payment.get_doc_before_save()
	if (before and before.status, payment.status) != (
		"Failed at bank",
		"Approved",
	) or payment.flags.with_its_transfer:
		return
	if not before.batch:
		return  # paid elsewhere: no batch sent it out
	batch = frappe.get_doc(BATCH, before.batch)
	theirs = next(
		(names for line in transfers.of(batch) if payment.name in (names := transfers.payments_of(line))),
		[],
	)
	# one by one: what one person had in one transfer
	for name in theirs:
		doc = frappe.get_doc(PAYMENT, name, for_update=True)
		if (doc.status, doc.batch) == ("Failed at bank", batch.name):
			doc.flags.with_its_transfer = True
			_pay_too(doc)


def _pay_too(payment) -> None:
	frappe.db.savepoint("involvement_transfer")
	try:
		lifecycle.apply(payment, "Pay again")
	except lifecycle.StepNotPermitted as problem:
		frappe.db.rollback(save_point="involvement_transfer")
		frappe.clear_last_message()
		frappe.msgprint(
			_("{0} stays {1}, as it may not be paid now: {2}").format(
				payment.name, _("Failed at bank"), str(problem)
			)
		)


def _reason(reason: str) -> str:
	words = cstr(reason).strip()[:LONGEST]
	if not words:
		frappe.throw(_("Reason: please say why. The person reads it."), CannotTakeBack)
	return words


def _refuse_proven(doc, names) -> None:
	"""What was handed over by hand, with all that made up its sum, goes into no other batch."""
	proven = dict.fromkeys((line.payment for line in ways.handed_over(doc)), "proof")
	if there := sorted(_whole_transfers(doc, proven).keys() & set(names)):
		frappe.throw(
			_(
				"{0} was handed over, for its proof is written down, so it stays in {1}. If the money came back, say so once the batch is exported: “The bank sent one back”."
			).format(there[0], doc.name),
			CannotTakeBack,
		)


def _write_down(doc, kind: str, reasons: dict[str, str]) -> None:
	amounts = {line.payment: line.amount for line in doc.lines}
	for payment, why in reasons.items():
		doc.append(
			"reversals",
			{
				"payment": payment,
				"kind": kind,
				"amount": -amounts[payment],
				"reason": why,
				"done_by": frappe.session.user,
				"done_on": now_datetime(),
			},
		)
	doc.to_pay = float(total(line.amount for line in transfers.standing(doc)))


def _save(doc) -> None:
	with lifecycle.server_side(), lifecycle.as_job():
		doc.save()  # by a finance officer, asked above


def _tell_void(doc, name: str) -> None:
	(row,) = _facts([name])
	if row.kind == "Correction":  # it was told as what is taken off
		_send("Involvement correction ended", doc, row, pounds(abs(row.amount)))
	else:
		_send("Involvement payment not made", doc, row, pounds(row.amount))


def _tell_failed(doc, names: list[str]) -> None:
	"""Everybody once, of all that came back to us: what was netted, and expenses beside time, were one transfer."""
	theirs = {}
	for row in _facts(names):
		theirs.setdefault((row.participant, row.charity), []).append(row)
	people = recipients({participant for participant, _charity in theirs})
	for (participant, _charity), rows in theirs.items():  # one by one: each is told in their own way
		expenses = all(row.claim for row in rows)
		reasons = "; ".join(dict.fromkeys(row.note for row in rows if row.note))
		_send(
			"Involvement expenses failed" if expenses else "Involvement payment sent back",
			doc,
			frappe._dict(rows[0], note=reasons),
			pounds(total(row.amount for row in rows)),
			people.get(participant),
		)


def _send(template: str, doc, row, amount: str, known=None) -> None:
	messages.send(
		template,
		(PARTICIPANT, row.participant),
		{
			"amount": amount,
			"charity": row.charity or "",
			"session_on": frappe.utils.format_date(row.session_on, "d MMMM yyyy"),
			"note": row.note,
			"link": frappe.utils.get_url(HERE if row.claim else "/take-part/my"),
		},
		about=doc,
		known=known,
	)


def _facts(names: list[str]) -> list[frappe._dict]:
	fields = ["name", "participant", "amount", "charity", "session_on", "note", "kind", "claim"]
	# payments of a batch that the reader may change
	return frappe.get_all(PAYMENT, {"name": ["in", names]}, fields, order_by="name")
