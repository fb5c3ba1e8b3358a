import frappe
from frappe.utils import add_days, cint, today

UNDECIDED = ("Planned", "Convened", "Interviewing", "Scoring")


def execute() -> None:
	"""Panels that have not decided had no day on which candidates' data goes. Theirs counts from now."""
	days = cint(frappe.db.get_single_value("Involvement Settings", "panel_candidate_days")) or 183
	panel, candidate = (
		frappe.qb.DocType("Recruitment Panel"),
		frappe.qb.DocType("Recruitment Panel Candidate"),
	)
	with_candidates = frappe.qb.from_(candidate).select(candidate.parent)
	# bounded to panels that go on, and that have candidates but no day
	(
		frappe.qb.update(panel)
		.set(panel.remove_candidates_on, add_days(today(), days))
		.where(panel.status.isin(UNDECIDED) & panel.remove_candidates_on.isnull())
		.where(panel.name.isin(with_candidates))
	).run()
