"""Approved payments, put together, locked by one person and released by another (domain 4.6, 4.12).

What a batch says comes from its payments, never from a request: lines are filled from them while it is a
draft and once more, under their rows' locks, when it is locked. From then on the control hash over the lines
stands for them at every step, and each payment is in one batch at most, because locking it moves the payment
from Approved to Scheduled.
"""

import hashlib
import re
import unicodedata

import frappe
from frappe import _
from frappe.utils import cstr, get_first_day, get_last_day, getdate, now, now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import concerned
from involvement_app.involvement_app.role_status import ELSEWHERE, GROSS
from involvement_app.involvement_payments import (
	accrual,
	approval_limits,
	claims,
	large,
	layouts,
	own_limits,
	payees,
	telling,
	transfers,
	ways,
)
from involvement_app.involvement_payments.claims import following
from involvement_app.involvement_payments.states import RECEIVED, REPAID
from involvement_app.involvement_privacy import sensitive
from involvement_app.money import plain, pounds, total
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import FINANCE_AUTHORISER, FINANCE_OFFICER

BATCH = "Involvement Payment Batch"
PAYMENT = "Involvement Payment"
REFERENCE_LENGTH = 18
PAYE = "PAYE"


class BatchChanged(frappe.ValidationError):
	"""The lines or their payments are no longer what was locked."""


# Lines


def fill(batch, for_update: bool = False) -> None:
	"""Set every line from its payment, then total and count. Raises transfers.NotReady naming the rows."""
	payments = _payments(batch, for_update)
	_refuse_unready(batch, payments)
	payees.follow([row for row in payments.values() if row.status == "Approved"], for_update)
	prefix = frappe.get_cached_doc("Involvement Settings").payment_reference
	for line in batch.lines:
		payment = payments[line.payment]
		line.participant, line.payee_name, line.amount = (
			payment.participant,
			payment.payee_name,
			payment.amount,
		)
		line.reference = reference(prefix, payment.name)
	ways.put(batch, payments)
	batch.line_count = len(batch.lines)
	batch.total = float(total(line.amount for line in batch.lines))
	batch.to_pay = batch.total


def _payments(batch, for_update: bool = False) -> dict:
	payment = frappe.qb.DocType(PAYMENT)
	query = (
		frappe.qb.from_(payment)
		.select(
			payment.name,
			payment.participant,
			payment.payee_name,
			payment.amount,
			payment.status,
			payment.batch,
			payment.approved_by,
			payment.edited_by,
			payment.session_on,
			payment.payment_route,
			payment.not_before,
			payment.payment_choice,
			payment.charity,
			payment.kind,
			payment.claim,
			payment.paid_on,
		)
		.where(payment.name.isin(sorted(line.payment for line in batch.lines) or [""]))
	)
	rows = (query.for_update() if for_update else query).run(as_dict=True)
	return {row.name: row for row in rows}


def _refuse_unready(batch, payments: dict) -> None:
	problems = [_problem(batch, line, payments.get(line.payment)) for line in batch.lines]
	problems = [problem for problem in problems if problem]
	if problems:
		frappe.throw(
			_("These payments cannot be in this batch. Please take the rows out:")
			+ "<br>"
			+ "<br>".join(problems),
			transfers.NotReady,
		)


def _problem(batch, line, payment) -> str | None:
	if not payment:
		return _("Row {0}: {1} does not exist").format(line.idx, frappe.utils.escape_html(cstr(line.payment)))
	if payment.batch:
		return _("Row {0}: {1} is in batch {2}").format(line.idx, payment.name, payment.batch)
	if payment.status == REPAID and payment.payment_route in ELSEWHERE:
		return _(
			"Row {0}: {1} was paid through {2}, so it is paid back in the books of that, not here"
		).format(line.idx, payment.name, _(payment.payment_route))
	if payment.status == REPAID or (payment.payment_route == claims.CASH and payment.status == "Paid"):
		return _of_another_route(batch, line, payment) or _of_another_month(batch, line, payment)
	if payment.status != "Approved":
		return _("Row {0}: {1} is {2}, not Approved").format(line.idx, payment.name, _(payment.status))
	if payment.payment_route == claims.CASH:
		return _("Row {0}: {1} is paid in cash: record it on its claim first").format(line.idx, payment.name)
	if (payment.payment_route or GROSS) != route_of(batch):
		return _("Row {0}: {1} is paid through {2}, not with this batch").format(
			line.idx, payment.name, _(payment.payment_route or GROSS)
		)
	if payment.not_before and batch.payment_on and getdate(payment.not_before) > getdate(batch.payment_on):
		words = (
			_("Row {0}: {1} is taken off from {2} on, as agreed with the person")
			if payment.kind == "Correction"
			else _("Row {0}: {1} waits until {2}, by the person's own limit")
		)
		return words.format(line.idx, payment.name, frappe.format(payment.not_before, "Date"))
	return None


