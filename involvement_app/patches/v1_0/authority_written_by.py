"""Authorities to pay a trustee that are there already: whoever changed the record last is taken to have written it down,
so that somebody else confirms it. Until then nobody is paid by it."""

import frappe


def execute():
	person = frappe.qb.DocType("Involvement Participant")
	written = person.authority_reference.isnotnull() & (person.authority_reference != "")
	# bounded: those with a reference
	frappe.qb.update(person).set(person.authority_recorded_by, person.modified_by).where(
		written & person.authority_recorded_by.isnull()
	).run()
