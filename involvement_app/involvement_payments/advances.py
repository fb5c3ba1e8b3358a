"""Money that somebody is given before they spend it (domain 4.6: advances recorded so that nobody is paid twice).

An advance is an Involvement Payment of the kind Advance: a coordinator asks for it, the budget holder of the unit approves
it, and it goes the way of every other payment. One at a time for each person. What they then spent is a claim as always:
the advance is taken off it, what is beyond the advance is paid, and what is left of it is a correction, to be taken off
what comes next or given back. Where nothing was spent, all of it is a correction. Until one of these it is open: “To do today”
of coordinators and the person's own page say so.

It is no pay: nobody's limit counts it, and a statement shows it among expenses once it is settled."""

import frappe
from frappe import _
from frappe.utils import cstr, get_url, getdate, today

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import assisted, participants
from involvement_app.involvement_app.concerned import concerned_in
from involvement_app.involvement_app.participants import PARTICIPANT, records_of
from involvement_app.involvement_payments import corrections, payees
from involvement_app.involvement_payments.claims import CLAIM, HERE, refuse_without_money
from involvement_app.involvement_payments.states import ADVANCE, CHANGEABLE, PAYMENT, RECEIVED, WAITING
from involvement_app.money import money, pounds
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import COORDINATOR, MANAGER

MOST = 500
LIVING = (*WAITING, *RECEIVED)


class NoAdvance(frappe.ValidationError):
	"""There is one that is not accounted for, or it is not an amount that is given beforehand."""


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def propose(participant: str, amount: str | float, needed_on: str, what_for: str, unit: str = "") -> str:
	"""A coordinator asks for `amount` for somebody, who has it on the day they need it; the budget holder approves it. Answers
	the name of the payment. Raises PermissionError, NoAdvance."""
	_check_who(participant)
	found = frappe.db.get_value(  # locked: one at a time
		PARTICIPANT, participant, ["name", *payees.FIELDS], as_dict=True, for_update=True
	)
	before = _before(participant)
	_refuse_second(before)
	words, given, day = cstr(what_for).strip()[:MOST], money(amount), getdate(needed_on)
	if not words:
		frappe.throw(_("What for: please say what they will pay with it. The person reads it."), NoAdvance)
	if not 0 < given <= MOST:
		frappe.throw(_("Amount: above £0.00 and up to {0}.").format(pounds(MOST)), NoAdvance)
	if day < getdate(today()):
		frappe.throw(_("Needed on: this day is over. What was spent is a claim."), NoAdvance)
	doc = frappe.get_doc(
		{
			"doctype": PAYMENT,
			"kind": ADVANCE,
			"participant": participant,
			"payee_name": payees.named([found])[participant].payee_name,
			"unit": _unit(participant, cstr(unit)),
			"amount": float(given),
			"session_on": day,
			"shown_on": day,
			"due_on": day,
			"advance_for": words,
			"payment_route": "Gross",
			"revision": sum(1 for row in before if row.participant == participant),
			"edited_by": frappe.session.user,
		}
	)
	assisted.point_out_health(doc, "advance_for")
	with lifecycle.server_side():
		# bounded: staff who may change the person's record; somebody else approves it
		return doc.insert(ignore_permissions=True).name


def _check_who(participant: str) -> None:
	user = frappe.session.user
	if not roles_of(user) & {COORDINATOR, MANAGER}:
		raise frappe.PermissionError
	participants.refuse_strangers(participant, "write")
	participants.refuse_old_record(participant)
	refuse_without_money()
	if concerned_in(user, participant):
		frappe.throw(_("This is for yourself, so somebody else asks for it."), lifecycle.StepNotPermitted)


def _before(participant: str) -> list[frappe._dict]:
	"""Every advance of the one person, as it is now: their row is locked."""
	payment = frappe.qb.DocType(PAYMENT)
	fields = ("name", "participant", "amount", "status", "settled_on")
	return (
		frappe.qb.from_(payment)
		.select(*(payment[field] for field in fields))
		.where(payment.participant.isin(sorted(records_of(participant))) & (payment.kind == ADVANCE))
		.for_update()
		.run(as_dict=True)
	)


def _refuse_second(before: list) -> None:
	there = [row for row in before if row.status in LIVING and not row.settled_on]
	if there:
		left = corrections.left_of(there[0], corrections.taken_back(there[0].name))
		frappe.throw(
			_(
				"{0} of {1} is not accounted for yet. One advance at a time: write a claim of what was spent."
			).format(there[0].name, pounds(left)),
			NoAdvance,
		)


def _unit(participant: str, asked: str) -> str:
	units = frappe.get_all(  # of the one person
		"Involvement Participant Unit", {"parent": participant}, pluck="unit"
	)
	if asked and (asked in units or not units):
		frappe.has_permission("Involvement Unit", "read", asked, throw=True)
		return asked
	if asked or len(units) != 1:
		frappe.throw(_("Unit: choose one that the person takes part in."), NoAdvance)
	return units[0]


def tell_approved(doc, by: str) -> None:
	"""`by`: the day by which it comes, in words; nothing where it is late."""
	words = {"amount": pounds(doc.amount), "what_for": doc.advance_for, "by": by, "link": get_url(HERE)}
	messages.send("Involvement advance approved", (PARTICIPANT, doc.participant), words, about=doc)


# --- a claim of what was spent -------------------------------------------------------------------------


