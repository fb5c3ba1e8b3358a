"""The tokenism gates (domain 4.5): a checklist that says what is missing and how to mend it.

`checklist(opportunity)` answers rows of the opportunity's `gates` table; a Fail stops Submit and Publish.
"""

import frappe
from frappe import _
from frappe.utils import cint, getdate, today

from involvement_app.money import money, pounds
from involvement_app.working_days import working_days_between

PASS, WARN, FAIL, NOT_APPLICABLE = "Pass", "Warn", "Fail", "Not applicable"


def checklist(opportunity) -> list[dict]:
	"""[{gate, question, result, value, threshold, how_to_fix}] for G1, G3, G4, G5."""
	settings = frappe.get_cached_doc("Involvement Settings")
	return [
		_purpose(opportunity),
		_notice(opportunity, settings),
		_budget(opportunity),
		_lived_experience(opportunity, settings),
	]


def _row(gate, question, passed, value, threshold, how_to_fix, otherwise=FAIL) -> dict:
	return {
		"gate": gate,
		"question": question,
		"result": PASS if passed else otherwise,
		"value": str(value),
		"threshold": str(threshold),
		"how_to_fix": "" if passed else how_to_fix,
	}


def _purpose(opportunity) -> dict:
	fields = ("purpose", "what_can_change", "what_cannot_change")
	missing = [_(opportunity.meta.get_label(f)) for f in fields if not (opportunity.get(f) or "").strip()]
	return _row(
		"G1",
		_("Is it clear why, and what people can and cannot change?"),
		not missing,
		_("{0} of 3 answered").format(3 - len(missing)),
		_("all 3"),
		_("Fill in: {0}.").format(", ".join(missing)),
	)


def _notice(opportunity, settings) -> dict:
	starts = [getdate(row.starts_on) for row in opportunity.dates if row.starts_on]
	wanted = cint(settings.notice_working_days)
	question = _("Do people have enough notice?")
	if not starts:
		how = _("Add at least one date under “When and places”.")
		return _row("G3", question, False, _("no date yet"), _("{0} working days").format(wanted), how)
	notice = working_days_between(today(), min(starts))
	return _row(
		"G3",
		question,
		notice >= wanted,
		_("{0} working days").format(notice),
		_("{0} working days").format(wanted),
		_("Move the first date to {0} working days from today or later.").format(wanted),
	)


def _budget(opportunity) -> dict:
	budget, estimate = money(opportunity.budget), money(opportunity.estimate)
	return _row(
		"G4",
		_("Is there money for everybody's time and expenses?"),
		budget >= estimate,
		pounds(budget),
		pounds(estimate),
		_("Raise the budget to {0}, or plan fewer places or hours.").format(pounds(estimate)),
	)


def _lived_experience(opportunity, settings) -> dict:
	wanted = max(cint(settings.min_lived_experience_places), 1)
	question = _("Are there enough places for people with lived experience?")
	if cint(frappe.get_cached_value("Involvement Type", opportunity.opportunity_type, "is_survey")):
		return _row("G5", question, False, _("answered alone"), wanted, "", otherwise=NOT_APPLICABLE)
	places = cint(opportunity.lived_experience_places)
	return _row(
		"G5",
		question,
		places >= wanted,
		places,
		wanted,
		_("Keep at least {0} places for people with lived experience, so that nobody is alone.").format(
			wanted
		),
	)


def failures(opportunity) -> list:
	return [row for row in opportunity.gates if row.result == FAIL]
