"""What people said yes or no to: the data protection officer all of it; coordinators and managers that of the
people they may see (hook `involvement_people`: doctype of a person → its own criterion)."""

import frappe

from involvement_app.permissions import EVERYTHING, NOTHING, pair
from involvement_app.setup.roles import COORDINATOR, DATA_PROTECTION, MANAGER


def criterion(user, roles, consent):
	if DATA_PROTECTION in roles:
		return EVERYTHING
	if not roles & {COORDINATOR, MANAGER}:
		return NOTHING
	rule = NOTHING
	for doctype, paths in frappe.get_hooks("involvement_people").items():
		person = frappe.qb.DocType(doctype)
		seen = frappe.get_attr(paths[-1])(user, roles, person)
		if seen is not NOTHING:
			names = frappe.qb.from_(person).select(person.name).where(seen)
			rule = rule | ((consent.person_doctype == doctype) & consent.person.isin(names))
	return rule


conditions, has_permission = pair("Consent Record", criterion)
