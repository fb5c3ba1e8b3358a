from datetime import date

from frappe import _
from frappe.utils import cint, getdate, today

from involvement_app.involvement_payments import benefit_letters, statements
from involvement_app.periods import tax_year
from involvement_app.portal import limits, reads
from involvement_app.portal.responses import page, sheet


def show(visit):
	visit.needs_money()
	payments = reads.payments(visit.participant, visit.page_number)
	return page(
		visit,
		"payments.html",
		_("My payments"),
		payments=payments[: reads.PAGE],
		more=len(payments) > reads.PAGE,
	)


MOST_PDF = 20  # in a quarter of an hour: each keeps the machine busy for a second
FIRST_YEAR = 2000


def statement(visit):
	"""What one was paid in a tax year, and in each month as one's benefit counts them."""
	visit.needs_money()
	day = _day_of_year(visit)
	found = statements.of_tax_year(visit.participant, day)
	start_day = statements.month_day(visit.participant)
	return page(
		visit,
		"statement.html",
		_("What we paid you in {0}").format(found.period.label),
		statement=found,
		start_day=start_day,
		months=found.months(start_day),
		year=found.period.start.year,
		this_year=tax_year(today()).start.year,
	)


def _day_of_year(visit) -> date:
	"""A day in the tax year that was asked for, which is this one if none was."""
	year = cint(visit.asked("year"))
	if not FIRST_YEAR <= year <= getdate(today()).year:
		return getdate(today())
	return date(year, 4, 6)


def letter(visit):
	"""For Jobcentre Plus or a Universal Credit journal: one's own, to print or to keep."""
	visit.needs_money()
	pdf = visit.asked("as") == "pdf"
	if pdf and not limits.allows("my/payments/letter/pdf", visit.user, MOST_PDF):
		raise limits.TooMany
	html = benefit_letters.html(visit.participant, _day_of_year(visit))
	return sheet(visit, html, _("Letter"), "letter" if pdf else None)
