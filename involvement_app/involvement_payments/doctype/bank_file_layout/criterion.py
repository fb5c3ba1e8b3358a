"""Finance: how the file for the bank is written, and from which account of ours."""

from involvement_app.involvement_payments.without_money import child_conditions, pair
from involvement_app.permissions import EVERYTHING, NOTHING
from involvement_app.setup.roles import FINANCE_AUTHORISER, FINANCE_OFFICER


def criterion(user, roles, layout):
	return EVERYTHING if roles & {FINANCE_OFFICER, FINANCE_AUTHORISER} else NOTHING


conditions, has_permission = pair("Bank File Layout", criterion)
column_conditions = child_conditions("Bank File Layout Column", "Bank File Layout", criterion)
