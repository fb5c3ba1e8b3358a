"""Checked → Approved → Scheduled → Paid → Reconciled (domain 4.12, payment); Failed at bank, and then paid again. The
budget holder of the unit decides, never on their own money or their own records; batches move it on."""

from functools import partial, wraps

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime, nowdate

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import caps, eligibility
from involvement_app.involvement_app import concerned as bound
from involvement_app.involvement_app.participants import recipients_in, with_recipient
from involvement_app.involvement_app.role_status import ELSEWHERE
from involvement_app.involvement_payments import (
	advances,
	approval_limits,
	corrections,
	lateness,
	own_limits,
	payees,
)
from involvement_app.involvement_payments.claims import KIND, following, payments
from involvement_app.involvement_payments.states import ADVANCE, CORRECTION, NO_PAY
from involvement_app.involvement_payments.states import KIND as TIME
from involvement_app.lifecycle import Lifecycle, State, StepNotPermitted, Transition
from involvement_app.lifecycle.guards import hands_of, not_own_work, nothing_else_changes, required
from involvement_app.money import pounds
from involvement_app.permissions import roles_of, separation
from involvement_app.setup.roles import (
	BUDGET_HOLDER,
	COORDINATOR,
	FINANCE_AUTHORISER,
	FINANCE_OFFICER,
	MANAGER,
)


def checks_attendance(doc, user: str) -> bool:
	"""Relation: whoever answers a budget holder's question about what happened."""
	return bool(roles_of(user) & {COORDINATOR, MANAGER})


def pays(doc, user: str) -> bool:
	"""Relation: finance, which changes nothing else of an approved payment and so needs no right to submit one."""
	return FINANCE_OFFICER in roles_of(user)


def hands_over(doc, user: str) -> bool:
	"""Relation: finance, where no batch pays: what goes through payroll or on an invoice, each for itself. What is in a
	batch of payroll is taken out there."""
	return doc.payment_route in ELSEWHERE and not doc.batch and FINANCE_OFFICER in roles_of(user)


def releases_elsewhere(doc, user: str) -> bool:
	"""Relation: whoever would release a batch, where there is none."""
	return doc.payment_route in ELSEWHERE and FINANCE_AUTHORISER in roles_of(user)


def writes_off(doc, user: str) -> bool:
	"""Relation: whoever lets a person keep what they were paid too much."""
	return MANAGER in roles_of(user)


def concerned(doc) -> frappe._dict:
	"""Who is bound up with the stored payment: {theirs, session_lead, opportunity_lead, limits}, and
	how the person hears of it. One query for all of a step."""
	user = frappe.session.user
	if not doc.flags.concerned or doc.flags.concerned.asked_by != user:
		payment, person, session, opportunity = map(
			frappe.qb.DocType,
			(
				"Involvement Payment",
				"Involvement Participant",
				"Involvement Session",
				"Involvement Opportunity",
			),
		)
		query = (
			frappe.qb.from_(payment)
			.left_join(person)
			.on(person.name == payment.participant)
			.left_join(session)
			.on(session.name == payment.session)
			.left_join(opportunity)
			.on(opportunity.name == session.opportunity)
			.select(
				person.name,
				bound.is_bound(user, person).as_("theirs"),
				*(person[field] for field in eligibility.FIELDS),
				session.lead.as_("session_lead"),
				opportunity.lead.as_("opportunity_lead"),
				approval_limits.how_many().as_("limits"),
			)
			.where(payment.name == doc.name)
		)
		doc.flags.concerned = with_recipient(query, person).run(as_dict=True)[0]
		doc.flags.concerned.asked_by = user
	return doc.flags.concerned


def not_the_payee(doc, move) -> None:
	"""Nor whoever acts for them (`concerned`)."""
	if move.by != "job" and concerned(doc).theirs:
		payees.is_own()


def is_correction(doc) -> bool:
	return doc.kind == "Correction"


def of_a_correction(doc, move) -> None:
	if not is_correction(doc):
		frappe.throw(
			_("{0} is no correction: there is nothing to pay back.").format(doc.name),
			lifecycle.TransitionError,
		)


