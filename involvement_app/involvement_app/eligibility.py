"""Who is paid for taking part, in outcome words and never with a why (domain 1.4, 4.2; row 0.12).

Staff with lived experience are paid by their work, never here. Trustees and people connected with one are paid only
with an authority that the trustees gave: one person writes down its reference, a manager who has seen it confirms it. Everybody else is paid unless their
record says *Expenses only* or *Ask first*. Expenses are paid back to all of them.
"""

import frappe
from frappe import _
from frappe.utils import cstr, today

from involvement_app import lifecycle
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import MANAGER

PAID, EXPENSES, ASK = "May be paid", "Expenses only", "Ask first"
FIELDS = (
	"payment_eligibility",
	"trustee_or_connected",
	"authority_reference",
	"authority_confirmed_by",
	"is_staff",
)


def outcome(person) -> str:
	"""PAID, EXPENSES or ASK, of a row or document with the keys of FIELDS."""
	if person.is_staff or (person.trustee_or_connected and not _has_authority(person)):
		return EXPENSES
	return person.payment_eligibility if person.payment_eligibility in (EXPENSES, ASK) else PAID


def _has_authority(person) -> bool:
	return bool((person.authority_reference or "").strip() and person.authority_confirmed_by)


def note_authority(doc) -> None:
	"""On its way into the database: who wrote the reference down. Another one is not confirmed yet."""
	if doc.is_new() or doc.has_value_changed("authority_reference"):
		doc.authority_recorded_by = frappe.session.user if doc.authority_reference else None
		doc.authority_confirmed_by = doc.authority_confirmed_on = None


@frappe.whitelist(methods=["POST"])
def confirm_authority(participant: str) -> None:
	"""A manager has seen what somebody else wrote down, and it is about neither of them. Raises PermissionError,
	ValidationError."""
	doc = frappe.get_doc(PARTICIPANT, cstr(participant), for_update=True)
	doc.check_permission("write")
	user = frappe.session.user
	if MANAGER not in roles_of(user):
		raise frappe.PermissionError
	if not (doc.authority_reference or "").strip() or doc.authority_confirmed_by:
		frappe.throw(_("Authority to pay: there is nothing to confirm."))
	if user == doc.authority_recorded_by:
		frappe.throw(
			_("Authority to pay: you wrote it down, so another manager confirms it."),
			lifecycle.StepNotPermitted,
		)
	with lifecycle.server_side():  # `validate_whose_money` refuses whoever it is about
		doc.authority_confirmed_by, doc.authority_confirmed_on = user, today()
		doc.save()


def of(participants) -> dict[str, str]:
	"""{participant: outcome}. One query."""
	rows = frappe.get_all(  # bounded to those named; who asks keeps no more than the outcome
		PARTICIPANT, {"name": ["in", sorted(participants)]}, ["name", *FIELDS]
	)
	return {row.name: outcome(row) for row in rows}
