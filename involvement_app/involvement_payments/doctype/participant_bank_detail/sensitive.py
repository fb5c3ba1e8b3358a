"""Who may read an account: finance, who verify it and pay to it. The person sees the last three digits in the portal,
coordinators nothing (domain 4.7)."""

import frappe

from involvement_app.involvement_payments import bank_details
from involvement_app.involvement_privacy.sensitive import Sensitive
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import FINANCE_AUTHORISER, FINANCE_OFFICER


def person(detail) -> tuple[str, str]:
	return "Involvement Participant", detail.participant


def may_read(user: str, detail) -> bool:
	return bool(roles_of(user) & {FINANCE_OFFICER, FINANCE_AUTHORISER}) and frappe.has_permission(
		detail.doctype, "read", detail, user=user
	)


SENSITIVE = Sensitive(bank_details.FIELDS, person, may_read, bank_details.opened)