def _of_another_route(batch, line, payment) -> str | None:
	"""Payroll keeps the books of what it pays, so cash in its batch would be in nobody's."""
	if not transfers.through_payroll(batch):
		return None
	words = (
		_("Row {0}: {1} was paid back, so it belongs in a batch for the bank")
		if payment.status == REPAID
		else _("Row {0}: {1} was handed over in cash, so it belongs in a batch for the bank")
	)
	return words.format(line.idx, payment.name)


def _of_another_month(batch, line, payment) -> str | None:
	"""Cash stands in the books of the month in which it was handed over, or came back."""
	if not batch.payment_on or month(batch.payment_on) == month(payment.paid_on):
		return None
	words = (
		_("Row {0}: {1} was paid back on {2}, so it belongs in a batch of that month")
		if payment.status == REPAID
		else _("Row {0}: {1} was handed over on {2}, so it belongs in a batch of that month")
	)
	return words.format(line.idx, payment.name, frappe.format(payment.paid_on, "Date"))


def month(day) -> tuple:
	return get_first_day(getdate(day)), get_last_day(getdate(day))


def put_together_by_finance(batch) -> None:
	"""Whoever releases a batch does not say what is in it (domain 4.7)."""
	if frappe.session.user == "Administrator" or FINANCE_OFFICER in roles_of(frappe.session.user):
		return
	frappe.throw(
		_("A finance officer puts {0} together. Ask one, or a second one, to change it.").format(
			batch.name or _("a batch")
		),
		frappe.PermissionError,
	)


def refuse_doubles(batch) -> None:
	seen = set()
	for line in batch.lines:
		if line.payment in seen:
			frappe.throw(
				_("Row {0}: {1} is in this batch twice.").format(line.idx, line.payment), transfers.NotReady
			)
		seen.add(line.payment)


def reference(prefix: str | None, payment: str) -> str:
	"""What the payee's bank statement shows: the neutral words of the settings and the payment's number, at most
	18 characters of the bank's alphabet (law 12)."""
	number = payment.rsplit("-", 1)[-1]
	room = REFERENCE_LENGTH - len(number) - 1
	words = unicodedata.normalize("NFKD", prefix or "").encode("ascii", "ignore").decode().upper()
	words = " ".join(re.sub(r"[^A-Z0-9 ]+", " ", words).split())[:room].rstrip()
	return f"{words} {number}".strip()


# The control hash


def control_hash(lines) -> str:
	"""sha256 over the lines in their order: payment|participant|amount to the penny|reference."""
	text = "\n".join(f"{row.payment}|{row.participant}|{plain(row.amount)}|{row.reference}" for row in lines)
	return hashlib.sha256(text.encode()).hexdigest()


def unchanged_since_locked(batch, move) -> None:
	"""Guard: the lines are those that were locked, and the payments say the same. Raises BatchChanged."""
	payments = _payments(batch, for_update=True)
	back = transfers.reversed_lines(batch)
	told = []
	for line in batch.lines:
		# what was taken back goes on elsewhere, perhaps under the record that stays of two
		says = line if line.payment in back else payments.get(line.payment)
		if says and (says is line or says.batch == batch.name):
			told.append(
				frappe._dict(
					payment=line.payment,
					participant=says.participant,
					amount=says.amount,
					reference=line.reference,
				)
			)
	if {control_hash(batch.lines), control_hash(told)} != {batch.control_hash}:
		words = (
			_(
				"{0} is not what was locked any more. Ask your bank what it has paid, find out what was changed since, and have your system manager put that back."
			)
			if batch.export_count or ways.handed_over(batch)
			else _(
				"{0} is not what was locked any more. Do not pay it: make it void and look into what happened."
			)
		)
		frappe.throw(words.format(batch.name), BatchChanged)


# Guards and effects of the lifecycle


def lock_lines(batch, move) -> None:
	"""Guard: under the payments' row locks, every line is approved and free, and says what its payment says. A batch that
	waits to be authorised anew has its lines."""
	if move.source != "Draft":
		return
	if not batch.lines:
		frappe.throw(
			" ".join((_("Payments: please add at least one payment before locking."), *waiting_said())),
			transfers.NotReady,
		)
	# a request may have sent other people and amounts along: the limits count what the payments say
	fill(batch)
	large.tick(batch, 20)
	own_limits.spread(batch)
	large.tick(batch, 30)
	layouts.fix(batch, None if transfers.through_payroll(batch) else layouts.in_use())
	fill(batch, for_update=True)
	transfers.refuse_nothing_left(batch.lines)
	ways.refuse_without_account(batch)
	ways.refuse_vouchers(batch)
	# until here every row is called by the number that it has on the screen
	for number, line in enumerate(batch.lines, 1):
		line.idx = number


