"""Whether anybody waits for money that nobody can release."""

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import add_days, cint, today

from involvement_app.health import Check, Finding, fail, ok, warn
from involvement_app.involvement_app.health import nobody_decides
from involvement_app.involvement_payments import lateness, modulus, thresholds
from involvement_app.permissions.holders import holders
from involvement_app.setup.roles import FINANCE_AUTHORISER, FINANCE_OFFICER

PAYMENTS = "involvement-payment"
FINANCE_ROLES = (FINANCE_OFFICER, FINANCE_AUTHORISER)


def figures() -> Finding:
	stale = thresholds.stale()
	if frappe.get_cached_doc("Involvement Settings").finance_mode == "None" or not stale:
		return ok(_("Every figure of benefits counts today and was checked within a year."))
	return warn(
		_("Figures of benefits to check: {0}.").format(", ".join(row.code for row in stale)),
		_("Compare each with its source, write down the day, and add next year's: Benefit figures to check."),
		"query-report/Benefit figures to check",
	)


def nobody_approves() -> Finding:
	payment, unit = frappe.qb.DocType("Involvement Payment"), frappe.qb.DocType("Involvement Unit")
	rows = (
		frappe.qb.from_(payment)
		.left_join(unit)
		.on(unit.name == payment.unit)
		.select(payment.unit, Count("*"))
		.where((payment.status == "Checked") & nobody_decides(unit))
		.groupby(payment.unit)
		.run()
	)
	if rows:
		return fail(
			_("{0} payments wait in units where nobody can approve them: {1}.").format(
				sum(count for _unit, count in rows), ", ".join(sorted(name or "?" for name, _count in rows))
			),
			_("Name a budget holder for these units who is enabled and holds the role."),
			"involvement-unit",
		)
	return ok(_("Every payment that waits has somebody to approve it."))


def late() -> Finding:
	payments, claims = lateness.overdue(), lateness.overdue(lateness.CLAIMS)
	if payments:
		return warn(
			_("{0} payments are later than was promised.").format(payments)
			+ (" " + _late_claims(claims) if claims else ""),
			_("Ask the budget holders to decide, and finance to pay."),
			PAYMENTS,
		)
	if claims:
		return warn(
			_late_claims(claims),
			_("Ask the coordinators to check them, and the budget holders to decide."),
			"involvement-expense-claim",
		)
	return ok(_("No payment is later than was promised."))


def _late_claims(count: int) -> str:
	return _("{0} claims of expenses are later than was promised, and nobody has decided.").format(count)


def two_hands() -> Finding:
	"""A batch needs an officer who makes it and somebody else who authorises it."""
	if frappe.get_cached_doc("Involvement Settings").finance_mode == "None":
		return ok(_("No money is paid through this site."))
	officers = set(holders(FINANCE_OFFICER).run(pluck=True))
	authorisers = set(holders(FINANCE_AUTHORISER).run(pluck=True))
	if not officers or not authorisers or len(officers | authorisers) < 2:
		return warn(
			_(
				"There are {0} finance officers and {1} authorisers: a batch needs two different people."
			).format(len(officers), len(authorisers)),
			_("Give the roles to at least one person each."),
			"user",
		)
	return ok(_("There are people to make payment batches and others to authorise them."))


def agreement() -> Finding:
	rows = frappe.get_all(  # numbers and sums, for who may read the health page
		"Involvement Payment Batch",
		{"status": "Confirmed", "disagreement": ["is", "set"]},
		["name", "disagreement"],
		order_by="name",
		limit=20,
	)
	if rows:
		return fail(
			" ".join(f"{row.name}: {row.disagreement}" for row in rows),
			_("Compare the batch with the bank's statement and the ledger before the next one is paid."),
			"involvement-payment-batch",
		)
	return ok(_("Every batch that was looked at agrees with its payments, its file and the ledger."))


def second_factor() -> Finding:
	"""Who releases money signs in with more than a password: offered, never switched on behind somebody's back."""
	if frappe.get_cached_doc("Involvement Settings").finance_mode == "None":
		return ok(_("No money is paid through this site."))
	site = cint(frappe.db.get_single_value("System Settings", "enable_two_factor_auth"))
	asked = frappe.db.count("Role", {"name": ["in", FINANCE_ROLES], "two_factor_auth": 1})
	if site and asked == len(FINANCE_ROLES):
		return ok(_("Whoever pays or releases money signs in with a second factor."))
	return warn(
		_("Finance roles sign in with a password alone."),
		_(
			"Switch on Two Factor Authentication in System Settings, then on the roles {0}. Try it with one person first."
		).format(", ".join(FINANCE_ROLES)),
		"system-settings",
	)


def hand_overs() -> Finding:
	stuck = frappe.db.count("Ledger Handover", {"status": "Not accepted"})
	if stuck:
		return warn(
			_("{0} batches were not accepted by the other ledger.").format(stuck),
			_("Open them, read the last answer, and have them tried again."),
			"ledger-handover",
		)
	return ok(_("Every batch that goes to another ledger has arrived, or is on its way."))


def waiting_accounts() -> Finding:
	count = frappe.db.count(
		"Participant Bank Detail", {"status": "Pending", "creation": ["<", add_days(today(), -5)]}
	)
	if count:
		return warn(
			_("{0} ways of payment have waited for a second person for more than five days.").format(count),
			_("Finance verifies them, or sets them aside."),
			"participant-bank-detail",
		)
	return ok(_("No way of payment waits for long to be verified."))


def account_numbers() -> Finding:
	if not modulus.are_here():
		return warn(
			_("The banks' tables are not here, so a mistyped account number is not noticed."),
			_(
				"Attach Pay.UK's two tables (valacdos, scsubtab) to Involvement Settings, or install the app's npm packages."
			),
			"involvement-settings",
		)
	which = modulus.of_which_day()[0]
	if modulus.are_old():
		return warn(
			_("Account numbers are checked against an old table of the banks: {0}.").format(which),
			_(
				"Attach Pay.UK's newer tables (valacdos, scsubtab) to Involvement Settings; they come several times a year."
			),
			"involvement-settings",
		)
	return ok(_("Account numbers are checked against the banks' tables: {0}.").format(which))


CHECKS = (
	Check("Are account numbers checked?", account_numbers),
	Check("Can every payment be approved?", nobody_approves),
	Check("Are payments on time?", late),
	Check("Are there two people for a payment batch?", two_hands),
	Check("Do payment batches agree to the penny?", agreement),
	Check("Are the figures of benefits up to date?", figures),
	Check("Do finance roles sign in with a second factor?", second_factor),
	Check("Does the other ledger take what it is sent?", hand_overs),
	Check("Does a way of payment wait to be verified?", waiting_accounts),
)
