"""Coordinators and managers see the people of their units; a lead sees the people who accepted a place."""

import frappe

from involvement_app.permissions import EVERYTHING, NOTHING, child_conditions, pair, units
from involvement_app.setup.roles import COORDINATOR, MANAGER, OWNER


def criterion(user, roles, participant):
	if roles & {COORDINATOR, MANAGER}:
		if not units.is_limited(user):
			return EVERYTHING
		return units.has_a_permitted_unit(user, participant, "Involvement Participant Unit")
	if OWNER in roles:
		return (participant.named_contact == user) | _accepted_on_a_lead_of(user, participant)
	return NOTHING


def _accepted_on_a_lead_of(user, participant):
	engagement = frappe.qb.DocType("Involvement Engagement")
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	return participant.name.isin(
		frappe.qb.from_(engagement)
		.join(opportunity)
		.on(opportunity.name == engagement.opportunity)
		.select(engagement.participant)
		.where(opportunity.lead == user)
	)


def of_people_seen(user, roles, link):
	"""Criterion for rows that lead by `link` to a participant: those of the people this reader may see."""
	participant = frappe.qb.DocType("Involvement Participant")
	seen = criterion(user, roles, participant)
	if seen is EVERYTHING or seen is NOTHING:
		return seen
	return link.isin(frappe.qb.from_(participant).select(participant.name).where(seen))


def of_people_supported(user, roles, link):
	"""As `of_people_seen`, for what is between a person and those who support them: a lead sees it of those whose
	named contact they are, not of everybody who takes part in what they lead."""
	if roles & {COORDINATOR, MANAGER}:
		return of_people_seen(user, roles, link)
	if OWNER not in roles:
		return NOTHING
	participant = frappe.qb.DocType("Involvement Participant")
	return link.isin(
		frappe.qb.from_(participant).select(participant.name).where(participant.named_contact == user)
	)


conditions, has_permission = pair("Involvement Participant", criterion)
unit_conditions = child_conditions("Involvement Participant Unit", "Involvement Participant", criterion)
