"""Expenses that people are paid back (domain 4.6, 4.12; 1.3: they are no earnings).

A claim is checked by somebody who knows whether it happened, approved by the budget holder of the unit, and then makes one
Involvement Payment of the kind Expenses: from there it goes the way of every other payment, in a batch, or as cash
against a signed slip. The claim's state follows its payment's. Nobody is paid a round sum: a line has a receipt, miles,
or the yes of staff from before; what the organisation booked, and an advance (`advances`), are taken off.

belonging.py whose claim it is, who wrote it, where it belongs · contents.py what a claim may hold, and what it comes to ·
likeness.py what whoever checks should look at · dates.py by when · people.py who is concerned in it · steps.py what a
step asks · payments.py the payment it makes · miles.py what becomes of miles after approval · cash.py cash on the day ·
following.py where its payment leads it, and telling the person · sending.py what comes from the portal"""

import frappe
from frappe import _

CLAIM, LINE, TYPE, PAYMENT = (
	"Involvement Expense Claim",
	"Involvement Expense Claim Line",
	"Expense Type",
	"Involvement Payment",
)
KIND = "Expenses"
OPEN = ("Submitted", "Checked", "Returned")  # nobody has decided yet, so there is no payment
OWN_MONEY = "Own money"
TRANSFER, CASH = "Bank transfer", "Cash"
HERE = "/take-part/my/expenses"


class NoExpenses(frappe.ValidationError):
	"""The site keeps no money here (finance mode None)."""


def refuse_without_money() -> None:
	if frappe.get_cached_doc("Involvement Settings").finance_mode == "None":
		frappe.throw(_("Expenses are not kept here: see Finance mode in Involvement Settings."), NoExpenses)
