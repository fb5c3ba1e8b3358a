"""Batches are finance's own. Who is limited to some units (User Permissions) has those that hold nothing of others."""

import frappe

from involvement_app.involvement_payments.without_money import child_conditions, pair
from involvement_app.permissions import EVERYTHING, NOTHING, units
from involvement_app.setup.roles import FINANCE_AUTHORISER, FINANCE_OFFICER


def criterion(user, roles, batch):
	if not roles & {FINANCE_OFFICER, FINANCE_AUTHORISER}:
		return NOTHING
	if not units.is_limited(user):
		return EVERYTHING
	line, payment = (
		frappe.qb.DocType("Involvement Payment Batch Line"),
		frappe.qb.DocType("Involvement Payment"),
	)
	of_others = (
		frappe.qb.from_(line)
		.join(payment)
		.on(payment.name == line.payment)
		.select(line.parent)
		.where(payment.unit.notin(units.permitted(user)))
	)
	return batch.name.notin(of_others)


conditions, has_permission = pair("Involvement Payment Batch", criterion)
line_conditions = child_conditions("Involvement Payment Batch Line", "Involvement Payment Batch", criterion)
reversal_conditions = child_conditions("Payment Batch Reversal", "Involvement Payment Batch", criterion)
