"""People's own limits on what they are paid, held against the day the money is planned to arrive (domain 1.3 no. 2 and 5,
4.6). Benefits count money when it comes.

When a batch is locked, what does not fit is taken out and waits for the person's next week or month, if they said yes to
that; without their yes it is taken out too, and whoever locks the batch is told to ask them: nobody else waits for it.
What goes to a charity is not theirs, and expenses are no earnings: neither counts. Everybody concerned is locked first: two
batches at the same moment see each other. Where the limit changes, or a batch comes to nothing, what waited waits no longer."""

from datetime import timedelta

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce
from frappe.utils import getdate, now, today

from involvement_app import lifecycle
from involvement_app.involvement_app import preferences
from involvement_app.involvement_app.participants import PARTICIPANT, kept_of
from involvement_app.involvement_payments import corrections, lateness, opening_totals, payees
from involvement_app.involvement_payments.states import CHARITY, CORRECTION, NO_PAY, PAYMENT, RECEIVED
from involvement_app.money import money, pounds, total

# on its way or there: what the bank sent back is neither
COMES = ("Scheduled", *RECEIVED)
CAP = ("cap_period", "cap_weekday", "cap_month_day")


class OverTheirOwnLimit(frappe.ValidationError):
	"""A line would take somebody beyond the limit they set, and they have not said that it may wait."""


class ItMayWait(OverTheirOwnLimit):
	"""It would, and they have said so."""


def spread(batch) -> None:
	"""Takes the lines that do not fit out of `batch`, whose lines are filled, and says which. Raises OverTheirOwnLimit
	where nothing is left."""
	limits = _limits({line.participant for line in batch.lines})
	if not limits:
		return
	records = _lock(limits)
	rows = _payments_of(batch, limits, records)
	left, waits = sorted_out(batch.lines, rows, limits, batch.payment_on)
	if not waits:
		return
	unasked, before = _unasked(waits, limits), len(batch.lines)
	later = [line for line in waits if line.payment not in unasked]
	if not left:
		_refuse(unasked)
	for line in later:
		until = preferences.period(limits[line.participant], batch.payment_on).end + timedelta(days=1)
		# one by one: few, each with a day of its own; bounded: approved, its person locked above
		frappe.db.set_value(PAYMENT, line.payment, "not_before", until)
	batch.lines = left
	alone = before - len(left) - len(waits)
	said = list(unasked.values())
	if alone:
		said.append(
			_("{0} corrections were taken out with them: there is nothing here to take them off.").format(
				alone
			)
		)
	if later:
		said.append(
			_(
				"{0} payments were taken out: they wait for the person's next week or month, as they asked."
			).format(len(later))
		)
	frappe.msgprint("<br>".join(said), title=_("Not in this batch"), indicator="orange")
	batch.add_comment("Info", "<br>".join((_("Not in this batch:"), *said)))


def on_preference(doc, method=None) -> None:
	"""Another limit, or none any more: what waits by the old one is looked at anew."""
	if any(doc.has_value_changed(name) for name in ("own_payment_cap", *CAP)):
		set_free({doc.participant})


def set_free(participants: set[str]) -> None:
	"""Of these people nothing waits by their limit any longer, until a batch is locked with it and looks anew. A part of
	what is taken back waits for its day by another agreement, and stays; one that an earlier version made wait by the limit
	does not."""
	names = sorted(participants | set(kept_of(participants).values()))
	person, payment = frappe.qb.DocType(PARTICIPANT), frappe.qb.DocType(PAYMENT)
	rows = (
		frappe.qb.from_(payment)
		.join(person)
		.on(person.name == payment.participant)
		.select(payment.name, payment.kind, payment.not_before, payment.creation)
		.where(person.name.isin(names) | person.merged_into.isin(names))
		.where((payment.not_before > today()) & (payment.status == "Approved"))
		.orderby(payment.name)
		.run(as_dict=True)
	)
	waits = [
		row.name
		for row in rows
		if row.kind != CORRECTION or not corrections.is_day_of_a_part(row.not_before, row.creation)
	]
	if not waits:
		return  # and nobody's row is locked
	# bounded: the caller's own people, of whom only the day that `spread` wrote is taken away
	query = frappe.qb.update(payment).set(payment.not_before, None).set(payment.modified, now())
	query.where(payment.name.isin(waits) & (payment.status == "Approved")).run()


