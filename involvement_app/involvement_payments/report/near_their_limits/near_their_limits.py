"""Who has, in one week or month, four fifths or more of what they or the organisation set as a limit (domain 1.3 no. 2, 4.6 cap
warnings): by code, of the payments that the caller may see. A unit picks whom; what they have elsewhere counts too."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.utils import add_days, getdate, today

from involvement_app.involvement_app import caps, preferences, rates
from involvement_app.involvement_app.participants import kept_of
from involvement_app.involvement_app.report_rows import bars, column
from involvement_app.involvement_payments import opening_totals, own_limits, without_money
from involvement_app.involvement_payments.states import CHARITY, NO_PAY, PAYMENT, RECEIVED
from involvement_app.money import money
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import FINANCE_AUTHORISER, FINANCE_OFFICER, MANAGER

READERS = {MANAGER, FINANCE_OFFICER, FINANCE_AUTHORISER}
NEAR = 80
STATUSES = ("Checked", "Returned", "Approved", "Scheduled", *RECEIVED)
# the longest period on either side of a day
DAYS = 31


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	if not READERS & roles_of():
		raise frappe.PermissionError
	filters = frappe._dict(filters or {})
	day = getdate(filters.day or today())
	lines = [] if without_money.is_so() else _lines(filters, day)
	return _columns(), lines, None, _chart(lines)


def _lines(filters, day) -> list[dict]:
	people = defaultdict(list)
	rows = _payments(day)
	kept = kept_of({row.participant for row in rows})
	for row in rows:
		people[kept.get(row.participant, row.participant)].append(row)
	if filters.unit:
		people = {
			name: rows for name, rows in people.items() if any(row.unit == filters.unit for row in rows)
		}
	own = _own_limits(set(people))
	lines = []
	for name, rows in sorted(people.items()):
		if name in own:
			lines.append(_own(name, rows, own[name], day))
		if caps.are_set():
			lines += _ours(name, rows, day)
	return [line for line in lines if line["share"] >= NEAR]


def _payments(day) -> list[frappe._dict]:
	"""Planned or made around `day`, each with the day on which it comes (`on`)."""
	rows = frappe.get_list(
		PAYMENT,
		filters=[
			["status", "in", STATUSES],
			["withdrawn", "=", 0],
			["kind", "not in", NO_PAY],
			["session_on", ">=", add_days(day, -12 * DAYS)],
		],
		fields=[
			"participant",
			"unit",
			"amount",
			"hours",
			"preparation_hours",
			"engagement",
			"session_on",
			"paid_on",
			"pay_on",
			"not_before",
			"due_on",
			"payment_choice",
			"corrects",
		],
		limit=0,
	)
	no_pay = _no_pay({row.corrects for row in rows if row.corrects})
	rows = [row for row in rows if row.corrects not in no_pay]
	terms = _terms({row.engagement for row in rows if row.engagement})
	for row in rows:
		row.on = own_limits.comes_on(row)
		row.paid_hours = rates.paid_hours(terms.get(row.engagement, {}), row.hours, row.preparation_hours)
	first, last = add_days(day, -12 * DAYS), add_days(day, 12 * DAYS)
	before = opening_totals.readable_recent(first, last)
	for row in before:
		row.paid_hours = rates.paid_hours({}, row.hours)
	return rows + before


def _terms(engagements: set[str]) -> dict[str, frappe._dict]:
	"""Whether the hours of preparation are paid."""
	rows = frappe.get_all(  # terms of places whose payments the reader may see; no more than hours is shown
		"Involvement Engagement",
		{"name": ["in", sorted(engagements) or [""]]},
		["name", "rate_basis", "preparation_paid"],
	)
	return {row.name: row for row in rows}


def _no_pay(corrected: set[str]) -> set[str]:
	"""What is taken back of expenses makes no room for pay."""
	# kinds of what the reader's own rows correct
	return set(
		frappe.get_all(
			PAYMENT, {"name": ["in", sorted(corrected) or [""]], "kind": ["in", NO_PAY]}, pluck="name"
		)
	)


def _own_limits(participants: set[str]) -> dict[str, frappe._dict]:
	rows = frappe.get_all(  # of people whose payments the reader may see; only who is near is shown
		preferences.PREFERENCE,
		{"participant": ["in", sorted(participants) or [""]], "own_payment_cap": [">", 0]},
		["participant", "own_payment_cap", "cap_period", "cap_weekday", "cap_month_day"],
	)
	return {row.participant: row for row in rows}


def _own(name: str, rows: list, limit, day) -> dict:
	"""What goes to a charity is not theirs."""
	period = preferences.period(limit, day)
	planned = _money(row for row in rows if row.payment_choice != CHARITY and _in(row.on, *period[:2]))
	return _line(name, _("Their own"), _("Pounds"), period, planned, money(limit.own_payment_cap))


def _ours(name: str, rows: list, day) -> list[dict]:
	settings = frappe.get_cached_doc("Involvement Settings")
	period = caps.period(day, settings.limit_period)
	there = [row for row in rows if _in(row.session_on, *period)]
	hours = sum(row.paid_hours for row in there)
	figures = (
		(_("Pounds"), _money(row for row in rows if _in(row.on, *period)), money(settings.limit_money)),
		(_("Paid hours"), hours, settings.limit_hours),
		(_("Paid activities"), len({row.engagement for row in there}), settings.limit_count),
	)
	return [
		_line(name, _("The organisation's"), what, period, planned, limit)
		for what, planned, limit in figures
		if limit
	]


def _money(rows):
	return sum((money(row.amount) for row in rows), money(0))


def _in(day, start, end) -> bool:
	return bool(day) and start <= getdate(day) <= end


def _line(name: str, whose: str, what: str, period, planned, limit) -> dict:
	return {
		"participant": name,
		"whose": whose,
		"what": what,
		"start": period[0],
		"end": period[1],
		"planned": float(planned),
		"limit": float(limit),
		"share": round(100 * float(planned) / float(limit)),
	}


def _columns() -> list[dict]:
	return [
		column("participant", _("Participant code"), "Data", 140),
		column("whose", _("Whose limit"), "Data", 150),
		column("what", _("Of"), "Data", 130),
		column("start", _("From"), "Date", 110),
		column("end", _("Until"), "Date", 110),
		column("planned", _("Planned or paid"), "Float", 130, precision=2),
		column("limit", _("Limit"), "Float", 110, precision=2),
		column("share", _("Share, %"), "Int", 100),
	]


def _chart(lines: list) -> dict:
	"""How many limits are how near: no bar is one person's."""
	labels = [_("80 to 89 %"), _("90 to 100 %"), _("beyond it")]
	counts = [0, 0, 0]
	for line in lines:
		counts[2 if line["share"] > 100 else 1 if line["share"] >= 90 else 0] += 1
	return bars(labels, (_("Limits"), counts))
