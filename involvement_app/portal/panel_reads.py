"""What the pages about panels read: each bounded to the panels on which the reader sits (domain 1.6, 4.8).

Scores of others are read here before they are open only to be counted (`scores`); what a page is given of them then is
how many there are."""

import frappe
from frappe.query_builder import Order
from frappe.query_builder.functions import Count

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.panels import scores as rules
from involvement_app.involvement_app.panels.criteria import WORDS

MOST = 100
# from the plan on: whoever votes says whom they know before the panel is convened
SHOWN = ("Planned", "Convened", "Interviewing", "Scoring", "Decided", "Fed back", "Closed", "Called off")


def mine(participant: str) -> list[frappe._dict]:
	"""Every panel of the reader's, the newest first."""
	query, panel, _row = _seats(participant)
	return query.orderby(panel.creation, order=Order.desc).limit(MOST).run(as_dict=True)


def seat(name: str, participant: str) -> frappe._dict | None:
	"""The panel, and the reader's own seat on it: role, what they declared, and their place."""
	query, panel, row = _seats(participant)
	place = frappe.qb.DocType("Involvement Engagement")
	rows = (
		query.left_join(place)
		.on((place.opportunity == panel.opportunity) & (place.participant == participant))
		.select(
			panel.about,
			panel.scores_due_on,
			panel.opened_on,
			panel.close_reason,
			panel.feedback_words,
			panel.called_off_because,
			panel.candidates_removed_on,
			row.name.as_("seat"),
			row.interests_declared_on,
			row.stands_aside_for,
			row.member_name,
			place.name.as_("place"),
			_not_agreed(participant).as_("not_agreed"),
		)
		.where(panel.name == name)
		.limit(1)
		.run(as_dict=True)
	)
	return rows[0] if rows else None


def _not_agreed(participant: str):
	"""Sub-select: how much of what the reader owns still waits for their yes."""
	panel, criterion = frappe.qb.DocType(panels.PANEL), frappe.qb.DocType("Recruitment Panel Criterion")
	return (
		frappe.qb.from_(criterion)
		.select(Count(criterion.name))
		.where((criterion.parent == panel.name) & (criterion.parenttype == panels.PANEL))
		.where((criterion.participant == participant) & criterion.agreed_on.isnull())
	)


def _seats(participant: str):
	panel, row = frappe.qb.DocType(panels.PANEL), frappe.qb.DocType(panels.MEMBER)
	query = (
		frappe.qb.from_(row)
		.join(panel)
		.on((panel.name == row.parent) & (row.parenttype == panels.PANEL))
		.select(panel.name, panel.post, panel.status, panel.interviews_on, row.role)
		.where((row.participant == participant) & panel.status.isin(SHOWN))
	)
	return query, panel, row


def on_my_page(participant: str):
	"""(query, panel, opportunity) of the panels that go on and on which the reader sits."""
	panel, row, opportunity = (
		frappe.qb.DocType(name) for name in (panels.PANEL, panels.MEMBER, panels.OPPORTUNITY)
	)
	query = (
		frappe.qb.from_(panel)
		.join(row)
		.on((panel.name == row.parent) & (row.parenttype == panels.PANEL))
		.join(opportunity)
		.on(opportunity.name == panel.opportunity)
		.where((row.participant == participant) & panel.status.isin(SHOWN[:6]))
	)
	return query, panel, opportunity


def members(panel: str) -> list[frappe._dict]:
	"""Who sits on it: names and parts. The caller has found the reader's seat, as for all below."""
	fields = ["participant", "staff", "member_name", "kind", "role", "stands_aside_for"]
	return _rows(panels.MEMBER, panel, fields)


def candidates(panel: str) -> list[frappe._dict]:
	return _rows(panels.CANDIDATE, panel, ["reference", "initials", "outcome", "reason"])


def questions(panel: str) -> list[frappe._dict]:
	return _rows("Recruitment Panel Question", panel, ["question", "author"])


def criteria(panel: str) -> list[frappe._dict]:
	fields = ["name", "criterion", "weight", "owned_by", "participant", "agreed_on", *WORDS]
	return _rows("Recruitment Panel Criterion", panel, fields)


def _rows(doctype: str, panel: str, fields: list[str]) -> list[frappe._dict]:
	of_the_panel = {"parent": panel, "parenttype": panels.PANEL}
	# bounded to one panel, on which the reader sits
	return frappe.get_all(doctype, of_the_panel, fields, order_by="idx", limit=MOST)


def scores(panel: frappe._dict, seats: list, those: list) -> tuple[list[frappe._dict], dict]:
	"""(the scores that the reader may read now, {in, of}). One statement."""
	fields = [
		"participant",
		"staff",
		"member_name",
		"kind",
		"candidate",
		"answer",
		"appointable",
		"words",
		"total",
	]
	# bounded to one panel, on which the reader sits; only the reader's own leave this function before they are open
	rows = frappe.get_all(panels.SCORE, {"panel": panel.name}, fields, limit=1000)
	asked = rules.expected(frappe._dict(members=seats, candidates=those))
	there = {(row.participant or row.staff, row.candidate) for row in rows}
	readable = rows if panel.opened_on else [row for row in rows if row.participant == panel.reader]
	return readable, {"in": len(asked & there), "of": len(asked)}


def own_score(panel: str, participant: str, reference: str) -> list[frappe._dict]:
	"""The reader's own, a row for each line: {answer, appointable, words, criterion, score}. One statement."""
	score, line = frappe.qb.DocType(panels.SCORE), frappe.qb.DocType(panels.LINE)
	return (
		frappe.qb.from_(score)
		.left_join(line)
		.on((line.parent == score.name) & (line.parenttype == panels.SCORE))
		.select(score.answer, score.appointable, score.words, line.criterion, line.score)
		.where((score.panel == panel) & (score.participant == participant) & (score.candidate == reference))
		.run(as_dict=True)
	)
