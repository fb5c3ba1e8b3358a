"""Expenses that people are paid back (domain 4.6, 4.12; 1.3: they are no earnings).

A claim is checked by somebody who knows whether it happened, approved by the budget holder of the unit, and then makes one
Involvement Payment of the kind Expenses: from there it goes the way of every other payment, in a batch, or as cash
against a signed slip. The claim's state follows its payment's. Nobody is paid a round sum: a line has a receipt, miles,
or the yes of staff from before; what the organisation booked, and an advance (`advances`), are taken off."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.query_builder import Case
from frappe.query_builder.functions import GroupConcat
from frappe.utils import add_months, cint, cstr, getdate, now_datetime, today

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import assisted, concerned, participants, supporters, visits
from involvement_app.involvement_app.participants import PARTICIPANT, recipients
from involvement_app.involvement_payments import advances, approval_limits, mileage, payees, receipts
from involvement_app.involvement_payments.accrual import CORRECTION, the_service
from involvement_app.money import money, pounds, total
from involvement_app.permissions import NOTHING, roles_of
from involvement_app.setup.roles import BUDGET_HOLDER, COORDINATOR, DESK_ROLES, FINANCE_OFFICER
from involvement_app.working_days import add_working_days

CLAIM, LINE, TYPE, PAYMENT = (
	"Involvement Expense Claim",
	"Involvement Expense Claim Line",
	"Expense Type",
	"Involvement Payment",
)
KIND = "Expenses"
OPEN = ("Submitted", "Checked", "Returned")  # nobody has decided yet, so there is no payment
OWN_MONEY = "Own money"
TRANSFER, CASH = "Bank transfer", "Cash"
MOST_LINES = 30
MOST_A_LINE = 5000
MONTHS = 3
HERE = "/take-part/my/expenses"


class NoExpenses(frappe.ValidationError):
	"""The site keeps no money here (finance mode None)."""


class NoProof(frappe.ValidationError):
	"""A line has no receipt, no miles and no yes from before: a round sum."""


class SentTwice(frappe.ValidationError):
	"""This form has arrived already."""


# --- what a claim must always obey ----------------------------------------------------------------------


def refuse_without_money() -> None:
	if frappe.get_cached_doc("Involvement Settings").finance_mode == "None":
		frappe.throw(_("Expenses are not kept here: see Finance mode in Involvement Settings."), NoExpenses)


def of_whom_they_may_write(doc) -> None:
	"""Staff claim for those whose record they may change, and not under an old one; as `assisted.refuse_strangers`."""
	if doc.flags.ignore_permissions:
		return
	person = frappe.get_doc(PARTICIPANT, doc.participant)
	if not frappe.has_permission(PARTICIPANT, "write", person):
		participants.refuse_strangers(doc.participant, "write")
	participants.refuse_old_record(doc.participant, known=person)


def note_who_wrote(doc) -> None:
	"""Who acts for the person is known by the row that says so, which budget holders do not read: a name leads to a
	family. Staff who wrote it down are named."""
	assisted.note_who_told(doc)
	doc.supporter = supporters.by_which(doc.participant)
	if doc.supporter and not _is_staff():
		doc.recorded_by = None


def _is_staff() -> bool:
	return bool(roles_of() & set(DESK_ROLES))


def place(doc) -> None:
	"""The session, place and unit fit the person and one another. The unit comes from them, or is the person's only one."""
	if doc.session and doc.has_value_changed("session"):
		_follow_session(doc)
	elif doc.engagement and doc.has_value_changed("engagement"):
		row = frappe.db.get_value(
			"Involvement Engagement", doc.engagement, ["participant", "unit"], as_dict=True
		)
		if not row or row.participant not in participants.records_of(doc.participant):
			frappe.throw(_("Engagement: this is not a place of {0}.").format(doc.participant))
		doc.unit = row.unit or doc.unit
	if not doc.unit:
		units = frappe.get_all(  # of the one person
			"Involvement Participant Unit", {"parent": doc.participant}, pluck="unit", limit=2
		)
		doc.unit = units[0] if len(units) == 1 else None
	if doc.is_new():
		_ask_of_person(doc)
	elif doc.has_value_changed("engagement"):
		doc.visit = int(visits.may_be_about_one(doc.engagement, doc.participant))


