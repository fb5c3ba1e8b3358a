"""Dates that are added where people have places already (domain 1.4, 4.5 G9, 4.6): each is paid like those before, on the terms of
the yes. So the rate and the decision on what the role counts as have to count on them, as when it was published, and they are
held against the organisation's limits of everybody with a place. In queries that do not grow with people."""

import frappe
from frappe import _
from frappe.utils import getdate

from involvement_app.involvement_app import caps, rates, role_status
from involvement_app.involvement_app.holding import LIVING, promised_money

MOST_NAMED = 10


class NotOnThatDay(frappe.ValidationError):
	"""A rate or a decision has ended by then."""


def check(opportunity: str, made: list) -> None:
	"""`made`: documents of the new sessions of `opportunity`, which whoever asks has locked, as a yes does. Raises
	NotOnThatDay, caps.OverOurLimit; warns where the settings do."""
	places = _paid_places(opportunity)
	if not places or not made:
		return
	_refuse_what_has_ended(opportunity, places, sorted({getdate(doc.starts_on) for doc in made}))
	if caps.are_set():
		_ask_our_limits(opportunity, {row.participant for row in places}, {doc.name for doc in made})


def _paid_places(opportunity: str) -> list[frappe._dict]:
	"""At most two queries."""
	place = frappe.qb.DocType("Involvement Engagement")
	query = frappe.qb.from_(place).select(
		place.participant, place.offered_amount, place.payment_choice, place.payment_route, place.rate_rule
	)
	query = query.where((place.opportunity == opportunity) & place.status.isin(LIVING))
	# past the snapshot: whoever said yes a moment ago is asked about too
	query = query.for_update() if caps.are_set() else query
	# of one opportunity, whose dates the caller may plan; codes alone are said
	return promised_money(query.run(as_dict=True))


def _refuse_what_has_ended(opportunity: str, places, days: list) -> None:
	kind, unit, rule = frappe.db.get_value(
		"Involvement Opportunity", opportunity, ["opportunity_type", "unit", "rate_rule"]
	)
	# one by one: the few rates under which people said yes
	for each in sorted({rule, *(row.rate_rule for row in places)} - {None, ""}):
		if wrong := rates.problem(each, unit, days[0], days[-1]):
			frappe.throw(
				_(
					"Rate: {0} People with a place are paid at the rate of their yes. For days on which it does not count, make an opportunity of its own with “Plan it again”."
				).format(wrong),
				NotOnThatDay,
			)
	routes = {row.payment_route for row in places}
	for day, decided in zip(days, role_status.current(kind, unit, days), strict=True):
		if not decided:
			frappe.throw(
				_(
					"Role Status Determination: none for “{0}” counts on {1}, it has ended or is not written yet. Ask who decides for the organisation to write one, or choose other days."
				).format(kind, _day(day)),
				NotOnThatDay,
			)
		if routes - {"", role_status.ROUTES[decided.outcome]}:
			frappe.throw(
				_(
					"Role Status Determination: on {0}, “{1}” counts as “{2}”, and people with a place said yes to something else. Make an opportunity of its own for these dates with “Plan it again”."
				).format(_day(day), kind, _(decided.outcome)),
				NotOnThatDay,
			)


def _ask_our_limits(opportunity: str, participants: set[str], made: set[str]) -> None:
	caps.lock_all(participants)
	found = caps.passed_by(participants, opportunity, made)
	if not found:
		return
	named = [f"{code}: {' '.join(words)}" for code, words in sorted(found.items())[:MOST_NAMED]]
	if len(found) > MOST_NAMED:
		named.append(_("And {0} more.").format(len(found) - MOST_NAMED))
	said = _("With these dates, people with a place come to more than we pay one person: {0}").format(
		" ".join(named)
	)
	if caps.blocks():
		frappe.throw(
			_(
				"{0} Choose fewer dates or another week or month, or ask them whether they would like a lower amount. A manager sets the limits in Involvement Settings."
			).format(said),
			caps.OverOurLimit,
		)
	caps.say([said])


def _day(day) -> str:
	return frappe.utils.format_date(day, "d MMMM yyyy")
