import frappe
from frappe import _
from frappe.utils import getdate

from involvement_app.involvement_payments import bank_file, batches, journal_entries, large, ways, webhook
from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


MOST_LINES = 5000


class InvolvementPaymentBatch(LifecycleDocument):
	def validate(self):
		if self.docstatus == 0:
			self.validate_lines()

	def validate_lines(self):
		batches.refuse_doubles(self)
		batches.fill(self)

	def before_submit(self):
		batches.refuse_doubles(self)

	def before_update_after_submit(self):
		super().before_update_after_submit()
		self.keep_lines()
		ways.note_who_looked(self)

	def before_cancel(self):
		self.keep_lines()
		super().before_cancel()

	def keep_lines(self):
		"""Locked is locked, whatever a request sends along (Frappe compares them on an update, not on a cancel)."""
		self.set("lines", self.get_doc_before_save().lines)

	def on_submit(self):
		large.tick(self, 80)
		batches.schedule(self)

	def on_update_after_submit(self):
		if not self.has_value_changed("status"):
			return
		if self.status == "Exported":
			bank_file.keep(self)
		elif self.status == "Confirmed":
			batches.mark_paid(self)
			journal_entries.on_batch(self)
			webhook.queue(self)

	def on_cancel(self):
		batches.release(self)

	def onload(self):
		if self.status == "Draft":
			self.set_onload("waiting", batches.waiting_said())
		elif self.status == "Confirmed":
			self.set_onload("ledger", journal_entries.is_used())

	@frappe.whitelist(methods=["POST"])
	def add_approved_payments(self) -> int:
		"""Add the approved payments that are in no batch, due first; answers how many. At most MOST_LINES in all."""
		self.check_permission("write")
		if self.status != "Draft":
			frappe.throw(
				_("{0} is {1}: payments can only be added to a draft.").format(self.name, _(self.status))
			)
		here = {line.payment for line in self.lines}
		free = frappe.get_list(
			"Involvement Payment",
			filters=batches.free(),
			fields=["name", "not_before"],
			order_by="due_on asc, name asc",
			limit=MOST_LINES,
		)
		ready = [
			row.name
			for row in free
			if not row.not_before
			or not self.payment_on
			or getdate(row.not_before) <= getdate(self.payment_on)
		]
		added = [name for name in ready if name not in here][: max(MOST_LINES - len(here), 0)]
		for name in added:
			self.append("lines", {"payment": name})
		if added:
			self.save()
		return len(added)