def _ask_of_person(doc) -> None:
	"""Whether the claim may be about a visit, and what they were given beforehand: one question."""
	person = frappe.qb.DocType(PARTICIPANT)
	found = (
		frappe.qb.from_(person)
		.select(
			visits.about_one(doc.engagement, doc.participant).as_("visit"),
			advances.open_one(doc).as_("advance"),
		)
		.where(person.name == doc.participant)
		.run(as_dict=True)[0]
	)
	doc.visit, doc.flags.open_advance = int(bool(found.visit)), found.advance


def show(doc) -> None:
	"""What budget holders read of a claim and its lines; of a visit nothing (`visits`)."""
	doc.shown = None if doc.visit else _lines_of(doc.late_reason, doc.answer)
	for line in doc.lines:
		words = line.description or " – ".join(filter(None, (line.from_place, line.to_place)))
		line.shown = None if doc.visit else _lines_of(words, line.agreed_with)
		line.shown_on = None if doc.visit else line.spent_on


def _lines_of(*words: str | None) -> str | None:
	return "\n".join(filter(None, words)) or None


def _follow_session(doc) -> None:
	session, engagement = (
		frappe.qb.DocType(name) for name in ("Involvement Session", "Involvement Engagement")
	)
	rows = (
		frappe.qb.from_(session)
		.join(engagement)
		.on(engagement.opportunity == session.opportunity)
		.select(engagement.name, session.unit)
		.where(session.name == doc.session)
		.where(engagement.participant.isin(sorted(participants.records_of(doc.participant))))
		.limit(1)
		.run(as_dict=True)
	)
	if not rows:
		frappe.throw(_("Session: {0} has no place there.").format(doc.participant))
	doc.engagement, doc.unit = rows[0].name, rows[0].unit or doc.unit


def keep_the_server_s(doc) -> None:
	"""What the server wrote on the lines stays as it is stored, whatever a request sends."""
	before = {row.name: row for row in (doc.get_doc_before_save() or {}).get("lines", [])}
	for line in doc.lines:
		stored = before.get(line.name) or frappe._dict()
		for fieldname in ("mileage_key", "miles_before", "agreed_by"):
			line.set(fieldname, stored.get(fieldname))
		if not line.agreed:
			line.agreed_by = line.agreed_on = None
		elif not line.agreed_by or _is_more(line, stored):
			line.agreed_by = _who_agrees(doc, line)


def _is_more(line, stored) -> bool:
	"""A yes is for what was known: another amount, day or kind needs another."""
	return any(
		str(line.get(name) or "") != str(stored.get(name) or "")
		for name in ("expense_type", "spent_on", "agreed_on")
	) or money(line.amount) > money(stored.get("amount"))


def _who_agrees(doc, line) -> str | None:
	"""Staff alone, about somebody else: nobody agrees to their own."""
	if doc.flags.ignore_permissions or concerned.concerned_in(frappe.session.user, doc.participant):
		line.agreed, line.agreed_on = 0, None
		return None
	return frappe.session.user


def check_lines(doc) -> None:
	"""Each line is dated, of a kind in use, and has its proof. Raises NoProof."""
	if not 0 < len(doc.lines) <= MOST_LINES:
		frappe.throw(_("Lines: one at least, and {0} at most.").format(MOST_LINES))
	types = types_of({line.expense_type for line in doc.lines})
	for line in doc.lines:
		kind = types.get(line.expense_type)
		if not kind:
			frappe.throw(_("Row {0}: choose what it was for.").format(line.idx))
		_check_line(line, kind)
	doc.flags.types = types


