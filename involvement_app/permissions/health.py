"""Whether those who can move money or rights sign in with a second factor."""

import frappe
from frappe import _
from frappe.utils import cint

from involvement_app.health import Check, Finding, ok, warn
from involvement_app.setup.roles import BUDGET_HOLDER, FINANCE_AUTHORISER, FINANCE_OFFICER, MANAGER

GUARDED = ("System Manager", FINANCE_OFFICER, FINANCE_AUTHORISER, BUDGET_HOLDER, MANAGER)


def second_factor() -> Finding:
	do = _(
		"System Settings: enable two factor authentication. Then tick it on each of these roles; it needs a working e-mail "
		"account or an authenticator app."
	)
	if not cint(frappe.db.get_single_value("System Settings", "enable_two_factor_auth")):
		return warn(_("Nobody needs a second factor to sign in."), do, "system-settings")
	without = frappe.get_all(  # the site's own roles
		"Role", {"name": ["in", GUARDED], "two_factor_auth": 0}, pluck="name", order_by="name"
	)
	if without:
		return warn(
			_("These roles sign in without a second factor: {0}.").format(", ".join(map(_, without))),
			do,
			"role",
		)
	return ok(_("Roles that move money or rights need a second factor."))


CHECKS = (Check("Do staff who move money sign in with a second factor?", second_factor),)
