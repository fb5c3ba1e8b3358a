"""What is known of a place when its payments are settled: the terms, who was there, and what was made for it. `locked`,
`attended` and `payments` lock what they read, to the end of the transaction."""

from collections import defaultdict

import frappe

from involvement_app.involvement_app import eligibility, rates, sessions, visits
from involvement_app.involvement_app.holding import WAS_THERE
from involvement_app.involvement_payments.settlement import FACTS
from involvement_app.involvement_payments.states import CORRECTION, KIND, PAYMENT
from involvement_app.money import money


def by_engagement(rows) -> dict[str, list]:
	groups = defaultdict(list)
	for row in rows:
		groups[row.engagement].append(row)
	return groups


def locked(engagements) -> dict:
	rows = terms_of(engagements).for_update().run(as_dict=True)
	stands = eligibility.of({row.participant for row in rows})
	for row in rows:
		# who was offered a place without money said yes to that, whatever holds for them now
		row.may_be_paid = stands[row.participant] == eligibility.PAID and bool(money(row.offered_amount))
	return {row.name: row for row in rows}


def terms_of(engagements):
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


def take_turn() -> None:
	"""New payments take their numbers from one locked row in any case. Taken before the payments are read, that
	lock keeps two sessions recorded at once from each waiting for the other's gap in the index."""
	series = frappe.qb.DocType("Series")
	frappe.qb.from_(series).select(series.name).where(series.name == "IPAY-").for_update().run()


def attended(engagements) -> list:
	return paid_for(engagements).for_update().run(as_dict=True)


def paid_for(engagements):
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


def payments(engagements) -> list:
	return made_for(engagements).for_update().run(as_dict=True)


def made_for(engagements):
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
			payment.corrects,
			payment.due_on,
			*(payment[fieldname] for fieldname in FACTS),
		)
		.where(payment.engagement.isin(list(engagements)) & payment.kind.isin((KIND, CORRECTION)))
	)