def route_of(batch) -> str:
	"""The route of the payments that may be in it."""
	return PAYE if transfers.through_payroll(batch) else GROSS


def free(batch=None) -> dict:
	"""Filters: approved, in no batch, and of the route of `batch`."""
	filters = {"status": "Approved", "batch": ["is", "not set"]}
	if batch and transfers.through_payroll(batch):
		return {**filters, "payment_route": PAYE}
	return {**filters, "payment_route": ["in", ["", GROSS]]}


def handed_over(day=None) -> dict:
	"""Filters: paid in cash before, and in no batch yet; in the month of `day`. They are not paid again: a batch carries
	them into the ledger."""
	filters = {"status": "Paid", "batch": ["is", "not set"], "payment_route": claims.CASH}
	return {**filters, "paid_on": ["between", month(day)]} if day else filters


def paid_back(day=None) -> dict:
	"""Filters: paid back by the person, and in no batch yet; in the month of `day`. A batch carries them into the ledger,
	except what went through another's books, where it comes back too."""
	filters = {"status": REPAID, "batch": ["is", "not set"], "payment_route": ["not in", ELSEWHERE]}
	return {**filters, "paid_on": ["between", month(day)]} if day else filters


def waiting_said() -> list[str]:
	"""What waits for another route, a sentence for each, as far as the reader may see the payments."""
	rows = frappe.get_list(
		PAYMENT,
		filters={"status": "Approved", "payment_route": ["in", [PAYE, "Invoice", claims.CASH]]},
		fields=["payment_route", "amount"],
		limit=0,
	)
	words = {
		PAYE: _(
			"Approved payments that wait for payroll: {0} ({1}). They go into a batch of their own, paid through Payroll."
		),
		"Invoice": _("Approved payments that wait for an invoice: {0} ({1}). No batch pays them."),
		claims.CASH: _("Approved payments in cash: {0} ({1}). Record each on its expense claim."),
	}
	said = []
	for route, sentence in words.items():
		amounts = [row.amount for row in rows if row.payment_route == route]
		if amounts:
			said.append(sentence.format(len(amounts), pounds(total(amounts))))
	return said + _not_in_the_ledger_said()


def _not_in_the_ledger_said() -> list[str]:
	said = []
	for filters, words in (  # one by one: two kinds
		(
			handed_over(),
			_(
				"Payments handed over in cash and not in the ledger yet: {0} ({1}). “Add approved payments” takes those of the month of “Pay on”."
			),
		),
		(
			paid_back(),
			_(
				"Corrections paid back and not in the ledger yet: {0} ({1}). “Add approved payments” takes those of the month of “Pay on”."
			),
		),
	):
		if amounts := frappe.get_list(PAYMENT, filters=filters, pluck="amount", limit=0):
			said.append(words.format(len(amounts), pounds(abs(total(amounts)))))
	return said


def within_their_limit(batch, move) -> None:
	"""Guard: what is paid out is no more than whoever releases it decides on alone. What people paid back makes it no smaller."""
	goes_out = total(line.amount for line in transfers.standing(batch) if line.way != ways.PAID_BACK)
	approval_limits.within_their_limit(move.user, FINANCE_AUTHORISER, goes_out)


def authorised_by_another(batch, move) -> None:
	"""Guard: whoever releases the money approved none of it, and neither checked a claim nor wrote an attendance that it
	came from (a payment keeps who did)."""
	rows = _payments(batch).values()
	if any(row.approved_by == move.user for row in rows):
		frappe.throw(
			_("You approved a payment in {0}, so somebody else authorises it.").format(batch.name),
			lifecycle.StepNotPermitted,
		)
	if any(move.user in (row.edited_by or "").split() for row in rows):
		frappe.throw(
			_("You recorded or checked what is paid in {0}, so somebody else authorises it.").format(
				batch.name
			),
			lifecycle.StepNotPermitted,
		)


def not_a_payee(batch, move) -> None:
	"""Guard: whoever releases the money gets none of it, and acts for nobody who does."""
	if concerned.among(move.user, {row.participant for row in _payments(batch).values()}):
		frappe.throw(
			_(
				"{0} holds a payment to you, or to somebody you act for, so somebody else authorises it."
			).format(batch.name),
			lifecycle.StepNotPermitted,
		)


