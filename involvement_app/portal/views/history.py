"""What one did before the register was kept, and checks that were done (rows 0.11, 4.2; domain 1.5, 4.2)."""

from frappe import _

from involvement_app.portal import reads
from involvement_app.portal.responses import page


def show(visit):
	return page(
		visit,
		"history.html",
		_("What you did before, and checks"),
		past=reads.past_involvement(visit.participant),
		checks=reads.checks(visit.participant),
	)