def _check_line(line, kind) -> None:
	if getdate(line.spent_on) > getdate(today()):
		frappe.throw(_("Row {0}: the date is still to come.").format(line.idx))
	if kind.basis == "Mileage":
		_check_miles(line)
		return
	line.mode = line.miles = line.passengers = None
	if not 0 < money(line.amount) <= MOST_A_LINE:
		frappe.throw(
			_("Row {0}: write an amount above £0.00 and up to {1}.").format(line.idx, pounds(MOST_A_LINE))
		)
	if has_no_proof(line, kind):
		frappe.throw(
			_(
				"Row {0}: attach the receipt, or say with whom it was agreed beforehand. We cannot pay a round sum."
			).format(line.idx),
			NoProof,
		)


def _check_miles(line) -> None:
	if line.mode not in mileage.MODES:
		frappe.throw(_("Row {0}: choose how you travelled.").format(line.idx))
	if not 0 < mileage.exact(line.miles) <= mileage.MOST_MILES:
		frappe.throw(_("Row {0}: write the miles, up to {1}.").format(line.idx, mileage.MOST_MILES))
	if not 0 <= cint(line.passengers) <= 8 or (cint(line.passengers) and line.mode == "Bicycle"):
		frappe.throw(_("Row {0}: write how many people you took along.").format(line.idx))
	if not (line.from_place and line.to_place):
		frappe.throw(_("Row {0}: write where you travelled from and to.").format(line.idx))


def has_no_proof(line, kind) -> bool:
	if line.receipt_print or line.agreed or line.agreed_with:
		return False
	return money(line.amount) > money(kind.receipt_over) or not (
		line.description or (line.from_place and line.to_place)
	)


def types_of(names) -> dict[str, frappe._dict]:
	"""Kinds of expenses by name, from the cache; what does not exist is left out."""
	found = {}
	# one by one: a handful, and no query once they are cached
	for name in filter(None, names):
		try:
			found[name] = frappe.get_cached_doc(TYPE, name)
		except frappe.DoesNotExistError:
			frappe.clear_last_message()
	return found


def work_out(doc) -> None:
	"""Mileage by estimate, where it is new or differs; and what there is to pay."""
	before = {row.name: row for row in (doc.get_doc_before_save() or {}).get("lines", [])}
	fresh = []
	for line in _of_miles(doc):
		stored = before.get(line.name)
		if stored and _journey(stored) == _journey(line):
			line.amount, line.miles_before = stored.amount, stored.miles_before
		else:
			fresh.append(line)
	mileage.estimate(doc.participant, fresh)
	add_up(doc)


def _of_miles(doc) -> list:
	return [line for line in doc.lines if line.mode]  # `_check_line` takes it from every other


def _journey(line) -> tuple:
	return (
		line.expense_type,
		getdate(line.spent_on),
		line.mode,
		mileage.exact(line.miles),
		cint(line.passengers),
	)


def add_up(doc) -> None:
	doc.total = float(total(line.amount for line in doc.lines))
	doc.to_pay = float(max(beyond_advance(doc), money(0)))


def of_their_own(doc):
	return total(line.amount for line in doc.lines if line.paid_by == OWN_MONEY)


def beyond_advance(doc):
	"""What they spent beyond what they were given; below nothing where some of it is left."""
	return of_their_own(doc) - money(doc.advance)


def look_again(doc) -> None:
	"""What whoever checks should look at: like lines, a receipt that somebody else used, old lines. Warns, never blocks."""
	before = doc.get_doc_before_save()
	if before and [_looks(row) for row in before.lines] == [_looks(row) for row in doc.lines]:
		return
	found = [
		_("Row {0}: this receipt is in {1} too, of somebody else.").format(idx, name)
		for idx, name in doc.flags.used_by_others or []
	]
	if not found and before and before.warnings:
		found = [row for row in before.warnings.splitlines() if row.endswith(_("of somebody else."))]
	found += [
		_("Row {0}: like a line in {1}: the same day, kind and amount.").format(line.idx, name)
		for line, name in like_lines(doc)
	]
	found += [_("Row {0}: older than the claim window.").format(line.idx) for line in old_lines(doc)]
	doc.warnings = "\n".join(found)


