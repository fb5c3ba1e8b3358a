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
	GONE_OUT,
	ON_ITS_WAY,
	OPEN,
	TAKES_BACK,
	WRITTEN_OFF,
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
	payments, corrections = parted(terms, rows, worth_of(terms, attended))
	latest, revisions = latest_of(payments), _revisions(payments)
	steps = Plan(terms)
	there = _There(terms, payments, corrections)
	owed = _owed(there, paid_with(terms, _in_turn(attended, payments)), latest, revisions)
	for session, values in owed.items():
		_plan_session(steps, latest.get(session), values, revisions[session])
	steps.withdraw += [
		row
		for row in payments
		if row["status"] in CHANGEABLE and not (row["session"] in owed and row is latest[row["session"]])
	]
	# nothing is taken back of what is not paid
	gone = {row["name"] for row in steps.withdraw}
	steps.withdraw += [row for row in rows if row.get("corrects") in gone and row["status"] in CHANGEABLE]
	return steps


def parted(terms: dict, rows: list[dict], worth: dict | None = None) -> tuple[list[dict], list[dict]]:
	"""The payments for time, and what is taken back of them: not of expenses of the same place. A payment that came back,
	waits again, and of which something is taken back, or was let off, stands as what is on its way does: the two add up.
	Where the person is not to be paid any more, that holds of what was taken already alone. `worth`, as `worth_of` answers:
	where they chose otherwise meanwhile, or the session is worth less than the two come to, and nothing was taken yet, both
	are made anew."""
	payments = [row for row in rows if row.get("kind") != CORRECTION]
	names = {row["name"] for row in payments}
	corrections = [row for row in rows if row.get("kind") == CORRECTION and row["corrects"] in names]
	taken = {row["corrects"] for row in corrections if row["status"] in GONE_OUT}
	spoken_of = {row["corrects"] for row in corrections if row["status"] in (*CHANGEABLE, WRITTEN_OFF)}
	waits = {row["name"] for row in payments if row["status"] in CHANGEABLE}
	fixed = waits & (taken | (spoken_of if _is_wanted(terms) else set()))
	standing = _standing(payments, fixed)
	if worth is not None and (anew := _to_make_anew(terms, standing, corrections, worth) & (fixed - taken)):
		standing = _standing(payments, fixed - anew)
		corrections = [row for row in corrections if row["corrects"] not in anew]
	return standing, corrections


def _standing(payments, fixed: set[str]) -> list[dict]:
	return [type(row)({**row, "status": "Scheduled"}) if row["name"] in fixed else row for row in payments]


def _to_make_anew(terms, payments, corrections, worth) -> set[str]:
	settled = settled_by(terms, payments, corrections)
	for row in corrections:
		if row["status"] == WRITTEN_OFF:
			settled[as_one(terms, row["session"])] += money(row["offered_amount"])
	wants = (terms["payment_choice"], terms.get("charity") or None)
	too_much = _got(payments, corrections) > _at_most(terms)
	return {
		row["name"]
		for row in payments
		if too_much
		or (row["payment_choice"], row.get("charity") or None) != wants
		or worth[as_one(terms, row["session"])] < settled[as_one(terms, row["session"])]
	}


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


class _There:
	"""Of what is paid together: what was `settled`, as worth; what was `had`, as money, where a lower amount is wanted, of which
	what one session gave back is there for the rest of another, and what is taken `back` of it for another reason for others
	alone. `ended`: what ended with a payment that is void."""

	def __init__(self, terms, payments, corrections):
		self.terms = terms
		self.settled = self.had = settled_by(terms, payments, corrections)
		self.back, self.ended = defaultdict(lambda: money(0)), defaultdict(lambda: money(0))
		self.left = Decimal(0)
		if _is_wanted(terms):
			self.left = max(_at_most(terms) - max(_got(payments, corrections), money(0)), money(0))
		for row in corrections:
			if row["status"] == "Void":
				self.ended[row["corrects"]] += money(row["offered_amount"])
		if terms["payment_choice"] == "Lower amount":
			self._of_a_lower_amount(payments, corrections)

	def _of_a_lower_amount(self, payments, corrections) -> None:
		self.had = defaultdict(lambda: money(0))
		for row in payments:
			if row["status"] in ON_ITS_WAY:
				self.had[as_one(self.terms, row["session"])] += money(row["amount"])
		for row in corrections:
			if row["status"] in TAKES_BACK:
				one, explained = as_one(self.terms, row["session"]), max(row["amount"], row["offered_amount"])
				self.had[one] += money(explained)
				self.back[one] += money(explained) - money(row["amount"])
		for one, sum_ in self.had.items():
			self.had[one] = max(sum_, money(0))


