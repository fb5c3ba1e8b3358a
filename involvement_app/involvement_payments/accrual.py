"""What a held session owes (domain 4.6; 1.3, no. 3).

Everybody who Attended or Left early, or had a place on a date that was called off and is paid anyway, is owed what their time is worth on the terms they were promised, as
far as they want it: in full (to them, or to a charity in their place), at most a lower amount over all their sessions
together, or nothing. Nobody is paid
here whom `eligibility` does not let be paid: it is asked each time, whatever was promised. Nor is anybody who was offered
a place without money.
`settle` makes the payments agree with that, as often as it is called:

- nothing there yet: a new payment, Checked;
- Checked or Returned: the same payment with the new figures; withdrawn (Void) when nothing is owed any more;
- Approved: withdrawn with a note, and a new revision to approve: nobody's yes is moved to another amount;
- Scheduled, Failed at bank, Paid or Reconciled: never touched, what they take counts; what a session turned out to be
  worth beyond them is a further payment of the difference, to approve like every other;
- Rejected, or made Void by a person: stays decided until the session is worth something else.

Of each session one payment waits at the most. It is asked again when a payment leaves a batch without being paid, and when
a correction is agreed or falls away.

One payment per session, engagement, kind and revision is a unique key in the database (law 5).
"""

from contextlib import contextmanager

import frappe
from frappe import _

from involvement_app import lifecycle
from involvement_app.involvement_app import eligibility, promises, role_status, sessions
from involvement_app.involvement_payments import payees, settlement, settlement_rows
from involvement_app.involvement_payments.states import (
	CHANGEABLE,
	CORRECTION,
	GONE_OUT,
	KIND,
	ON_ITS_WAY,
	PAYMENT,
	RECEIVED,
	TAKES_BACK,
)
from involvement_app.money import money


class PaymentOnItsWay(frappe.ValidationError):
	"""The choice came after the payment was put in a batch."""


# Listeners


def on_session(doc, method=None) -> None:
	"""Involvement Session, on_update: recorded, corrected, no longer held, or called off and paid anyway."""
	before = doc.get_doc_before_save()
	if not any(_is_paid_for(each) for each in (doc, before) if each):
		return
	rows = [*doc.attendance, *(before.attendance if before else ())]
	settle({row.engagement for row in rows}, trail=(doc.doctype, doc.name))


def _is_paid_for(session) -> bool:
	return session.status == "Held" or session.cancelled_payment == sessions.PAID


def before_choice(doc, method=None) -> None:
	"""Involvement Engagement, validate: a choice may change until its payment is in a locked batch.

	What is Paid is history: the choice then holds for what is still to come. Raises PaymentOnItsWay.
	It stands before the write: a listener on on_update would be too late for `frappe.client.bulk_update`."""
	if not _chose_again(doc):
		return
	settlement_rows.take_turn()
	rows = settlement_rows.payments([doc.name])
	payments = [row for row in rows if row.kind == KIND]
	taken = {row.corrects for row in rows if row.status in GONE_OUT}
	late = next(
		(
			row
			for row in payments
			if row.status in ("Scheduled", "Failed at bank") or _waits_short(row, taken)
		),
		None,
	)
	if not late and not any(row.status in CHANGEABLE for row in payments) and not _more_to_come(doc):
		late = next((row for row in payments if row.status in RECEIVED), None)
	if late:
		frappe.throw(
			_(
				"Payment choice: the payment for {0} is already in a payment batch, so the choice cannot change any more. "
				"Please ask finance about payment {1}."
			).format(frappe.utils.format_date(late.session_on, "d MMMM yyyy"), late.name),
			PaymentOnItsWay,
		)


def _waits_short(row, taken: set[str]) -> bool:
	"""It came back, waits again, and something of it was taken back already: the two are one."""
	return row.status in CHANGEABLE and row.name in taken


def on_engagement(doc, method=None) -> None:
	"""Involvement Engagement, on_update: the person chose again."""
	if _chose_again(doc):
		with the_service():
			settle({doc.name}, trail=(doc.doctype, doc.name), hands=_hands_of(doc))


def on_participant(doc, method=None) -> None:
	"""Involvement Participant, on_update: whether they are paid here has changed. What is on its way stays; what waits is
	withdrawn, or made anew."""
	before = doc.get_doc_before_save()
	if not before or eligibility.outcome(before) == eligibility.outcome(doc):
		return
	engagements = frappe.get_all(
		"Involvement Engagement", {"participant": doc.name}, pluck="name"
	)  # of one person
	with the_service():
		settle(set(engagements), trail=(doc.doctype, doc.name), hands={doc.modified_by})


def on_payment(doc) -> None:
	"""Involvement Payment, changed: it waits again, or a correction takes nothing back after all."""
	before = doc.get_doc_before_save()
	if before and doc.kind == KIND and doc.status == "Approved" and before.status in ON_ITS_WAY:
		wait_again([doc.name], (doc.doctype, doc.name))
	on_correction(doc)


def wait_again(names: list[str], trail: tuple[str, str]) -> None:
	"""Payments that no batch pays after all: their sessions may have been corrected, and who they are for may not be paid
	here any more, while nothing of them could change. The caller has locked them."""
	rows = frappe.get_all(  # bounded: of payments that the caller moved
		PAYMENT, {"name": ["in", names], "kind": KIND}, pluck="engagement"
	)
	with the_service():
		settle(set(rows), trail)


