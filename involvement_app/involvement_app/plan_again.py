"""Planned again (domain 4.3): a new draft from an opportunity of last time. The words, the terms and the criteria are
taken over; days move to a new first date or are left out; decisions, overrides, people and the easy-read version of the
old one always are."""

from datetime import date

import frappe
from frappe import _
from frappe.utils import cstr, get_datetime, getdate, today

from involvement_app.working_days import closed

OPPORTUNITY = "Involvement Opportunity"
# move with the dates
DAYS = ("apply_by", "decision_date", "full_feedback_due")


@frappe.whitelist(methods=["POST"])
def plan_again(opportunity: str, first_date: str | None = None) -> dict:
	"""{name, left_out, look_at}: the new draft, led by whoever asks, and two lists of sentences. Raises PermissionError,
	ValidationError."""
	name = cstr(opportunity)
	if not frappe.db.exists(OPPORTUNITY, name) or not frappe.has_permission(OPPORTUNITY, "read", name):
		raise frappe.PermissionError
	old = frappe.get_doc(OPPORTUNITY, name)
	new = frappe.copy_doc(old, ignore_no_copy=False)
	new.update({"status": "Draft", "lead": frappe.session.user})
	move_days(old, new, _first(first_date))
	new.insert()
	left_out, look_at = said_left_out(old, new), said_to_look_at(new)
	new.add_comment("Info", _("planned this again from {0}. {1}").format(name, " ".join(left_out + look_at)))
	return {"name": new.name, "left_out": left_out, "look_at": look_at}


def _first(day: str | None) -> date | None:
	if not day:
		return None
	first = getdate(day)
	if first < getdate(today()):
		frappe.throw(_("First date: choose a day that is still to come."))
	return first


def move_days(old, new, first: date | None) -> None:
	"""Every day as far behind the new first date as it was behind the old one, at the same time of day."""
	if not first or not old.first_date():
		return
	later = first - old.first_date()
	for row in old.dates:
		new.append(
			"dates",
			{
				"starts_on": get_datetime(row.starts_on) + later,
				"ends_on": get_datetime(row.ends_on) + later,
				"place": row.place,
				"online_link": row.online_link,
			},
		)
	for fieldname in DAYS:
		day = old.get(fieldname) and getdate(old.get(fieldname)) + later
		if day and day >= getdate(today()):
			new.set(fieldname, day)


def said_left_out(old, new) -> list[str]:
	said = []
	days = [_("the dates")] if old.dates and not new.dates else []
	# what the opportunity fills in by itself is no loss
	days += [f"“{_(old.meta.get_label(f))}”" for f in DAYS if old.get(f) and not new.get(f)]
	if days:
		said.append(_("Left out: {0}.").format(", ".join(days)))
	people = [_("who took part"), _("approval"), _("checks that were overridden")]
	if old.easy_read:
		people.append(_("the easy-read version, which was about last time"))
	said.append(_("Not taken over: {0}.").format(", ".join(people)))
	if old.lead != new.lead:
		said.append(_("You lead it."))
	return said


def said_to_look_at(new) -> list[str]:
	"""What was right last time and need not be now."""
	said = []
	shut = sorted({getdate(row.starts_on) for row in new.dates if closed(getdate(row.starts_on))})
	if shut:
		days = ", ".join(frappe.format(day, "Date") for day in shut)
		said.append(_("A bank holiday: {0}. Choose another day under “When and places”.").format(days))
	ends = frappe.db.get_value("Payment Rate Rule", new.rate_rule, "valid_to")
	if ends and getdate(ends) < (new.first_date() or getdate(today())):
		day = frappe.format(ends, "Date")
		said.append(_("“{0}” ends on {1}. Choose another rate rule.").format(new.rate_rule, day))
	return said
