import frappe
from frappe import _

from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class LedgerHandover(LifecycleDocument):
	"""Made with the step that confirms a batch, sent by a job, and never by a request."""

	def before_insert(self):
		if not self.flags.of_the_batch:
			frappe.throw(_("A hand-over is made when a batch is confirmed."), frappe.PermissionError)
