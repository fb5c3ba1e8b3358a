"""Finance's own: sums that went to a ledger."""

from involvement_app.involvement_payments.without_money import pair
from involvement_app.permissions import EVERYTHING, NOTHING
from involvement_app.setup.roles import FINANCE_AUTHORISER, FINANCE_OFFICER


def criterion(user, roles, hand_over):
	return EVERYTHING if roles & {FINANCE_OFFICER, FINANCE_AUTHORISER} else NOTHING


conditions, has_permission = pair("Ledger Handover", criterion)
