import frappe
from frappe import _

from involvement_app.involvement_payments import accrual, reversals
from involvement_app.involvement_payments.claims import following
from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class InvolvementPayment(LifecycleDocument):
	"""What one person is owed: for one session, made and kept by `accrual`, or for one claim of expenses, made by
	`claims`. People only decide on it."""

	def _validate_links(self):
		# what a correction takes back may have been made void since: it stays what it was of
		corrects, self.corrects = self.corrects, None
		try:
			super()._validate_links()
		finally:
			self.corrects = corrects

	def before_insert(self):
		self.set_dedupe_key()

	def validate(self):
		self.validate_what_for()
		self.keep_hand_over()

	def validate_what_for(self):
		"""Time is of a session and a place; expenses are of a claim, which may be of neither; an advance says for what it is."""
		if not (self.corrects or self.what_for()):
			frappe.throw(_("{0}: say what it is for.").format(_(self.kind)), frappe.MandatoryError)

	def what_for(self):
		if self.kind == "Advance":
			return self.advance_for and self.unit
		return self.claim if self.kind == "Expenses" else self.session and self.engagement

	def before_update_after_submit(self):
		super().before_update_after_submit()
		self.keep_hand_over()

	def keep_hand_over(self):
		"""What is said with a step is not rewritten beside it."""
		before = self.get_doc_before_save()
		if not before or self.status == before.status:
			for fieldname in ("handed_over_as", "went_out_on", "proof"):
				self.set(fieldname, before and before.get(fieldname))

	def on_update(self):
		accrual.on_payment(self)

	def on_update_after_submit(self):
		following.follow_one(self)
		reversals.pay_the_rest_again(self)
		accrual.on_payment(self)

	def on_cancel(self):
		following.follow_one(self)
		accrual.on_payment(self)

	def before_cancel(self):
		super().before_cancel()
		# a line that was taken back, or that the bank sent back, stays in its batch as it was locked
		self.flags.ignore_links = True

	def set_dedupe_key(self):
		# unique in the database: the last word on "only once", whatever ran twice (law 5)
		of = {"Expenses": f"claim|{self.claim}", "Advance": self.participant}.get(
			self.kind, f"{self.session}|{self.engagement}"
		)
		self.dedupe_key = f"{self.corrects or of}|{self.kind}|{self.revision or 0}"


def on_doctype_update():
	frappe.db.add_index("Involvement Payment", ["status", "due_on"])
