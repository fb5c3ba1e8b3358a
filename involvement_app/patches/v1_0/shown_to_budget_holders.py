"""What budget holders read of payments and claims that are there already: the day and the words, of a visit neither."""

import frappe
from frappe.query_builder import CustomFunction
from frappe.query_builder.functions import Coalesce, Concat, NullIf

from involvement_app.involvement_app import visits

together = CustomFunction("CONCAT_WS", ["between", "first", "second"])
CLAIM, LINE = "Involvement Expense Claim", "Involvement Expense Claim Line"


def execute():
	claim, line, payment = (frappe.qb.DocType(name) for name in (CLAIM, LINE, "Involvement Payment"))
	place = frappe.qb.DocType("Involvement Engagement")
	shoppers = frappe.qb.from_(place).select(place.participant).where(visits.is_one(place.opportunity))
	no_place = claim.engagement.isnull() | (claim.engagement == "")
	# bounded: columns that are new, from those beside them
	frappe.qb.update(claim).set(claim.visit, 1).where(
		claim.engagement.isin(visits.places()) | (no_place & claim.participant.isin(shoppers))
	).run()
	about_one = frappe.qb.from_(claim).select(claim.name).where(claim.visit == 1)
	words = Coalesce(NullIf(line.description, ""), Concat(line.from_place, " – ", line.to_place))
	words = together("\n", words, NullIf(line.agreed_with, ""))
	# bounded: as above
	frappe.qb.update(line).set(line.shown, NullIf(words, "")).set(line.shown_on, line.spent_on).where(
		line.parent.isin(about_one).negate()
	).run()
	said = together("\n", NullIf(claim.late_reason, ""), NullIf(claim.answer, ""))
	# bounded: as above
	frappe.qb.update(claim).set(claim.shown, NullIf(said, "")).where(claim.visit == 0).run()
	ordinary = payment.engagement.isnull() | payment.engagement.isin(visits.places()).negate()
	# bounded: as above
	frappe.qb.update(payment).set(payment.shown_on, payment.session_on).where(
		ordinary & (payment.claim.isnull() | payment.claim.isin(about_one).negate())
	).run()
