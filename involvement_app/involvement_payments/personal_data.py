"""What this module holds about a participant (hook `involvement_personal_data`). Payments are kept for six years
after the year they belong to: until then what finance needs is sealed to finance (domain 4.11)."""

from functools import partial

import frappe

from involvement_app.involvement_privacy.personal_data import NotPersonal, PersonalData, by_link, by_parent


def _paid_lines(person, table):
	payment = frappe.qb.DocType("Involvement Payment")
	own = frappe.qb.from_(payment).select(payment.name).where(payment.participant == person[1])
	return table.payment.isin(own)


OfParticipant = partial(PersonalData, of="Involvement Participant")

DECLARATIONS = {
	"Involvement Payment": OfParticipant(
		by_link("participant"),
		held=(
			"payee_name",
			"charity",
			"amount",
			"paid_on",
			"pay_on",
			"not_before",
			"settled_on",
			"batch",
			"handed_over_as",
			"handed_over_on",
			"went_out_on",
			"book_number",
			"book_day",
			"book_amount",
		),
		blanked=("note", "correction_reason", "advance_for", "proof"),
		kept=(
			"participant",
			"corrects",
			"agreed_how",
			"status",
			"kind",
			"engagement",
			"session",
			"claim",
			"payment_choice",
			"dedupe_key",
			"amended_from",
		),
		other=(
			"unit",
			"rate_rule",
			"rate_basis",
			"role_determination",
			"payment_route",
			"approved_by",
			"handed_over_by",
			"released_by",
			"book_by",
			"edited_by",
		),
	),
	"Involvement Payment Batch": NotPersonal("sums and duties; who is paid is in its lines"),
	"Involvement Payment Batch Line": OfParticipant(
		_paid_lines,
		held=("payee_name", "amount", "proof", "proof_file"),
		kept=("payment", "participant", "reference", "bank_detail"),
		other=("way", "proved_by"),
	),
	"Payment Batch Reversal": OfParticipant(
		_paid_lines,
		held=("amount",),
		kept=("payment", "kind"),
		blanked=("reason",),
		other=("done_by",),
	),
	"Approval Limit": NotPersonal("up to what amount staff decide"),
	"Benefit Threshold": NotPersonal("public figures; whose benefits they are is not asked"),
	"Expense Type": NotPersonal("what can be claimed back"),
	"Mileage Rate": NotPersonal("what a mile is worth"),
	"Involvement Expense Claim": OfParticipant(
		by_link("participant"),
		held=("to_pay", "total", "advance", "paid_on", "claimed_on", "cash_given_on", "cash_slip"),
		blanked=(
			"note",
			"answer",
			"late_reason",
			"receipt_reason",
			"shown",
			"warnings",
			"recorded_how",
			"told_how",
		),
		kept=(
			"participant",
			"status",
			"session",
			"engagement",
			"payment",
			"pay_by",
			"advance_payment",
			"supporter",
			"amended_from",
		),
		other=(
			"unit",
			"once_key",
			"receipt_reason_by",
			"receipt_reason_on",
			"receipt_shared_with",
			"recorded_by",
			"recorded_on",
			"cash_by",
			"checked_by",
			"checked_on",
			"approved_by",
			"approved_on",
			"edited_by",
			"due_on",
			"reminded_on",
			"escalated_on",
		),
	),
	"Involvement Expense Claim Line": OfParticipant(
		by_parent("Involvement Expense Claim", by_link("participant")),
		held=("amount", "receipt", "receipt_print", "kept_print", "receipt_key", "spent_on", "shown_on"),
		blanked=("description", "from_place", "to_place", "agreed_with", "shown"),
		kept=("expense_type", "mode", "miles", "miles_before", "passengers", "mileage_key", "paid_by"),
		other=("agreed", "agreed_by", "agreed_on"),
	),
	"Participant Bank Detail": OfParticipant(
		by_link("participant"),
		blanked=("sealed", "route_channel", "route_address", "note", "warning", "recorded_how", "told_how"),
		held=("payee_name", "last_three"),
		kept=("participant", "live_key"),
		other=("way", "status", "verified_by", "recorded_by", "edited_by"),
	),
	"Bank File Layout": NotPersonal("how files are written, and the organisation's own account"),
	"Bank File Layout Column": NotPersonal("a column of a file"),
	"Ledger Handover": NotPersonal("sums by account, cost centre and project"),
	"Payment Opening Total": OfParticipant(
		by_link("participant"),
		held=("amount_time", "amount_expenses", "miles_car", "miles_motorcycle", "miles_bicycle"),
		blanked=("source", "note"),
		kept=("participant", "year_start", "status", "live_key"),
		other=("approved_by", "approved_on", "edited_by"),
	),
	"Payment Opening Payment": OfParticipant(
		by_parent("Payment Opening Total", by_link("participant")),
		held=("came_on", "amount", "hours"),
	),
}
