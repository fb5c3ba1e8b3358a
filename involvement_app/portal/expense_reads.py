"""What somebody sees of their own expenses: what they claimed, how far it is, and what can be claimed. Each is bounded to
one participant, who was found from the session, or is about nobody."""

import frappe
from frappe.query_builder import Order
from frappe.utils import add_months, now_datetime

from involvement_app.involvement_app.holding import WAS_THERE
from involvement_app.involvement_app.participants import every_record
from involvement_app.involvement_app.supporters import SUPPORTER
from involvement_app.involvement_payments import corrections
from involvement_app.involvement_payments.claims import CLAIM, LINE, TYPE, contents, dates
from involvement_app.involvement_payments.states import ADVANCE, RECEIVED
from involvement_app.portal.reads import newest_first, sent_to_the_bank

PAGE = 10
MOST_TYPES = 40
MOST_SESSIONS = 12
FIELDS = (
	"name",
	"status",
	"total",
	"to_pay",
	"advance",
	"pay_by",
	"claimed_on",
	"paid_on",
	"note",
	"answer",
	"recorded_by",
	"told_how",
	"supporter",
	"payment",
)


def own(participant: str, page: int = 1) -> list[frappe._dict]:
	"""The reader's claims, newest first, each with `lines` and the day by which it is paid; one more than PAGE where there
	is another page. Two queries."""
	claim, payment, supporter = map(frappe.qb.DocType, (CLAIM, "Involvement Payment", SUPPORTER))
	query = (
		frappe.qb.from_(claim)
		.left_join(payment)
		.on(payment.name == claim.payment)
		.left_join(supporter)
		.on(supporter.name == claim.supporter)
		.select(*(claim[field] for field in FIELDS), *_days(payment), supporter.supporter_name)
		.where(claim.participant == participant)
	)
	rows = newest_first(query, claim.claimed_on, claim.name, page, PAGE).run(as_dict=True)
	_with_lines(rows)
	return rows


def one(name: str, participant: str | None) -> frappe._dict | None:
	"""One of the reader's own, with its lines and `files`: address → File. Three queries."""
	claim, payment, supporter = map(frappe.qb.DocType, (CLAIM, "Involvement Payment", SUPPORTER))
	rows = (
		frappe.qb.from_(claim)
		.left_join(payment)
		.on(payment.name == claim.payment)
		.left_join(supporter)
		.on(supporter.name == claim.supporter)
		.select(*(claim[field] for field in FIELDS), *_days(payment), supporter.supporter_name)
		.where((claim.name == name) & (claim.participant == (participant or "")))
		.run(as_dict=True)
	)
	if not rows:
		return None
	_with_lines(rows)
	files = frappe.get_all(  # of the reader's own claim, found above
		"File", {"attached_to_doctype": CLAIM, "attached_to_name": name}, ["name", "file_url"]
	)
	rows[0].files = {file.file_url: file.name for file in files}
	return rows[0]


def _days(payment) -> tuple:
	"""What says when it comes (words.coming)."""
	return payment.due_on, payment.not_before, payment.pay_on, sent_to_the_bank(payment)


def open_advance(participant: str) -> frappe._dict | None:
	"""What the reader was given beforehand and has not accounted for: {amount, left, paid_on, advance_for}."""
	payment = frappe.qb.DocType("Involvement Payment")
	rows = (
		frappe.qb.from_(payment)
		.select(
			payment.amount,
			corrections.left_now(payment).as_("left"),
			payment.paid_on,
			payment.advance_for,
		)
		.where(payment.participant.isin(every_record(participant)) & (payment.kind == ADVANCE))
		.where(payment.status.isin(RECEIVED) & payment.settled_on.isnull())
		.limit(1)
		.run(as_dict=True)
	)
	return rows[0] if rows else None


def _with_lines(rows: list) -> None:
	line = frappe.qb.DocType(LINE)
	found = (
		frappe.qb.from_(line)
		.select(
			line.name,
			line.parent,
			line.expense_type,
			line.spent_on,
			line.amount,
			line.paid_by,
			line.description,
			line.from_place,
			line.to_place,
			line.mode,
			line.miles,
			line.passengers,
			line.receipt,
			line.agreed_with,
		)
		.where(line.parent.isin([row.name for row in rows] or [""]))
		.orderby(line.parent)
		.orderby(line.idx)
		.run(as_dict=True)
	)
	for row in rows:
		row.lines = [each for each in found if each.parent == row.name]
		row.left = max(-contents.beyond_advance(row), 0)


def types() -> list[frappe._dict]:
	"""What can be claimed, the same for everybody."""
	return frappe.get_all(  # a list to choose from, about nobody
		TYPE,
		{"enabled": 1},
		["name", "basis", "help_text", "needs_pre_approval"],
		order_by="order_number, name",
		limit=MOST_TYPES,
	)


def sessions(participant: str) -> list[frappe._dict]:
	"""Dates of the reader's own places within the claim window, up to today, newest first: {name, title, starts_on}."""
	session, place, opportunity, attended = (
		frappe.qb.DocType(name)
		for name in (
			"Involvement Session",
			"Involvement Engagement",
			"Involvement Opportunity",
			"Involvement Session Attendance",
		)
	)
	return (
		frappe.qb.from_(place)
		.join(session)
		.on(session.opportunity == place.opportunity)
		.join(opportunity)
		.on(opportunity.name == place.opportunity)
		.left_join(attended)
		.on((attended.parent == session.name) & (attended.engagement == place.name))
		.select(session.name, opportunity.title, session.starts_on)
		.where(place.participant == participant)
		.where((session.status == "Planned") | attended.attendance.isin(WAS_THERE))
		.where(session.starts_on <= now_datetime())
		.where(session.starts_on >= add_months(dates.window_begins(), -1))
		.orderby(session.starts_on, order=Order.desc)
		.limit(MOST_SESSIONS)
		.run(as_dict=True)
	)
