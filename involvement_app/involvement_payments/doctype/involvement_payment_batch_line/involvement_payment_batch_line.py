import frappe

from involvement_app.lifecycle import RowDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class InvolvementPaymentBatchLine(RowDocument):
	def _validate_update_after_submit(self):
		"""Frappe would read each line once more: the batch's keep_lines has put all of them back to what is stored."""


def on_doctype_update():
	"""By which the same slip is found on another row."""
	frappe.db.add_index("Involvement Payment Batch Line", ["proof_file(140)"])
