"""Payments when two records of one person become one (hooks `involvement_merge…`; domain 4.6).

A payment follows its place. One that waits for a decision goes along, made out to the name that stays. One that is
approved is withdrawn and made anew: nobody's yes is moved to another payee. One in a locked batch, or paid, is never
altered: it stays with the old record and is found by its place, which has gone along. Claims of expenses go along with
their receipts; what a claim has made stays as it was decided: it is the same person's. Whatever is approved under an
old record, also what a batch gives back later, is made out to who they are now when a batch takes it (`payees.follow`).
"""

import frappe
from frappe import _
from pypika import Case
from pypika.terms import ExistsCriterion

from involvement_app import lifecycle
from involvement_app.involvement_app.merge_rows import Moves, Stays
from involvement_app.involvement_app.merging import Conflict
from involvement_app.involvement_payments import accrual, payees
from involvement_app.involvement_payments.states import CHANGEABLE, KIND, ON_ITS_WAY, OPEN, PAYMENT


def _made_out_to(table, kept: str, old: str) -> dict:
	# what goes to a charity goes there whoever gives it
	name = Case().when(table.charity != "", table.payee_name).else_(payees.of({kept})[kept].payee_name)
	return {"payee_name": name}


DECLARATIONS = {
	PAYMENT: Moves(only=lambda table: table.status.isin(OPEN), sets=_made_out_to),
	"Participant Bank Detail": Stays("nobody's account is moved to another record: the person says it again"),
	"Involvement Payment Batch Line": Stays("what was locked; the lines of a draft are read anew"),
}


def conflicts(kept: str, merged: str) -> list[Conflict]:
	"""Both were written down as there, so that one person would be paid twice for one session."""
	own, theirs = (frappe.qb.DocType(PAYMENT).as_(alias) for alias in ("own", "theirs"))
	rows = (
		frappe.qb.from_(theirs)
		.join(own)
		.on((own.session == theirs.session) & (own.kind == theirs.kind) & (own.participant == kept))
		.select(theirs.session, theirs.session_on)
		.distinct()
		.where((theirs.participant == merged) & (theirs.kind == KIND))
		.where(own.status.isin((*CHANGEABLE, *ON_ITS_WAY)) & theirs.status.isin((*CHANGEABLE, *ON_ITS_WAY)))
		.where(own.status.isin(CHANGEABLE) | theirs.status.isin(CHANGEABLE))
		.orderby(theirs.session_on)
		.run(as_dict=True)
	)
	return [
		Conflict(
			_(
				"Both were written down as there on {0}, so one person would be paid twice. Open {1}, correct the attendance of one of them, and try again."
			).format(frappe.utils.format_date(row.session_on, "d MMMM yyyy"), row.session),
			"Involvement Session",
			row.session,
		)
		for row in rows
	]


def settle_again(kept: str, merged: str, moved: dict[str, list[str]]) -> None:
	"""Hook involvement_merged: approved payments are withdrawn, and what is owed is made anew for the person."""
	payment, correction = frappe.qb.DocType(PAYMENT), frappe.qb.DocType(PAYMENT).as_("correction")
	# of which something is taken back, or was let off: the two are one, and a batch makes it out to who they are now
	spoken_of = (
		frappe.qb.from_(correction)
		.select(correction.name)
		.where((correction.corrects == payment.name) & correction.status.notin(("Rejected", "Void")))
	)
	rows = (
		frappe.qb.from_(payment)
		.select(payment.name, payment.engagement)
		.where((payment.participant == merged) & (payment.status == "Approved") & (payment.kind == KIND))
		.where(ExistsCriterion(spoken_of).negate())
		.for_update()
		.run()
	)
	if not rows:
		return
	trail = ("Involvement Participant", kept)
	note = _("Withdrawn: two records of one person were merged.")
	lifecycle.move_many(
		PAYMENT, [name for name, _place in rows], "Withdraw", trail, {"withdrawn": 1, "note": note}
	)
	accrual.settle({place for _name, place in rows}, trail)
