"""Public figures of benefits: what counts today, and which of them nobody has looked at (domain 1.3, 4.1). They inform; who
gets which benefit is nobody's to ask."""

import frappe
from frappe import _
from frappe.utils import add_months, getdate, today

from involvement_app.involvement_app.rates import holds_on

THRESHOLD = "Benefit Threshold"
MONTHS = 12
FIELDS = ("code", "title", "figure", "unit", "valid_from", "valid_to", "source", "checked_on", "checked_by")
MOST = 200


def current(day=None) -> list[frappe._dict]:
	"""The figures that count on `day`, today unless one is given. One query."""
	day = getdate(day or today())
	return [row for row in _all() if holds_on(row, day)]


def _all() -> list[frappe._dict]:
	return frappe.get_all(  # public figures, about nobody
		THRESHOLD, fields=[*FIELDS], order_by="title, valid_from desc", limit=MOST
	)


def stale() -> list[frappe._dict]:
	"""The newest row of each code that has no figure for today, or none that was looked at, with `why`."""
	day, since = getdate(today()), getdate(add_months(today(), -MONTHS))
	newest = {}
	for row in _all():
		if row.code not in newest or row.valid_from > newest[row.code].valid_from:
			newest[row.code] = row
	covered = {row.code: row for row in current(day)}
	found = []
	for code, row in sorted(newest.items()):
		now = covered.get(code)
		if not now:
			row.why = (
				_("It has ended, and nothing follows it.") if row.valid_to else _("It does not count yet.")
			)
		elif not now.checked_on:
			row = now
			row.why = _("It was never checked against its source here.")
		elif getdate(now.checked_on) < since:
			row = now
			row.why = _("It was not checked for a year.")
		else:
			continue
		found.append(row)
	return found
