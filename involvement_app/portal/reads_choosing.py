"""What somebody with lived experience reads who chooses with us: the reader's own requests, and of an application that
waits what was written for choosing, without a name."""

import frappe

from involvement_app.involvement_app import selection
from involvement_app.involvement_app.selectors import SELECTOR

MOST = 200


def request(name: str, participant: str) -> dict | None:
	"""One of the reader's own: {name, opportunity, status, title, purpose, what_can_change, role_description}."""
	row, opportunity = frappe.qb.DocType(SELECTOR), frappe.qb.DocType(selection.OPPORTUNITY)
	rows = (
		frappe.qb.from_(row)
		.join(opportunity)
		.on(opportunity.name == row.opportunity)
		.select(row.name, row.opportunity, row.status, row.participant)
		.select(opportunity.title, opportunity.purpose, opportunity.role_description, opportunity.places)
		.where((row.name == name) & (row.participant == participant))
		.run(as_dict=True)
	)
	return rows[0] if rows else None


def to_score(request: dict, application: str | None = None) -> list[dict]:
	"""[{name, hopes, score, total, left_out}] of the applications that wait in what the reader was asked to choose for:
	`score` is their own. Not while they applied themself, and nothing that says who it is."""
	if request.status != "Asked":
		return []
	table, own = frappe.qb.DocType(selection.APPLICATION), frappe.qb.DocType(selection.SCORE)
	query = (
		frappe.qb.from_(table)
		.left_join(own)
		.on((own.application == table.name) & (own.selector == request.participant))
		.select(table.name, table.hopes, own.name.as_("score"), own.total, own.knows_them.as_("left_out"))
		.where((table.opportunity == request.opportunity) & table.status.isin(selection.WAITS))
		.where(table.participant != request.participant)
		.orderby(table.name)
		.limit(MOST)
	)
	return (query.where(table.name == application) if application else query).run(as_dict=True)


def criteria_with_marks(opportunity: str, score: str | None) -> list[dict]:
	"""[{idx, criterion, mark}]: the essential ones in their order, with the reader's own mark of one score."""
	row, line = (
		frappe.qb.DocType("Involvement Opportunity Criterion"),
		frappe.qb.DocType("Selection Score Line"),
	)
	return (
		frappe.qb.from_(row)
		.left_join(line)
		.on((line.criterion == row.criterion) & (line.parent == (score or "")))
		.select(row.idx, row.criterion, line.score.as_("mark"))
		.where((row.parent == opportunity) & (row.parenttype == selection.OPPORTUNITY) & (row.essential == 1))
		.orderby(row.idx)
		.run(as_dict=True)
	)
