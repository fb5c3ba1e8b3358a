from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class InvolvementPayment(LifecycleDocument):
	"""What one person is owed for one session. Made and kept by `accrual`; people only decide on it."""

	def before_insert(self):
		self.set_dedupe_key()

	def before_cancel(self):
		super().before_cancel()
		# a line that was taken back, or that the bank sent back, stays in its batch as it was locked
		self.flags.ignore_links = True

	def set_dedupe_key(self):
		# unique in the database: the last word on "only once", whatever ran twice (law 5)
		if self.corrects:
			self.dedupe_key = f"{self.corrects}|{self.kind}|{self.revision or 0}"
			return
		self.dedupe_key = f"{self.session}|{self.engagement}|{self.kind}|{self.revision or 0}"


def on_doctype_update():
	import frappe

	frappe.db.add_index("Involvement Payment", ["status", "due_on"])