def may_be_paid(doc, move) -> None:
	"""Whoever wrote the row: trustees without an authority and staff are not paid here (domain 1.4); what they spent is no
	pay."""
	if doc.kind in (CORRECTION, *NO_PAY):
		return
	if move.source == "Failed at bank" and corrections.was_taken_of(doc):
		return  # elsewhere: the person is short of that until it is paid again
	if eligibility.outcome(concerned(doc)) != eligibility.PAID:
		frappe.throw(
			_("{0} is not paid here, only their expenses. Ask a coordinator.").format(doc.participant),
			StepNotPermitted,
		)


def not_the_lead(doc, move) -> None:
	"""Whoever led the session, or the work it belongs to, does not decide what it costs (architecture law 1)."""
	if move.user in (concerned(doc).session_lead, concerned(doc).opportunity_lead):
		frappe.throw(
			_("You led this session, so somebody else decides on {0}.").format(doc.name), StepNotPermitted
		)


def of_their_own_unit(doc, move) -> None:
	holder = frappe.get_cached_value("Involvement Unit", doc.unit, "budget_holder")
	if holder == move.user:
		return
	if BUDGET_HOLDER not in roles_of(move.user) or not approval_limits.stands_in(
		move.user, BUDGET_HOLDER, holder, abs(doc.amount), doc.unit, partial(_may_not, doc)
	):
		frappe.throw(approval_limits.who_decides(doc), StepNotPermitted)


def _may_not(doc, holder: str) -> bool:
	strict = separation.level() == separation.STRICT
	leads = (concerned(doc).session_lead, concerned(doc).opportunity_lead) if strict else ()
	return (
		holder in leads
		or holder in hands_of(doc.get_doc_before_save())
		or bound.concerned_in(holder, doc.participant)
	)


def within_their_limit(doc, move) -> None:
	if concerned(doc).limits:
		approval_limits.within_their_limit(move.user, BUDGET_HOLDER, abs(doc.amount), doc.unit)


def of_their_own_unit_or_finance(doc, move) -> None:
	if FINANCE_OFFICER not in roles_of(move.user):
		of_their_own_unit(doc, move)


def unless_paid_again(guard):
	"""What the bank sent back, or was not handed over after all, was approved before, and is not approved a second time:
	nothing of it has changed."""

	@wraps(guard)
	def again(doc, move) -> None:
		if move.source not in ("Failed at bank", "Scheduled"):
			guard(doc, move)

	return again


def stamp_approval(doc, move) -> None:
	if move.source == "Failed at bank":
		# it waits for another batch; the batch it failed in keeps its line, and why
		doc.add_comment("Info", _("To be paid again. The bank sent it back from {0}.").format(doc.batch))
		doc.batch = doc.pay_on = doc.paid_on = doc.note = None
	elif move.source == "Scheduled":
		doc.add_comment(
			"Info",
			_("Not handed over after all: {0}").format(frappe.utils.escape_html(doc.handed_over_as or "")),
		)
		doc.handed_over_as = doc.handed_over_by = doc.handed_over_on = None
	else:
		doc.approved_by, doc.approved_on = move.user, now_datetime()


def note_our_limit(doc, move) -> None:
	"""Somebody was there longer than was planned, or more was promised than the settings allow: what was done is paid, and it
	is said to who approves, without what else the person does, and listed in *Exceptions*."""
	if move.source != "Checked" or doc.kind != TIME or not caps.are_set():
		return
	# bounded: one person, of whom no more than this is said
	opportunity = frappe.db.get_value("Involvement Session", doc.session, "opportunity")
	found = caps.passed_by({doc.participant}, opportunity, {doc.session}, lock=False)
	doc.beyond_our_limit = int(bool(found))
	if found:
		frappe.msgprint(
			_(
				"{0}: with {1}, {2} comes to more than we give one person in that week or month. What was done is paid. Please ask a manager whether fewer dates should be planned with them."
			).format(doc.name, pounds(doc.amount), doc.participant),
			title=_("More than usual for one person"),
			indicator="orange",
		)