def _owed(there: _There, attended, latest, revisions) -> dict[str, dict]:
	terms, left, owed = there.terms, there.left, {}
	for row in attended:
		one, now = as_one(terms, row["session"]), latest.get(row["session"])
		worth = rates.worth(terms, row["hours"], row["preparation_hours"])
		# what is on its way stays: a session corrected since is owed what it is worth beyond that
		adds, rest = (max(worth - there_is[one], money(0)) for there_is in (there.settled, there.had))
		if _is_decided(now, adds, rest, there.ended):
			continue
		if no := _decided_beside(terms, now, revisions[row["session"]], adds):
			adds, rest = adds - no, rest - no
			row = {**row, "hours": now["hours"], "preparation_hours": now["preparation_hours"]}
		amount = max(min(rest, left - there.back[one]), money(0))
		left -= amount
		if amount:
			owed[row["session"]] = _values(terms, row, adds, amount)
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


def settled_by(terms, payments, corrections) -> dict[str, Decimal]:
	"""What the payments that are on their way or there were worth, of what is paid together, less what is taken back of that
	because it was worth less (the worth of a correction; its amount may have other reasons too)."""
	settled = defaultdict(lambda: money(0))
	for row in payments:
		if row["status"] in ON_ITS_WAY:
			settled[as_one(terms, row["session"])] += money(row["offered_amount"])
	for row in corrections:
		if row["status"] in TAKES_BACK:
			settled[as_one(terms, row["session"])] += money(row["offered_amount"])
	for one, sum_ in settled.items():
		settled[one] = max(sum_, money(0))  # what was taken back of a payment that is void now
	return settled


def paid_with(terms, attended) -> list[dict]:
	"""The sessions that payments are made for; per task, the first: whoever was at any of them has done it."""
	return list(attended)[:1] if terms["rate_basis"] == rates.TASK else list(attended)


def _at_most(terms) -> Decimal:
	lower = terms["payment_choice"] == "Lower amount"
	return money(terms["chosen_amount"]) if lower else Decimal("Infinity")


def _got(payments, corrections) -> Decimal:
	"""What is on its way or there, less what is taken back."""
	got = total(row["amount"] for row in payments if row["status"] in ON_ITS_WAY)
	return got + total(row["amount"] for row in corrections if row["status"] in TAKES_BACK)


def _in_turn(attended, payments) -> list[dict]:
	"""A lower amount is shared out first come, first served: sessions in the order of their first payments, then
	by date. A payment that is made anew keeps its turn, so settling once more moves nothing."""
	first = {row["session"]: row["name"] for row in payments if not cint(row["revision"])}

	def turn(row) -> tuple:
		name = first.get(row["session"])
		return (0, len(name), name) if name else (1, row["starts_on"], row["session"])

	return sorted(attended, key=turn)


def _is_decided(payment, adds: Decimal, rest: Decimal, ended: dict[str, Decimal]) -> bool:
	if not payment or payment["status"] in CHANGEABLE:
		return False
	if payment["status"] in ON_ITS_WAY:
		return not rest
	offered = money(payment["offered_amount"])
	return not payment["withdrawn"] and adds in (offered, offered + ended[payment["name"]])


def _decided_beside(terms, now, there: list, worth: Decimal) -> Decimal:
	"""Of `worth`, what somebody said no to beside the payment that waits: the two make up what the session is worth still. One
	made before it stood beside it only where that payment is of less than its own hours are worth."""
	if not now or now["status"] not in CHANGEABLE:
		return money(0)
	rest = worth - money(now["offered_amount"])
	beside = rates.worth(terms, now["hours"], now["preparation_hours"]) - money(now["offered_amount"])
	no = [
		row
		for row in there
		if row["status"] in ("Rejected", "Void")
		and not row["withdrawn"]
		and (rest == beside or cint(row["revision"]) > cint(now["revision"]))
	]
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
