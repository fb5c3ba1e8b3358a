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

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import add_months, cint, flt, getdate, today
from pypika.terms import ExistsCriterion

from involvement_app import lifecycle
from involvement_app.involvement_app import eligibility, rates, role_status, sessions, visits
from involvement_app.involvement_app.holding import WAS_THERE
from involvement_app.involvement_payments import payees
from involvement_app.money import money, total
from involvement_app.working_days import add_working_days

PAYMENT = "Involvement Payment"
KIND = "Time"
CORRECTION = "Correction"
EXPENSES = "Expenses"
ADVANCE = "Advance"
NO_PAY = (EXPENSES, ADVANCE)
CHARITY = "Give to a charity"
OPEN = ("Checked", "Returned")
CHANGEABLE = (*OPEN, "Approved")
WAITING = (*CHANGEABLE, "Scheduled", "Failed at bank")
RECEIVED = ("Paid", "Reconciled")
REPAID = "Repaid"
CAME = (*RECEIVED, REPAID)
ON_ITS_WAY = ("Scheduled", "Failed at bank", *RECEIVED)
TAKES_BACK = (*CHANGEABLE, *ON_ITS_WAY, REPAID)
MONEY_FACTS = ("amount", "offered_amount", "hours", "preparation_hours", "charity")
LOOKED_BACK_MONTHS = 18
MOST_CHANGED = 500
FACTS = (*MONEY_FACTS, "session_on", "unit", "payment_choice")


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
	_take_turn()
	payments = [row for row in _payments([doc.name]) if row.kind == KIND]
	late = next((row for row in payments if row.status in ("Scheduled", "Failed at bank")), None)
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
	if before and doc.status != before.status and doc.status not in TAKES_BACK:
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
	terms = _lock(engagements)
	_take_turn()
	attended = _by_engagement(_attended(terms))
	payments = _by_engagement(_payments(terms))
	plans = [plan(terms[name], attended[name], payments[name]) for name in sorted(terms)]
	with lifecycle.server_side(), lifecycle.as_job():
		_carry_out(plans, trail, {frappe.session.user, *hands})


def _lock(engagements) -> dict:
	rows = _terms(engagements).for_update().run(as_dict=True)
	stands = eligibility.of({row.participant for row in rows})
	for row in rows:
		# who was offered a place without money said yes to that, whatever holds for them now
		row.may_be_paid = stands[row.participant] == eligibility.PAID and bool(money(row.offered_amount))
	return {row.name: row for row in rows}


def _terms(engagements):
	engagement = frappe.qb.DocType("Involvement Engagement")
	return (
		frappe.qb.from_(engagement)
		.select(
			engagement.name,
			engagement.participant,
			engagement.payment_choice,
			engagement.chosen_amount,
			engagement.charity,
			engagement.rate_rule,
			engagement.offered_amount,
			engagement.role_determination,
			engagement.payment_route,
			*(engagement[fieldname] for fieldname in rates.SNAPSHOT),
		)
		.where(engagement.name.isin(sorted(engagements)))
	)


def _take_turn() -> None:
	"""New payments take their numbers from one locked row in any case. Taken before the payments are read, that
	lock keeps two sessions recorded at once from each waiting for the other's gap in the index."""
	series = frappe.qb.DocType("Series")
	frappe.qb.from_(series).select(series.name).where(series.name == "IPAY-").for_update().run()


def _attended(engagements) -> list:
	return _paid_for(engagements).for_update().run(as_dict=True)


def _paid_for(engagements):
	"""Rows that are paid for, latest state: {session, engagement, hours, preparation_hours, starts_on, unit, visit,
	recorded_by, edited_by}."""
	attendance = frappe.qb.DocType("Involvement Session Attendance")
	session = frappe.qb.DocType("Involvement Session")
	return (
		frappe.qb.from_(attendance)
		.join(session)
		.on(session.name == attendance.parent)
		.select(
			session.name.as_("session"),
			attendance.engagement,
			attendance.hours,
			attendance.preparation_hours,
			session.starts_on,
			session.unit,
			visits.is_one(session.opportunity).as_("visit"),
			session.modified_by.as_("recorded_by"),
			session.edited_by,
		)
		.where(
			attendance.engagement.isin(list(engagements))
			& (
				(attendance.attendance.isin(WAS_THERE) & (session.status == "Held"))
				| ((session.status == "Cancelled") & (session.cancelled_payment == sessions.PAID))
			)
		)
	)


