"""What an opportunity costs (gate G4, domain 4.5): places × (what one person's time is worth, preparation included
where it is paid, + expenses + access, for each date). Pounds, as Decimal."""

from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import cint, flt

from involvement_app.involvement_app import rates
from involvement_app.money import money, pounds, times
from involvement_app.periods import hours_between


@dataclass(frozen=True)
class Costs:
	terms: dict
	places: int
	sessions: int
	hours: float
	preparation: float
	time: Decimal  # of one person, as the two below
	expenses: Decimal
	allowance: Decimal
	known_access: Decimal  # of everybody

	@property
	def access(self) -> Decimal:
		"""Of everybody: the allowance, or what is known to be needed, whichever is more."""
		return max(times(self.allowance, self.places), self.known_access)

	@property
	def total(self) -> Decimal:
		return times(self.time + self.expenses, self.places) + self.access

	@property
	def said(self) -> str:
		"""The sum as one would say it."""
		parts = [self._time_said()]
		if self.expenses:
			parts.append(_("{0} for expenses").format(pounds(self.expenses)))
		if self.access and not self._access_is_known:
			parts.append(_("{0} for access").format(pounds(self.allowance)))
		places = _("1 place") if self.places == 1 else _("{0} places").format(self.places)
		each = _("{0} × ({1})").format(places, " + ".join(parts))
		if self._access_is_known:
			each = _("{0} + {1} for access").format(each, pounds(self.known_access))
		return _("{0} = {1}.").format(each, pounds(self.total))

	@property
	def _access_is_known(self) -> bool:
		return self.known_access > times(self.allowance, self.places)

	def _time_said(self) -> str:
		if not self.time:
			return _("no payment")
		if self.terms["rate_basis"] != rates.HOUR:
			return _("{0} for their time").format(pounds(self.time))
		hours = f"{flt(self.hours):g}"
		if self.preparation and self.terms["preparation_paid"]:
			return _("{0} for {1} hours and {2} hours of preparation").format(
				pounds(self.time), hours, f"{flt(self.preparation):g}"
			)
		return _("{0} for {1} hours").format(pounds(self.time), hours)


def of_opportunity(opportunity) -> Costs:
	settings = frappe.get_cached_doc("Involvement Settings")
	terms, sessions = rates.snapshot(opportunity.rate_rule), len(opportunity.dates)
	lengths = [
		hours_between(row.starts_on, row.ends_on)
		for row in opportunity.dates
		if row.starts_on and row.ends_on
	]
	return Costs(
		terms=terms,
		places=cint(opportunity.places),
		sessions=sessions,
		hours=opportunity.hours,
		preparation=opportunity.preparation_hours,
		time=rates.worth_in_all(terms, sessions, opportunity.hours, opportunity.preparation_hours, lengths),
		expenses=times(settings.travel_allowance, sessions) if opportunity.expenses_covered else money(0),
		allowance=times(settings.access_allowance, sessions),
		known_access=money(opportunity.access_costs),
	)


def in_words(opportunity) -> str:
	"""The sum, and whether the budget covers it."""
	costs, budget = of_opportunity(opportunity), money(opportunity.budget)
	missing = costs.total - budget
	if missing > 0:
		verdict = _("The budget is {0}: {1} too little.").format(pounds(budget), pounds(missing))
	else:
		verdict = _("The budget of {0} covers it.").format(pounds(budget))
	return f"{costs.said} {verdict}"
