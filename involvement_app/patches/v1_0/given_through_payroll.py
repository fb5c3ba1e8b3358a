"""Batches through payroll that were on their way before a line said that it was for a charity: what is given stands apart from
what the same person keeps."""

import frappe

from involvement_app.involvement_payments.batches import BATCH, PAYMENT
from involvement_app.involvement_payments.payees import CHARITY
from involvement_app.involvement_payments.transfers import PAYROLL
from involvement_app.involvement_payments.ways import LINE


def execute() -> None:
	batch, line, payment = (frappe.qb.DocType(doctype) for doctype in (BATCH, LINE, PAYMENT))
	given = (
		frappe.qb.from_(line)
		.join(batch)
		.on(batch.name == line.parent)
		.join(payment)
		.on(payment.name == line.payment)
		.select(line.name)
		.where(batch.status.isin(("Locked", "Authorised", "Exported")) & (line.way == PAYROLL))
		.where(payment.charity.isnotnull() & (payment.charity != ""))
		.run(pluck=True)
	)
	if given:
		frappe.qb.update(line).set(line.way, CHARITY).where(line.name.isin(given)).run()  # bounded: migration
