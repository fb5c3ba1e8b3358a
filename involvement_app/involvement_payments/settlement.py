"""What has to happen to the payments of one place, so that they agree with what is owed: figures only, no database
(domain 4.6). Rows are of the shapes that `settlement_rows` answers."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from frappe.utils import cint, flt, getdate, today

from involvement_app.involvement_app import rates
from involvement_app.involvement_payments.states import (
	CHANGEABLE,
	CHARITY,
	CORRECTION,
	ON_ITS_WAY,
	OPEN,
	REPAID,
	TAKES_BACK,
)
from involvement_app.money import money, total

MONEY_FACTS = ("amount", "offered_amount", "hours", "preparation_hours", "charity")
FACTS = (*MONEY_FACTS, "session_on", "unit", "payment_choice")


@dataclass
class Plan:
	"""`make`: values of new payments. `change`: (payment row, values). `withdraw`: payment rows."""

	terms: dict
	make: list[dict] = field(default_factory=list)
	change: list[tuple[dict, dict]] = field(default_factory=list)
	withdraw: list[dict] = field(default_factory=list)


def plan(terms: dict, attended: list[dict], rows: list[dict]) -> Plan:
	"""What has to happen for one engagement. Shapes as `settlement_rows` answers them."""
	payments, corrections = parted(terms, rows)
	latest = latest_of(payments)
	steps = Plan(terms)
	left = _as_far_as_wanted(terms, payments, corrections)
	# of a lower amount, what one session gave back is there for the rest of another
	lower = terms["payment_choice"] == "Lower amount"
	settled = settled_by(terms, payments, corrections, "amount" if lower else "offered_amount")
	revisions = _revisions(payments)
	owed = _owed(terms, paid_with(terms, _in_turn(attended, payments)), latest, revisions, settled, left)
	for session, values in owed.items():
		_plan_session(steps, latest.get(session), values, revisions[session])
	steps.withdraw += [
		row
		for row in payments
		if row["status"] in CHANGEABLE and not (row["session"] in owed and row is latest[row["session"]])
	]
	# nothing is taken back of what is not paid
	gone = {row["name"] for row in steps.withdraw}
	steps.withdraw += [row for row in corrections if row["corrects"] in gone and row["status"] in CHANGEABLE]
	return steps


def parted(terms: dict, rows: list[dict]) -> tuple[list[dict], list[dict]]:
	"""The payments for time, and what is taken back of them: not of expenses of the same place. A payment that came back,
	waits again, and of which something is taken back, stands as what is on its way does: the two add up. Where the person
	is not to be paid any more, that holds of what was taken already alone."""
	payments = [row for row in rows if row.get("kind") != CORRECTION]
	names = {row["name"] for row in payments}
	corrections = [row for row in rows if row.get("kind") == CORRECTION and row["corrects"] in names]
	fixed = TAKES_BACK if _is_wanted(terms) else (*ON_ITS_WAY, REPAID)
	corrected = {row["corrects"] for row in corrections if row["status"] in fixed}
	return [
		type(row)({**row, "status": "Scheduled"})
		if row["status"] in CHANGEABLE and row["name"] in corrected
		else row
		for row in payments
	], corrections


def _is_wanted(terms: dict) -> bool:
	return terms.get("may_be_paid", True) and terms["payment_choice"] in ("Full", CHARITY, "Lower amount")


def latest_of(payments) -> dict:
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


def _owed(terms, attended, latest, revisions, settled, left) -> dict[str, dict]:
	owed = {}
	for row in attended:
		worth = rates.worth(terms, row["hours"], row["preparation_hours"])
		# what is on its way stays: a session corrected since is owed what it is worth beyond that
		worth = max(worth - settled[as_one(terms, row["session"])], money(0))
		now = latest.get(row["session"])
		if _is_decided(now, worth):
			continue
		if no := _decided_beside(now, revisions[row["session"]], worth):
			worth -= no
			row = {**row, "hours": now["hours"], "preparation_hours": now["preparation_hours"]}
		amount = min(worth, left)
		left -= amount
		if amount:
			owed[row["session"]] = _values(terms, row, worth, amount)
	return owed


def as_one(terms, session: str) -> str:
	"""What is paid together: each session; per task, all of the place."""
	return "" if terms["rate_basis"] == rates.TASK else session


def worth_of(terms, attended) -> dict[str, Decimal]:
	"""Of what is paid together, as it stands recorded."""
	worth = defaultdict(lambda: money(0))
	for row in paid_with(terms, attended):
		worth[as_one(terms, row["session"])] = rates.worth(terms, row["hours"], row["preparation_hours"])
	return worth


def settled_by(terms, payments, corrections, figure: str = "offered_amount") -> dict[str, Decimal]:
	"""What the payments that are on their way or there were worth, of what is paid together, less what is taken back of that
	because it was worth less (the worth of a correction; its amount may have other reasons too)."""
	settled = defaultdict(lambda: money(0))
	for row in payments:
		if row["status"] in ON_ITS_WAY:
			settled[as_one(terms, row["session"])] += money(row[figure])
	for row in corrections:
		if row["status"] in TAKES_BACK:
			settled[as_one(terms, row["session"])] += money(row[figure])
	for one, sum_ in settled.items():
		settled[one] = max(sum_, money(0))  # what was taken back of a payment that is void now
	return settled


def paid_with(terms, attended) -> list[dict]:
	"""The sessions that payments are made for; per task, the first: whoever was at any of them has done it."""
	return list(attended)[:1] if terms["rate_basis"] == rates.TASK else list(attended)


def _as_far_as_wanted(terms, payments, corrections) -> Decimal:
	"""What the person's choice leaves for payments that can still change."""
	if not _is_wanted(terms):
		return money(0)
	if terms["payment_choice"] != "Lower amount":
		return Decimal("Infinity")
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


def _decided_beside(now, there: list, worth: Decimal) -> Decimal:
	"""Of `worth`, what somebody said no to beside the payment that waits: the two make up what the session is worth still."""
	if not now or now["status"] not in CHANGEABLE:
		return money(0)
	rest = worth - money(now["offered_amount"])
	no = [row for row in there if row["status"] in ("Rejected", "Void") and not row["withdrawn"]]
	return rest if rest > 0 and any(money(row["offered_amount"]) == rest for row in no) else money(0)


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
	more_hands = {hand for row in there if row["status"] in CHANGEABLE for hand in hands_in(row)}
	if now and now["status"] in OPEN:
		if _differs(now, values, FACTS):
			steps.change.append((now, {**values, "recorders": values["recorders"] | more_hands}))
	elif now and now["status"] == "Approved":
		if _differs(now, values, MONEY_FACTS):
			steps.withdraw.append(now)
			steps.make.append(_next_revision(there, values, more_hands))
	else:
		steps.make.append(_next_revision(there, values, hands_in(now) if now else set()))


def _differs(now, values, fieldnames) -> bool:
	return any(_plain(now[fieldname]) != _plain(values[fieldname]) for fieldname in fieldnames)


def _plain(value):
	return round(value, 4) if isinstance(value, int | float | Decimal) else (value or None)


def _next_revision(there: list, values: dict, hands: set[str]) -> dict:
	revision = cint(there[-1]["revision"]) + 1 if there else 0
	return {**values, "revision": revision, "hands": hands}


def hands_in(row) -> set[str]:
	return {row["owner"], *(row["edited_by"] or "").split()}
