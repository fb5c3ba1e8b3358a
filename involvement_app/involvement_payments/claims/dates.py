"""By when a claim is made, and by when it is paid."""

import frappe
from frappe.utils import add_months, cint, getdate, today

from involvement_app.involvement_app import promises

MONTHS = 3


def window_begins(claimed_on=None):
	"""The first day that can still be claimed for on `claimed_on`."""
	months = cint(frappe.get_cached_doc("Involvement Settings").claim_months) or MONTHS
	return getdate(add_months(getdate(claimed_on or today()), -months))


def old_lines(doc) -> list:
	first = window_begins(doc.claimed_on)
	return [line for line in doc.lines if getdate(line.spent_on) < first]


def promised_for(claimed_on):
	"""The day by which the money was promised, while nobody has decided on it too."""
	return promises.paid_by(claimed_on)