def forget_note(doc, move) -> None:
	"""The next decision gives its own reason."""
	doc.note = None


def in_no_batch_now(doc, move) -> None:
	if doc.batch:
		frappe.throw(_("{0} is in batch {1}.").format(doc.name, doc.batch), lifecycle.TransitionError)


def without_a_batch(guard):
	"""What a person does with a payment that no batch pays: payroll does, or an invoice. Batches move theirs as a job."""

	@wraps(guard)
	def here(doc, move) -> None:
		if move.by != "job":
			guard(doc, move)

	return here


@without_a_batch
def within_their_own_limit(doc, move) -> None:
	own_limits.refuse_to_hand_over(doc)


@without_a_batch
def not_who_handed_it_over(doc, move) -> None:
	"""At every level, as nobody releases the batch that they made."""
	if doc.get_doc_before_save().handed_over_by == move.user:
		frappe.throw(
			_("You handed {0} over, so another authoriser says that it was paid.").format(doc.name),
			StepNotPermitted,
		)


@without_a_batch
def not_who_decided(doc, move) -> None:
	"""As of a batch: nor whoever approved it, checked it, or wrote the attendance that it came from."""
	if move.user in (doc.approved_by, *(doc.edited_by or "").split()):
		frappe.throw(
			_("You approved, recorded or checked {0}, so another authoriser says that it was paid.").format(
				doc.name
			),
			StepNotPermitted,
		)


@without_a_batch
def within_their_limit_to_release(doc, move) -> None:
	approval_limits.within_their_limit(move.user, FINANCE_AUTHORISER, abs(doc.amount), doc.unit)


@without_a_batch
def on_a_day_that_was(doc, move) -> None:
	if not getdate(doc.session_on) <= getdate(doc.went_out_on) <= getdate(nowdate()):
		frappe.throw(
			_("Paid on: please say on which day it was paid, not before the session and not in the future."),
			lifecycle.TransitionError,
		)


@without_a_batch
def stamp_handed_over(doc, move) -> None:
	doc.handed_over_by, doc.handed_over_on = move.user, now_datetime()


@without_a_batch
def stamp_paid(doc, move) -> None:
	doc.paid_on = doc.went_out_on
	doc.released_by, doc.released_on = move.user, now_datetime()


@without_a_batch
def tell_paid(doc, move) -> None:
	if is_correction(doc):
		return  # what is set off against an invoice was told when it was agreed
	messages.send(
		"Involvement payment given" if doc.charity else "Involvement payment made",
		("Involvement Participant", doc.participant),
		{
			"amount": pounds(doc.amount),
			"charity": doc.charity or "",
			"paid_on": frappe.utils.format_date(doc.paid_on, "d MMMM yyyy"),
			"for_time": pounds(doc.amount),
			"beforehand": "",
			"beside": "",
			"taken_off": "",
			"link": frappe.utils.get_url("/take-part/my"),
		},
		about=doc,
	)


def stamp_repaid(doc, move) -> None:
	doc.paid_on = nowdate()


def in_no_batch(payment, trail):
	return payment.batch.isnull() | (payment.batch == "")


def in_the_books_of_others(payment, trail):
	return payment.payment_route.isin(ELSEWHERE) & in_no_batch(payment, trail)


def in_this_batch(payment, trail):
	"""`trail` names the batch that moves its payments: no batch moves another's."""
	return payment.batch == trail[1]


def tell(template: str, correction: str = ""):
	"""`correction`: what is said of a correction in its place; nothing where nothing was said of it before."""

	def effect(doc, move) -> None:
		if is_correction(doc):
			if correction and move.source != "Failed at bank":
				tell_of_correction(correction)(doc, move)
			return
		messages.send(
			template,
			("Involvement Participant", doc.participant),
			{
				"amount": pounds(doc.amount),
				"session_on": frappe.utils.format_date(doc.session_on, "d MMMM yyyy"),
				"note": doc.note,
				"link": frappe.utils.get_url("/take-part/my"),
			},
			about=doc,
			known=recipients_in([concerned(doc)]).get(doc.participant),
		)

	return effect


