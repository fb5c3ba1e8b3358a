"""The roles, and role profiles for a small and a large charity (domain 4.7)."""

import frappe

from involvement_app.site_memory import recall, remember

OWNER = "Involvement Opportunity Owner"
COORDINATOR = "Involvement Coordinator"
MANAGER = "Involvement Manager"
BUDGET_HOLDER = "Involvement Budget Holder"
FINANCE_OFFICER = "Involvement Finance Officer"
FINANCE_AUTHORISER = "Involvement Finance Authoriser"
DATA_PROTECTION = "Involvement Data Protection Officer"
HR_OFFICER = "Involvement HR Officer"
PANEL_MEMBER = "Involvement Panel Member"

DESK_ROLES = {
	OWNER,
	COORDINATOR,
	MANAGER,
	BUDGET_HOLDER,
	FINANCE_OFFICER,
	FINANCE_AUTHORISER,
	DATA_PROTECTION,
	HR_OFFICER,
	PANEL_MEMBER,
}

SEEDED = "involvement_role_profiles"

# A large charity gives one to each person. In a small one three people do with the last three, at the separation
# level Two people; at the level Strict a fourth, a treasurer say, releases the batches (docs/security.md).
PROFILES = {
	"Involvement coordinator": (COORDINATOR, OWNER),
	"Involvement manager": (MANAGER,),
	"Involvement budget holder": (BUDGET_HOLDER,),
	"Involvement finance officer": (FINANCE_OFFICER,),
	"Involvement finance authoriser": (FINANCE_AUTHORISER,),
	"Involvement lead (staff)": (OWNER,),
	"Involvement data protection officer": (DATA_PROTECTION,),
	"Involvement HR officer": (HR_OFFICER,),
	"Involvement panel member (staff)": (PANEL_MEMBER,),
	"Involvement organiser (small charity)": (COORDINATOR, OWNER, PANEL_MEMBER),
	"Involvement manager (small charity)": (MANAGER, BUDGET_HOLDER, FINANCE_AUTHORISER, HR_OFFICER),
	"Involvement payments (small charity)": (FINANCE_OFFICER,),
}


def create_roles() -> None:
	for role in sorted(DESK_ROLES):
		if not frappe.db.exists("Role", role):
			frappe.get_doc(doctype="Role", role_name=role, desk_access=1, is_custom=0).insert(
				ignore_permissions=True
			)  # install, as Administrator


def create_profiles() -> None:
	"""Each once a site: one that the site deleted stays deleted."""
	seeded = recall(SEEDED, [])
	for name in [name for name in PROFILES if name not in seeded]:
		if not frappe.db.exists("Role Profile", name):
			_create_profile(name)
	remember(SEEDED, sorted({*seeded, *PROFILES}))


def _create_profile(name: str) -> None:
	frappe.get_doc(
		doctype="Role Profile", role_profile=name, roles=[{"role": role} for role in PROFILES[name]]
	).insert(ignore_permissions=True)  # install and migrate, as Administrator


def remove() -> None:
	for name in recall(SEEDED, []):
		_remove_profile(name)
	remember(SEEDED, None)
	for role in sorted(DESK_ROLES):
		frappe.db.delete("Has Role", {"role": role})  # uninstall: our own roles
		frappe.delete_doc("Role", role, ignore_missing=True, force=True)


def _remove_profile(name: str) -> None:
	"""One that somebody has stays, without our roles: their User names it."""
	try:
		frappe.delete_doc("Role Profile", name, ignore_missing=True)
	except frappe.LinkExistsError:
		frappe.clear_last_message()
