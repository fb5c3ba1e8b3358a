"""The tokenism gates (domain 4.5): a checklist that says what is missing and how to mend it.

`checklist(opportunity)` answers rows of the opportunity's `gates` table; a Fail stops Submit and Publish.
"""

import frappe
from frappe import _
from frappe.utils import cint, getdate

from involvement_app.involvement_app import costs, opportunities, readability, role_status
from involvement_app.involvement_app.papers import DAYS_BEFORE
from involvement_app.involvement_app.plurals import counted
from involvement_app.money import money, pounds
from involvement_app.working_days import closed, working_days_between

PASS, WARN, FAIL, NOT_APPLICABLE = "Pass", "Warn", "Fail", "Not applicable"
# while the checklist still decides on a step
DECIDED_ON = ("Draft", "Submitted", "Changes requested", "Approved")
# what the law asks, no manager lets pass
NEVER_OVERRIDDEN = ("G9",)
CO_DESIGN = 6  # the sixth of the seven rungs (domain 1.1)


def checklist(opportunity) -> list[dict]:
	"""[{gate, question, result, value, threshold, how_to_fix}] for G1 to G11, in their order."""
	settings = frappe.get_cached_doc("Involvement Settings")
	return [
		_purpose(opportunity),
		_decision(opportunity),
		_notice(opportunity, settings),
		_budget(opportunity),
		_lived_experience(opportunity, settings),
		_ways(opportunity),
		_feedback(opportunity),
		_support(opportunity),
		_role_status(opportunity),
		_decision_rights(opportunity),
		_plain_words(opportunity),
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


def _decision(opportunity) -> dict:
	last, decided = opportunity.last_date(), opportunity.decision_date and getdate(opportunity.decision_date)
	named = bool((opportunity.decision_maker or "").strip())
	if not named or not decided:
		value = _("no day yet") if named else _("nobody named yet")
	else:
		value = frappe.format(decided, "Date")
	how = _("Fill in “Who decides” and “When they decide”, a day after the last date.")
	if last:
		how = _("Fill in “Who decides”, and “When they decide” with a day after {0}.").format(
			frappe.format(last, "Date")
		)
	return _row(
		"G2",
		_("Is it decided afterwards, by somebody who is named?"),
		named and bool(decided and last and decided > last),
		value,
		_("after {0}").format(frappe.format(last, "Date")) if last else _("after the last date"),
		how,
	)


def _notice(opportunity, settings) -> dict:
	starts = [getdate(row.starts_on) for row in opportunity.dates if row.starts_on]
	wanted = cint(settings.notice_working_days)
	question = _("Do people have enough notice?")
	if not starts:
		how = _("Add at least one date under “When and places”.")
		return _row("G3", question, False, _("no date yet"), _("{0} working days").format(wanted), how)
	# what was published is known since then: a correction needs no new notice
	known = [
		(opportunities.notice_from(opportunity, row), row.starts_on)
		for row in opportunity.dates
		if row.starts_on
	]
	notice = min(working_days_between(since, first, closed) for since, first in known)
	days_left = min((getdate(first) - since).days for since, first in known)
	value, needed = _("{0} working days").format(notice), _("{0} working days").format(wanted)
	if notice >= wanted and days_left < DAYS_BEFORE:
		how = _("Papers go out {0} days before a date: move the first one, or plan it without papers.")
		return _row("G3", question, False, value, needed, how.format(DAYS_BEFORE), otherwise=WARN)
	how = _("Move the first date to {0} working days from today or later.").format(wanted)
	return _row("G3", question, notice >= wanted, value, needed, how)


def _budget(opportunity) -> dict:
	budget, estimate = money(opportunity.budget), money(opportunity.estimate)
	return _row(
		"G4",
		_("Is there money for everybody's time and expenses?"),
		budget >= estimate,
		pounds(budget),
		pounds(estimate),
		_("Raise the budget to {0}, or plan fewer places or hours: {1}").format(
			pounds(estimate), costs.of_opportunity(opportunity).said
		),
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


def _ways(opportunity) -> dict:
	ways, reason = len(opportunity.ways()), (opportunity.reason_one_way or "").strip()
	return _row(
		"G6",
		_("Can people take part in more than one way?"),
		ways > 1 or bool(reason),
		_("{0}, with a reason").format(ways) if ways < 2 and reason else ways,
		_("2, or a reason"),
		_("Choose a second way to take part, or fill in “Why only one way”."),
	)


def _feedback(opportunity) -> dict:
	owner, due = (
		opportunity.feedback_owner,
		opportunity.full_feedback_due and getdate(opportunity.full_feedback_due),
	)
	last = opportunity.last_date()
	in_time = bool(due and (not last or due >= last))
	return _row(
		"G7",
		_("Who tells people what came of it, and by when?"),
		bool(owner) and in_time,
		frappe.format(due, "Date") if due else _("no day yet"),
		_("somebody, and a day after the last date"),
		_("Fill in “Who tells people what came of it” and “By when they hear”, after the last date."),
	)


def _support(opportunity) -> dict:
	named = bool((opportunity.support_contact or "").strip())
	return _row(
		"G8",
		_("Is there somebody to talk to?"),
		named,
		_("yes") if named else _("nobody yet"),
		_("somebody"),
		_("Fill in “Who to talk to”: a name and a telephone number or e-mail address."),
	)


def _when_present(gate: str, question: str, what: str) -> dict:
	return _row(gate, question, False, what, "", "", otherwise=NOT_APPLICABLE)


def _role_status(opportunity) -> dict:
	"""Domain 1.4: decided by the organisation, for the days on which the role is paid."""
	question = _("Is it clear what a paid role counts as?")
	settings = frappe.get_cached_doc("Involvement Settings")
	if settings.finance_mode == "None" or not money(opportunity.offer_per_person):
		return _when_present("G9", question, _("not paid"))
	days = opportunity.every_date() or [getdate()]
	decided = role_status.current(opportunity.opportunity_type, opportunity.unit, days)
	outcomes = [row.outcome if row else None for row in decided]
	kind = opportunity.opportunity_type
	how = _(
		"Ask who decides for the organisation to write a Role Status Determination for “{0}” that counts on {1}."
	)
	if role_status.EXPENSES in outcomes:
		how = _("“{0}” is expenses only. Choose a rate without payment; expenses are paid back all the same.")
	paid = {outcome for outcome in outcomes if outcome}
	if None not in outcomes and len(paid) > 1:
		how = _(
			"“{0}” counts as something else on some of its dates, and people are paid in one way. Make an opportunity of its own for the dates from the change on."
		)
	missing = days[outcomes.index(None)] if None in outcomes else days[0]
	return _row(
		"G9",
		question,
		None not in outcomes and role_status.EXPENSES not in outcomes and len(paid) == 1,
		_(outcomes[0]) if outcomes[0] else _("not decided"),
		_("decided, and paid"),
		how.format(kind, frappe.format(missing, "Date")),
	)


def _decision_rights(opportunity) -> dict:
	"""From co-design up it is led with people; of co-production the checklist says that who decides in design and in
	delivery is asked when decisions are kept here."""
	question = _("Do people decide where co-production is claimed?")
	rank = cint(frappe.get_cached_value("Participation Level", opportunity.level, "rank"))
	if rank < CO_DESIGN:
		return _when_present("G10", question, _("not claimed"))
	lead = len(opportunity.co_leads)
	led = counted(lead, _("1 with lived experience leads it"), _("{0} with lived experience lead it"))
	value = led if lead else _("led by staff alone")
	if rank > CO_DESIGN:
		value += "; " + _("who decides in design and in delivery: when decisions are kept here")
	return _row(
		"G10",
		question,
		lead > 0,
		value,
		_("somebody with lived experience leads it too"),
		_("Name somebody with lived experience who said yes under “Co-leads”, or claim less."),
		otherwise=FAIL if rank > CO_DESIGN else WARN,
	)


def note_co_leads(opportunity) -> None:
	"""Somebody stopped: the checklist says so at once, while it still decides."""
	row = next((row for row in opportunity.gates if row.gate == "G10"), None)
	if row and opportunity.status in DECIDED_ON:
		said = _decision_rights(opportunity)
		# one row of the checklist, which only the server writes
		values = {key: said[key] for key in ("result", "value", "threshold", "how_to_fix")}
		row.db_set(values, update_modified=False)  # nor whose hand it was


def _plain_words(opportunity) -> dict:
	"""A warning only: a measure of words and sentences knows nothing of what is said."""
	measured = readability.of_opportunity(opportunity)
	return _row(
		"G11",
		_("Is it short, and easy to read?"),
		measured.easy and measured.fits_a_page,
		measured.said,
		_("one page, reading age {0} or less").format(readability.EASY_AGE),
		_("Use shorter words and sentences, and leave out what people need not know."),
		otherwise=WARN,
	)


def failures(opportunity) -> list:
	"""What stops a step: failed, and not overridden."""
	return [row for row in opportunity.gates if row.result == FAIL and not row.override_by]
