"""Who is paid for taking part, in outcome words and never with a why (domain 1.4, 4.2; row 0.12).

Staff with lived experience are paid by their work, never here. Trustees and people connected with one are paid only
with an authority that the trustees gave, whose reference stands on the record. Everybody else is paid unless their
record says *Expenses only* or *Ask first*. Expenses are paid back to all of them.
"""

import frappe

from involvement_app.involvement_app.participants import PARTICIPANT

PAID, EXPENSES, ASK = "May be paid", "Expenses only", "Ask first"
FIELDS = ("payment_eligibility", "trustee_or_connected", "authority_reference", "is_staff")


def outcome(person) -> str:
	"""PAID, EXPENSES or ASK, of a row or document with the keys of FIELDS."""
	if person.is_staff or (person.trustee_or_connected and not (person.authority_reference or "").strip()):
		return EXPENSES
	return person.payment_eligibility if person.payment_eligibility in (EXPENSES, ASK) else PAID


def of(participants) -> dict[str, str]:
	"""{participant: outcome}. One query."""
	rows = frappe.get_all(  # bounded to those named; who asks keeps no more than the outcome
		PARTICIPANT, {"name": ["in", sorted(participants)]}, ["name", *FIELDS]
	)
	return {row.name: outcome(row) for row in rows}
