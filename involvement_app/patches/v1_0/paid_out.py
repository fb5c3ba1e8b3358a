import frappe


def execute():
	"""What a batch pays out is its total, until something is taken out of it."""
	batch = frappe.qb.DocType("Involvement Payment Batch")
	# bounded: batches that were locked, once, as the site is upgraded
	frappe.qb.update(batch).set(batch.to_pay, batch.total).where(batch.docstatus == 1).run()
