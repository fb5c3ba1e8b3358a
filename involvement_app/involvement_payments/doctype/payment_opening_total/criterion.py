"""Finance and managers, within their units: what people were paid before is seen where payments are made, and counts to limits
that managers watch over."""

from involvement_app.involvement_payments.doctype.participant_bank_detail.criterion import of_people
from involvement_app.involvement_payments.without_money import child_conditions, pair
from involvement_app.permissions import NOTHING
from involvement_app.setup.roles import FINANCE_AUTHORISER, FINANCE_OFFICER, MANAGER


def criterion(user, roles, opening):
	return of_people(user, opening) if roles & {FINANCE_OFFICER, FINANCE_AUTHORISER, MANAGER} else NOTHING


conditions, has_permission = pair("Payment Opening Total", criterion)
recent_conditions = child_conditions("Payment Opening Payment", "Payment Opening Total", criterion)