def like_lines(doc) -> list[tuple]:
	"""[(line, the claim it is like)], within this claim too. One query."""
	line, claim = frappe.qb.DocType(LINE), frappe.qb.DocType(CLAIM)
	rows = (
		frappe.qb.from_(line)
		.join(claim)
		.on(claim.name == line.parent)
		.select(line.parent, line.expense_type, line.spent_on, line.amount)
		.where(claim.participant == doc.participant)
		.where(claim.status.notin(("Rejected", "Cancelled")))
		.where(line.spent_on.isin(sorted({getdate(row.spent_on) for row in doc.lines})))
		.where(line.parent != (doc.name or ""))
		.limit(200)
		.run(as_dict=True)
	)
	seen = {_looks(row): row.parent for row in rows}
	found = []
	for row in doc.lines:
		if _looks(row) in seen:
			found.append((row, seen[_looks(row)] or _("this claim")))
		seen.setdefault(_looks(row), None)
	return found


def _looks(row) -> tuple:
	return row.expense_type, getdate(row.spent_on), money(row.amount)


def window_begins(claimed_on=None):
	"""The first day that can still be claimed for on `claimed_on`."""
	months = cint(frappe.get_cached_doc("Involvement Settings").claim_months) or MONTHS
	return getdate(add_months(getdate(claimed_on or today()), -months))


def old_lines(doc) -> list:
	first = window_begins(doc.claimed_on)
	return [line for line in doc.lines if getdate(line.spent_on) < first]


# --- the steps ------------------------------------------------------------------------------------------


def promised_for(claimed_on):
	"""The day by which the money was promised, while nobody has decided on it too."""
	days = cint(frappe.get_cached_doc("Involvement Settings").payment_working_days)
	return add_working_days(getdate(claimed_on), days)


def who(doc) -> frappe._dict:
	"""Of the claim's person: what a payee is named by, {earlier} records, how many {limits} there are, and whether the session's
	user is concerned in them: {theirs}. One query for all guards of a step."""
	if not doc.flags.concerned:
		doc.flags.concerned = _person(doc.participant).run(as_dict=True)[0]
	return doc.flags.concerned


def _person(participant: str):
	person, old = frappe.qb.DocType(PARTICIPANT), frappe.qb.DocType(PARTICIPANT).as_("old")
	return (
		frappe.qb.from_(person)
		.select(
			*(person[field] for field in payees.FIELDS),
			concerned.is_bound(frappe.session.user, person).as_("theirs"),
			frappe.qb.from_(old)
			.select(GroupConcat(old.name))
			.where(old.merged_into == person.name)
			.as_("earlier"),
			approval_limits.how_many().as_("limits"),
		)
		.where(person.name == participant)
	)


