"""The roles, and role profiles for a small and a large charity (domain 4.7)."""

import frappe

PARTICIPANT = "Involvement Participant"
OWNER = "Involvement Opportunity Owner"
COORDINATOR = "Involvement Coordinator"
MANAGER = "Involvement Manager"
BUDGET_HOLDER = "Involvement Budget Holder"
FINANCE_OFFICER = "Involvement Finance Officer"
FINANCE_AUTHORISER = "Involvement Finance Authoriser"
DATA_PROTECTION = "Involvement Data Protection Officer"

DESK_ROLES = {
	OWNER,
	COORDINATOR,
	MANAGER,
	BUDGET_HOLDER,
	FINANCE_OFFICER,
	FINANCE_AUTHORISER,
	DATA_PROTECTION,
}

PROFILES = {
	"Involvement coordinator": (COORDINATOR, OWNER),
	"Involvement manager": (MANAGER,),
	"Involvement budget holder": (BUDGET_HOLDER,),
	"Involvement finance officer": (FINANCE_OFFICER,),
	"Involvement finance authoriser": (FINANCE_AUTHORISER,),
	"Involvement lead (staff)": (OWNER,),
	"Involvement data protection officer": (DATA_PROTECTION,),
}


def create_roles() -> None:
	for role in sorted(DESK_ROLES | {PARTICIPANT}):
		if not frappe.db.exists("Role", role):
			frappe.get_doc(
				doctype="Role", role_name=role, desk_access=int(role != PARTICIPANT), is_custom=0
			).insert(ignore_permissions=True)  # install, as Administrator


def create_profiles() -> None:
	for name, roles in PROFILES.items():
		if not frappe.db.exists("Role Profile", name):
			frappe.get_doc(
				doctype="Role Profile", role_profile=name, roles=[{"role": role} for role in roles]
			).insert(ignore_permissions=True)  # install, as Administrator


def remove() -> None:
	for name in PROFILES:
		frappe.delete_doc("Role Profile", name, ignore_missing=True, force=True)
	for role in sorted(DESK_ROLES | {PARTICIPANT}):
		frappe.db.delete("Has Role", {"role": role})  # uninstall: our own roles
		frappe.delete_doc("Role", role, ignore_missing=True, force=True)