def stamp_lock(batch, move) -> None:
	if move.source != "Draft":
		batch.authorised_by = batch.authorised_on = batch.changes_seen_by = None
		batch.changes_seen = 0
		return
	batch.locked_by, batch.locked_on = move.user, now_datetime()
	batch.control_hash = control_hash(batch.lines)


def stamp_authorised(batch, move) -> None:
	batch.authorised_by, batch.authorised_on = move.user, now_datetime()


def stamp_export(batch, move) -> None:
	batch.exported_by, batch.exported_on = move.user, now_datetime()


# What follows a step, once the batch itself is written


def schedule(batch) -> None:
	_move(batch, "Schedule", {"batch": batch.name, "pay_on": batch.payment_on})
	put_down([line.payment for line in batch.lines if line.handed_over_on], batch.name)


def release(batch) -> None:
	_move(batch, "Release", {"batch": None, "pay_on": None})
	put_down([line.payment for line in transfers.not_reversed(batch) if line.handed_over_on], None)
	accrual.wait_again([line.payment for line in transfers.not_reversed(batch)], (BATCH, batch.name))
	own_limits.set_free({line.participant for line in transfers.not_reversed(batch)})


def put_down(names: list[str], batch: str | None) -> None:
	"""What was handed over in cash is paid, or what was paid back is back, and stays so: only the batch that carries it into the ledger is written down,
	or taken off. The caller has locked the rows."""
	if not names:
		return
	payment = frappe.qb.DocType(PAYMENT)
	# bounded: rows that the guard of the batch's own step has just looked at
	frappe.qb.update(payment).set(payment.batch, batch).set(payment.modified, now()).where(
		payment.name.isin(names) & payment.status.isin(("Paid", REPAID))
	).run()


def mark_paid(batch, only: set[str] | None = None) -> None:
	"""Those that wait for it, or `only` these of them; what was taken out or sent back is not paid."""
	paid_on = getdate(batch.payment_on)
	waiting = {payment.name for payment in _payments(batch).values() if payment.status == "Scheduled"}
	lines = [line for line in transfers.not_reversed(batch) if line.payment in waiting]
	lines = [line for line in lines if only is None or line.payment in only]
	if not lines:
		return
	move(batch, [line.payment for line in lines], "Mark paid", {"paid_on": paid_on})
	telling.paid(batch, lines, _payments(batch), paid_on)


def _move(batch, action: str, values: dict) -> None:
	# the guard of the batch's own step has just looked at these rows, under their locks
	names = [line.payment for line in transfers.not_reversed(batch) if not line.handed_over_on]
	if names:
		move(batch, names, action, values)


def move(batch, names: list[str], action: str, values: dict) -> None:
	"""Steps that payments take because of their batch. The caller has locked it and looked at its lines."""
	trail = (BATCH, batch.name)
	with lifecycle.as_job():
		lifecycle.move_many(PAYMENT, names, action, trail, values)
	following.follow(names, action, trail, values.get("paid_on"))


# The file


def answered(batch) -> list[str]:
	"""Payments of the file of which the bank has said that they were paid, or sent them back."""
	back, payments = transfers.reversed_lines(batch, transfers.SENT_BACK), _payments(batch)
	return [
		line.payment
		for line in transfers.standing(batch)
		if not line.handed_over_on and (line.payment in back or payments[line.payment].status != "Scheduled")
	]


def received(batch) -> list[str]:
	"""Payments that went out with it and are said to have come."""
	payments = _payments(batch)
	return [
		line.payment
		for line in transfers.not_reversed(batch)
		if not line.handed_over_on and payments[line.payment].status in RECEIVED
	]


def content(batch) -> bytes:
	"""The plain list of a batch: names and sums, without an account."""
	from involvement_app.involvement_payments import bank_file

	return bank_file.plain_list(batch)


def proven_content(batch) -> bytes:
	"""The bytes of the file that was exported last. Raises BatchChanged."""
	from involvement_app.involvement_payments import bank_file

	return bank_file.proven(batch)[1]


@frappe.whitelist(methods=["GET"])
def download(batch: str) -> None:
	"""The file of an exported batch, the very same bytes every time. Raises PermissionError, BatchChanged."""
	from involvement_app.involvement_payments import bank_file

	doc = frappe.get_doc(BATCH, cstr(batch))
	doc.check_permission("read")
	if not doc.file_hash:
		frappe.throw(_("{0} has no file yet: it is made by “Export”.").format(doc.name))
	name, content = bank_file.proven(doc)
	sensitive.log_many((BATCH, doc.name), _("The file was downloaded: {0}").format(name), ("file",))
	frappe.local.flags.commit = True  # who asked for it stays written down, though this is a GET
	frappe.response.filename = name
	frappe.response.filecontent = content
	frappe.response.type = "download"
