"""On which day a batch is paid (domain 4.6): one to come while it is locked and its file is made, one that has come when it
is confirmed. A payment counts on that day to its tax year, its month and its person's own limit, whoever clicks when.

Cash was handed over before: its day is no question of the bank's.
"""

from datetime import date, timedelta

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, formatdate, getdate, now, nowdate

from involvement_app import lifecycle
from involvement_app.involvement_payments import bank_file, batches, reversals, transfers, ways

FURTHEST = 92  # days


class NotThatDay(lifecycle.TransitionError):
	"""The day of payment has passed, is too far away, or has not come yet."""


def is_to_come(batch, move) -> None:
	"""Guard of locking and of writing the file. Raises NotThatDay."""
	if move.by == "job" or not _goes_out(batch):
		return
	if move.to == "Exported" and not bank_file.in_the_file(batch):
		return  # by hand, perhaps handed over by now: no bank is too late for that
	day, first = getdate(batch.payment_on), first_day(batch)
	if day < first:
		_refuse(batch, move, first)
	if move.to == "Locked" and day > getdate(nowdate()) + timedelta(days=FURTHEST):
		frappe.throw(
			_("Pay on: {0} is more than three months away. Please look at the year and the month.").format(
				formatdate(day)
			),
			NotThatDay,
		)
	if move.to == "Locked":
		_refuse_where_banks_are_closed(batch, day)


def _refuse_where_banks_are_closed(batch, day: date) -> None:
	"""Bacs has the money there on the working day before, perhaps in the tax year before."""
	if not _by_bacs(batch):
		return
	there = bank_file.there_on(day, getdate(nowdate()))
	if there != day:
		frappe.throw(
			_(
				"Pay on: banks do not work on {0}, and by Bacs the money would be there on {1}. Choose {1}, or another day on which banks work."
			).format(formatdate(day), formatdate(there)),
			NotThatDay,
		)


def has_come(batch, move=None) -> None:
	"""Guard of confirming, and of what a bank's answer calls paid. Raises NotThatDay."""
	if getdate(batch.payment_on) > getdate(nowdate()) and _goes_out(batch):
		frappe.throw(
			_("{0} is paid on {1}. Confirm it on that day or later: until then nobody has the money.").format(
				batch.name, formatdate(batch.payment_on)
			),
			NotThatDay,
		)


def first_day(batch) -> date:
	"""The first day on which the bank can still pay it. By Bacs that is two working days after the file."""
	first = getdate(nowdate())
	return bank_file.there_on(first, first) if _by_bacs(batch) else first


def _by_bacs(batch) -> bool:
	return bank_file.is_bacs(batch) and bool(bank_file.in_the_file(batch))


def _goes_out(batch) -> bool:
	return any(not line.handed_over_on for line in transfers.not_reversed(batch))


def _refuse(batch, move, first: date) -> None:
	if move.to == "Locked":
		words = _("Pay on: {0} is too early now. Choose {1} or later.")
	elif ways.handed_over(batch):
		words = _(
			"{2} was to be paid on {0}, and that can no longer be done by bank. Some of it was handed over, for its proof is written down, and stays here. Take out the other rows and put them into a new batch, to be paid on {1} or later; then this one can be authorised anew and exported."
		)
	else:
		words = _(
			"{2} was to be paid on {0}, and that can no longer be done. Make it void: its payments are free again at once. Put them into a new batch, to be paid on {1} or later."
		)
	frappe.throw(words.format(formatdate(batch.payment_on), formatdate(first), batch.name), NotThatDay)


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def paid_on(batch: str, day: str, reason: str) -> None:
	"""The bank paid an exported batch on `day`, not on the day that was planned, which is kept beside it: what is confirmed
	then counts on that day. By a finance officer, with a reason. Raises PermissionError, CannotTakeBack, NotThatDay."""
	doc = reversals.locked(batch, ("Exported",))
	there, words = getdate(cstr(day) or None), " ".join(cstr(reason).split())[: reversals.LONGEST]
	if not words:
		frappe.throw(_("Reason: please say how you know on which day the bank paid."), NotThatDay)
	if not getdate(doc.exported_on) <= there <= getdate(nowdate()):
		frappe.throw(
			_("Day: from {0}, when the file was written, to today.").format(formatdate(doc.exported_on)),
			NotThatDay,
		)
	_refuse_where_it_counts_elsewhere(doc, there)
	batches.unchanged_since_locked(doc, None)
	# one column of the batch that was locked and looked at above; what it says of its lines stays what it was
	frappe.db.set_value(
		batches.BATCH, doc.name, {"payment_on": there, "planned_on": doc.planned_on or doc.payment_on}
	)
	payment = frappe.qb.DocType(batches.PAYMENT)
	# bounded: what goes out with it, and has not come yet
	frappe.qb.update(payment).set(payment.pay_on, there).set(payment.modified, now()).where(
		(payment.batch == doc.name) & (payment.status == "Scheduled")
	).run()
	doc.add_comment(
		"Info",
		_("Paid on {0}, not on {1}: {2}").format(
			formatdate(there), formatdate(doc.payment_on), escape_html(words)
		),
	)


def _refuse_where_it_counts_elsewhere(batch, day: date) -> None:
	"""Of one batch everything is paid on one day, in one month of the books."""
	if day == getdate(batch.payment_on):
		frappe.throw(_("Day: {0} is the day it is paid on already.").format(formatdate(day)), NotThatDay)
	if answered := batches.received(batch):
		frappe.throw(
			_("{0} was paid on {1}, as was said before, so the rest of {2} is, too.").format(
				answered[0], formatdate(batch.payment_on), batch.name
			),
			NotThatDay,
		)
	carried = any(line.handed_over_on for line in transfers.not_reversed(batch))
	if carried and batches.month(day) != batches.month(batch.payment_on):
		frappe.throw(
			_("{0} carries cash of {1} into the books, so its day stays in that month.").format(
				batch.name, getdate(batch.payment_on).strftime("%m/%Y")
			),
			NotThatDay,
		)
