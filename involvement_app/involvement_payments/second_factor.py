"""Who decides on money, makes batches or releases them is asked to sign in with more than a password (domain 5.3).

The site switches it on, in Frappe's own settings; we never do it behind somebody's back. Until then the desk tells
each of them, and nobody else, what to do. It can be put aside until they sign in the next time."""

import hashlib

import frappe
from frappe.twofactor import two_factor_is_enabled

from involvement_app.involvement_payments import without_money
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import BUDGET_HOLDER, FINANCE_AUTHORISER, FINANCE_OFFICER

ASKED = {BUDGET_HOLDER, FINANCE_OFFICER, FINANCE_AUTHORISER}


def boot(bootinfo) -> None:
	"""Hook extend_bootinfo: {roles: those of this user, may_switch, session} for the desk's script, or nothing."""
	held = sorted(ASKED & roles_of())
	if not held or frappe.session.user == "Administrator" or is_covered():
		return
	bootinfo.involvement_second_factor = {
		"roles": held,
		"may_switch": "System Manager" in roles_of(),
		# put aside for this sign-in alone; the session's own id stays where scripts do not read it
		"session": hashlib.sha256(frappe.session.sid.encode()).hexdigest()[:16],
	}


def is_covered() -> bool:
	return without_money.is_so() or bool(two_factor_is_enabled(frappe.session.user))
