"""Finance alone, within their units: that there are details, the way of payment and the last three digits. The account
itself is read through `sensitive.py`, and every reading is written down."""

import frappe

from involvement_app.involvement_payments.without_money import pair
from involvement_app.permissions import EVERYTHING, NOTHING, units
from involvement_app.setup.roles import FINANCE_AUTHORISER, FINANCE_OFFICER

PARTICIPANT = "Involvement Participant"


def criterion(user, roles, detail):
	if not roles & {FINANCE_OFFICER, FINANCE_AUTHORISER}:
		return NOTHING
	return of_people(user, detail)


def of_people(user, table):
	"""Rows about people of the user's units, or about anybody where they are limited to none."""
	if not units.is_limited(user):
		return EVERYTHING
	unit = frappe.qb.DocType(frappe.get_meta(PARTICIPANT).get_field("units").options)
	people = (
		frappe.qb.from_(unit)
		.select(unit.parent)
		.where((unit.parenttype == PARTICIPANT) & unit.unit.isin(units.permitted(user)))
	)
	return table.participant.isin(people)


conditions, has_permission = pair("Participant Bank Detail", criterion)
