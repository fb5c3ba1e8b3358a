from frappe import _
from frappe.utils import cint

from involvement_app.portal import reads
from involvement_app.portal.responses import page
from involvement_app.portal.visit import Missing


def show(visit):
	if not visit.with_money:
		raise Missing
	number = min(max(cint(visit.asked("page")), 1), 1000)
	payments = reads.payments(visit.participant, number)
	return page(
		visit,
		"payments.html",
		_("My payments"),
		payments=payments[: reads.PAGE],
		number=number,
		more=len(payments) > reads.PAGE,
	)
