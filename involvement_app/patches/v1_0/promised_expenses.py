"""Claims of expenses that wait have a day by which they were promised, so that they are not forgotten."""

import frappe

from involvement_app.involvement_payments import claims
from involvement_app.involvement_payments.claims import dates


def execute():
	waiting = {"status": ["in", claims.OPEN], "due_on": ["is", "not set"]}
	# bounded: those without a day; one by one: each from the day it was claimed on
	for name, claimed_on in frappe.get_all(claims.CLAIM, waiting, ["name", "claimed_on"], as_list=True):
		due_on = dates.promised_for(claimed_on)
		# bounded: one of these
		frappe.db.set_value(claims.CLAIM, name, "due_on", due_on, update_modified=False)