def on_correction(doc) -> None:
	"""A correction that takes nothing back after all: what it had left for other sessions is no longer left."""
	before = doc.get_doc_before_save()
	if (
		before
		and doc.status != before.status
		and doc.status not in TAKES_BACK
		and not doc.flags.with_its_payment
	):
		of_correction(doc)


def of_correction(doc) -> None:
	"""What somebody was paid for their time is taken back, or is not after all."""
	if doc.kind == CORRECTION and doc.session and doc.engagement:
		with the_service():
			settle({doc.engagement}, trail=(doc.doctype, doc.name))


def _chose_again(doc) -> bool:
	before = doc.get_doc_before_save()
	return bool(before) and (
		before.payment_choice != doc.payment_choice
		or money(before.chosen_amount) != money(doc.chosen_amount)
		or (before.charity or "") != (doc.charity or "")
	)


def _more_to_come(doc) -> bool:
	return bool(
		frappe.db.exists("Involvement Session", {"opportunity": doc.opportunity, "status": "Planned"})
	)


@contextmanager
def the_service():
	"""Budget holders know people by code: a payment that follows a person's own choice carries no name of
	theirs in owner, modified_by, Version or Comment (law 7)."""
	user = frappe.session.user
	frappe.session.user = "Administrator"
	try:
		yield
	finally:
		frappe.session.user = user


def _hands_of(doc) -> set[str]:
	"""Staff who entered the choice for the person."""
	return {doc.recorded_by} if doc.modified_by == doc.recorded_by else set()


# Settling


def settle(engagements: set[str], trail: tuple[str, str], hands: set[str] = frozenset()) -> None:
	"""Make the payments of `engagements` agree with what is owed. `trail`: the document that tells of payments
	withdrawn. `hands`: who had a part in it beside the session's user and whoever wrote or recorded the attendance.

	The engagements' rows are locked to the end of the transaction, and everything is read behind that lock."""
	if not engagements or frappe.get_cached_doc("Involvement Settings").finance_mode == "None":
		return
	terms = settlement_rows.locked(engagements)
	settlement_rows.take_turn()
	attended = settlement_rows.by_engagement(settlement_rows.attended(terms))
	payments = settlement_rows.by_engagement(settlement_rows.payments(terms))
	plans = [settlement.plan(terms[name], attended[name], payments[name]) for name in sorted(terms)]
	with lifecycle.server_side(), lifecycle.as_job():
		_carry_out(plans, trail, {frappe.session.user, *hands})


# Carrying it out


def _carry_out(plans: list[settlement.Plan], trail: tuple[str, str], hands: set[str]) -> None:
	touched = [steps for steps in plans if steps.make or steps.change or steps.withdraw]
	if not touched:
		return
	people = payees.of({steps.terms["participant"] for steps in touched})
	_withdraw([row["name"] for steps in touched for row in steps.withdraw], trail)
	# one by one: each payment is a document with a lifecycle; only those whose figures differ
	for steps in touched:
		person = people[steps.terms["participant"]]
		# one by one: as above
		for row, values in steps.change:
			_change(row, values, person, hands)
		# one by one: as above
		for values in steps.make:
			_make(steps.terms, values, person, hands)


def _withdraw(names: list[str], trail: tuple[str, str]) -> None:
	if names:
		note = _("Withdrawn: the attendance or the person's choice changed.")
		lifecycle.move_many(PAYMENT, names, "Withdraw", trail, {"withdrawn": 1, "note": note})


def _change(row, values: dict, person, hands: set[str]) -> None:
	doc = frappe.get_doc(PAYMENT, row["name"], for_update=True)
	doc.update(_fields(values))
	doc.payee_name = _payee(values, person)
	doc.status = "Checked"
	doc.edited_by = _staff(hands | settlement.hands_in(row) | values["recorders"], person)
	doc.save(ignore_permissions=True)  # bounded: the row was locked and planned above, from attendance alone


def _make(terms, values: dict, person, hands: set[str]) -> None:
	doc = frappe.get_doc(
		{
			"doctype": PAYMENT,
			"kind": KIND,
			"engagement": terms["name"],
			"participant": terms["participant"],
			"payee_name": _payee(values, person),
			"rate_rule": terms["rate_rule"],
			"rate_basis": terms["rate_basis"],
			"rate_amount": terms["rate_amount"],
			"role_determination": terms["role_determination"],
			"payment_route": terms["payment_route"] or role_status.GROSS,
			"session": values["session"],
			"revision": values["revision"],
			"edited_by": _staff(hands | values["hands"] | values["recorders"], person),
			**_fields(values),
		}
	)
	doc.flags.ignore_links = True  # every link was read from its own locked row
	# bounded: whoever may record the attendance or change the choice; nobody may create a payment by hand
	doc.insert(ignore_permissions=True)


def _payee(values: dict, person) -> str:
	"""The person, or the charity they give it to."""
	return values["charity"] or person.payee_name


def _fields(values: dict) -> dict:
	return {
		"due_on": values.get("due_on") or promises.paid_by(values["promised_from"]),
		"shown_on": values["shown_on"],
		**{fieldname: values[fieldname] for fieldname in settlement.FACTS},
	}


def _staff(hands: set[str], person) -> str:
	"""Everybody who had a hand in the figures, without the payee: budget holders know people by code."""
	return "\n".join(sorted(hands - {person.user, "Administrator", None, ""}))
