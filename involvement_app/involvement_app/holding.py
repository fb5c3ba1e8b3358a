"""Who holds a place, and who of them was promised money (domain 4.3, 4.6)."""

import frappe

from involvement_app.involvement_app import eligibility
from involvement_app.money import money

LIVING = ("Confirmed", "Active")
# or took part to the end
TOOK_PART = (*LIVING, "Completed")
# asked for a place and not answered for good
OPEN_APPLICATION = ("Applied", "Waiting list", "Offered")
# of a session: theirs is an attendance, whenever they left
WAS_THERE = ("Attended", "Left early")
# what becomes of the payment for a date that is called off
PAID_ANYWAY = "Paid anyway"
TAKES_MONEY = ("Full", "Lower amount", "Give to a charity")


def promised_money(places: list[frappe._dict]) -> list[frappe._dict]:
	"""Those of `places` ({participant, offered_amount, payment_choice}) who are to be paid. At most one query."""
	if frappe.get_cached_doc("Involvement Settings").finance_mode == "None":
		return []
	promised = [row for row in places if money(row.offered_amount) and row.payment_choice in TAKES_MONEY]
	stands = eligibility.of({row.participant for row in promised}) if promised else {}
	return [row for row in promised if stands[row.participant] == eligibility.PAID]
