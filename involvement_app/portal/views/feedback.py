"""What we owe people after they took part, and what they were told (rows 3.14 and 1.2; domain 4.8)."""

from frappe import _

from involvement_app.involvement_app.feedback import OWED
from involvement_app.portal import reads
from involvement_app.portal.responses import page


def show(visit):
	rows = reads.feedback_for(visit.participant)
	return page(
		visit,
		"feedback.html",
		_("What we owe you, and what came of it"),
		owed=[row for row in rows if row.status == OWED],
		told=[row for row in rows if row.status != OWED],
	)
