"""What somebody with lived experience leads with us: they read what people will read, from the first draft on, and stop
when they like (domain 4.3, 4.8; rows 0.14 and 2.2)."""

from involvement_app import lifecycle
from involvement_app.involvement_app import co_leads
from involvement_app.portal import reads
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.views import files
from involvement_app.portal.visit import Missing


def show(visit, name):
	opportunity = visit.found(reads.led_with_us, name)
	return page(
		visit,
		"leading.html",
		opportunity.title,
		opportunity=opportunity,
		dates=reads.dates(name) or reads.planned_dates(name),
	)


def easy_read(visit, name):
	file = reads.easy_read(visit.found(reads.led_with_us, name))
	if not file:
		raise Missing
	return files.download(file, "easy-read")


@lifecycle.retry_on_deadlock
def stop(visit, name):
	visit.found(reads.led_with_us, name)
	co_leads.stop(name, visit.participant)
	return see_other("/take-part/my", done="not-leading")
