"""What somebody had come to them before this system was used, as far as a limit of theirs or ours still counts it (domain 1.3 no. 2,
4.6 caps). Who keeps such figures is asked by hook (`involvement_paid_before`): this module knows of no payment."""

from decimal import Decimal
from typing import NamedTuple

import frappe
from frappe.utils import get_datetime

from involvement_app.involvement_app.promises import Coming, PaidDate, Promise
from involvement_app.money import money


class Came(NamedTuple):
	amount: Decimal
	on: object  # the day it came
	hours: float


def of(participant: str) -> list[Came]:
	"""Of one person, under whichever record. A query for each app that keeps such figures."""
	return of_all({participant})[participant]


def of_all(participants: set[str]) -> dict[str, list[Came]]:
	"""The same of many, by person, in as many queries."""
	found = {participant: [] for participant in participants}
	for path in frappe.get_hooks("involvement_paid_before"):
		for participant, came in frappe.get_attr(path)(participants):
			found[participant].append(came)
	return found


def as_promises(came: list[Came]) -> list[Promise]:
	return [
		Promise(
			[Coming(money(each.amount), each.on)],
			[PaidDate(None, get_datetime(str(each.on)), Decimal(str(each.hours)), money(each.amount))],
		)
		for each in came
	]
