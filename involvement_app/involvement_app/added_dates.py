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
	if not made:
		return
	# people before places, as everywhere; then as it is now: somebody may just have said yes
	if caps.are_set():
		caps.lock_all({row.participant for row in _places(opportunity)})
	places = promised_money(_places(opportunity, lock=caps.are_set()))
	if not places:
		return
	_refuse_what_has_ended(opportunity, places, sorted({getdate(doc.starts_on) for doc in made}))
	if caps.are_set():
		_ask_our_limits(opportunity, {row.participant for row in places}, {doc.name for doc in made})


def _places(opportunity: str, lock: bool = False) -> list[frappe._dict]:
	place = frappe.qb.DocType("Involvement Engagement")
	query = (
		frappe.qb.from_(place)
		.select(
			place.participant,
			place.offered_amount,
			place.payment_choice,
			place.payment_route,
			place.rate_rule,
		)
		# of one opportunity, whose dates the caller may plan; codes alone are said
		.where((place.opportunity == opportunity) & place.status.isin(LIVING))
	)
	return (query.for_update() if lock else query).run(as_dict=True)


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