def refuse_room_gone(batch, line) -> None:
	"""`line`, something taken back, may only go from a locked batch while its person stays within their limit without it.
	Raises OverTheirOwnLimit."""
	who = kept_of({line.participant}).get(line.participant, line.participant)
	limits = {} if money(line.amount) >= 0 or line.handed_over_on else _limits({who})
	if not limits:
		return
	[limit] = limits.values()
	there = _payments_of(batch, limits, _lock(limits))
	if line.charity:
		return
	planned = _in_period(there, who, preferences.period(limit, batch.payment_on))
	if planned - money(line.amount) > money(limit.own_payment_cap):
		frappe.throw(
			_(
				"Without {0} {1} would get more than their own limit of {2}. Take out the payment that it is taken off first."
			).format(line.payment, line.participant, pounds(limit.own_payment_cap)),
			OverTheirOwnLimit,
		)


def hand_over_from_form(doc) -> None:
	"""Hand over, for what no batch pays; where its person's limit has no room and they said that it may wait, it waits
	instead, as what is taken out of a batch does."""
	frappe.db.savepoint("involvement_hand_over")
	try:
		lifecycle.apply(doc, "Hand over", handed_over_as=doc.handed_over_as)
	except ItMayWait as problem:
		frappe.db.rollback(save_point="involvement_hand_over")
		frappe.clear_messages()
		words, until = str(problem), doc.flags.waits_until
		# bounded: every other guard of the step had let it pass, its person is locked
		frappe.db.set_value(PAYMENT, doc.name, "not_before", until)
		frappe.get_doc(PAYMENT, doc.name).add_comment("Info", words)
		frappe.msgprint(words, title=_("Not handed over"), indicator="orange")


def refuse_to_hand_over(doc) -> None:
	"""Guard of Hand over. Raises OverTheirOwnLimit."""
	if doc.not_before and getdate(doc.not_before) > getdate(today()):
		words = (
			_("{0} is taken off from {1} on, as agreed with the person.")
			if doc.kind == CORRECTION
			else _("{0} waits until {1}, by the person's own limit.")
		)
		frappe.throw(words.format(doc.name, frappe.format(doc.not_before, "Date")), OverTheirOwnLimit)
	_refuse_where_it_is_over(doc)


def _refuse_where_it_is_over(doc) -> None:
	person = kept_of({doc.participant}).get(doc.participant, doc.participant)
	limits = _limits({person}) if money(doc.amount) > 0 else {}
	if not limits:
		return
	[limit] = limits.values()
	day = max(lateness.promised_by(doc) or getdate(today()), getdate(today()))
	line = frappe._dict(payment=doc.name, participant=person, amount=doc.amount)
	there = _payments_of(frappe._dict(lines=[line]), limits, _lock(limits))
	if not over([line], there, limits, day):
		return
	cap = pounds(limit.own_payment_cap)
	if money(doc.amount) > money(limit.own_payment_cap):
		words = _(
			"{0} is more than the limit of {1} that the person set. Ask them: a lower amount, or another limit."
		)
		frappe.throw(words.format(doc.name, cap), OverTheirOwnLimit)
	if not limit.spread_payments:
		words = _(
			"{0} takes the person over their own limit of {1}. Ask them: later, a lower amount, or another limit."
		)
		frappe.throw(words.format(doc.name, cap), OverTheirOwnLimit)
	doc.flags.waits_until = preferences.period(limit, day).end + timedelta(days=1)
	words = _("{0} takes the person over their own limit of {1}. As they asked, it waits until {2}.")
	frappe.throw(words.format(doc.name, cap, frappe.format(doc.flags.waits_until, "Date")), ItMayWait)


def _refuse(unasked: dict[str, str]) -> None:
	words = "<br>".join(unasked.values()) or _(
		"Every payment here waits for the person's next week or month, by their own limit. Pay on a later day."
	)
	frappe.throw(words, OverTheirOwnLimit)


def sorted_out(lines, there, limits, payment_on) -> tuple[list, list]:
	"""(lines that stay, lines that wait), as `over` looks at them. What is taken back and can be taken off nothing here is in
	neither, and makes no room. Figures only."""
	here = list(lines)
	while True:
		waits = over(here, there, limits, payment_on)
		waiting = {line.payment for line in waits}
		left = _without_what_is_alone([line for line in here if line.payment not in waiting], waits)
		if len(left) + len(waits) == len(here):
			return left, waits
		stays = waiting | {line.payment for line in left}
		here = [line for line in here if line.payment in stays]


