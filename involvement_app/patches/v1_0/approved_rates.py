"""Rates from before they were approved here keep their meaning: they stay in force, and of those that counted on the same
days each is for a level of role of its own. Payments and places stay paid by the batch."""

import frappe

from involvement_app.involvement_app import rates
from involvement_app.setup import masters


def execute() -> None:
	_keep_in_force()
	_keep_apart()
	_keep_paid_gross()
	_plan_what_is_on_its_way()
	masters.payment_schemes()
	masters.benefit_figures()


def _keep_in_force() -> None:
	"""Bounded: rates that nobody has approved or switched off since there is such a thing."""
	rule = frappe.qb.DocType(rates.RULE)
	examples = [values["rule_name"] for values in masters.SCHEMES]
	frappe.qb.update(rule).set(rule.status, "Approved").where(
		rule.approved_by.isnull() & (rule.status == "Draft") & rule.name.notin(examples)
	).run()


def _keep_apart() -> None:
	rows = frappe.get_all(  # masters, once, as the site is upgraded
		rates.RULE,
		{"status": "Approved"},
		["name", "valid_from", "valid_to", *rates.SAME],
		order_by="creation, name",
	)
	kept = []
	for row in rows:
		alike = [other for other in kept if all((other[key] or "") == (row[key] or "") for key in rates.SAME)]
		if any(rates.overlaps(row, other) for other in alike):
			row.role_level = row.name
			# one by one: few, each in a name of its own; bounded: those that overlap
			frappe.db.set_value(rates.RULE, row.name, "role_level", row.name, update_modified=False)
		kept.append(row)


def _keep_paid_gross() -> None:
	"""Bounded: rows from before there was another route."""
	# one by one: two tables
	for doctype in ("Involvement Engagement", "Involvement Payment"):
		table = frappe.qb.DocType(doctype)
		empty = table.payment_route.isnull() | (table.payment_route == "")
		frappe.qb.update(table).set(table.payment_route, "Gross").where(empty).run()


def _plan_what_is_on_its_way() -> None:
	"""Bounded: payments in a batch from before their planned day was kept."""
	payment = frappe.qb.DocType("Involvement Payment")
	batch = frappe.qb.DocType("Involvement Payment Batch")
	planned = payment.pay_on.isnull() & payment.status.isin(("Scheduled", "Paid"))
	frappe.qb.update(payment).join(batch).on(batch.name == payment.batch).set(
		payment.pay_on, batch.payment_on
	).where(planned).run()
