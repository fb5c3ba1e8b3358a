"""Finance alone, within their units: what people were paid before is seen where payments are made."""

from involvement_app.involvement_payments.doctype.participant_bank_detail.criterion import criterion
from involvement_app.involvement_payments.without_money import pair

conditions, has_permission = pair("Payment Opening Total", criterion)