def over(lines, there, limits, payment_on) -> list:
	"""Those of `lines` ({participant, payment, amount}) that do not fit beside `there` ({participant, amount, and the days of `comes_on`}), what
	is taken back, and the lines before them. What is taken back never waits. `limits`: participant → preference row.
	Figures only."""
	left = {
		participant: money(row.own_payment_cap)
		- _in_period(there, participant, preferences.period(row, payment_on))
		for participant, row in limits.items()
	}
	waits = []
	theirs = [line for line in lines if line.participant in left and not line.get("charity")]
	for line in sorted(theirs, key=lambda line: money(line.amount) >= 0):
		if 0 <= money(line.amount) > left[line.participant]:
			waits.append(line)
		else:
			left[line.participant] -= money(line.amount)
	return waits


def _in_period(there, participant: str, period):
	return total(
		row.amount
		for row in there
		if row.participant == participant and (day := comes_on(row)) and period.start <= day <= period.end
	)


def comes_on(row):
	"""The day on which a payment comes, or came: its batch's day; without a batch the day it was paid, or else is
	expected, not before it was handed over to whoever pays it. The day of the batch goes first: who confirms one early does
	not move the money."""
	if row.pay_on or row.paid_on:
		return row.pay_on or row.paid_on
	handed_over = row.get("handed_over_on") and getdate(row.handed_over_on)
	return max(filter(None, (lateness.promised_by(row), handed_over)), default=None)


def _limits(participants: set[str]) -> dict[str, frappe._dict]:
	rows = frappe.get_all(  # who locks a batch is told of those alone who are over
		preferences.PREFERENCE,
		{"participant": ["in", sorted(participants)], "own_payment_cap": [">", 0]},
		["participant", "own_payment_cap", "cap_period", "cap_weekday", "cap_month_day", "spread_payments"],
	)
	return {row.participant: row for row in rows}


def _lock(limits) -> dict[str, str]:
	"""Their records, old ones too → who they are now."""
	person = frappe.qb.DocType(PARTICIPANT)
	names = sorted(limits)
	query = frappe.qb.from_(person).select(person.name, person.merged_into)
	query = query.where(person.name.isin(names) | person.merged_into.isin(names))
	rows = query.orderby(person.name).for_update().run()
	return {name: kept or name for name, kept in rows}


def _payments_of(batch, limits, records) -> list[frappe._dict]:
	"""What these people have coming or have had, as it is now, under whichever record; the lines of the batch learn what
	does not count."""
	payment, corrected = frappe.qb.DocType(PAYMENT), frappe.qb.DocType(PAYMENT).as_("corrected")
	rows = (
		frappe.qb.from_(payment)
		.left_join(corrected)
		.on(corrected.name == payment.corrects)
		.select(
			Coalesce(corrected.kind, payment.kind).as_("of_kind"),
			payment.name,
			payment.participant,
			payment.amount,
			payment.pay_on,
			payment.paid_on,
			payment.not_before,
			payment.due_on,
			payment.handed_over_on,
			payment.status,
			payment.payment_choice,
		)
		.where(payment.participant.isin(sorted(records)))
		.where(payment.status.isin((*COMES, "Approved")))
		.for_update()
		.run(as_dict=True)
	)
	apart = {row.name for row in rows if row.payment_choice == CHARITY or row.of_kind in NO_PAY}
	for line in batch.lines:
		# what was handed over or paid back before is not on its way now, and makes no room for more
		line.charity = line.payment in apart or bool(line.handed_over_on)
	there = [row for row in rows if row.status in COMES and row.name not in apart]
	there += opening_totals.recent_of(set(records))
	for row in there:
		row.participant = records[row.participant]
	return there


def _without_what_is_alone(left: list, waits: list) -> list:
	"""What is taken back from somebody whose payment waits, waits with it: it can be taken off nothing here."""
	concerned = {payees.of_line(line) for line in waits}
	taken_back = [
		line
		for line in left
		if money(line.amount) < 0 and not line.handed_over_on and payees.of_line(line) in concerned
	]
	others = [line for line in left if line not in taken_back]
	stays = payees.with_something_left(others, taken_back)
	return [line for line in left if line not in taken_back or line in stays]


def _unasked(waits, limits) -> dict[str, str]:
	"""Payment → what to ask its person, where they have not said that it may wait."""
	problems = {}
	for line in waits:
		row = limits[line.participant]
		alone = money(line.amount) > money(row.own_payment_cap)
		if row.spread_payments and not alone:
			continue
		words = (
			_(
				"Row {0}: {1} is more than the limit of {2} that the person set. Ask them: a lower amount, or another limit."
			)
			if alone
			else _(
				"Row {0}: {1} takes the person over their own limit of {2}. Ask them: later, a lower amount, or another limit."
			)
		)
		problems[line.payment] = words.format(line.idx, line.payment, pounds(row.own_payment_cap))
	return problems
