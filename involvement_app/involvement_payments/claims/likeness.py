"""What whoever checks a claim should look at. It warns and blocks nothing."""

import frappe
from frappe import _
from frappe.utils import getdate

from involvement_app.involvement_payments.claims import CLAIM, LINE, dates
from involvement_app.money import money


def look_again(doc) -> None:
	"""What whoever checks should look at: like lines, a receipt that somebody else used, old lines. Warns, never blocks."""
	before = doc.get_doc_before_save()
	if before and [_looks(row) for row in before.lines] == [_looks(row) for row in doc.lines]:
		return
	found = [
		_("Row {0}: this receipt is in {1} too, of somebody else.").format(idx, name)
		for idx, name in doc.flags.used_by_others or []
	]
	if not found and before and before.warnings:
		found = [row for row in before.warnings.splitlines() if row.endswith(_("of somebody else."))]
	found += [
		_("Row {0}: like a line in {1}: the same day, kind and amount.").format(line.idx, name)
		for line, name in like_lines(doc)
	]
	found += [_("Row {0}: older than the claim window.").format(line.idx) for line in dates.old_lines(doc)]
	doc.warnings = "\n".join(found)


def like_lines(doc) -> list[tuple]:
	"""[(line, the claim it is like)], within this claim too. One query."""
	line, claim = frappe.qb.DocType(LINE), frappe.qb.DocType(CLAIM)
	rows = (
		frappe.qb.from_(line)
		.join(claim)
		.on(claim.name == line.parent)
		.select(line.parent, line.expense_type, line.spent_on, line.amount)
		.where(claim.participant == doc.participant)
		.where(claim.status.notin(("Rejected", "Cancelled")))
		.where(line.spent_on.isin(sorted({getdate(row.spent_on) for row in doc.lines})))
		.where(line.parent != (doc.name or ""))
		.limit(200)
		.run(as_dict=True)
	)
	seen = {_looks(row): row.parent for row in rows}
	found = []
	for row in doc.lines:
		if _looks(row) in seen:
			found.append((row, seen[_looks(row)] or _("this claim")))
		seen.setdefault(_looks(row), None)
	return found


def _looks(row) -> tuple:
	return row.expense_type, getdate(row.spent_on), money(row.amount)