def tell_of_correction(template: str):
	def effect(doc, move) -> None:
		messages.send(
			template,
			("Involvement Participant", doc.participant),
			{
				"amount": pounds(abs(doc.amount)),
				"session_on": frappe.utils.format_date(doc.session_on, "d MMMM yyyy"),
				"reason": doc.correction_reason,
				"not_before": doc.not_before and frappe.utils.format_date(doc.not_before, "d MMMM yyyy"),
				"link": frappe.utils.get_url("/take-part/my"),
			},
			about=doc,
		)

	return effect


def tell_approved(doc, move) -> None:
	"""What comes, and when. Of a correction: what is taken off, and that they may say how. What is paid again was told of."""
	if move.source != "Checked":
		return
	if is_correction(doc):
		tell_of_correction("Involvement payment corrected")(doc, move)
	elif doc.kind == KIND:
		following.tell_more(doc)
	elif doc.kind == ADVANCE:
		advances.tell_approved(doc, _promised(doc))
	else:
		messages.send(
			"Involvement payment approved",
			("Involvement Participant", doc.participant),
			{
				"amount": pounds(doc.amount),
				"session_on": frappe.utils.format_date(doc.session_on, "d MMMM yyyy"),
				"charity": doc.charity or "",
				"by": _promised(doc),
				"link": frappe.utils.get_url("/take-part/my"),
			},
			about=doc,
			known=recipients_in([concerned(doc)]).get(doc.participant),
		)


def _promised(doc) -> str:
	"""The day by which it comes; nothing where that day has gone by: no promise is made twice."""
	by = lateness.promised_by(doc)
	return frappe.utils.format_date(by, "d MMMM yyyy") if by and by >= getdate(nowdate()) else ""