def _payments(engagements) -> list:
	return _made_for(engagements).for_update().run(as_dict=True)


def _made_for(engagements):
	payment = frappe.qb.DocType(PAYMENT)
	return (
		frappe.qb.from_(payment)
		.select(
			payment.name,
			payment.engagement,
			payment.session,
			payment.status,
			payment.revision,
			payment.withdrawn,
			payment.owner,
			payment.edited_by,
			payment.kind,
			payment.due_on,
			*(payment[fieldname] for fieldname in FACTS),
		)
		.where(payment.engagement.isin(list(engagements)) & payment.kind.isin((KIND, CORRECTION)))
	)


def _by_engagement(rows) -> dict[str, list]:
	groups = defaultdict(list)
	for row in rows:
		groups[row.engagement].append(row)
	return groups


# The plan: figures only, no database


@dataclass
class Plan:
	"""`make`: values of new payments. `change`: (payment row, values). `withdraw`: payment rows."""

	terms: dict
	make: list[dict] = field(default_factory=list)
	change: list[tuple[dict, dict]] = field(default_factory=list)
	withdraw: list[dict] = field(default_factory=list)


def plan(terms: dict, attended: list[dict], payments: list[dict]) -> Plan:
	"""What has to happen for one engagement. Shapes as `_lock`, `_attended` and `_payments` answer them."""
	corrections = [row for row in payments if row.get("kind") == CORRECTION]
	payments = [row for row in payments if row.get("kind") != CORRECTION]
	latest = _latest(payments)
	steps = Plan(terms)
	left = _as_far_as_wanted(terms, payments, corrections)
	settled = _settled(terms, payments, corrections)
	owed = _owed(terms, _paid_with(terms, _in_turn(attended, payments)), latest, settled, left)
	revisions = _revisions(payments)
	for session, values in owed.items():
		_plan_session(steps, latest.get(session), values, revisions[session])
	steps.withdraw += [
		row
		for row in payments
		if row["status"] in CHANGEABLE and not (row["session"] in owed and row is latest[row["session"]])
	]
	return steps


def _latest(payments) -> dict:
	"""Session → its last payment that can still change; where none can, its last."""
	latest = {}
	for row in sorted(payments, key=lambda row: (row["status"] in CHANGEABLE, cint(row["revision"]))):
		latest[row["session"]] = row
	return latest


def _revisions(payments) -> dict[str, list]:
	"""Session → its payments, the first first."""
	revisions = defaultdict(list)
	for row in sorted(payments, key=lambda row: cint(row["revision"])):
		revisions[row["session"]].append(row)
	return revisions


def _owed(terms, attended, latest, settled, left) -> dict[str, dict]:
	owed = {}
	for row in attended:
		worth = rates.worth(terms, row["hours"], row["preparation_hours"])
		# what is on its way stays: a session corrected since is owed what it is worth beyond that
		worth = max(worth - settled[_as_one(terms, row["session"])], money(0))
		if _is_decided(latest.get(row["session"]), worth):
			continue
		amount = min(worth, left)
		left -= amount
		if amount:
			owed[row["session"]] = _values(terms, row, worth, amount)
	return owed


def _as_one(terms, session: str) -> str:
	"""What is paid together: each session; per task, all of the place."""
	return "" if terms["rate_basis"] == rates.TASK else session


def _worth(terms, attended) -> dict[str, Decimal]:
	"""Of what is paid together, as it stands recorded."""
	worth = defaultdict(lambda: money(0))
	for row in _paid_with(terms, attended):
		worth[_as_one(terms, row["session"])] = rates.worth(terms, row["hours"], row["preparation_hours"])
	return worth


def _settled(terms, payments, corrections) -> dict[str, Decimal]:
	"""What the payments that are on their way or there were worth, of what is paid together, less what is taken back of that
	because it was worth less (the worth of a correction; its amount may have other reasons too)."""
	settled = defaultdict(lambda: money(0))
	for row in payments:
		if row["status"] in ON_ITS_WAY:
			settled[_as_one(terms, row["session"])] += money(row["offered_amount"])
	for row in corrections:
		if row["status"] in TAKES_BACK:
			settled[_as_one(terms, row["session"])] += money(row["offered_amount"])
	for one, sum_ in settled.items():
		settled[one] = max(sum_, money(0))  # what was taken back of a payment that is void now
	return settled


