"""Where one person did what two should about money (domain 4.9, no. 26): looked for in what was written, not in what was
allowed. A site with the level Two people finds there what that level lets through, of payments, claims and batches.

Who acted for somebody is asked as it stood on the day of the decision; whose login or CRM record it is, as it stands today
(`concerned.were`). The report says so: what was recorded then, the guard of the step has asked."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.utils import add_days, getdate

from involvement_app.involvement_app import concerned
from involvement_app.involvement_app.report_rows import bars, column, of_unit, period
from involvement_app.involvement_payments import money_rows, without_money
from involvement_app.involvement_payments.states import EXPENSES

BATCH, PAYMENT = "Involvement Payment Batch", "Involvement Payment"
CLAIM, DETAIL = "Involvement Expense Claim", "Participant Bank Detail"


def execute(filters: dict | None = None) -> tuple[list, list, str, dict]:
	filters = frappe._dict(filters or {})
	found = (
		(_payments, _claims, _claims_without_payment, _batches, _elsewhere, _accounts)
		if not without_money.is_so()
		else ()
	)
	rows = [row for find in found for row in find(filters)]
	counts = {}
	for row in rows:
		counts[row["what"]] = counts.get(row["what"], 0) + 1
	return _columns(), rows, _how(), bars(list(counts), (_("Times"), list(counts.values())))


def _how() -> str:
	return _(
		"“Themself” is by login and CRM record as they are today: a row may tell of a link that is newer than the decision. Who acted for somebody is as it was on that day."
	)


def _done(doctype: str, filters, by: str, on: str, fields: list[str], *more: list) -> list[frappe._dict]:
	"""What somebody decided in the period, of what the reader may see."""
	first, last = period(filters)
	wanted = [[by, "is", "set"], [on, ">=", first], [on, "<", add_days(last, 1)], *more]
	if doctype in (PAYMENT, CLAIM):
		wanted += _narrowed(filters)
	return frappe.get_list(
		doctype, filters=wanted, fields=["name", by, on, *fields], order_by=f"{on} asc, name asc", limit=0
	)


def _narrowed(filters) -> list[list]:
	return of_unit(filters) + money_rows.of_project(filters)


def _payments(filters) -> list[dict]:
	found = _done(
		PAYMENT,
		filters,
		"approved_by",
		"approved_on",
		["owner", "edited_by", "participant", "amount", "kind", "beyond_our_limit"],
	)
	leads, own = _leads(PAYMENT, found), _own(found, "approved_by", "approved_on")
	lines = []
	for row in found:
		for so, words in (
			(row.approved_by in _hands(row), _("Approved what they had recorded or changed")),
			(row.name in own, _("Approved a payment to themself, or to somebody they act for")),
			(row.approved_by in leads[row.name], _("Approved a payment for what they lead")),
			(row.beyond_our_limit, _("Approved more than the organisation's limit for one person")),
		):
			if so:
				lines.append(_line(PAYMENT, row, row.approved_by, row.approved_on, words))
	return lines


def _elsewhere(filters) -> list[dict]:
	"""What no batch paid: handed over by one, and said to be paid by another."""
	fields = ["owner", "edited_by", "approved_by", "handed_over_by", "participant", "amount", "kind"]
	found = _done(PAYMENT, filters, "released_by", "released_on", fields)
	own = _own(found, "released_by", "released_on")
	lines = []
	for row in found:
		for so, words in (
			(row.released_by == row.handed_over_by, _("Released a payment they had handed over")),
			(row.released_by == row.approved_by, _("Released a payment they had approved")),
			(row.released_by in _hands(row), _("Released what they had recorded or checked")),
			(row.name in own, _("Released a payment to themself, or to somebody they act for")),
		):
			if so:
				lines.append(_line(PAYMENT, row, row.released_by, row.released_on, words))
	return lines


def _own(rows, by: str, on: str) -> set[str]:
	"""Names of the rows about people in whom whoever decided was concerned."""
	decided = {row.name: (row[by], row.participant, getdate(row[on])) for row in rows}
	own = concerned.were(list(decided.values()))
	return {name for name, one in decided.items() if one in own}


def _leads(doctype: str, found) -> dict[str, set]:
	"""Payment or claim → who leads its session, and the work that belongs to. Bounded to those that the reader may see."""
	table, session, opportunity = (
		frappe.qb.DocType(name) for name in (doctype, "Involvement Session", "Involvement Opportunity")
	)
	rows = (
		frappe.qb.from_(table)
		.join(session)
		.on(session.name == table.session)
		.join(opportunity)
		.on(opportunity.name == session.opportunity)
		.select(table.name, session.lead, opportunity.lead)
		.where(table.name.isin([row.name for row in found] or [""]))
		.run()
	)
	return defaultdict(set, {name: set(leads) - {None, ""} for name, *leads in rows})


def _claims(filters) -> list[dict]:
	found = _done(CLAIM, filters, "checked_by", "checked_on", ["total", "participant"])
	agreed, own = _agreed([row.name for row in found]), _own(found, "checked_by", "checked_on")
	lines = []
	for row in found:
		for so, words in (
			(row.checked_by in agreed[row.name], _("Checked what they said had been agreed beforehand")),
			(row.name in own, _("Checked a claim of their own, or of somebody they act for")),
		):
			if so:
				lines.append(_line(CLAIM, row, row.checked_by, row.checked_on, words))
	return lines


def _claims_without_payment(filters) -> list[dict]:
	"""All of it booked by the organisation, or covered by an advance: the yes to the claim is the only one."""
	found = _done(
		CLAIM,
		filters,
		"approved_by",
		"approved_on",
		["owner", "edited_by", "recorded_by", "checked_by", "participant", "total"],
		["payment", "is", "not set"],
	)
	leads, own = _leads(CLAIM, found), _own(found, "approved_by", "approved_on")
	lines = []
	for row in found:
		hands = _hands(row) | {row.recorded_by, row.checked_by}
		for so, words in (
			(row.approved_by in hands, _("Approved a claim that they had recorded or checked")),
			(row.name in own, _("Approved a claim of their own, or of somebody they act for")),
			(row.approved_by in leads[row.name], _("Approved a claim for what they lead")),
		):
			if so:
				lines.append(_line(CLAIM, row, row.approved_by, row.approved_on, words))
	return lines


def _agreed(claims: list[str]) -> dict[str, set]:
	"""Claim → who wrote down that somebody had agreed to what needs it. Bounded to claims that the reader may see."""
	line, kind = frappe.qb.DocType("Involvement Expense Claim Line"), frappe.qb.DocType("Expense Type")
	rows = (
		frappe.qb.from_(line)
		.join(kind)
		.on(kind.name == line.expense_type)
		.select(line.parent, line.agreed_by)
		.where(line.parent.isin(claims or [""]) & (kind.needs_pre_approval == 1))
		.run()
	)
	agreed = defaultdict(set)
	for name, user in rows:
		agreed[name].add(user)
	return agreed


def _batches(filters) -> list[dict]:
	found = _done(
		BATCH, filters, "authorised_by", "authorised_on", ["owner", "edited_by", "locked_by", "total"]
	)
	inside = _inside([row.name for row in found], filters)
	mine = concerned.were(
		[
			(row.authorised_by, each.participant, getdate(row.authorised_on))
			for row in found
			for each in inside[row.name]
		]
	)
	lines = []
	for row in found:
		payments = inside[row.name]
		if not payments:
			continue  # a reader of some units, or one that was asked for: it holds nothing of theirs
		user = row.authorised_by
		day = getdate(row.authorised_on)
		own = any((user, each.participant, day) in mine for each in payments)
		for so, words in (
			(user in _hands(row) | {row.locked_by}, _("Released a batch they had made or locked")),
			(user in {each.approved_by for each in payments}, _("Released a payment they had approved")),
			(any(user in _hands(each) for each in payments), _("Released what they had recorded or checked")),
			(own, _("Released a payment to themself, or to somebody they act for")),
		):
			if so:
				lines.append(_line(BATCH, row, user, row.authorised_on, words))
	return lines


def _inside(batches: list[str], filters) -> dict[str, list]:
	"""Batch → its payments that the reader may see."""
	found = frappe.get_list(
		PAYMENT,
		filters=[["batch", "in", batches or [""]], *_narrowed(filters)],
		fields=["batch", "approved_by", "owner", "edited_by", "participant", "kind"],
		limit=0,
	)
	inside = defaultdict(list)
	for row in found:
		inside[row.batch].append(row)
	return inside


def _accounts(filters) -> list[dict]:
	"""An account is of a person, of no unit and of no project."""
	if filters.unit or filters.opportunity:
		return []
	found = _done(
		DETAIL, filters, "verified_by", "verified_on", ["owner", "edited_by", "recorded_by", "participant"]
	)
	own = _own(found, "verified_by", "verified_on")
	lines = []
	for row in found:
		for so, words in (
			(
				row.verified_by in _hands(row) | {row.recorded_by},
				_("Verified an account they had entered or changed"),
			),
			(row.name in own, _("Verified an account of their own, or of somebody they act for")),
		):
			if so:
				lines.append(_line(DETAIL, row, row.verified_by, row.verified_on, words))
	return lines


def _hands(row) -> set[str]:
	# the payment of a claim comes into being with the yes to the claim: whoever gave it owns it, and wrote nothing
	made = set() if row.kind == EXPENSES else {row.owner}
	return (made | set((row.edited_by or "").split())) - {"Administrator"}


def _line(doctype: str, row, user: str, when, words: str) -> dict:
	return {
		"what": words,
		"kind": doctype,
		"document": row.name,
		"by": user,
		"on": when,
		"amount": row.amount or row.total,
	}


def _columns() -> list[dict]:
	return [
		column("what", _("What happened"), "Data", 330),
		column("kind", _("Kind"), "Data", 190),
		column("document", _("Which"), "Dynamic Link", 130, options="kind"),
		column("by", _("By"), "Data", 220),
		column("on", _("On"), "Datetime", 160),
		column("amount", _("Amount"), "Currency", 120),
	]
