"""What the scores of a panel come to, once they are open: each member's, their mean, how far they lie apart, and where
members disagree (domain 4.4)."""

import frappe
from frappe.utils import flt

from involvement_app.involvement_app import panels

# two who lie this far apart on a scale of 0 to 3 have seen different things
APART = 1.5


def of(candidates: list, given: list) -> list[frappe._dict]:
	"""[{reference, initials, outcome, reason, scores, mean, spread, disagree}], a row for each candidate. Every score
	counts the same. `disagree`: they lie far apart, or some would appoint and some would not. `against`: a member with
	lived experience said “not appointable” of somebody who is appointed, or in reserve."""
	found = []
	for candidate in candidates:
		own = [score for score in given if score.candidate == candidate.reference]
		totals = [flt(score.total) for score in own if score.answer == panels.SCORED]
		views = {score.appointable for score in own if score.answer == panels.SCORED}
		spread = max(totals) - min(totals) if totals else 0
		found.append(
			frappe._dict(
				reference=candidate.reference,
				initials=candidate.initials,
				outcome=candidate.outcome,
				reason=candidate.reason,
				scores=own,
				mean=round(sum(totals) / len(totals), 2) if totals else None,
				spread=round(spread, 2),
				against=candidate.outcome in panels.AS_IF_APPOINTABLE
				and any(
					score.kind == panels.LIVED_EXPERIENCE and score.appointable == panels.NOT_APPOINTABLE
					for score in own
				),
				disagree=spread >= APART or len(views) > 1,
			)
		)
	return found