def explained(engagement: str, session: str, back: Decimal) -> Decimal:
	"""Of what is on its way or paid, what it is worth beyond the session as it stands recorded now, as far as taking `back`
	says so: whoever gives back all that they got beyond it has been paid for what it is worth, also where they had asked
	for less."""
	terms = _lock({engagement})[engagement]
	rows = _payments([engagement])
	payments = [row for row in rows if row.kind != CORRECTION]
	corrections = [row for row in rows if row.kind == CORRECTION]
	one = _as_one(terms, session)
	worth = _worth(terms, _attended([engagement]))[one]
	beyond = max(_settled(terms, payments, corrections)[one] - worth, money(0))
	theirs = [row for row in rows if _as_one(terms, row.session) == one]
	got = total(
		row.amount for row in theirs if row.status in (TAKES_BACK if row.kind == CORRECTION else ON_ITS_WAY)
	)
	return beyond if 0 < got - worth <= back else min(beyond, back)


def overpaid() -> list[str]:
	"""Names of payments with which a session has been paid beyond what it is worth as it stands recorded now, and
	nobody has agreed a correction of it: the newest of each session. For a list; what its reader may see, they are shown.
	Four questions at the most, and nothing is locked: whoever corrects it looks again behind a lock."""
	engagements = _changed_since_paid()
	if not engagements:
		return []
	terms = {row.name: row for row in _terms(engagements).run(as_dict=True)}
	attended = _by_engagement(_paid_for(engagements).run(as_dict=True))
	payments = _by_engagement(_made_for(engagements).run(as_dict=True))
	return [name for each in sorted(terms) for name in _beyond(terms[each], attended[each], payments[each])]


def _beyond(terms, attended, payments) -> list[str]:
	received = [row for row in payments if row.kind == KIND and row.status in RECEIVED]
	worth = _worth(terms, attended)
	newest_of = {_as_one(terms, session): newest for session, newest in _latest(received).items()}
	found = []
	for one, newest in newest_of.items():
		paid = total(row.amount for row in received if _as_one(terms, row.session) == one)
		# also one that is only asked for, was paid back, or that somebody let them keep: it was looked at
		back = total(
			row.amount
			for row in payments
			if row.kind == CORRECTION
			and _as_one(terms, row.session) == one
			and row.status not in ("Rejected", "Void")
		)
		if paid + back > worth[one]:
			found.append(newest.name)
	return found


def _changed_since_paid() -> list[str]:
	"""Places of which a session, paid in the last months, was recorded otherwise since, or was paid more than once."""
	payment, attendance, session = (
		frappe.qb.DocType(name) for name in (PAYMENT, "Involvement Session Attendance", "Involvement Session")
	)
	other = frappe.qb.DocType(PAYMENT).as_("other_payment")
	again = (
		frappe.qb.from_(other)
		.select(other.name)
		.where((other.engagement == payment.engagement) & (other.session == payment.session))
		.where((other.kind == KIND) & other.status.isin(RECEIVED) & (other.name != payment.name))
	)
	there = attendance.attendance.isin(WAS_THERE) & (session.status == "Held")
	called_off = (session.status == "Cancelled") & (session.cancelled_payment == sessions.PAID)
	as_paid = (attendance.hours == payment.hours) & (
		attendance.preparation_hours == payment.preparation_hours
	)
	unchanged = (
		frappe.qb.from_(attendance)
		.join(session)
		.on(session.name == attendance.parent)
		.select(attendance.name)
		.where((attendance.parent == payment.session) & (attendance.engagement == payment.engagement))
		.where((there | called_off) & as_paid)
	)
	return (
		frappe.qb.from_(payment)
		.select(payment.engagement)
		.distinct()
		.where((payment.kind == KIND) & payment.status.isin(RECEIVED))
		.where(payment.session_on >= add_months(today(), -LOOKED_BACK_MONTHS))
		.where(ExistsCriterion(unchanged).negate() | ExistsCriterion(again))
		.limit(MOST_CHANGED)
		.run(pluck=True)
	)


def _paid_with(terms, attended) -> list[dict]:
	"""The sessions that payments are made for; per task, the first: whoever was at any of them has done it."""
	return list(attended)[:1] if terms["rate_basis"] == rates.TASK else list(attended)


