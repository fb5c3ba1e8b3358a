"""What reports about dates ask for: a year back unless told otherwise, one unit or all."""

from frappe.utils import add_months, get_first_day, get_last_day, getdate, today

MONTHS = 12


def between(filters) -> list:
	first = getdate(filters.from_date or get_first_day(add_months(today(), 1 - MONTHS)))
	last = getdate(filters.to_date or get_last_day(today()))
	return ["starts_on", "between", [first, last]]


def of_unit(filters) -> list[list]:
	return [["unit", "=", filters.unit]] if filters.unit else []
