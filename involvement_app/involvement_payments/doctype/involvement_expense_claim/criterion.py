"""Who sees payments sees claims: finance, managers and coordinators (within their units), and the budget holder of the
unit, or who an Approval Limit names for it."""

from involvement_app.involvement_payments.doctype.involvement_payment.criterion import criterion
from involvement_app.involvement_payments.without_money import child_conditions, pair

conditions, has_permission = pair("Involvement Expense Claim", criterion)
line_conditions = child_conditions("Involvement Expense Claim Line", "Involvement Expense Claim", criterion)
