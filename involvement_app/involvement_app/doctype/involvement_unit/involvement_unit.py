import frappe
from frappe.utils import add_months, get_timestamp, today
from frappe.utils.nestedset import NestedSet

MONTHS = 12


class InvolvementUnit(NestedSet):
	pass


def get_timeline_data(doctype: str, name: str) -> dict[int, int]:
	"""Timestamp of a day → how many sessions were held; for the heat map on the form: the reader's own rows."""
	if not frappe.has_permission("Involvement Session", "read"):
		return {}
	held = {"unit": name, "status": "Held", "starts_on": [">=", add_months(today(), -MONTHS)]}
	days = {}
	for starts_on in frappe.get_list("Involvement Session", filters=held, pluck="starts_on", limit=0):
		stamp = int(get_timestamp(starts_on.date()))
		days[stamp] = days.get(stamp, 0) + 1
	return days