def not_the_payee(doc, move) -> None:
	"""Whoever is paid back decides nothing about it, and hands themself no cash; nor does who acts for them."""
	if move.by != "job" and who(doc).theirs:
		frappe.throw(
			_("These are your own expenses, or of somebody you act for, so somebody else decides on them."),
			lifecycle.StepNotPermitted,
		)


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
	if old_lines(doc) and not doc.late_reason:
		frappe.throw(
			_("Some of it is older than {0} months. Write why it may be late, or return the claim.").format(
				cint(frappe.get_cached_doc("Involvement Settings").claim_months) or MONTHS
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
	show(doc)
	if row := supporters.by_which(doc.participant):
		doc.supporter, doc.told_how = row, supporters.TOLD
	if move.by == "relation" and not (row and _is_staff()):
		doc.edited_by = "\n".join(sorted(set((doc.edited_by or "").split()) - {move.user}))


def stamp_checked(doc, move) -> None:
	doc.checked_by, doc.checked_on, doc.note = move.user, now_datetime(), None


def lock_person(participant: str | None) -> list:
	"""Before the claim's own row (law 5): what miles are worth depends on the others of the same person. Answers as `who`."""
	return _person(participant).for_update().run(as_dict=True) if participant else []


def fixed(doc, move) -> None:
	"""Among the guards of Approved, before the limit is asked: what the lines are worth stays so from here on."""
	if move.by == "job":
		return
	earlier = (who(doc).earlier or "").split(",")
	mileage.fix(doc.participant, {doc.participant, *filter(None, earlier)}, _of_miles(doc))
	add_up(doc)
	doc.approved_by, doc.approved_on = move.user, now_datetime()


def within_their_limit(doc, move) -> None:
	if who(doc).limits:
		approval_limits.within_their_limit(move.user, BUDGET_HOLDER, doc.to_pay, doc.unit)


def of_their_own_unit(doc, move) -> None:
	"""The budget holder of the unit, or who an Approval Limit names beyond what they decide on."""
	holder = frappe.get_cached_value("Involvement Unit", doc.unit, "budget_holder")
	if holder == move.user:
		return
	if BUDGET_HOLDER not in roles_of(move.user) or not approval_limits.stands_in(
		move.user, BUDGET_HOLDER, holder, doc.to_pay, doc.unit
	):
		frappe.throw(
			_("Only the budget holder of {0} decides on {1}.").format(doc.unit, doc.name),
			lifecycle.StepNotPermitted,
		)


def of_their_own_unit_if_checked(doc, move) -> None:
	"""Once it was checked, the budget holder of the unit decides on it."""
	if move.source == "Checked":
		of_their_own_unit(doc, move)


def of_their_own_unit_or_finance(doc, move) -> None:
	if FINANCE_OFFICER not in roles_of(move.user):
		of_their_own_unit(doc, move)


def make_payment(doc, move) -> None:
	"""Effect of Approved: the one payment, in the same transaction. Nothing to pay, no payment."""
	if move.by == "job" or doc.payment:
		return
	advances.settle(doc, of_their_own(doc))
	if money(doc.to_pay) <= 0:
		return
	payment = _payment(doc, payees.named([who(doc)])[doc.participant], doc.to_pay)
	payment.payment_route = _route(doc.pay_by)
	with lifecycle.server_side(), lifecycle.as_job():
		payment.insert(ignore_permissions=True)  # bounded: the budget holder's step Approve on this claim
		lifecycle.move_many(
			PAYMENT,
			[payment.name],
			"Approve the claim",
			(CLAIM, doc.name),
			{"approved_by": doc.approved_by, "approved_on": doc.approved_on},
		)
	doc.payment = payment.name


def _payment(doc, person, amount, revision: int = 0):
	"""Of the claim `doc`, not written yet. `person`: as `payees.named` answers."""
	hands = {doc.owner, doc.checked_by, doc.recorded_by, *(doc.edited_by or "").split()}
	spent_on = min(getdate(line.spent_on) for line in doc.lines)
	payment = frappe.get_doc(
		{
			"doctype": PAYMENT,
			"kind": KIND,
			"claim": doc.name,
			"revision": revision,
			"participant": doc.participant,
			"payee_name": person.payee_name,
			"engagement": doc.engagement,
			"session": doc.session,
			"session_on": spent_on,
			"shown_on": None if doc.visit else spent_on,
			"unit": doc.unit,
			"amount": float(amount),
			"payment_route": "Gross",
			"due_on": promised_for(today()) if revision else doc.due_on or promised_for(doc.claimed_on),
			"edited_by": "\n".join(sorted(hands - {person.user, "Administrator", None, ""})),
		}
	)
	payment.flags.ignore_links = True  # each is the claim's own
	return payment


def not_without_its_claim(doc, move) -> None:
	"""Guard of a payment made Void: one of expenses goes with its claim, so that neither is left behind."""
	if doc.claim and not doc.corrects and move.by != "job" and move.source == "Approved":
		frappe.throw(
			_("Cancel the expense claim {0} instead: its payment goes with it.").format(doc.claim),
			lifecycle.TransitionError,
		)


def of_this_claim(payment, trail):
	"""`trail` names the claim that moves its payment: no claim moves another's."""
	return (payment.kind == KIND) & (payment.claim == trail[1]) if trail[0] == CLAIM else NOTHING


def withdraw_payment(doc) -> None:
	"""Once the claim is Cancelled: its payment with it, which is in no batch."""
	advances.take_up_again([doc.name])
	names = frappe.get_all(  # of the claim that is cancelled now
		PAYMENT,
		{
			"claim": doc.name,
			"kind": ["in", (KIND, CORRECTION)],
			"status": ["in", ("Checked", "Returned", "Approved")],
		},
		pluck="name",
	)
	if names:
		with lifecycle.as_job():
			lifecycle.move_many(
				PAYMENT, names, "Withdraw", (CLAIM, doc.name), {"withdrawn": 1, "note": doc.note}
			)


def miles_no_longer_count(doc) -> None:
	"""Once the claim is Cancelled: what was driven after it is worth something else (`mileage.again`)."""
	settle_miles(doc.flags.miles_freed or (), (CLAIM, doc.name))


def settle_miles(keys, trail: tuple[str, str]) -> None:
	"""Miles of these `keys` no longer count: later lines of the same person and tax year are worked out anew. What a claim
	is worth more then is a further payment, for the budget holder to approve as every other: nobody's yes is moved to
	another amount. Where it is less, and more than the pennies of rounding, finance is told to talk with the person."""
	for participant in sorted({key.split("|")[0] for key in keys}):  # one by one: mostly one person
		person = lock_person(participant)[0]
		kept = person.merged_into or participant
		of_them = {key for key in keys if key.startswith(f"{participant}|")}
		changed = mileage.again(participants.records_of(kept), of_them)
		if changed:
			worth_more = defaultdict(list)
			for row in changed:
				worth_more[row.parent].append(row.amount - row.was)
			_settle(worth_more, trail)


def _settle(worth_more: dict[str, list], trail: tuple[str, str]) -> None:
	"""`worth_more`: approved claims, in the order of approval, and what their lines are worth more now."""
	left = money(0)
	# one by one: the few claims after the threshold of one person in a year
	for name, more in worth_more.items():
		doc = frappe.get_doc(CLAIM, name, for_update=True)
		doc.set("lines", _lines_now(name))  # a claim's rows come from an older snapshot than itself
		add_up(doc)
		values = {"total": doc.total, "to_pay": doc.to_pay}
		# bounded: what the lines of the one person add up to
		frappe.db.set_value(CLAIM, name, values, update_modified=False)
		left += total(more)
		if left > 0:
			_pay_further(doc, left, trail)
			left = money(0)
	if left < 0:
		doc.add_comment(
			"Info",
			_("{0} less is due for these miles since {1} was cancelled: propose a correction.").format(
				pounds(-left), trail[1]
			),
		)


def _lines_now(name: str) -> list[frappe._dict]:
	line = frappe.qb.DocType(LINE)
	query = frappe.qb.from_(line).select(line.amount, line.paid_by, line.spent_on).where(line.parent == name)
	return query.for_update().run(as_dict=True)


def _payments_there(name: str) -> int:
	payment = frappe.qb.DocType(PAYMENT)
	query = frappe.qb.from_(payment).select(payment.name)
	return len(query.where((payment.claim == name) & (payment.kind == KIND)).for_update().run())


def _pay_further(doc, amount, trail: tuple[str, str]) -> None:
	person = payees.named([who(doc)])[doc.participant]
	payment = _payment(doc, person, amount, revision=_payments_there(doc.name))
	with lifecycle.server_side(), the_service():
		payment.insert(ignore_permissions=True)  # bounded: the difference that the rates come to
		payment.add_comment(
			"Info", _("The miles of {0} no longer count, so these are worth more.").format(trail[1])
		)


def cash_with_slip(doc, move) -> None:
	"""Guard of Paid, where somebody takes the step: against a signed slip, never by who approved it."""
	if move.by != "role":
		return
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
	if move.user == doc.get_doc_before_save().approved_by:
		frappe.throw(
			_("You approved {0}, so somebody else hands out the money.").format(doc.name),
			lifecycle.StepNotPermitted,
		)
	if not frappe.db.exists("File", _slip(doc)):
		frappe.throw(_("Signed slip: attach it to this claim."), lifecycle.TransitionError)


def _slip(doc) -> dict:
	return {
		"file_url": doc.cash_slip,
		"is_private": 1,
		"attached_to_doctype": CLAIM,
		"attached_to_name": doc.name,
	}


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
	lock_person(frappe.db.get_value(CLAIM, cstr(claim), "participant"))
	doc = frappe.get_doc(CLAIM, cstr(claim), for_update=True)
	doc.check_permission("read")
	user = frappe.session.user
	if not roles_of(user) & {COORDINATOR, FINANCE_OFFICER}:
		raise frappe.PermissionError
	not_the_payee(doc, frappe._dict(by="role", user=user))
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
	frappe.db.set_value(PAYMENT, doc.payment, "payment_route", _route(pay_by))  # bounded: as above
	doc.add_comment("Info", _("Paid by: {0}").format(_(pay_by)))


def _route(pay_by: str) -> str:
	return CASH if pay_by == CASH else "Gross"


def pay_in_cash(doc) -> None:
	"""Once the claim is Paid by hand: its payment too."""
	with lifecycle.as_job():
		lifecycle.move_many(
			PAYMENT, [doc.payment], "Pay in cash", (CLAIM, doc.name), {"paid_on": doc.paid_on}
		)


def moved_with(claim, trail):
	"""`trail` names a batch: the claims whose payments it moved just now."""
	payment = frappe.qb.DocType(PAYMENT)
	return claim.payment.isin(
		frappe.qb.from_(payment).select(payment.name).where(payment.claim == claim.name)
	)


# where a payment's step and its claim's are called differently
AS_THE_CLAIM_SAYS = {"Void in its batch": "Not paid"}


def follow_one(payment) -> None:
	"""A payment that took a step of its own, as a document: its claim takes the one that leads to the same."""
	before = payment.get_doc_before_save()
	if not payment.claim or not before or before.status == payment.status:
		return
	to = "Cancelled" if payment.status == "Void" else payment.status
	steps = [step for step in lifecycle.of(CLAIM).between(before.status, to) if step.many]
	if steps:
		follow([payment.name], steps[0].action, (PAYMENT, payment.name), payment.paid_on)


def follow(payments: list[str], action: str, trail: tuple[str, str], paid_on=None) -> None:
	"""The claims of these payments take the step of the same name, once the payments have: all at once. Asked wherever
	payments move; those of another kind are nobody's claim. One query where there are none."""
	rows = frappe.get_all(  # bounded: of payments that the caller moved
		CLAIM, {"payment": ["in", payments]}, ["name", "participant", "to_pay"]
	)
	if not rows:
		return
	action = AS_THE_CLAIM_SAYS.get(action, action)
	values = {"paid_on": paid_on} if action == "Mark paid" else {}
	if action in ("Release", "Pay again", "Mark failed"):
		values = {"paid_on": None}
	with lifecycle.as_job():
		lifecycle.move_many(CLAIM, [row.name for row in rows], action, trail, values)
	if action == "Not paid":
		names = [row.name for row in rows]
		advances.take_up_again(names)
		settle_miles(receipts.give_all_free(names), trail)
	if action == "Mark paid":  # of a transfer that came back its batch tells, once with all that was in it
		_tell_all(rows, "Involvement expenses paid", paid_on)


def _tell_all(rows, template: str, paid_on) -> None:
	people = recipients({row.participant for row in rows})
	# one by one: a row of the outbox each
	for row in rows:
		messages.send(
			template,
			(PARTICIPANT, row.participant),
			_words(row, paid_on),
			about=frappe._dict(doctype=CLAIM, name=row.name),
			known=people.get(row.participant),
		)


def _words(row, paid_on=None) -> dict:
	return {
		"amount": pounds(row.to_pay),
		"note": row.get("note") or "",
		"paid_on": frappe.utils.format_date(paid_on, "d MMMM yyyy") if paid_on else "",
		"link": frappe.utils.get_url(HERE),
	}


def tell(template: str):
	def effect(doc, move) -> None:
		if move.by == "job":
			return
		messages.send(template, (PARTICIPANT, doc.participant), _words(doc, doc.paid_on), about=doc)

	return effect


# --- the person's own -----------------------------------------------------------------------------------


def was_sent(participant: str, once: str) -> bool:
	"""Whether this form of theirs has arrived."""
	return bool(frappe.db.exists(CLAIM, {"once_key": _once_key(participant, once)}))


def _once_key(participant: str, once: str) -> str:
	return f"{participant}|{once}"


@lifecycle.retry_on_deadlock
def send(participant: str, lines: list[dict], files: dict, once: str, **values) -> str:
	"""The session's own person, or the one they act for, hands in a claim; its name. `files`: row number → CleanFile.
	`once`: made with the page, so that the same form counts once. Raises SentTwice and what `validate` raises."""
	_speaks(participant)
	participants.refuse_old_record(participant)
	once_key = _once_key(participant, once)
	lock_person(participant)
	if frappe.db.get_value(CLAIM, {"once_key": once_key}, "name", for_update=True):
		raise SentTwice
	doc = frappe.new_doc(CLAIM, participant=participant, **values)
	doc.extend("lines", lines)
	doc.flags.receipts, doc.flags.once_key = files, once_key
	doc.insert(ignore_permissions=True)  # bounded to the session's own person, or the one they act for
	_without_a_name(doc)
	return doc.name


@lifecycle.retry_on_deadlock
def send_again(participant: str, name: str, lines: list[dict], files: dict, answer: str) -> None:
	"""The person answers what staff asked. `lines`: {name, amount or miles} of each, as it stands now."""
	_speaks(participant)
	lock_person(participant)
	doc = frappe.get_doc(CLAIM, name, for_update=True)
	if doc.participant != participant:
		raise frappe.DoesNotExistError
	kept = {row.name: row for row in doc.lines}
	rows = []
	for values in lines:
		stored = kept[values["name"]]
		stored.update(values)
		rows.append(stored)
	doc.set("lines", [])
	doc.extend("lines", rows)
	for number, row in enumerate(doc.lines, 1):
		row.idx = number
	doc.flags.receipts, doc.flags.answer = files, answer
	doc.flags.ignore_permissions = True  # bounded to the person's own claim
	lifecycle.apply(doc, "Send again")
	_without_a_name(doc)


def _without_a_name(doc) -> None:
	"""Budget holders know people by code: what came from the person, or from who acts for them, carries no login of theirs
	(law 7). Staff who act for somebody stay named: they decide nothing about it."""
	if supporters.acts_for(doc.participant) and _is_staff():
		return
	user = frappe.session.user
	# one by one: three tables
	for doctype, rows in (
		(CLAIM, {"name": doc.name}),
		(LINE, {"parent": doc.name}),
		("Version", {"ref_doctype": CLAIM, "docname": doc.name}),
	):
		table = frappe.qb.DocType(doctype)
		# bounded: rows of the claim that this person has just written
		query = frappe.qb.update(table)
		for fieldname in ("owner", "modified_by"):
			hidden = Case().when(table[fieldname] == user, "Administrator").else_(table[fieldname])
			query = query.set(table[fieldname], hidden)
		for fieldname, value in rows.items():
			query = query.where(table[fieldname] == value)
		query.run()


def _speaks(participant: str) -> None:
	if not supporters.speaks_for(participant):
		raise frappe.PermissionError
