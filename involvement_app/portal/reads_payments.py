"""What somebody reads about how they are paid: the last three digits of their own account, and never the whole."""

import frappe
from pypika import Order

from involvement_app.involvement_payments.bank_details import DETAIL, LIVING


def ways_of_payment(participant: str) -> list[dict]:
	"""The reader's own: [{name, status, way, last_three, usable_from, told_how, recorded_on, creation}], what waits
	first; at most one that waits and one in use."""
	detail = frappe.qb.DocType(DETAIL)
	return (
		frappe.qb.from_(detail)
		.select(
			detail.name,
			detail.status,
			detail.way,
			detail.last_three,
			detail.usable_from,
			detail.told_how,
			detail.recorded_on,
			detail.creation,
		)
		.where((detail.participant == participant) & detail.status.isin(LIVING))
		.orderby(detail.creation, order=Order.desc)
		.limit(2)
		.run(as_dict=True)
	)
