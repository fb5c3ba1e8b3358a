"""What we owe people after they took part, and what they were told (rows 3.14 and 1.2; domain 4.8)."""

from frappe import _

from involvement_app.involvement_app import how_it_was
from involvement_app.involvement_app.feedback import OWED, promised_words
from involvement_app.portal import reads
from involvement_app.portal.responses import page


def show(visit):
	rows = reads.feedback_for(visit.participant, themself=not visit.acting)
	return page(
		visit,
		"feedback.html",
		_("What we owe you, and what came of it"),
		owed=_by_opportunity([row for row in rows if row.status == OWED]),
		told=[row for row in rows if row.status != OWED],
		to_tell=[] if visit.acting else how_it_was.to_tell(visit.participant),
		given=[] if visit.acting else how_it_was.given(visit.participant),
	)


def _by_opportunity(rows: list[dict]) -> dict[str, list[dict]]:
	"""Title → what is owed for it, the first that is due first. Words that say no more than the kind are left out."""
	groups = {}
	for row in rows:
		row.more = row.promised if row.promised != promised_words(row.kind) else ""
		groups.setdefault(row.title or _("For you alone"), []).append(row)
	return groups