LIFECYCLE = Lifecycle(
	services={"Hand over": "involvement_app.involvement_payments.own_limits.hand_over_from_form"},
	doctype="Involvement Payment",
	states=(
		State("Checked", colour="Blue"),
		State("Returned", colour="Yellow"),
		State("Rejected", colour="Red"),
		State("Approved", 1, colour="Green"),
		State("Scheduled", 1, colour="Purple"),
		State("Paid", 1, colour="Green"),
		State("Failed at bank", 1, colour="Red"),
		State("Reconciled", 1, colour="Green"),
		State("Repaid", 1, colour="Green"),
		State("Written off", 1),
		State("Void", 2),
	),
	relations={
		"checks attendance": checks_attendance,
		"writes off": writes_off,
		"pays": pays,
		"hands over": hands_over,
		"releases elsewhere": releases_elsewhere,
	},
	transitions=(
		Transition("Approve", ("Checked",), "Approved", roles=(BUDGET_HOLDER,), said="approved this"),
		Transition(
			"Return",
			("Checked",),
			"Returned",
			roles=(BUDGET_HOLDER,),
			asks="note",
			said="returned this with a question",
		),
		Transition(
			"Reject",
			("Checked", "Returned"),
			"Rejected",
			roles=(BUDGET_HOLDER,),
			asks="note",
			warns="The person is told now, with your reason. Go on?",
			said="rejected this",
		),
		Transition("Check again", ("Returned",), "Checked", relations=("checks attendance",), job=True),
		Transition(
			"Void",
			("Approved", "Failed at bank"),
			"Void",
			roles=(BUDGET_HOLDER, FINANCE_OFFICER),
			asks="note",
			warns="This cannot be undone. Go on?",
			said="made this void",
		),
		Transition(
			"Pay again",
			("Failed at bank",),
			"Approved",
			relations=("pays",),
			warns="Have the bank details been checked with the person? The payment goes into the next batch. Go on?",
		),
		Transition(
			"Paid back",
			("Approved",),
			"Repaid",
			relations=("pays",),
			asks="proof",
		),
		Transition(
			"Write off",
			("Approved",),
			"Written off",
			relations=("writes off",),
			asks="note",
			warns="The person keeps the money and is told so. This cannot be undone. Go on?",
		),
		# what no batch pays: payroll, or an invoice
		Transition("Hand over", ("Approved",), "Scheduled", relations=("hands over",), asks="handed_over_as"),
		Transition(
			"Not handed over",
			("Scheduled",),
			"Approved",
			relations=("hands over",),
			warns="It waits to be handed over again. Go on?",
		),
		Transition(
			"Paid elsewhere", ("Scheduled",), "Paid", relations=("releases elsewhere",), asks="went_out_on"
		),
		# what follows the attendance, the person's choice, and the batch
		Transition(
			"Withdraw",
			("Checked", "Returned", "Approved", "Failed at bank"),
			"Void",
			job=True,
			many=in_no_batch,
		),
		Transition("Schedule", ("Approved",), "Scheduled", job=True, many=in_no_batch),
		Transition("Release", ("Scheduled",), "Approved", job=True, many=in_this_batch),
		Transition("Void in its batch", ("Scheduled",), "Void", job=True, many=in_this_batch),
		Transition("Mark paid", ("Scheduled",), "Paid", job=True, many=in_this_batch),
		Transition(
			"Mark failed",
			("Scheduled", "Paid", "Reconciled"),
			"Failed at bank",
			job=True,
			many=in_this_batch,
		),
		Transition("Reconcile", ("Paid",), "Reconciled", job=True, many=in_this_batch),
		# what finance found in the books of those who paid it (other_books.agree)
		Transition("Agrees there", ("Paid",), "Reconciled", job=True, many=in_the_books_of_others),
		# what follows a claim of expenses, which its own people decided on
		Transition("Approve the claim", ("Checked",), "Approved", job=True, many=payments.of_this_claim),
		Transition("Pay in cash", ("Approved",), "Paid", job=True, many=payments.of_this_claim),
	),
	guards={
		"Checked": (not_the_payee,),
		"Approved": (
			unless_paid_again(of_their_own_unit),
			unless_paid_again(within_their_limit),
			not_the_payee,
			may_be_paid,
			unless_paid_again(separation.strictly("lead and approver of a payment", not_the_lead)),
			unless_paid_again(not_own_work()),
			nothing_else_changes,
		),
		"Scheduled": (
			without_a_batch(in_no_batch_now),
			without_a_batch(not_the_payee),
			without_a_batch(required("handed_over_as")),
			within_their_own_limit,
		),
		"Paid": (
			without_a_batch(in_no_batch_now),
			without_a_batch(not_the_payee),
			not_who_handed_it_over,
			separation.strictly("approver and releaser of a payment elsewhere", not_who_decided),
			within_their_limit_to_release,
			without_a_batch(required("went_out_on")),
			on_a_day_that_was,
		),
		"Returned": (not_the_payee, of_their_own_unit, required("note")),
		"Rejected": (not_the_payee, of_their_own_unit, required("note")),
		"Repaid": (of_a_correction, not_the_payee, in_no_batch_now, required("proof")),
		"Written off": (of_a_correction, not_the_payee, in_no_batch_now, required("note")),
		"Void": (
			not_the_payee,
			payments.not_without_its_claim,
			of_their_own_unit_or_finance,
			corrections.nothing_was_taken_of_it,
			required("note"),
		),
	},
	effects={
		"Checked": (forget_note,),
		"Approved": (stamp_approval, note_our_limit, tell_approved),
		"Scheduled": (stamp_handed_over,),
		"Paid": (stamp_paid, tell_paid),
		"Returned": (tell("Involvement payment returned"),),
		"Rejected": (advances.not_taken_back, tell("Involvement payment not made")),
		"Repaid": (stamp_repaid, tell_of_correction("Involvement payment paid back")),
		"Written off": (tell_of_correction("Involvement correction ended"),),
		"Void": (
			advances.not_taken_back,
			corrections.end_with_it,
			tell("Involvement payment not made", "Involvement correction ended"),
		),
	},
)
