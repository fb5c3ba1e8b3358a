"""How people are paid: what a new site starts with, on sites from before. What was exported had one
file. Bounded: the settings that are new, and rows from before."""

import frappe

from involvement_app.setup import masters

DEFAULTS = {"pay_by_cheque": 1, "pay_by_cash": 1, "pay_by_voucher": 0, "bank_cooling_off_days": 3}


def execute() -> None:
	there = frappe.db.get_singles_dict("Involvement Settings")
	# one by one: four settings
	for fieldname, value in DEFAULTS.items():
		if fieldname not in there:
			frappe.db.set_single_value("Involvement Settings", fieldname, value)
	batch = frappe.qb.DocType("Involvement Payment Batch")
	# bounded: batches that were exported before files were counted
	frappe.qb.update(batch).set(batch.export_count, 1).where(
		batch.file_hash.isnotnull() & (batch.file_hash != "") & (batch.export_count == 0)
	).run()
	line = frappe.qb.DocType("Involvement Payment Batch Line")
	# bounded: lines from before there was another way
	frappe.qb.update(line).set(line.way, "Bank").where(line.way.isnull() | (line.way == "")).run()
	masters.bank_layouts()
