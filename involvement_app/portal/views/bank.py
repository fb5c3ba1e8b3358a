"""How we pay you: by bank, cheque, cash or voucher, said by the person; changed and taken away by them at any time."""

from frappe import _

from involvement_app import lifecycle
from involvement_app.involvement_payments import bank_details
from involvement_app.portal import reads_payments
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Missing, Problem, Refused

HERE = "/take-part/my/payments/how"
MOST_NAME, MOST_SORT_CODE, MOST_NUMBER = 70, 12, 12


def words_of(way: str) -> str:
	return {
		bank_details.BANK: _("To my bank account"),
		bank_details.CHEQUE: _("By cheque"),
		bank_details.CASH: _("In cash"),
		bank_details.VOUCHER: _("By voucher"),
	}[way]


def hints() -> dict[str, str]:
	return {
		bank_details.VOUCHER: _(
			"A voucher counts as a payment, for tax and for benefits. We do not pay expenses by voucher. If you have any, choose another way."
		)
	}


def show(visit):
	if not visit.with_money:
		raise Missing
	rows = reads_payments.ways_of_payment(visit.participant)
	return page(
		visit,
		"how_we_pay.html",
		_("How we pay you"),
		in_use=next((row for row in rows if row.status == "Active"), None),
		waits=next((row for row in rows if row.status != "Active"), None),
		ways=[(way, words_of(way), hints().get(way)) for way in bank_details.offered()],
		words_of=words_of,
		days=bank_details.cooling_off(),
		done={
			"sent": _("Thank you. Somebody checks it before we use it."),
			"gone": _("It is gone. We no longer keep it."),
		}.get(visit.asked("done")),
	)


@lifecycle.retry_on_deadlock
def change(visit):
	if not visit.with_money:
		raise Missing
	account = {
		"account_name": visit.typed("account_name", MOST_NAME, _("The name on the account")),
		"sort_code": visit.typed("sort_code", MOST_SORT_CODE, _("The sort code")),
		"account_number": visit.typed("account_number", MOST_NUMBER, _("The account number")),
	}
	try:
		bank_details.enter(visit.participant, visit.typed("way", 10), account)
	except bank_details.NotAnAccount as problem:
		raise Refused(Problem(str(problem), problem.field)) from problem
	return see_other(HERE, done="sent")


@lifecycle.retry_on_deadlock
def take_away(visit):
	if not visit.with_money:
		raise Missing
	bank_details.take_away(visit.participant)
	return see_other(HERE, done="gone")