def take_off(doc) -> None:
	"""For `validate` of a claim, anew each time: what the person was given beforehand, if no other claim has it."""
	found = doc.flags.open_advance  # `belonging.place` has asked with another question, where it is new
	if not doc.is_new():
		found = open_one(doc).run(pluck=True)
		found = found[0] if found else None
	doc.advance_payment = found
	doc.advance = _left_of(found) if found else 0


def _left_of(name: str) -> float:
	payment = frappe.qb.DocType(PAYMENT)
	query = frappe.qb.from_(payment).select(corrections.left_now(payment)).where(payment.name == name)
	return float(money(query.run()[0][0]))


def open_one(doc):
	"""A query: the name of the oldest advance of the claim's person that no claim has taken off."""
	claim, payment, person = (frappe.qb.DocType(doctype) for doctype in (CLAIM, PAYMENT, PARTICIPANT))
	others = (
		frappe.qb.from_(claim)
		.select(claim.advance_payment)
		.where(claim.advance_payment.isnotnull() & (claim.name != (doc.name or "")))
		.where(claim.status.notin(("Rejected", "Cancelled")))
	)
	records = (
		frappe.qb.from_(person)
		.select(person.name)
		.where((person.name == doc.participant) | (person.merged_into == doc.participant))
	)
	return (
		frappe.qb.from_(payment)
		.select(payment.name)
		.where(payment.participant.isin(records) & (payment.kind == ADVANCE))
		.where(payment.status.isin(RECEIVED) & payment.settled_on.isnull())
		.where(payment.name.notin(others))
		.orderby(payment.creation)
		.limit(1)
	)


def settle(doc, spent) -> None:
	"""Once the claim `doc` is approved, under the person's lock: the advance is accounted for, and what is left of it is a
	correction. `spent`: of their own money."""
	if not doc.advance_payment:
		return
	payment = frappe.get_doc(PAYMENT, doc.advance_payment, for_update=True)
	if payment.settled_on or payment.status not in RECEIVED:
		frappe.throw(
			_("The advance {0} is accounted for elsewhere, or came back. Return the claim.").format(
				payment.name
			),
			lifecycle.TransitionError,
		)
	# bounded: the advance of the claim's own person
	frappe.db.set_value(PAYMENT, payment.name, {"settled_on": today(), "claim": doc.name})
	there = corrections.taken_back(payment.name)
	left = corrections.left_of(payment, there) - money(spent)
	if left > 0:
		payment.claim = doc.name
		hands = {doc.checked_by, doc.recorded_by, *(doc.edited_by or "").split()}
		words = _("What was left of {0}.").format(pounds(payment.amount))
		corrections.by_itself(payment, left, words, hands, there)


def not_once_it_came_back(doc, move) -> None:
	"""Guard of a claim that is cancelled: what this claim left of its advance is not on its way back, nor ended."""
	if not doc.advance_payment:
		return
	payment = frappe.qb.DocType(PAYMENT)
	there = (
		frappe.qb.from_(payment)
		.select(payment.name, payment.status)
		.where((payment.corrects == doc.advance_payment) & (payment.claim == doc.name))
		.where(payment.status.notin((*corrections.DROPPED, *CHANGEABLE)))
		.for_update()
		.run(as_dict=True)
	)
	if there:
		frappe.throw(
			_(
				"{0} cannot be cancelled now: what was left of the advance {1} is in {2} ({3}). If the amount was wrong, talk with finance."
			).format(doc.name, doc.advance_payment, there[0].name, _(there[0].status)),
			lifecycle.TransitionError,
		)


def take_up_again(claims: list[str]) -> None:
	"""Once these claims are Cancelled: the advances that they settled are open again."""
	payment = frappe.qb.DocType(PAYMENT)
	# bounded: the advances of the claims, which the caller has locked
	frappe.qb.update(payment).set(payment.settled_on, None).set(payment.claim, None).where(
		payment.claim.isin(claims) & (payment.kind == ADVANCE)
	).run()


def not_spent(payment) -> None:
	"""All of it is taken back by a correction: then it is accounted for. Raises CannotCorrect where a claim has done it."""
	if payment.settled_on or payment.claim:
		frappe.throw(
			_("{0} is accounted for. What was left of it is a correction already.").format(payment.name),
			corrections.CannotCorrect,
		)
	waits = frappe.db.get_value(
		CLAIM, {"advance_payment": payment.name, "status": ["not in", ("Rejected", "Cancelled")]}
	)
	if waits:
		frappe.throw(
			_("The claim {0} takes {1} off what it pays: decide on the claim first.").format(
				waits, payment.name
			),
			corrections.CannotCorrect,
		)
	frappe.db.set_value(PAYMENT, payment.name, "settled_on", today())  # bounded: locked by the caller


def not_taken_back(correction, move=None) -> None:
	"""Effect of a payment that is Rejected or Void: where it was a correction that said that nothing was spent, or a part of
	it, so much of the advance is open again at once. What its other parts take back is taken off it (`_left_of`)."""
	if not correction.corrects:
		return
	row = frappe.db.get_value(
		PAYMENT, {"name": correction.corrects, "kind": ADVANCE}, ["settled_on", "claim"], as_dict=True
	)
	if not row or not row.settled_on or row.claim:
		return
	# bounded: the advance that the correction names
	frappe.db.set_value(PAYMENT, correction.corrects, "settled_on", None)
