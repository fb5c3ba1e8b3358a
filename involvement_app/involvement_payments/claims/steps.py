"""What the steps of a claim ask, and what they write down (domain 4.12, claim)."""

from functools import partial

import frappe
from frappe import _
from frappe.utils import cint, getdate, now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import supporters
from involvement_app.involvement_app.concerned import concerned_in
from involvement_app.involvement_payments import approval_limits, mileage
from involvement_app.involvement_payments.claims import belonging, contents, dates, people
from involvement_app.lifecycle.guards import hands_of
from involvement_app.money import money
from involvement_app.permissions import roles_of, separation
from involvement_app.setup.roles import BUDGET_HOLDER, FINANCE_OFFICER


def stands_up(doc, move) -> None:
	"""Guard of Checked: every line can be paid as it stands."""
	types = doc.flags.types
	for line in doc.lines:
		kind = types[line.expense_type]
		needs_yes = cint(kind.needs_pre_approval) or (
			money(kind.most) and money(line.amount) > money(kind.most)
		)
		without_receipt = (
			kind.basis == "Amount"
			and not line.receipt_print
			and money(line.amount) > money(kind.receipt_over)
		)
		if (needs_yes or without_receipt) and not line.agreed:
			frappe.throw(
				_("Row {0}: tick that staff agreed to it beforehand, or return the claim.").format(line.idx),
				lifecycle.TransitionError,
			)
		if cint(kind.needs_pre_approval) and not _agreed_beforehand(line):
			frappe.throw(
				_(
					"Row {0}: write the day staff agreed to it, which is not after it was spent, or return the claim."
				).format(line.idx),
				lifecycle.TransitionError,
			)
	if dates.old_lines(doc) and not doc.late_reason:
		frappe.throw(
			_("Some of it is older than {0} months. Write why it may be late, or return the claim.").format(
				cint(frappe.get_cached_doc("Involvement Settings").claim_months) or dates.MONTHS
			),
			lifecycle.TransitionError,
		)


def _agreed_beforehand(line) -> bool:
	return bool(line.agreed_on) and getdate(line.agreed_on) <= getdate(line.spent_on)


def agreed_by_another(doc, move) -> None:
	"""Guard of Checked: whoever accepts the claim did not say themself that it had been agreed."""
	for line in doc.lines:
		if line.agreed_by == move.user and cint(doc.flags.types[line.expense_type].needs_pre_approval):
			frappe.throw(
				_("Row {0}: you said that this was agreed beforehand, so somebody else checks {1}.").format(
					line.idx, doc.name
				),
				lifecycle.StepNotPermitted,
			)


def not_the_checker(doc, move) -> None:
	stored = doc.get_doc_before_save()
	if stored.checked_by == move.user:
		frappe.throw(
			_("You checked {0}, so somebody else approves it.").format(doc.name), lifecycle.StepNotPermitted
		)


def stamp_submitted(doc, move) -> None:
	"""Sent again: it is checked anew."""
	doc.checked_by = doc.checked_on = doc.reminded_on = None
	doc.answer = doc.flags.answer or doc.answer
	contents.show(doc)
	if row := supporters.by_which(doc.participant):
		doc.supporter, doc.told_how = row, supporters.TOLD
	if move.by == "relation" and not (row and belonging.is_staff()):
		doc.edited_by = "\n".join(sorted(set((doc.edited_by or "").split()) - {move.user}))


def stamp_checked(doc, move) -> None:
	doc.checked_by, doc.checked_on, doc.note = move.user, now_datetime(), None


def fixed(doc, move) -> None:
	"""Among the guards of Approved, before the limit is asked: what the lines are worth stays so from here on."""
	if move.by == "job":
		return
	earlier = (people.who(doc).earlier or "").split(",")
	mileage.fix(doc.participant, {doc.participant, *filter(None, earlier)}, contents.of_miles(doc))
	_refuse_less_than_nothing(doc)
	contents.add_up(doc)
	doc.approved_by, doc.approved_on = move.user, now_datetime()


def _refuse_less_than_nothing(doc) -> None:
	"""Only where a rate rose in the year by more than a mile was worth: the journey takes more from later days than it adds."""
	for line in contents.of_miles(doc):
		if money(line.amount) < 0:
			frappe.throw(
				_(
					"Row {0}: with this journey, all miles of the year would come to less than without it, because a rate has changed. Return the claim and talk with the person."
				).format(line.idx),
				lifecycle.TransitionError,
			)


def within_their_limit(doc, move) -> None:
	"""Of all that the claim comes to: what was booked for somebody is spent too."""
	if people.who(doc).limits:
		approval_limits.within_their_limit(move.user, BUDGET_HOLDER, doc.total, doc.unit)


def of_their_own_unit(doc, move) -> None:
	"""The budget holder of the unit, or whom an Approval Limit names: beyond what they decide on, and where
	they may not decide."""
	holder = frappe.get_cached_value("Involvement Unit", doc.unit, "budget_holder")
	if holder == move.user:
		return
	if BUDGET_HOLDER not in roles_of(move.user) or not approval_limits.stands_in(
		move.user, BUDGET_HOLDER, holder, doc.total, doc.unit, partial(_may_not, doc)
	):
		frappe.throw(
			approval_limits.who_decides(doc),
			lifecycle.StepNotPermitted,
		)


def _may_not(doc, holder: str) -> bool:
	stored = doc.get_doc_before_save()
	hands = hands_of(stored, *(("checked_by",) if separation.level() == separation.STRICT else ()))
	return holder in hands or concerned_in(holder, doc.participant)


def of_their_own_unit_if_checked(doc, move) -> None:
	"""Once it was checked, the budget holder of the unit decides on it."""
	if move.source == "Checked":
		of_their_own_unit(doc, move)


def of_their_own_unit_or_finance(doc, move) -> None:
	if FINANCE_OFFICER not in roles_of(move.user):
		of_their_own_unit(doc, move)