def _as_far_as_wanted(terms, payments, corrections) -> Decimal:
	"""What the person's choice leaves for payments that can still change."""
	if not terms.get("may_be_paid", True):
		return money(0)
	if terms["payment_choice"] in ("Full", CHARITY):
		return Decimal("Infinity")
	if terms["payment_choice"] != "Lower amount":
		return money(0)
	taken = total(row["amount"] for row in payments if row["status"] in ON_ITS_WAY)
	taken += total(row["amount"] for row in corrections if row["status"] in TAKES_BACK)
	return max(money(terms["chosen_amount"]) - max(taken, money(0)), money(0))


def _in_turn(attended, payments) -> list[dict]:
	"""A lower amount is shared out first come, first served: sessions in the order of their first payments, then
	by date. A payment that is made anew keeps its turn, so settling once more moves nothing."""
	first = {row["session"]: row["name"] for row in payments if not cint(row["revision"])}

	def turn(row) -> tuple:
		name = first.get(row["session"])
		return (0, len(name), name) if name else (1, row["starts_on"], row["session"])

	return sorted(attended, key=turn)


def _is_decided(payment, worth: Decimal) -> bool:
	if not payment or payment["status"] in CHANGEABLE:
		return False
	if payment["status"] in ON_ITS_WAY:
		return not worth
	return not payment["withdrawn"] and money(payment["offered_amount"]) == worth


def _values(terms, row, worth: Decimal, amount: Decimal) -> dict:
	return {
		"session": row["session"],
		"recorders": {row["recorded_by"], *(row["edited_by"] or "").split()},
		"amount": float(amount),
		"offered_amount": float(worth),
		"hours": flt(row["hours"]),
		"preparation_hours": flt(row["preparation_hours"]),
		"session_on": getdate(row["starts_on"]),
		"shown_on": None if row.get("visit") else getdate(row["starts_on"]),
		# a day that is so many working days after a visit would tell of the visit
		"promised_from": getdate(today() if row.get("visit") else row["starts_on"]),
		"unit": row["unit"],
		"payment_choice": terms["payment_choice"],
		"charity": terms.get("charity") or None,
	}


def _plan_session(steps: Plan, now, values: dict, there: list) -> None:
	"""`now`: the payment that is kept, where it can be. `there`: all revisions; what else of them waits is withdrawn."""
	if now and now["status"] in CHANGEABLE and not values["shown_on"]:
		values["due_on"] = now["due_on"]  # of a visit: as it was promised, not put off by a correction
	more_hands = {hand for row in there if row["status"] in CHANGEABLE for hand in _hands(row)}
	if now and now["status"] in OPEN:
		if _differs(now, values, FACTS):
			steps.change.append((now, {**values, "recorders": values["recorders"] | more_hands}))
	elif now and now["status"] == "Approved":
		if _differs(now, values, MONEY_FACTS):
			steps.withdraw.append(now)
			steps.make.append(_next_revision(there, values, more_hands))
	else:
		steps.make.append(_next_revision(there, values, _hands(now) if now else set()))


def _differs(now, values, fieldnames) -> bool:
	return any(_plain(now[fieldname]) != _plain(values[fieldname]) for fieldname in fieldnames)


def _plain(value):
	return round(value, 4) if isinstance(value, int | float | Decimal) else (value or None)


def _next_revision(there: list, values: dict, hands: set[str]) -> dict:
	revision = cint(there[-1]["revision"]) + 1 if there else 0
	return {**values, "revision": revision, "hands": hands}


def _hands(row) -> set[str]:
	return {row["owner"], *(row["edited_by"] or "").split()}


# Carrying it out


def _carry_out(plans: list[Plan], trail: tuple[str, str], hands: set[str]) -> None:
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
	doc.edited_by = _staff(hands | _hands(row) | values["recorders"], person)
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
	days = cint(frappe.get_cached_doc("Involvement Settings").payment_working_days)
	return {
		"due_on": values.get("due_on") or add_working_days(values["promised_from"], days),
		"shown_on": values["shown_on"],
		**{fieldname: values[fieldname] for fieldname in FACTS},
	}


def _staff(hands: set[str], person) -> str:
	"""Everybody who had a hand in the figures, without the payee: budget holders know people by code."""
	return "\n".join(sorted(hands - {person.user, "Administrator", None, ""}))
