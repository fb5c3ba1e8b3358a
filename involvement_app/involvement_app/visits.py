"""Visits of mystery shoppers (domain 4.4, 4.7): whoever decides on the money of a unit sees codes and amounts, and neither
which visit it was for nor where somebody went. The columns that would say so are of a level that budget holders do not
read; what they are shown in their place is left empty for a visit. Nor does anything that they read follow from the day: what
is promised counts from the day on which the payment was written down (`accrual`), what reports count too (`money_rows`),
and the opportunity, whose dates say when, is not among those of their unit."""

import frappe

from involvement_app.involvement_app.participants import PARTICIPANT

CATEGORY = "Mystery shopping"


def is_one(opportunity):
	"""A criterion: `opportunity`, a column with the name of one, is of the category."""
	table = frappe.qb.DocType("Involvement Opportunity")
	return opportunity.isin(
		frappe.qb.from_(table).select(table.name).where(table.opportunity_type.isin(types()))
	)


def types():
	"""A query: the names of the types of involvement that are visits."""
	kind = frappe.qb.DocType("Involvement Type")
	return frappe.qb.from_(kind).select(kind.name).where(kind.category == CATEGORY)


def places():
	"""A query: the names of places in such opportunities."""
	engagement = frappe.qb.DocType("Involvement Engagement")
	return frappe.qb.from_(engagement).select(engagement.name).where(is_one(engagement.opportunity))


def may_be_about_one(engagement: str | None, participant: str) -> bool:
	"""Whether something of this place is about a visit; see `about_one`."""
	return bool(about_one(engagement, participant).run())


def about_one(engagement: str | None, participant: str):
	"""A query that finds a visit: of this place; without a place, any that the person, by any record of theirs, ever took
	on: they need not say what they travelled for."""
	table, old = frappe.qb.DocType("Involvement Engagement"), frappe.qb.DocType(PARTICIPANT)
	earlier = frappe.qb.from_(old).select(old.name).where(old.merged_into == participant)
	theirs = (table.participant == participant) | table.participant.isin(earlier)
	return places().where(table.name == engagement if engagement else theirs).limit(1)
