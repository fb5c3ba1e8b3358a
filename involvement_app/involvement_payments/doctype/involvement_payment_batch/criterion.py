"""Batches are finance's own."""

from involvement_app.involvement_payments.without_money import child_conditions, pair
from involvement_app.permissions import EVERYTHING, NOTHING
from involvement_app.setup.roles import FINANCE_AUTHORISER, FINANCE_OFFICER


def criterion(user, roles, batch):
	return EVERYTHING if roles & {FINANCE_OFFICER, FINANCE_AUTHORISER} else NOTHING


conditions, has_permission = pair("Involvement Payment Batch", criterion)
line_conditions = child_conditions("Involvement Payment Batch Line", "Involvement Payment Batch", criterion)
reversal_conditions = child_conditions("Payment Batch Reversal", "Involvement Payment Batch", criterion)
