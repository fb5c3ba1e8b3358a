"""What somebody had come to them before this system was used, as far as a limit of theirs or ours still counts it (domain 1.3 no. 2,
4.6 caps). Who keeps such figures is asked by hook (`involvement_paid_before`): this module knows of no payment."""

from decimal import Decimal
from typing import NamedTuple

import frappe
from frappe.utils import add_to_date, get_datetime

from involvement_app.involvement_app.promises import Coming
from involvement_app.money import money


class Came(NamedTuple):
	amount: Decimal
	on: object  # the day it came
	hours: float


def of(participant: str) -> list[Came]:
	"""Of one person, under whichever record. A query for each app that keeps such figures."""
	paths = frappe.get_hooks("involvement_paid_before")
	return [came for path in paths for came in frappe.get_attr(path)(participant)]


def as_places(participant: str) -> list[frappe._dict]:
	"""The same as paid places: {comes, dates}."""
	return [
		frappe._dict(comes=[Coming(money(came.amount), came.on)], dates=[_date(came)])
		for came in of(participant)
	]


def _date(came: Came) -> frappe._dict:
	starts_on = get_datetime(str(came.on))
	return frappe._dict(starts_on=starts_on, ends_on=add_to_date(starts_on, minutes=round(60 * came.hours)))
