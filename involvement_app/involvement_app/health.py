"""Whether the charity's own settings hold: what people read about it, what it pays, who decides."""

from datetime import date

import frappe
from frappe import _
from frappe.utils import add_months, getdate, today
from pypika.terms import Criterion

from involvement_app.health import Check, Finding, fail, ok, warn
from involvement_app.involvement_app import enquiries
from involvement_app.permissions.holders import holders
from involvement_app.setup.roles import BUDGET_HOLDER

# rates usually change with the tax year or the minimum wage: once a year, and a month's grace
MONTHS = 13
SHOWN_TO_PEOPLE = ("organisation_name", "support_line", "privacy_notice")


def what_people_read() -> Finding:
	settings = frappe.get_cached_doc("Involvement Settings")
	missing = [fieldname for fieldname in SHOWN_TO_PEOPLE if not settings.get(fieldname)]
	if not (settings.contact_email or settings.contact_phone):
		missing.append("contact_email")
	if missing:
		labels = ", ".join(_(settings.meta.get_label(fieldname)) for fieldname in missing)
		return warn(
			_("People in the portal miss: {0}.").format(labels),
			_("Fill it in under Involvement Settings."),
			"involvement-settings",
		)
	return ok(_("The portal says who you are, how to ask, and what happens with data."))


def rates() -> Finding:
	if frappe.get_cached_doc("Involvement Settings").finance_mode == "None":
		return ok(_("No money is paid through this site."))
	rules = frappe.get_all(  # masters that all staff may read
		"Payment Rate Rule",
		{"status": "Approved"},
		["name", "valid_from", "valid_to", "modified"],
		order_by="name",
	)
	valid = [rule for rule in rules if _holds_today(rule)]
	if not valid:
		return fail(
			_("No payment rate holds today, so nothing can be offered."),
			_("Add a Payment Rate Rule with its source and have it approved, or mend the dates of one."),
			"payment-rate-rule",
		)
	old = [rule.name for rule in valid if _looked_at(rule) < getdate(add_months(today(), -MONTHS))]
	if old:
		return warn(
			_("Not looked at for more than {0} months: {1}.").format(MONTHS, ", ".join(old)),
			_(
				"Compare the amount with its source. Then end the rule, and add one that follows it, with today's source."
			),
			"payment-rate-rule",
		)
	return ok(_("{0} payment rates hold today.").format(len(valid)))


def _holds_today(rule) -> bool:
	now = getdate(today())
	return (not rule.valid_from or getdate(rule.valid_from) <= now) and (
		not rule.valid_to or getdate(rule.valid_to) >= now
	)


def _looked_at(rule) -> date:
	return max(getdate(rule.modified), getdate(rule.valid_from or rule.modified))


def ended_rates() -> Finding:
	"""What is still offered under a rule that has ended."""
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	rule = frappe.qb.DocType("Payment Rate Rule")
	ended = (
		frappe.qb.from_(opportunity)
		.join(rule)
		.on(rule.name == opportunity.rate_rule)
		.select(rule.name)
		.distinct()
		.where(
			opportunity.status.isin(("Draft", "Submitted", "Changes requested", "Approved", "Published"))
			& (rule.valid_to < today())
		)
		.run(pluck=True)
	)
	if ended:
		return warn(
			_("Opportunities still offer rates that have ended: {0}.").format(", ".join(sorted(ended))),
			_(
				"What was promised stays promised. For those that are not published yet, choose a rate of today."
			),
			"involvement-opportunity",
		)
	return ok(_("No opportunity offers a rate that has ended."))


def nobody_decides(unit) -> Criterion:
	"""Units without a budget holder who is enabled and holds the role."""
	return unit.budget_holder.isnull() | unit.budget_holder.notin(holders(BUDGET_HOLDER))


def budget_holders() -> Finding:
	unit = frappe.qb.DocType("Involvement Unit")
	without = (
		frappe.qb.from_(unit)
		.select(unit.name)
		.where((unit.is_group == 0) & nobody_decides(unit))
		.orderby(unit.name)
		.run(pluck=True)
	)
	if without:
		return warn(
			_("{0} units have nobody who may approve payments: {1}.").format(
				len(without), ", ".join(without[:10])
			),
			_("Name a budget holder who is enabled and holds the role {0}.").format(_(BUDGET_HOLDER)),
			"involvement-unit",
		)
	return ok(_("Every unit has a budget holder."))


def enquiries_answered() -> Finding:
	late = enquiries.unanswered()
	if late:
		return warn(
			_("Enquiries that wait longer than we promised: {0}.").format(late),
			_("Open New enquiries, get in touch with them, and choose “Acknowledge” or “We talked”."),
			"expression-of-interest",
		)
	return ok(_("Whoever would like to join has heard from us in time."))


def enquiries_forgotten() -> Finding:
	if not enquiries.keep_days():
		return warn(
			_("Enquiries that came to nothing are kept for ever."),
			_("Choose in Involvement Settings after how many days they are deleted."),
			"involvement-settings",
		)
	late = enquiries.past_their_time()
	if late:
		return fail(
			_("{0} enquiries that came to nothing should have been deleted by now.").format(late),
			_("See that the scheduler runs, and what the Error Log says of deleting them."),
			"error-log",
		)
	return ok(_("Enquiries that came to nothing are deleted in time."))


CHECKS = (
	Check("Do people read who you are?", what_people_read),
	Check("Are the payment rates of today?", rates),
	Check("Does anything offer a rate that has ended?", ended_rates),
	Check("Has every unit a budget holder?", budget_holders),
	Check("Do people who would like to join hear from us in time?", enquiries_answered),
	Check("Are enquiries that came to nothing deleted?", enquiries_forgotten),
)
