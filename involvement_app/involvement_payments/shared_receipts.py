"""One receipt in the claims of two people (domain 4.6: the same receipt blocks).

Whoever sends it is not refused, and learns nothing about others. But neither claim is checked or approved before a colleague who
may read both, or finance, has written why two people may use it: they may have shared a taxi. The reason stands for these two
claims and this receipt alone; it is kept on the claim it was written for, with who wrote it and when.

Where the two turn out to be one person (their records were merged), no reason holds: the receipt is paid once.

No lock is needed. A receipt is written with its claim, and a claim is checked and approved in requests of their own: whichever
of two was sent later, its own steps see the other."""

import frappe
from frappe import _
from frappe.utils import cstr, now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import assisted, concerned
from involvement_app.involvement_app.merging import Conflict
from involvement_app.involvement_app.participants import records_of
from involvement_app.involvement_payments import receipts
from involvement_app.involvement_payments.claims import CLAIM, LINE, OPEN
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import COORDINATOR, FINANCE_OFFICER, MANAGER

LONGEST = 500
# approved, and not on its way
NOT_SENT = ("Approved", "Failed at bank")


class NotShared(frappe.ValidationError):
	"""There is nothing to explain, or no reason."""


def not_in_two_claims(doc, move) -> None:
	"""Guard of Checked and Approved."""
	if move.by == "job":
		return
	for idx, row, _prints in _blocking(doc):
		if row.of_same_person:
			words = _(
				"Row {0}: this receipt is in {1} too, of the same person, and is paid once. Reject one of the two claims, or return one so that the row is taken out."
			)
		else:
			words = _(
				"Row {0}: this receipt is in {1} too, of somebody else. Reject one of them, or let a colleague who may read both, or finance, write why with “Two people, one receipt”."
			)
		frappe.throw(words.format(idx, row.parent), lifecycle.TransitionError)


def conflicts(kept: str, merged: str) -> list[Conflict]:
	"""Hook involvement_merge_conflicts: both claims were approved while these were two people, and one is not paid yet."""
	line, claim = frappe.qb.DocType(LINE), frappe.qb.DocType(CLAIM)
	theirs = (
		frappe.qb.from_(line)
		.join(claim)
		.on(claim.name == line.parent)
		.select(line.parent, line.receipt_print, line.kept_print, claim.status)
		.where((claim.participant == merged) & claim.status.notin((*OPEN, "Rejected", "Cancelled")))
		.where(line.receipt_print.isnotnull())
		.run(as_dict=True)
	)
	prints = {row.parent: receipts.prints_of(row) for row in theirs}
	if not prints:
		return []
	own = receipts.rows_with(set().union(*prints.values()), None)
	found = {}
	for row in theirs:
		for other in own:
			if other.participant != kept or other.status in OPEN:
				continue
			waits = next((each.parent for each in (row, other) if each.status in NOT_SENT), None)
			if waits and receipts.prints_of(row) & receipts.prints_of(other):
				found[waits] = other.parent if waits == row.parent else row.parent
	return [
		Conflict(
			_(
				"Both have claimed with one receipt, in {0} and {1}, so one person would be paid for it twice. Open {0}, cancel it or make its payment void, and try again."
			).format(waits, other),
			CLAIM,
			waits,
		)
		for waits, other in found.items()
	]


def unexplained(doc) -> list[tuple]:
	"""Of `_blocking` what a reason can explain: somebody else's."""
	return [each for each in _blocking(doc) if not each[1].of_same_person]


def _blocking(doc) -> list[tuple]:
	"""[(number of the row, the row of the other claim, the prints they share)]: of the same person always, of somebody else as
	long as nobody said why. No query without a receipt."""
	prints = {line.idx: receipts.prints_of(line) for line in doc.lines}
	if not any(prints.values()):
		return []
	own, explained = records_of(doc.participant), _pairs(doc.receipt_shared_with)
	found = []
	for row in receipts.rows_with(set().union(*prints.values()), doc.name):
		for idx, of_line in prints.items():
			both = of_line & receipts.prints_of(row)
			said = _of(row.parent, both) & explained | _of(doc.name, both) & _pairs(row.receipt_shared_with)
			row.of_same_person = row.participant in own
			if both and (row.of_same_person or not said):
				found.append((idx, row, both))
	return found


def _of(claim: str, prints: set[str]) -> set[str]:
	return {f"{claim} {each[:16]}" for each in prints}


def _pairs(stored: str | None) -> set[str]:
	return set((stored or "").splitlines())


@frappe.whitelist(methods=["POST"])
def explain(claim: str, reason: str) -> None:
	"""Why the receipts of this claim may be in somebody else's too. For who may read both claims, or finance; never for one of
	the two people. Raises PermissionError, StepNotPermitted, NotShared."""
	doc = frappe.get_doc(CLAIM, cstr(claim), for_update=True)
	doc.check_permission("read")
	if not roles_of() & {COORDINATOR, MANAGER, FINANCE_OFFICER}:
		raise frappe.PermissionError
	found, words = unexplained(doc), cstr(reason).strip()[:LONGEST]
	if doc.status not in OPEN or not found:
		frappe.throw(_("{0}: no receipt of it needs a reason now.").format(doc.name), NotShared)
	if not words:
		frappe.throw(_("Reason: please say why two people may use one receipt."), NotShared)
	_check_who(doc, [row for _idx, row, _prints in found])
	doc.receipt_reason = words
	assisted.point_out_health(doc, "receipt_reason")
	pairs = _pairs(doc.receipt_shared_with).union(*(_of(row.parent, both) for _idx, row, both in found))
	frappe.db.set_value(  # bounded: the one claim, locked and looked at above; what it pays stays
		CLAIM,
		doc.name,
		{
			"receipt_reason": words,
			"receipt_reason_by": frappe.session.user,
			"receipt_reason_on": now_datetime(),
			"receipt_shared_with": "\n".join(sorted(pairs)),
		},
	)
	doc.add_comment(
		"Info",
		_("A receipt is in {0} too: a reason was written.").format(
			", ".join(sorted({row.parent for _idx, row, _prints in found}))
		),
	)


def _check_who(doc, rows: list) -> None:
	user = frappe.session.user
	if concerned.among(user, {doc.participant, *(row.participant for row in rows)}):
		frappe.throw(
			_("This is about your own expenses, or of somebody you act for, so somebody else decides."),
			lifecycle.StepNotPermitted,
		)
	if FINANCE_OFFICER in roles_of(user):
		return
	for row in rows:  # one by one: mostly one claim of somebody else
		if not frappe.has_permission(CLAIM, "read", row.parent):
			frappe.throw(
				_("You may not read {0}. Ask a colleague who may read both, or finance.").format(row.parent),
				lifecycle.StepNotPermitted,
			)
